"""The seam between a collection and what is published of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

ENTRIES = ("licences.md", "shell.json", "sw.js", "index.html", "atlas.json")
"""What a visitor's browser begins with, in the order it is replaced: after all it leads to."""

PUBLISHED = ".published.json"
"""Lists what was published below a folder: nothing else is ever removed."""


class PublishedSite(Protocol):
    """Every file of a published atlas by its relative path."""

    def atlas_json(self) -> bytes:
        """Return the entry point."""
        ...

    def made(self, name: str) -> bytes | None:
        """Return what is made for this atlas under a path, such as its entry point, or None."""
        ...

    def file(self, name: str) -> Path | None:
        """Return the file under a path, or None; what is made is no file."""
        ...

    def paths(self) -> Iterator[str]:
        """Yield every path."""
        ...

    def publish(self, target: Path, each: Callable[[str], None] = ...) -> int:
        """Write every file below a folder and return how many."""
        ...
