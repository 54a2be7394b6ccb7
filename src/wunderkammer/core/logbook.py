"""The log of a run: one JSON line an event, for people and programs that look after it."""

from __future__ import annotations

import datetime as dt
import json
import threading
from io import FileIO
from pathlib import Path
from typing import Any


class Logbook:
    """Appends what happens to a file, which is there from the first event on.

    A line holds ``at`` (UTC), ``event`` and facts by name. Lines are not flushed to the
    disk one by one: a power cut may cost the last of them, and nothing goes by them.

    Parameters
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def note(self, event: str, **facts: Any) -> None:
        """Append a line; facts that are empty are left out."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        told = {name: value for name, value in facts.items() if value not in ("", None)}
        line = json.dumps({"at": now, "event": event, **told}, ensure_ascii=False) + "\n"
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab", buffering=0) as file:
                _append(file, line.encode())


def _append(file: FileIO, line: bytes) -> None:
    """Append a line, or nothing: where the disk is full, what went onto it is taken back."""
    before, left = file.tell(), memoryview(line)
    try:
        while left:
            left = left[file.write(left) :]
    except OSError:
        file.truncate(before)
        raise
