"""The machine: Python, cores, memory, and variables of the shell that slow work down."""

from __future__ import annotations

import locale
import os
import platform
import struct
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from wunderkammer.core.limits import SYSTEM, cores_allowed, machine_memory, memory_allowed
from wunderkammer.core.sizes import in_bytes
from wunderkammer.doctor.finding import Finding, note, ok, problem

TRIED = ((3, 11), (3, 12))
"""Versions of Python that are tried; others may do."""

ENOUGH = 4_000_000_000
"""Bytes of memory for the default pipeline on thousands of media, with room for its workers."""

_EACH = 700_000_000
"""Bytes that a worker with a network loaded takes."""

THREADS = (
    "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS",
    "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
)  # fmt: skip
_BINDS = ("OMP_PROC_BIND", "GOMP_CPU_AFFINITY", "KMP_AFFINITY")
_FEW_FILES = 1024


def machine(
    environment: Mapping[str, str] | None = None, system: Path = SYSTEM
) -> Iterator[Finding]:
    """Yield what is found of the machine.

    Parameters
    ----------
    environment : mapping of str to str, optional
        Variables of the shell; default: those of this process.
    system : Path
        Where the system tells of itself.
    """
    variables = os.environ if environment is None else environment
    yield _python()
    yield from _cores(system)
    yield from _memory(system)
    yield from _threads(variables, cores_allowed(system))
    yield from _open_files()
    yield from _text()


def _python() -> Finding:
    version, where = platform.python_version(), f"{platform.system()} {platform.machine()}"
    said = f"Python {version} on {where}"
    if struct.calcsize("P") < 8:
        return problem(
            "python", f"{said} is a 32-bit Python.", "Install a 64-bit Python 3.11 or 3.12."
        )
    if sys.version_info[:2] not in TRIED:
        known = " and ".join(f"{major}.{minor}" for major, minor in TRIED)
        return note("python", f"{said} is not among the tried ones ({known}); it may well do.")
    if platform.system() == "Windows":
        return note(
            "python",
            f"{said}: Wunderkammer is tried on Linux and made for macOS too.",
            "If something fails, use the Windows Subsystem for Linux (WSL).",
        )
    return ok("python", f"{said}, {sys.prefix}")


def _cores(system: Path) -> Iterator[Finding]:
    allowed, there = cores_allowed(system), os.cpu_count() or 1
    if allowed < there:
        yield note(
            "cores",
            f"{allowed} of the machine's {there} cores may be used, and as many workers start.",
            "The container, the queue or the administrator sets this.",
        )
    else:
        yield ok("cores", f"{allowed} {'core' if allowed == 1 else 'cores'}")


def _memory(system: Path) -> Iterator[Finding]:
    allowed, there = memory_allowed(system), machine_memory()
    if not allowed:
        yield note("memory", "the system does not say how much memory there is")
        return
    limited = f" of the machine's {in_bytes(there)}" if 0 < allowed < there else ""
    said = f"{in_bytes(allowed)} of memory may be used{limited}"
    if allowed < ENOUGH:
        n_workers = max(1, allowed // (2 * _EACH))
        yield note(
            "memory",
            f"{said}: little for images and networks.",
            f"Give fewer workers, such as wk run --workers {n_workers}, or allow more memory.",
        )
    elif allowed < 2 * _EACH * cores_allowed(system):
        yield note(
            "memory",
            f"{said}, for {cores_allowed(system)} workers.",
            "If workers are killed for their memory, give fewer: "
            f"wk run --workers {allowed // (2 * _EACH)}.",
        )
    else:
        yield ok("memory", said)


def _threads(variables: Mapping[str, str], n_cores: int) -> Iterator[Finding]:
    found = False
    for name in THREADS:
        value = variables.get(name, "").strip()
        first = value.split(",")[0]
        if not value:
            continue
        found = True
        if not first.isdigit() or first == "0":
            yield problem(
                "threads", f"{name} is '{value}', and must be a number from 1.", f"unset {name}"
            )
        elif int(first) < n_cores:
            yield note(
                "threads",
                f"{name} is {value}: embedding and training may use no more than that "
                f"of {n_cores} cores.",
                f"If nobody meant this: unset {name}",
            )
        elif int(first) > n_cores:
            yield note(
                "threads",
                f"{name} is {value}, more than the {n_cores} cores: they get in each other's way.",
                f"unset {name}",
            )
        else:
            yield ok("threads", f"{name} is {value}, as many as there are cores")
    for name in _BINDS:
        value = variables.get(name, "").strip()
        if value and value.lower() not in {"false", "none", "disabled"}:
            found = True
            yield note(
                "threads",
                f"{name} is '{value}': it may hold all workers on the same core.",
                f"If a run is slow while cores are idle: unset {name}",
            )
    if not found:
        yield ok("threads", "no variable of the shell limits threads")


def _open_files() -> Iterator[Finding]:
    try:
        import resource
    except ImportError:  # Windows
        return
    n_files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if 0 <= n_files < _FEW_FILES:
        yield note(
            "open files",
            f"a process may hold {n_files:,} files open; serving many visitors takes more.",
            "In the same shell, before wk: ulimit -n 4096",
        )
    size = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    if size != resource.RLIM_INFINITY:
        yield problem(
            "file size",
            f"this shell allows files of {in_bytes(size)} at most; tiles are one large file.",
            "In the same shell, before wk: ulimit -f unlimited",
        )


def _text() -> Iterator[Finding]:
    names, text = sys.getfilesystemencoding().lower(), locale.getpreferredencoding(False).lower()
    if "utf-8" in names and text.replace("-", "") == "utf8":
        yield ok("text", "names of files and text are UTF-8")
        return
    yield note(
        "text",
        f"names of files are {names} and text is {text} here: accents on the screen may be wrong.",
        "In the same shell, before wk: export LANG=C.UTF-8",
    )
