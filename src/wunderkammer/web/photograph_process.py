"""Photographs are looked at in a process of its own, so that tiles stay quick.

Run as ``python -m wunderkammer.web.photograph_process FOLDER`` it takes photographs on its
input, each after its length in eight bytes, and answers on its output, one JSON object a line.
It ends when its input does. A photograph passes through a pipe and lies in memory alone.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import WunderkammerError
from wunderkammer.web.memory import give_way
from wunderkammer.web.schemas import Problem

_THIS = "wunderkammer.web.photograph_process"
_LENGTH = struct.Struct(">Q")
_LOADING_S, _STEP_S = 300.0, 120.0
_STOPPED_S = 10.0


class PhotographProcess:
    """Looks at one photograph after another; it is started with the first.

    Parameters
    ----------
    root : Path
        The collection.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._process: subprocess.Popen[bytes] | None = None
        self._asking = threading.Lock()

    @classmethod
    def of(cls, collection: Collection) -> PhotographProcess:
        """Return the process of a collection.

        Raises
        ------
        ConfigurationError
            If it has no features.
        """
        from wunderkammer.web.likeness import features_stage

        features_stage(collection)
        return cls(collection.root)

    def look(self, content: bytes) -> Iterator[Mapping[str, Any]]:
        """Yield what is told of a photograph: ``step`` by step, then ``liked`` or ``problem``."""
        with self._asking:
            process = self._running()
            patience = _killed_after(_STEP_S, process)
            try:
                for told in _asked(process, content):
                    patience.cancel()
                    is_loading = told.get("step") == "loading"
                    patience = _killed_after(_LOADING_S if is_loading else _STEP_S, process)
                    yield told
            finally:
                patience.cancel()

    def stop(self) -> None:
        """End the process."""
        process = self._process
        if process is None:
            return
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_STOPPED_S)
        process.kill()

    def _running(self) -> subprocess.Popen[bytes]:
        """Return the process, started if need be."""
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-m", _THIS, str(self.root)]
            # in a group of its own: Ctrl-C is for the server, which then stops it
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, and no shell
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0
            )
        return self._process


def _killed_after(seconds: float, process: subprocess.Popen[bytes]) -> threading.Timer:
    """Kill a process in a while, unless the timer is cancelled."""
    patience = threading.Timer(seconds, process.kill)
    patience.daemon = True
    patience.start()
    return patience


def _asked(process: subprocess.Popen[bytes], content: bytes) -> Iterator[Mapping[str, Any]]:
    assert process.stdin
    assert process.stdout
    with contextlib.suppress(OSError):
        process.stdin.write(_LENGTH.pack(len(content)))
        process.stdin.write(content)
        process.stdin.flush()
        for line in process.stdout:
            told: Mapping[str, Any] = json.loads(line)
            yield told
            if "step" not in told:
                return
    process.kill()
    process.wait(_STOPPED_S)
    ended = Problem(
        title="the photograph could not be looked at: it took too long or too much memory.",
        detail="Try a smaller one.",
        status=500,
    )
    yield {"problem": ended.model_dump()}


def main(root: str) -> None:
    """Look at photographs until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # what libraries print is no answer
    give_way()

    def tell(told: Mapping[str, Any]) -> None:
        answers.write(json.dumps(told) + "\n")

    looking = _Looking(Path(root), tell)
    while (content := _next(sys.stdin.buffer)) is not None:
        looking.look(content)


class _Looking:
    """Keeps what is loaded as long as the collection stays as it is."""

    def __init__(self, root: Path, tell: Callable[[Mapping[str, Any]], None]) -> None:
        self.root = root
        self._tell = tell
        self._kept: tuple[object, Any] = (None, None)

    def look(self, content: bytes) -> None:
        """Tell of one photograph."""
        from wunderkammer.core.work import as_message

        try:
            liked = self._likeness().find(content, lambda step: self._tell({"step": step}))
        except WunderkammerError as error:
            self._refuse(error)
        except Exception as error:  # noqa: BLE001 - one photograph costs nobody else's
            self._refuse(as_message(error))
        else:
            self._tell({"liked": liked.model_dump()})

    def _refuse(self, error: WunderkammerError) -> None:
        self._tell({"problem": {"title": error.message, "detail": error.hint, "status": 422}})

    def _likeness(self) -> Any:
        import wunderkammer
        from wunderkammer.web.likeness import Likeness

        found = Likeness(wunderkammer.open(self.root))
        stamp = found.stamp()
        if stamp != self._kept[0]:
            self._kept = (stamp, found)
        return self._kept[1]


def _next(source: IO[bytes]) -> bytes | None:
    """Return the next photograph; None at the end."""
    head = source.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    [length] = _LENGTH.unpack(head)
    content = source.read(length)
    return content if len(content) == length else None


if __name__ == "__main__":
    main(sys.argv[1])
