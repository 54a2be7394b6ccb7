"""Synthetic specimens with known truth, and hosts that serve images badly: public and seeded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wunderkammer.testing.hosts import analysis, answers
    from wunderkammer.testing.hosts.answers import Redirect, Throttle
    from wunderkammer.testing.hosts.pictures import Picture
    from wunderkammer.testing.hosts.record import Request
    from wunderkammer.testing.hosts.rules import Rule
    from wunderkammer.testing.image_host import ImageHost
    from wunderkammer.testing.library import write_library
    from wunderkammer.testing.specimens.archive import write_archive
    from wunderkammer.testing.specimens.generator import SpecimenGenerator
    from wunderkammer.testing.specimens.misnaming import Misnaming
    from wunderkammer.testing.specimens.specimen import Specimen
    from wunderkammer.testing.specimens.taxonomy import Taxon, Taxonomy

__all__ = [
    "ImageHost",
    "Misnaming",
    "Picture",
    "Redirect",
    "Request",
    "Rule",
    "Specimen",
    "SpecimenGenerator",
    "Taxon",
    "Taxonomy",
    "Throttle",
    "analysis",
    "answers",
    "write_archive",
    "write_library",
]

_HOMES = {
    "ImageHost": "image_host",
    "Misnaming": "specimens.misnaming",
    "Picture": "hosts.pictures",
    "Redirect": "hosts.answers",
    "Request": "hosts.record",
    "Rule": "hosts.rules",
    "Specimen": "specimens.specimen",
    "SpecimenGenerator": "specimens.generator",
    "Taxon": "specimens.taxonomy",
    "Taxonomy": "specimens.taxonomy",
    "Throttle": "hosts.answers",
    "write_archive": "specimens.archive",
    "write_library": "library",
}
_ROOMS = {"analysis": "hosts.analysis", "answers": "hosts.answers"}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for: drawing needs OpenCV, the package does not."""
    import importlib

    if name in _ROOMS:
        return importlib.import_module(f"{__name__}.{_ROOMS[name]}")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = importlib.import_module(f"{__name__}.{_HOMES[name]}")
    return getattr(home, name)
