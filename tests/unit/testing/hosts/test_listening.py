import socket

import pytest

from wunderkammer.testing.hosts.listening import Sockets


@pytest.fixture
def sockets():
    opened = Sockets()
    opened.open(4, refusing=(1,), silent=(2,))
    yield opened
    opened.close()


def place(origin):
    name, port = origin.removeprefix("http://").split(":")
    return name, int(port)


def test_every_host_has_an_address_of_its_own(sockets):
    names = [place(origin)[0] for origin in sockets.origins]
    assert names == ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"]
    assert set(sockets.listening) == {0, 3}


def test_a_refusing_host_refuses(sockets):
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(place(sockets.origins[1]), timeout=2)


def test_a_silent_host_does_not_even_refuse(sockets):
    with pytest.raises(TimeoutError):
        socket.create_connection(place(sockets.origins[2]), timeout=0.5)


def test_ports_are_given_back():
    opened = Sockets()
    opened.open(1, (), ())
    where = place(opened.origins[0])
    opened.close()
    with socket.socket() as again:
        again.bind(where)
