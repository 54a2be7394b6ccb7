"""Compiled kernels: plain loops over a range of rows, made fast by numba."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

_Kernel = TypeVar("_Kernel", bound=Callable[..., object])
_Result = TypeVar("_Result")

N_PARTS = 8
"""Parts that rows are cut into, whatever the number of threads: sums keep their order."""


def compiled(kernel: _Kernel) -> _Kernel:
    """Return the function compiled at its first call; kept on disk for later processes.

    It lets other threads run meanwhile, and may reorder the terms of a sum once and for all.
    It must not divide by zero: that is not looked for, as no loop that looks is vectorised.
    """
    from numba import njit

    return cast("_Kernel", njit(cache=True, nogil=True, fastmath=True, error_model="numpy")(kernel))


class Parts:
    """Runs work on fixed parts of some rows, on any number of threads.

    Parameters
    ----------
    n_rows : int
    n_threads : int
    """

    def __init__(self, n_rows: int, n_threads: int) -> None:
        bounds = [n_rows * part // N_PARTS for part in range(N_PARTS + 1)]
        self._parts = list(enumerate(itertools.pairwise(bounds)))
        self._workers = ThreadPoolExecutor(n_threads) if n_threads > 1 else None

    def each(self, work: Callable[[int, int, int], _Result]) -> list[_Result]:
        """Return what ``work(part, first, last)`` makes of each part, in their order."""
        if self._workers is None:
            return [work(part, *bounds) for part, bounds in self._parts]
        waiting = [self._workers.submit(work, part, *bounds) for part, bounds in self._parts]
        return [one.result() for one in waiting]

    def close(self) -> None:
        """Let the threads go."""
        if self._workers is not None:
            self._workers.shutdown()
