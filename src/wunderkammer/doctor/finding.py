"""A finding: one thing that was looked at, how it is, and what to do about it."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Level(enum.StrEnum):
    """How good or bad a finding is."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    about : str
        A short name that stays the same from version to version.
    level : Level
        ``ok``; ``note``, what a person should know and may leave as it is; ``problem``,
        what will fail or lose work.
    message : str
        What was found.
    hint : str
        What to do about it, as a sentence; empty where nothing is to be done.
    """

    about: str
    level: Level
    message: str
    hint: str = ""


def ok(about: str, message: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(about, Level.OK, message)


def note(about: str, message: str, hint: str = "") -> Finding:
    """Return a finding that a person should know of."""
    return Finding(about, Level.NOTE, message, hint)


def problem(about: str, message: str, hint: str) -> Finding:
    """Return a finding that must be mended; it always says how."""
    return Finding(about, Level.PROBLEM, message, hint)
