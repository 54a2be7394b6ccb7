from wunderkammer.core.device import Device


def test_a_device_is_one_thread_of_the_processor_unless_said_otherwise() -> None:
    assert Device() == Device("cpu", 1)
    assert hash(Device("cuda")) != hash(Device())
