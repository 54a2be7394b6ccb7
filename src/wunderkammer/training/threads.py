"""Threads on each of which torch computes alone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from wunderkammer.core.device import Device


@contextmanager
def single_threaded_workers(device: Device) -> Iterator[ThreadPoolExecutor]:
    """Yield threads on each of which torch computes alone: sums then never change order.

    There are as many as the device allows on the CPU, and one on a GPU.
    """
    import torch

    n_workers = max(1, device.n_threads) if device.name == "cpu" else 1
    before = torch.get_num_threads()
    try:
        with ThreadPoolExecutor(
            n_workers, initializer=torch.set_num_threads, initargs=(1,)
        ) as workers:
            yield workers
    finally:
        torch.set_num_threads(before)
