"""Work done ahead in threads, its results in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def ahead(
    function: Callable[[_In], _Out], items: Iterable[_In], *, n_threads: int = 2, n_waiting: int = 0
) -> Iterator[_Out]:
    """Yield ``function(item)`` for each item in order, the next ones being worked on meanwhile.

    Parameters
    ----------
    function : callable
        Runs in a thread; worth it where it leaves Python's lock alone, as Arrow does.
    items : iterable
        Asked for the next item in the caller's thread, no further ahead than
        the two numbers say: memory stays bounded.
    n_threads : int
        Items in work at one time.
    n_waiting : int
        Further items at hand, for threads not to wait while the caller is busy.

    Examples
    --------
    >>> list(ahead(abs, [-1, 2, -3]))
    [1, 2, 3]
    """
    with ThreadPoolExecutor(n_threads) as pool:
        waiting: deque[Future[_Out]] = deque()
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > n_threads + n_waiting:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()
