"""What this process may use of its machine: affinity, control groups, the shell's limits."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

SYSTEM = Path("/")
"""Where the system tells of itself; a folder made like it does for a test."""

_UNLIMITED = 1 << 60
"""What version 1 of control groups says where it means no limit is a little below 2 to the 63rd."""


def cores_allowed(system: Path = SYSTEM) -> int:
    """Return how many cores this process may keep busy: at least one.

    The least of what it may run on and what its control groups, such as those of a
    container, let it use of them. A share of a core counts as one.
    """
    there = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        there = len(os.sched_getaffinity(0))
    return max(1, min([there, *(-(-quota // period) for quota, period in _quotas(system))]))


def memory_allowed(system: Path = SYSTEM) -> int:
    """Return the bytes of memory that this process may use; 0 where nothing says.

    The least of what the machine has, what its control groups allow, and what the
    shell's ``ulimit -v`` allows.
    """
    found = [machine_memory(), _address_space(), *_group_memory(system)]
    return min((size for size in found if size > 0), default=0)


def machine_memory() -> int:
    """Return the bytes of memory of the whole machine; 0 where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


def _address_space() -> int:
    try:
        import resource
    except ImportError:  # Windows
        return 0
    soft = resource.getrlimit(resource.RLIMIT_AS)[0]
    return 0 if soft == resource.RLIM_INFINITY else soft


def _quotas(system: Path) -> Iterator[tuple[int, int]]:
    """Yield microseconds of processor time that each group may use in how many."""
    for folder in _folders(system, ""):
        quota, _, period = _read(folder / "cpu.max").partition(" ")
        if quota.isdigit() and period.isdigit():
            yield int(quota), int(period)
    for folder in _folders(system, "cpu"):
        quota, period = _read(folder / "cpu.cfs_quota_us"), _read(folder / "cpu.cfs_period_us")
        if quota.isdigit() and period.isdigit() and int(quota) > 0 < int(period):
            yield int(quota), int(period)


def _group_memory(system: Path) -> Iterator[int]:
    for kind, name in (("", "memory.max"), ("memory", "memory.limit_in_bytes")):
        for folder in _folders(system, kind):
            limit = _read(folder / name)
            if limit.isdigit() and int(limit) < _UNLIMITED:
                yield int(limit)


def _folders(system: Path, kind: str) -> Iterator[Path]:
    """Yield this process's control group and those above it; ``kind`` is that of version 1."""
    for line in _read(system / "proc/self/cgroup").splitlines():
        _, kinds, path = line.split(":", 2)
        if kind not in kinds.split(","):
            continue
        root = system / "sys/fs/cgroup" / (kinds if kind else "")
        within = Path(path.lstrip("/"))
        yield from (root / one for one in (within, *within.parents))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
