"""Synthetic specimens with known truth, public and seeded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wunderkammer.testing.specimens.archive import write_archive
    from wunderkammer.testing.specimens.generator import SpecimenGenerator
    from wunderkammer.testing.specimens.specimen import Specimen
    from wunderkammer.testing.specimens.taxonomy import Taxon, Taxonomy

__all__ = ["Specimen", "SpecimenGenerator", "Taxon", "Taxonomy", "write_archive"]

_HOMES = {
    "Specimen": "specimen",
    "SpecimenGenerator": "generator",
    "Taxon": "taxonomy",
    "Taxonomy": "taxonomy",
    "write_archive": "archive",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for: drawing needs OpenCV, the package does not."""
    import importlib

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = importlib.import_module(f"{__name__}.specimens.{_HOMES[name]}")
    return getattr(home, name)
