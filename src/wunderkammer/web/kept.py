"""Bytes that were made when they were asked for: the last ones are kept, up to a bound."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

KEPT_BYTES = 96 * 2**20
"""Memory for pictures that were asked for last."""


class Cache:
    """Keeps the last bytes made, up to a bound.

    Parameters
    ----------
    n_bytes : int
        The bound; one picture larger than that is not kept.
    """

    def __init__(self, n_bytes: int = KEPT_BYTES) -> None:
        self.n_bytes = n_bytes
        self._kept: OrderedDict[tuple[str, ...], bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._held = 0

    def get(self, key: tuple[str, ...], make: Callable[[], bytes]) -> bytes:
        """Return what was made for a key, or make it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        content = make()
        with self._lock:
            if key not in self._kept and len(content) <= self.n_bytes:
                self._kept[key] = content
                self._held += len(content)
            while self._held > self.n_bytes:
                self._held -= len(self._kept.popitem(last=False)[1])
        return content
