"""Rounds in processes of their own: at the lowest priority, so that labelling stays quick.

Run as ``python -m wunderkammer.web.round_process FOLDER TASK WHO`` it trains one round and tells
on its output, one JSON object a line, how far it is and how it ended. It ends when its input
does: a server that dies takes its rounds along, and a round that is not finished is not there.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from wunderkammer.core.errors import WunderkammerError
from wunderkammer.web.schemas import Problem
from wunderkammer.web.sorting_schemas import Training

_THIS = "wunderkammer.web.round_process"
_STOPPED_S = 10.0
_LOWEST = 19


class RoundProcess:
    """A round that is trained in a process of its own.

    Parameters
    ----------
    root : Path
        The collection.
    task : str
        What is sorted.
    who : str
        Who wants it.
    then : callable, optional
        Is called when a round has come of it, before it counts as ended.
    """

    def __init__(
        self, root: Path, task: str, who: str, then: Callable[[], object] = lambda: None
    ) -> None:
        self._then = then
        command = [sys.executable, "-m", _THIS, str(root), task, who]
        # in a group of its own: Ctrl-C is for the server, which then stops it
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, and no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            process_group=0,
        )
        self._fraction, self._message = 0.0, "starting"
        self._problem: Problem | None = None
        self._ended = threading.Event()
        self._stopping = False
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def training(self) -> Training | None:
        """How far it is; None once it has ended."""
        if self._ended.is_set():
            return None
        return Training(fraction=self._fraction, message=self._message)

    @property
    def problem(self) -> Problem | None:
        """Why it came to nothing, if it did."""
        return self._problem if self._ended.is_set() else None

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until it has ended; tell whether it has."""
        return self._ended.wait(timeout_s)

    def stop(self) -> None:
        """End it, and wait until it has."""
        self._stopping = True
        self._process.terminate()
        if not self.wait(_STOPPED_S):
            self._process.kill()
            self.wait(_STOPPED_S)

    def _watch(self) -> None:
        """Follow the process to its end."""
        try:
            done, status = self._listen(), self._process.wait()
            if self._process.stdin:
                self._process.stdin.close()
            if done:
                self._fraction, self._message = 1.0, "choosing what to ask next"
                with contextlib.suppress(WunderkammerError):
                    self._then()
            elif not self._stopping and self._problem is None:
                self._problem = Problem(
                    title=f"the round ended without a result (exit status {status}).",
                    detail="The terminal of the server says more.",
                    status=500,
                )
        finally:
            self._ended.set()

    def _listen(self) -> bool:
        """Note what the process tells until it ends; return whether a round has come of it."""
        done = False
        for line in self._process.stdout or ():
            told = _told(line)
            done = done or "round" in told
            if "problem" in told:
                self._problem = Problem.model_validate(told["problem"])
            elif "fraction" in told:
                self._fraction, self._message = told["fraction"], told["message"]
        return done


class RoundProcesses:
    """The rounds of one collection: one at a time of each task.

    Parameters
    ----------
    root : Path
        The collection.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._last: dict[str, RoundProcess] = {}
        self._starting = threading.Lock()

    def start(self, task: str, who: str, then: Callable[[], object] = lambda: None) -> RoundProcess:
        """Start a round; ``then`` is called when one has come of it.

        Raises
        ------
        RefusedError
            If one of this task is running.
        """
        from wunderkammer.web.guards import RefusedError  # a round itself needs no server

        with self._starting:
            last = self._last.get(task)
            if last is not None and last.training is not None:
                raise RefusedError(
                    f"a round of '{task}' is running.", hint="Wait until it is done.", status=409
                )
            self._last[task] = RoundProcess(self.root, task, who, then)
            return self._last[task]

    def last(self, task: str) -> RoundProcess | None:
        """Return the round that was started last, running or not."""
        return self._last.get(task)

    def stop(self) -> None:
        """End all that are running."""
        with self._starting:
            running = [one for one in self._last.values() if one.training is not None]
            for one in running:
                one.stop()


def main(root: str, task: str, who: str) -> int:
    """Train one round and tell about it; return the exit status."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # what libraries print is no answer
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # unfinished files are put away
    threading.Thread(target=_end_with_input, daemon=True).start()
    _step_back()

    def tell(**said: Any) -> None:
        answers.write(json.dumps(said) + "\n")

    try:
        number = _train(Path(root), task, who, tell)
    except WunderkammerError as error:
        tell(problem={"title": error.message, "detail": error.hint, "status": 422})
        return 1
    tell(round=number)
    return 0


def _train(root: Path, task: str, who: str, tell: Callable[..., None]) -> int:
    import wunderkammer
    from wunderkammer.curation.sorting import Sorting

    def progress(fraction: float, message: str) -> None:
        tell(fraction=min(max(float(fraction), 0.0), 1.0), message=message)

    return Sorting(wunderkammer.open(root), task).train(progress, who=who).number


def _step_back() -> None:
    """Let every other process go first."""
    if hasattr(os, "nice"):
        os.nice(_LOWEST)
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _end_with_input() -> None:
    """End this process when whoever started it is gone."""
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_STOPPED_S)
    os._exit(1)


def _told(line: str) -> Mapping[str, Any]:
    """Return what a line says; nothing if the process was killed in the midst of it."""
    with contextlib.suppress(ValueError):
        found: Mapping[str, Any] = json.loads(line)
        return found
    return {}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
