"""Devices: where a plug-in computes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Device:
    """Where a plug-in computes; context, never part of a key.

    Attributes
    ----------
    name : str
        ``"cpu"`` or ``"cuda"``.
    n_threads : int
        Threads it may use on the CPU.
    n_devices : int
        Devices that a training uses at a time, each with batches of its own.
    """

    name: str = "cpu"
    n_threads: int = 1
    n_devices: int = 1
