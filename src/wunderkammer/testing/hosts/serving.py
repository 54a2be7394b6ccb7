"""The hosts at work: in a process of their own, or in a thread.

``python -m wunderkammer.testing.hosts.serving`` is that process: it reads
commands from standard input and ends when that is closed, so it cannot outlive
the test that started it.
"""

from __future__ import annotations

import asyncio
import copy
import functools
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from wunderkammer.testing.hosts.conversation import Conversation, Site
from wunderkammer.testing.hosts.errors import ImageHostError
from wunderkammer.testing.hosts.listening import BACKLOG, Sockets
from wunderkammer.testing.hosts.record import Record, Request
from wunderkammer.testing.hosts.rules import Rule, Script

PATIENCE_S = 10.0
"""Seconds that a process has to end before it is killed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be served; travels to the process that serves it."""

    n_hosts: int = 1
    rules: tuple[Rule, ...] = ()
    refusing: tuple[int, ...] = ()
    silent: tuple[int, ...] = ()


class Serving(Protocol):
    """Hosts at work, wherever they are."""

    origins: Sequence[str]

    def requests(self, since: int) -> list[Request]:
        """Return what was recorded, from the ``since``-th request on."""

    def follow(self, rules: Sequence[Rule]) -> None:
        """Go by other rules from now on; what went before is forgotten."""

    def stop(self, since: int) -> list[Request]:
        """Close all connections and ports; return what was recorded, as by ``requests``."""


class Hosts:
    """All hosts of a site, in a running event loop."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._sockets = Sockets()
        self._servers: list[asyncio.Server] = []
        self.site = Site(Script(plan.rules), Record(plan.n_hosts))

    async def start(self) -> Sequence[str]:
        """Begin to listen; return where each host is."""
        self.site.script.prepare()
        plan, loop = self._plan, asyncio.get_running_loop()
        self._sockets.open(plan.n_hosts, plan.refusing, plan.silent)
        self.site.origins = self._sockets.origins
        for host, taken in self._sockets.listening.items():
            factory = functools.partial(Conversation, self.site, host)
            server = await loop.create_server(factory, sock=taken, backlog=BACKLOG)
            self._servers.append(server)
        return self.site.origins

    def follow(self, rules: Sequence[Rule]) -> None:
        """Go by other rules from now on."""
        script = Script(rules)
        script.prepare()
        self.site.script = script

    def stop(self) -> None:
        """Close everything."""
        for server in self._servers:
            server.close()
        for conversation in tuple(self.site.open):
            conversation.abort()
        self._sockets.close()


class Thread:
    """Hosts in a thread of the process that makes it."""

    def __init__(self, plan: Plan) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._hosts = Hosts(plan)
        try:
            self.origins = self._call(self._hosts.start)
        except BaseException:
            self._end()
            raise

    def requests(self, since: int) -> list[Request]:
        """Return what was recorded, from the ``since``-th request on."""

        async def recorded() -> list[Request]:
            return self._recorded(since)

        return self._call(recorded)  # type: ignore[no-any-return]

    def _recorded(self, since: int) -> list[Request]:
        return [copy.copy(one) for one in self._hosts.site.record.requests[since:]]

    def follow(self, rules: Sequence[Rule]) -> None:
        """Go by other rules from now on."""

        async def change() -> None:
            self._hosts.follow(rules)

        self._call(change)

    def stop(self, since: int) -> list[Request]:
        """Close everything and end the thread; return the last of what was recorded."""

        async def close() -> None:
            self._hosts.stop()
            await asyncio.sleep(0)  # lost connections are noted in the next turn of the loop

        self._call(close)
        self._end()
        return self._recorded(since)

    def _call(self, function: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(function(), self._loop).result()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Process:
    """Hosts in a process of their own, with a clock and a core to themselves."""

    def __init__(self, plan: Plan) -> None:
        self._child = subprocess.Popen(  # noqa: S603  (our own module, by our own Python)
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the test, which then ends this
        )
        try:
            self.origins = self._ask("start", plan)
        except BaseException:
            self._end()
            raise

    def requests(self, since: int) -> list[Request]:
        """Return what was recorded, from the ``since``-th request on."""
        return self._ask("requests", since)  # type: ignore[no-any-return]

    def follow(self, rules: Sequence[Rule]) -> None:
        """Go by other rules from now on."""
        self._ask("follow", tuple(rules))

    def stop(self, since: int) -> list[Request]:
        """Close everything and end the process; return the last of what was recorded."""
        try:
            return self._ask("stop", since)  # type: ignore[no-any-return]
        finally:
            self._end()

    def _ask(self, command: str, what: object) -> Any:
        """Send a command and return its result, or raise what it raised."""
        to, back = self._child.stdin, self._child.stdout
        assert to is not None
        assert back is not None
        try:
            pickle.dump((command, what), to)
            to.flush()
            result = pickle.load(back)  # noqa: S301  (from our own process)
        except (EOFError, BrokenPipeError) as error:
            raise ImageHostError(
                f"The process of the image host ended while it was asked to {command!r}, "
                f"with exit code {self._child.poll()}.",
                hint="What it said before it ended is on standard error.",
            ) from error
        if isinstance(result, ImageHostError):
            raise result
        return result

    def _end(self) -> None:
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # closing sends what was left to send
                    pipe.close()
        try:
            self._child.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()


def _obey(hosts: Thread, command: str, what: Any) -> object:
    """Carry out one command."""
    if command == "follow":
        hosts.follow(what)
        return None
    return hosts.stop(what) if command == "stop" else hosts.requests(what)


def _serve(commands: BinaryIO, results: BinaryIO) -> None:
    """Carry out commands until there are no more; the hosts work in a thread beside."""
    hosts: Thread | None = None
    command = ""
    while command != "stop":
        result: object
        try:
            command, what = pickle.load(commands)  # noqa: S301  (from the test that started us)
            if hosts is None:
                hosts = Thread(what)
                result = hosts.origins
            else:
                result = _obey(hosts, command, what)
        except EOFError:  # whoever started us is gone, and with it all that is to be told
            return
        except ImageHostError as error:
            result = error
        pickle.dump(result, results)
        results.flush()


def main() -> None:
    """Serve until standard input is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
