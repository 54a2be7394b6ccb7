"""A bound for the memory that a piece of work may take, kept by the system."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def bounded_memory(n_bytes: int) -> Iterator[None]:
    """Let a block take so many bytes more than the process holds when it begins.

    What asks for more gets a ``MemoryError``, as on a machine whose memory is at its end.
    Systems that do not tell what a process holds are left as they are.

    Parameters
    ----------
    n_bytes : int
        How much more.
    """
    held = _held()
    if held is None:
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = held + n_bytes
    if soft != resource.RLIM_INFINITY:
        most = min(most, soft)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def give_way() -> None:
    """Let the system end this process first when memory runs out."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _held() -> int | None:
    """Return the bytes of data that this process holds, or None where nobody knows."""
    if sys.platform != "linux":
        return None
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmData:"):
                return int(line.split()[1]) * 1024
    return None
