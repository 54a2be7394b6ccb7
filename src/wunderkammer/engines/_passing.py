"""Futures of a cluster's library, handed on as our own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any


class PassedOn(Future[Any]):
    """The future of a call whose outcome comes from another future, its errors in our words.

    Parameters
    ----------
    inner : Future
        Of the library.
    in_our_words : callable
        Returns the error to raise for the library's.
    cancel : callable
        Tells the library that nobody waits any more.
    """

    def __init__(
        self,
        inner: Future[Any],
        in_our_words: Callable[[BaseException], BaseException],
        cancel: Callable[[], object],
    ) -> None:
        super().__init__()
        self._in_our_words = in_our_words
        self._cancel = cancel
        inner.add_done_callback(self._ended)

    def cancel(self) -> bool:
        """Wait no more; what a worker has begun it may finish for nothing."""
        if not super().cancel():
            return False
        self._cancel()
        return True

    def _ended(self, inner: Future[Any]) -> None:
        if not self.set_running_or_notify_cancel():
            return
        error = CancelledError() if inner.cancelled() else inner.exception()
        if error is None:
            self.set_result(inner.result())
        else:
            self.set_exception(self._in_our_words(error))
