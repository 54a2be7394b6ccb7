"""The examination as a whole: section after section, as a person reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from wunderkammer.core.configuration import FILE
from wunderkammer.doctor.disk import disk
from wunderkammer.doctor.finding import Finding
from wunderkammer.doctor.gpu import gpu
from wunderkammer.doctor.images import images
from wunderkammer.doctor.kept import kept
from wunderkammer.doctor.libraries import libraries
from wunderkammer.doctor.machine import machine
from wunderkammer.doctor.network import network
from wunderkammer.doctor.package import package

SECTIONS = ("machine", "gpu", "disk", "libraries", "images", "package", "network", "collection")
"""What is looked at, in this order; the last only where there is a collection."""


def examined(folder: Path, *, collection: bool = False) -> Iterator[tuple[str, Iterator[Finding]]]:
    """Yield each section's name and its findings, which are found as they are asked for.

    Parameters
    ----------
    folder : Path
        The folder of a collection, or where one would be made.
    collection : bool
        Whether a collection must be there; else it is looked at if one is.
    """
    where = folder.resolve()
    looks: dict[str, Callable[[], Iterator[Finding]]] = {
        "machine": machine,
        "gpu": gpu,
        "disk": partial(disk, where),
        "libraries": libraries,
        "images": images,
        "package": package,
        "network": network,
    }
    if where.is_dir() and (collection or (where / FILE).exists()):
        looks["collection"] = partial(kept, where)
    for name, look in looks.items():
        yield name, look()
