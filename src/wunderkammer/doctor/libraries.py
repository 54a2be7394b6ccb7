"""Libraries: those that must be there, those that may, and whether they are of tried versions."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from wunderkammer.doctor.finding import Finding, note, ok, problem

TESTED = Path(__file__).with_name("tested.json")
"""Versions that the tests ran with; ``make lock`` writes it."""

PACKAGE = "wunderkammer"


@dataclass(frozen=True, slots=True)
class Extra:
    """Libraries that are not for everybody.

    Attributes
    ----------
    purpose : str
        What they are for.
    modules : sequence of str
        What is imported of them.
    """

    purpose: str
    modules: Sequence[str]


EXTRAS: Mapping[str, Extra] = {
    "dask": Extra("to spread work over a Dask cluster", ("distributed",)),
    "gbif": Extra("to search GBIF from here; its downloads need nothing", ("pygbif",)),
    "onnx": Extra("to export encoders as ONNX", ("onnx", "onnxscript")),
    "ray": Extra("to spread work over a Ray cluster", ("ray",)),
    "s3": Extra("for collections and atlases in a bucket", ("obstore",)),
    "transformers": Extra(
        "for pretrained encoders of Hugging Face, such as DINOv3",
        ("huggingface_hub", "transformers"),
    ),
    "zoo": Extra(
        "for pretrained encoders of timm and OpenCLIP, such as BioCLIP",
        ("huggingface_hub", "open_clip", "timm", "torchvision"),
    ),
}
"""What each extra is for; a test holds it to pyproject.toml."""


def libraries() -> Iterator[Finding]:
    """Yield what is found of the libraries."""
    try:
        lines = requires(PACKAGE) or []
    except PackageNotFoundError:
        yield note(
            "libraries",
            "Wunderkammer runs from a folder and is not installed, so that nothing says which "
            "libraries it needs.",
            "In a checkout: make demo. Else: pip install wunderkammer",
        )
        return
    yield from _needed(lines)
    yield from _torchvision()
    for name, extra in EXTRAS.items():
        yield _optional(name, extra)


def _needed(lines: Sequence[str]) -> Iterator[Finding]:
    from packaging.requirements import Requirement
    from packaging.version import Version

    tested: dict[str, str] = json.loads(TESTED.read_text(encoding="utf-8"))
    n_good, newer = 0, []
    for one in map(Requirement, lines):
        if one.marker is not None and not one.marker.evaluate({"extra": ""}):
            continue
        try:
            found = version(one.name)
        except PackageNotFoundError:
            yield problem("libraries", f"{one.name} is missing.", f"pip install '{one}'")
            continue
        if not one.specifier.contains(found, prereleases=True):
            yield problem(
                "libraries",
                f"{one.name} {found} is too old: {one.specifier} is needed.",
                f"pip install --upgrade '{one.name}{one.specifier}'",
            )
            continue
        n_good += 1
        known = tested.get(one.name.lower())
        if known and _series(Version(found)) > _series(Version(known)):
            newer.append(f"{one.name} {found} (tried: {known})")
    if newer:
        yield note(
            "libraries",
            f"newer than what was tried: {', '.join(newer)}. Newer ones mostly do.",
            "If something fails, install the tried one: pip install 'NAME==VERSION'",
        )
    yield ok("libraries", f"{n_good} libraries that are needed are there")


def _series(found: object) -> tuple[int, ...]:
    """Return the part of a version at whose change things may break."""
    release: tuple[int, ...] = found.release  # type: ignore[attr-defined]
    return release[:1] if release[0] else release[:2]


def _torchvision() -> Iterator[Finding]:
    """Say if torchvision is there and broken: then it breaks others that find it."""
    if "torchvision" in sys.modules or not there("torchvision"):
        return
    try:
        import torchvision  # noqa: F401
    except (ImportError, RuntimeError, OSError, AttributeError) as error:
        yield problem(
            "torchvision",
            f"torchvision was made for another torch and cannot be loaded: "
            f"{str(error).splitlines()[0][:120]}. Training stops on it.",
            "pip uninstall torchvision, or install the one that pytorch.org names beside your "
            "torch.",
        )


def _optional(name: str, extra: Extra) -> Finding:
    missing = [module for module in extra.modules if not there(module)]
    about = f"extra {name}"
    if not missing:
        return ok(about, f"{extra.purpose}: installed")
    return note(
        about,
        f"{extra.purpose}: not installed ({', '.join(missing)})",
        f"Only if you want that: pip install 'wunderkammer[{name}]'",
    )


def there(module: str) -> bool:
    """Tell whether a module could be imported, without doing so."""
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False
