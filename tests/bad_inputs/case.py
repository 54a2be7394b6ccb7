"""What a bad input is, and what must become of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

Maker: TypeAlias = Callable[[Path], "list[str]"]
"""Writes into an empty folder; returns the words after ``wk new COLLECTION``."""


@dataclass(frozen=True, eq=False)
class BadInput:
    """One way in which what others give us is wrong.

    Attributes
    ----------
    reader : str
        What reads it; a heading of the page.
    name : str
        What it is called there: short, and no other of this reader is called so.
    wrong : str
        What is wrong with it: a sentence without its full stop.
    make : callable
        Writes it.
    kept : int
        Records that must be there in the end: all good ones beside it.
    status : int
        With which ``wk`` must end.
    steps : list of list of str
        Commands after ``wk new``; ``-C`` and the collection are added.
    most_mib : int
        Tried in a process of its own that may use so much memory; 0: tried in this one.
    """

    reader: str
    name: str
    wrong: str
    make: Maker
    kept: int = 0
    status: int = 0
    steps: list[list[str]] = field(default_factory=lambda: [["run", "ingest"]])
    most_mib: int = 0

    def __str__(self) -> str:
        return f"{self.reader}: {self.name}"
