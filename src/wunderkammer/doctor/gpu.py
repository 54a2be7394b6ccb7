"""The graphics processor: whether torch can use one, and why not."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wunderkammer.core.sizes import in_bytes
from wunderkammer.doctor.finding import Finding, note, ok, problem

if TYPE_CHECKING:
    from types import ModuleType

_DRIVER = Path("/proc/driver/nvidia/version")
_HIDES = ("", "-1", "none", "NoDevFiles")


def gpu(environment: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """Yield what torch says of the processors it can use."""
    variables = os.environ if environment is None else environment
    try:
        import torch
    except (ImportError, OSError, RuntimeError, MemoryError) as error:
        yield problem(
            "torch",
            f"torch, which computes features, cannot be loaded: {_first_line(error)}",
            "Install it anew: pip install --force-reinstall torch",
        )
        return
    if torch.version.cuda is None and not getattr(torch.version, "hip", None):
        yield from _without_cuda(torch)
    else:
        yield from _with_cuda(torch, variables)


def _without_cuda(torch: ModuleType) -> Iterator[Finding]:
    if torch.backends.mps.is_available():
        yield note(
            "gpu",
            f"torch {torch.__version__}; Apple's graphics processor is there and is not used yet: "
            "work is done on the processor's cores.",
        )
    elif _DRIVER.exists() or shutil.which("nvidia-smi"):
        yield note(
            "gpu",
            f"torch {torch.__version__} was made for processors only, and this machine seems to "
            "have an NVIDIA graphics processor.",
            "Install the torch that pytorch.org names for your driver; then: wk run --device cuda",
        )
    else:
        yield ok("gpu", f"torch {torch.__version__}, no graphics processor: none is needed")


def _with_cuda(torch: ModuleType, variables: Mapping[str, str]) -> Iterator[Finding]:
    made_for = f"torch {torch.__version__} for CUDA {torch.version.cuda}"
    hidden = variables.get("CUDA_VISIBLE_DEVICES")
    if hidden is not None and hidden.strip() in _HIDES:
        yield note(
            "gpu",
            f"{made_for}; CUDA_VISIBLE_DEVICES is '{hidden}', which hides every graphics "
            "processor.",
            "To use one: unset CUDA_VISIBLE_DEVICES",
        )
        return
    reason = _refusal(torch)
    if reason is not None:
        hint = "Work is done on the processor's cores, which needs nothing more."
        if _DRIVER.exists() or shutil.which("nvidia-smi"):
            hint = "Install a newer driver, or the torch that pytorch.org names for yours."
        yield note("gpu", f"{made_for} finds no graphics processor: {reason}", hint)
        return
    for n in range(torch.cuda.device_count()):
        yield from _device(torch, n)


def _refusal(torch: ModuleType) -> str | None:
    """Return why CUDA cannot be used; None if it can."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        if torch.cuda.is_available():
            return None
    if said:
        return _first_line(said[0].message)
    try:
        torch.cuda.init()
    except (RuntimeError, AssertionError) as error:
        return _first_line(error)
    return "none is there"


def _device(torch: Any, n: int) -> Iterator[Finding]:
    about = torch.cuda.get_device_properties(n)
    try:
        free, _ = torch.cuda.mem_get_info(n)
        (torch.ones(8, device=f"cuda:{n}") * 2).sum().item()
    except RuntimeError as error:
        yield problem(
            "gpu",
            f"{about.name} cannot compute with torch {torch.__version__}: {_first_line(error)}",
            "Install the torch that pytorch.org names for it, or leave '--device cuda' away.",
        )
        return
    yield ok(
        "gpu",
        f"{about.name}, {in_bytes(free)} of {in_bytes(about.total_memory)} free: "
        "wk run --device cuda",
    )


def _first_line(error: object) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:200]
