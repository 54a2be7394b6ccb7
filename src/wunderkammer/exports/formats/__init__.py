"""Formats of exports: one file each, a selection of media as what other programs read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from wunderkammer.core.registry import Registry
from wunderkammer.core.settings import Settings
from wunderkammer.exports.selection import Chosen


class Format(Settings):
    """Base of all formats. Its fields are the options of ``wk export NAME``.

    Attributes
    ----------
    single : mapping of str to str
        Endings of a target that is one file of the format, and which of the written
        files that is. A folder is always possible, and a ``.zip`` of it.
    examples : tuple of str
        Command lines that show its use, without ``wk export NAME``.
    """

    single: ClassVar[Mapping[str, str]] = {}
    examples: ClassVar[tuple[str, ...]] = ()
    name: str
    version: str

    def within(self, suffix: str) -> Format:
        """Return the format as it is written to a target with an ending."""
        return self

    def write(self, chosen: Chosen, folder: Path) -> Mapping[str, int]:
        """Write a selection into a new folder.

        Parameters
        ----------
        chosen : Chosen
            Media with licence and rights holder; both are to be written for each.
        folder : Path
            Empty; what is in it appears as a whole.

        Returns
        -------
        mapping of str to int
            What was written and how much of it, such as ``{"pictures": 12}``.

        Raises
        ------
        WunderkammerError
            If the collection has not what the format needs.
        """
        raise NotImplementedError


registry: Registry[Format] = Registry("exports.formats", "format")
