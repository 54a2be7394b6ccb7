"""The seam between a collection's folder and where it lives, if that is elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from wunderkammer.core.progress import Progress
from wunderkammer.core.publishing import PublishedSite


class Home(Protocol):
    """Where a collection lives: its folder, or elsewhere and the folder is a working copy."""

    @property
    def address(self) -> str:
        """What people call that place by; empty if it is the folder."""
        ...

    def writing(self, progress: Progress) -> AbstractContextManager[Progress]:
        """Let one process write, and keep what it makes; the progress tells how far it is."""
        ...

    def stated(self) -> None:
        """Keep what was just appended to the journal of annotations."""
        ...


class Here:
    """A folder that is the collection itself."""

    address = ""

    @contextmanager
    def writing(self, progress: Progress) -> Iterator[Progress]:
        """Do nothing: what is on this disk is kept."""
        yield progress

    def stated(self) -> None:
        """Do nothing: what is on this disk is kept."""


Publisher = Callable[[PublishedSite, "str | Path", Callable[[str], None]], int]
"""Writes a site below a folder or an address, and returns how many files that are."""


def to_folder(site: PublishedSite, target: str | Path, each: Callable[[str], None]) -> int:
    """Write a site below a folder."""
    return site.publish(Path(target), each)
