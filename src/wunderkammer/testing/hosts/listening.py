"""Where hosts listen: an address of the loopback network each, and a free port."""

from __future__ import annotations

import socket
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field

from wunderkammer.testing.hosts.errors import ImageHostError

MOST_HOSTS = 250
BACKLOG = 1024


def address(host: int) -> str:
    """Return the address of a host: 127.0.0.1 for the first."""
    return f"127.0.0.{host + 1}"


@dataclass(slots=True)
class Sockets:
    """The sockets of all hosts, those nobody answers on among them.

    Attributes
    ----------
    listening : dict
        Host to a socket on which connections are accepted.
    origins : list of str
        Where each host is, such as ``"http://127.0.0.1:40001"``.
    """

    listening: dict[int, socket.socket] = field(default_factory=dict)
    origins: list[str] = field(default_factory=list)
    _kept: list[socket.socket] = field(default_factory=list)

    def open(self, n_hosts: int, refusing: Collection[int], silent: Collection[int]) -> None:
        """Take an address and a port for each host.

        Parameters
        ----------
        n_hosts : int
            How many.
        refusing : collection of int
            Hosts whose port refuses connections.
        silent : collection of int
            Hosts that leave an attempt to connect unanswered, as behind a
            firewall or without power.
        """
        for host in range(n_hosts):
            taken = _bound(host)
            port = taken.getsockname()[1]
            self.origins.append(f"http://{address(host)}:{port}")
            if host in refusing:
                self._kept.append(taken)
            elif host in silent:
                self._kept += [taken, *_fill(taken)]
            else:
                taken.listen(BACKLOG)
                self.listening[host] = taken

    def close(self) -> None:
        """Give all ports back."""
        for taken in (*self.listening.values(), *self._kept):
            taken.close()


def _bound(host: int) -> socket.socket:
    """Return a socket with a free port at a host's address."""
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    taken.setblocking(False)
    try:
        taken.bind((address(host), 0))
    except OSError as error:
        taken.close()
        raise ImageHostError(
            f"Host {host} was to listen at {address(host)}: {error.strerror or error}.",
            hint="Linux answers at all of 127.0.0.0/8; macOS needs "
            f"'sudo ifconfig lo0 alias {address(host)}' first.",
        ) from error
    return taken


def _fill(taken: socket.socket) -> list[socket.socket]:
    """Fill a queue that nobody empties, so that the system drops further attempts."""
    taken.listen(0)
    waiting = []
    for _ in range(4):
        guest = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        guest.setblocking(False)
        with suppress(BlockingIOError):
            guest.connect(taken.getsockname())
        waiting.append(guest)
    return waiting
