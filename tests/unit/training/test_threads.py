import torch

from wunderkammer.core.device import Device
from wunderkammer.training.threads import single_threaded_workers


def test_each_worker_computes_alone_and_the_caller_as_before() -> None:
    before = torch.get_num_threads()
    with single_threaded_workers(Device("cpu", 2)) as workers:
        seen = list(workers.map(lambda _: torch.get_num_threads(), range(8)))
    assert set(seen) == {1}
    assert torch.get_num_threads() == before
