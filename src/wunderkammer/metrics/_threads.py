"""Work on several threads whose sums never change their order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from wunderkammer.core.device import Device
from wunderkammer.core.one_thread import one_thread

Part = TypeVar("Part")
Result = TypeVar("Result")


def on_threads(
    work: Callable[[Part], Result], parts: Iterable[Part], device: Device
) -> list[Result]:
    """Return what work makes of each part, on as many threads as the device allows.

    Each thread computes alone, so that results do not depend on their number.
    """
    on_gpu = device.name != "cpu"
    n_workers = 1 if on_gpu else max(1, device.n_threads)
    with (
        one_thread(),
        _full_precision(on_gpu=on_gpu),
        ThreadPoolExecutor(n_workers) as workers,
    ):
        return list(workers.map(work, parts))


@contextmanager
def _full_precision(*, on_gpu: bool) -> Iterator[None]:
    """Keep a GPU from multiplying in TF32 while a block runs."""
    if not on_gpu:
        yield
        return
    import torch

    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)
