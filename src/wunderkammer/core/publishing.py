"""The seam between a collection and what is published of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol


class PublishedSite(Protocol):
    """Every file of a published atlas by its relative path."""

    def atlas_json(self) -> bytes:
        """Return the entry point."""
        ...

    def file(self, name: str) -> Path | None:
        """Return the file under a path, or None."""
        ...

    def paths(self) -> Iterator[str]:
        """Yield every path."""
        ...

    def publish(self, target: Path, each: Callable[[str], None] = ...) -> int:
        """Write every file below a folder and return how many."""
        ...
