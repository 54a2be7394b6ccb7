"""What all containers have in common: they appear whole when their block ends, or not at all."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import Self


class WrittenWhole:
    """A ``with`` block at whose end something appears, unless an error ended it.

    Subclasses open in :meth:`_begin` what is given its place when the stack is closed.
    """

    def __enter__(self) -> Self:
        """Open what is written to for now."""
        self._stack = ExitStack()
        self._begin(self._stack)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish and move all to its place, or leave nothing where an error ended the block."""
        if error is not None:
            self._stack.__exit__(kind, error, trace)
            return
        with self._stack:
            self._finish()
        self._settle()

    def _begin(self, stack: ExitStack) -> None:
        raise NotImplementedError

    def _finish(self) -> None:
        """Write what is left, before the move."""

    def _settle(self) -> None:
        """Write what points at the rest, after the move."""
