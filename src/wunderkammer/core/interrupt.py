"""Ctrl-C between batches: the first asks a run to stop, the second insists."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Self


class Interrupt:
    """Turns SIGINT into a flag while a ``with self.between_batches`` block runs.

    Elsewhere, and at the second SIGINT, KeyboardInterrupt is raised as usual.
    Outside the main thread nothing is changed.
    """

    def __init__(self) -> None:
        self.asked = False
        self._deferring = False
        self._previous: signal._HANDLER = None

    def __enter__(self) -> Self:
        """Take over SIGINT."""
        if threading.current_thread() is threading.main_thread():
            self._previous = signal.signal(signal.SIGINT, self._on_signal)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give SIGINT back."""
        if self._previous is not None:
            signal.signal(signal.SIGINT, self._previous)

    @property
    def between_batches(self) -> _Deferring:
        """Return a block in which the first SIGINT only sets ``asked``."""
        return _Deferring(self)

    def defer(self, *, deferring: bool) -> None:
        """Begin or end such a block."""
        self._deferring = deferring

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._deferring and not self.asked:
            self.asked = True
            return
        raise KeyboardInterrupt


class _Deferring:
    def __init__(self, interrupt: Interrupt) -> None:
        self._interrupt = interrupt

    def __enter__(self) -> None:
        self._interrupt.defer(deferring=True)

    def __exit__(self, *_: object) -> None:
        self._interrupt.defer(deferring=False)
