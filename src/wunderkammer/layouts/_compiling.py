"""Compiled kernels: plain loops over arrays, made fast by numba."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

_Kernel = TypeVar("_Kernel", bound=Callable[..., object])


def compiled(kernel: _Kernel) -> _Kernel:
    """Return the function compiled at its first call; kept on disk for later processes."""
    from numba import njit

    return cast("_Kernel", njit(cache=True)(kernel))
