"""One thread for linear algebra: more of them would add in another order."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController


def one_thread(user_api: Literal["blas", "openmp"] | None = None) -> AbstractContextManager[object]:
    """Hold the libraries of this process to one thread, from the call to the end of a block.

    Parameters
    ----------
    user_api : {"blas", "openmp"}, optional
        Hold only libraries of this kind.

    Notes
    -----
    To look through what a process has loaded takes as long as fitting a small model. Libraries
    come with modules, so it is done again only where more modules are there.
    """
    limits: AbstractContextManager[object] = _libraries(len(sys.modules)).limit(
        limits=1, user_api=user_api
    )
    return limits


@lru_cache(maxsize=1)
def _libraries(n_modules: int) -> ThreadpoolController:  # noqa: ARG001 - what it is kept by
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
