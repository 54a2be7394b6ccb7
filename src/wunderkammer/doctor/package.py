"""What comes with Wunderkammer: its page, its weights, and where it keeps compiled code."""

from __future__ import annotations

import os
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import wunderkammer
from wunderkammer.core.files import file_sha256
from wunderkammer.doctor.finding import Finding, note, ok, problem

ROOT = Path(wunderkammer.__file__).parent
PAGES = {
    "the atlas": "index.html",
    "curating": "curate/curate.html",
    "sorting": "sort/sort.html",
}


def package(root: Path = ROOT) -> Iterator[Finding]:
    """Yield what is found of the package's own files.

    Parameters
    ----------
    root : Path
        The folder of the package.
    """
    yield _page(root / "web/static")
    yield from _weights(root)
    yield from _compiled(root)
    yield from _which()


def _page(static: Path) -> Finding:
    missing = [what for what, at in PAGES.items() if not (static / at).is_file()]
    if not missing:
        return ok("page", "the pages for the browser are there")
    return problem(
        "page",
        f"the page for {', '.join(missing)} is not there.",
        "In a checkout: make frontend. Else: pip install --force-reinstall --no-deps wunderkammer",
    )


def _weights(root: Path) -> Iterator[Finding]:
    """Compare each shipped file of weights with the digest on its card."""
    cards = sorted(root.glob("*/weights/*/card.toml"))
    good = []
    for card in cards:
        wanted = tomllib.loads(card.read_text(encoding="utf-8"))["sha256"]
        tensors = card.with_name("weights.safetensors")
        if tensors.is_file() and file_sha256(tensors) == wanted:
            good.append(card.parent.name)
            continue
        yield problem(
            "weights",
            f"{tensors} is {'not what its card says' if tensors.is_file() else 'missing'}.",
            "pip install --force-reinstall --no-deps wunderkammer",
        )
    if good:
        yield ok("weights", f"{', '.join(good)}: as their cards say")


def _compiled(root: Path) -> Iterator[Finding]:
    """Say if numba can keep what it compiles nowhere: each process then compiles again."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    places = [Path(chosen)] if chosen else [root / "layouts/__pycache__", Path.home() / ".cache"]
    if any(_can_write(one) for one in places):
        return
    yield problem(
        "compiled code",
        f"nothing can be written to {' or '.join(map(str, places))}, where compiled code is kept.",
        "Name a folder you may write to: export NUMBA_CACHE_DIR=/tmp/numba",
    )


def _can_write(folder: Path) -> bool:
    """Tell whether a folder, or the nearest above it that is there, takes files."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    return there.is_dir() and os.access(there, os.W_OK)


def _which() -> Iterator[Finding]:
    """Say if the shell's ``wk`` belongs to another installation than this one."""
    found = shutil.which("wk")
    if found is None:
        yield note(
            "wk",
            "the shell does not find the command wk by itself.",
            f"Call {Path(sys.executable).with_name('wk')}, or activate the environment first.",
        )
    elif Path(found).parent.resolve() != Path(sys.executable).parent.resolve():
        yield note(
            "wk",
            f"the shell's wk is {found}, and this is that of {sys.prefix}.",
            "Activate the environment you mean, or call its wk by the whole path.",
        )
    else:
        yield ok("wk", found)
