"""Findings: files of a collection that are not as they were stored."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import NamedTuple

from wunderkammer.core.sums import Sum

REMADE = frozenset({"records", "columns", "artifacts"})
"""Folders of files that a run makes again."""


class Fault(enum.StrEnum):
    """What is wrong with a file."""

    OTHER_BYTES = "has other bytes than were stored"
    MISSING = "is not there"
    UNREADABLE = "cannot be read"
    UNPROVEN = "notes nothing of files that are there"
    DAMAGED_NOTES = "is damaged; the files that it notes are not"


@dataclass(frozen=True, slots=True)
class Finding:
    """One file that is not as it was stored.

    Attributes
    ----------
    path : str
        From the collection's folder; absolute where it lies outside.
    fault : Fault
        What is wrong.
    detail : str
        Where in the file, or why, if that is known.
    group : str
        The stage whose rows name the file, where rows do.
    media : tuple of str
        The media of these rows.
    """

    path: str
    fault: Fault
    detail: str = ""
    group: str = ""
    media: tuple[str, ...] = ()


class Cure(enum.StrEnum):
    """What mends a finding."""

    RUN = "run"
    NOTES = "notes"
    ASIDE = "aside"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Remedy:
    """What a finding means, and what to do.

    Attributes
    ----------
    cure : Cure
        ``run``: repair sets the file aside and a run makes it again; ``notes``: repair
        writes the notes anew; ``aside``: repair sets it aside and nothing needs it;
        ``person``: only a person can mend it, and nothing is touched.
    depends : str
        What the file holds, or what depends on it.
    way : str
        What to do.
    """

    cure: Cure
    depends: str
    way: str


@dataclass(slots=True)
class Verification:
    """What was looked at, and what was found.

    Attributes
    ----------
    findings : list of Finding
        In the order of their paths.
    unproven : list of str
        Files of which nothing was noted: only that they can be read was looked at.
    is_as_last_run : bool
        Whether ``collection.toml`` is what it was at the last run: people may change it.
    n_files, n_bytes : int
        What was looked at.
    seconds : float
        How long it took.
    remedies : list of Remedy
        What to do, one a finding.
    left : list of Finding
        What a repair could not set aside, as only a person can mend it.
    """

    findings: list[Finding] = field(default_factory=list)
    unproven: list[str] = field(default_factory=list)
    is_as_last_run: bool = True
    n_files: int = 0
    n_bytes: int = 0
    seconds: float = 0.0
    remedies: list[Remedy] = field(default_factory=list)
    left: list[Finding] = field(default_factory=list)


class Wanted(NamedTuple):
    """A file, and the digests of which it must have one."""

    path: str
    sums: tuple[Sum, ...]

    def is_met_by(self, found: Sum | None) -> bool:
        """Tell whether a file is as it must be; None is one that is not there."""
        return found is not None and any(one.sha256 == found.sha256 for one in self.sums)


def unheard(n_files: int, n_bytes: int) -> None:
    """Tell nobody."""
