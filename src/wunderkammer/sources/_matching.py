"""Which local image belongs to which record: by list, by name, by identifier."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qsl, unquote, urlsplit

from wunderkammer.core.errors import ConfigurationError, WunderkammerError
from wunderkammer.sources._delimited import Row
from wunderkammer.sources._images import find_images, nfc
from wunderkammer.sources._tabular import TABLE_SUFFIXES, open_table

_NUMBERED = re.compile(r"^(.+?)(?:[ _.-]+\(?(?:\d{1,3}|[a-zA-Z])\)?|\(\d{1,3}\))$")
_SHORT_QUERY = 5
"""A query value below this length, such as ``h=2000``, says how large, not which."""

_DECIDING_ROWS = 10_000
"""Rows of a list that are looked at to find its columns."""


def folded(text: str) -> str:
    """Return the letters and digits of a text, case left aside.

    Examples
    --------
    >>> folded("BMNH(E) 229-344")
    'bmnhe229344'
    """
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def natural(text: str) -> list[tuple[int, int, str]]:
    """Return a sort key that puts ``a2`` before ``a10``."""
    parts = re.split(r"(\d+)", text)
    return [(1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts]


class LocalImages:
    """The image files of a folder, findable by path, file name, stem and bare stem.

    Parameters
    ----------
    files : iterable of str
        POSIX paths relative to the folder.
    """

    def __init__(self, files: Iterable[str]) -> None:
        self.files = list(files)
        self._paths = {nfc(path): path for path in self.files}
        self._names: dict[str, list[str]] = defaultdict(list)
        self._stems: dict[str, list[str]] = defaultdict(list)
        self._bare: dict[str, list[str]] = defaultdict(list)
        self._numbered: dict[str, list[str]] = defaultdict(list)
        for path in self.files:
            pure = PurePosixPath(nfc(path))
            self._names[pure.name.casefold()].append(path)
            self._stems[pure.stem.casefold()].append(path)
            self._bare[folded(pure.stem)].append(path)
            numbered = _NUMBERED.match(pure.stem)
            if numbered:
                self._numbered[folded(numbered[1])].append(path)

    @classmethod
    def below(cls, root: Path) -> LocalImages:
        """Return the images below a folder; files that cannot be used are left out."""
        return cls(path for path in find_images(root) if isinstance(path, str))

    def named(self, name: str) -> str | None:
        """Return the only file of a path or file name, or None."""
        path = nfc(name.replace("\\", "/").removeprefix("./"))
        if path in self._paths:
            return self._paths[path]
        return _only(self._names.get(PurePosixPath(path).name.casefold(), []))

    def stemmed(self, stem: str) -> str | None:
        """Return the only file with this name before its ending, or None."""
        return _only(self._stems.get(nfc(stem).casefold(), []))

    def find(self, name: str) -> str | None:
        """Return the only file of a path, file name or stem, or None."""
        return self.named(name) or self.stemmed(name) if name else None

    def of_identifier(self, identifier: str) -> list[str]:
        """Return the file named after an identifier and those numbered after it.

        ``K.113274`` names ``K113274.jpg``; ``k113274_1.jpg`` and
        ``K113274-b.jpg`` are numbered after it. None if two are named exactly so.
        """
        key = folded(identifier)
        exact = self._bare.get(key, [])
        if not key or len(exact) > 1:
            return []
        return exact + sorted(self._numbered.get(key, []), key=natural)

    def of_address(self, address: str) -> str | None:
        """Return the only file that an address or path names: by its end or a query value."""
        try:
            parts = urlsplit(address)
        except ValueError:  # such as a bracket that is never closed
            return self.named(address)
        if not parts.scheme or not parts.netloc:
            return self.named(address)
        candidates = [PurePosixPath(unquote(parts.path)).name]
        candidates += [value for _, value in parse_qsl(parts.query) if len(value) >= _SHORT_QUERY]
        found = {self.find(name) for name in candidates if name} - {None}
        return found.pop() if len(found) == 1 else None


def _only(paths: Sequence[str]) -> str | None:
    return paths[0] if len(paths) == 1 else None


@dataclass(frozen=True, slots=True)
class Sought:
    """A specimen whose images are sought.

    Attributes
    ----------
    key : str
        Its core id.
    identifiers : list of str
        What a file may be named after, best first.
    media : mapping of str to list of str
        For each medium its identifiers and addresses.
    """

    key: str
    identifiers: list[str]
    media: Mapping[str, list[str]]


@dataclass(slots=True)
class Matches:
    """Local files by medium, and by specimen where it has no medium."""

    media: dict[str, str] = field(default_factory=dict)
    specimens: dict[str, list[str]] = field(default_factory=dict)


def match(
    images: LocalImages, sought: Iterable[Sought], listed: Mapping[str, list[str]] | None = None
) -> Matches:
    """Return which file shows which medium.

    Parameters
    ----------
    images : LocalImages
        The files.
    sought : iterable of Sought
        Specimens with their media; those without get files too.
    listed : mapping of str to list of str, optional
        Files by identifier of a specimen or medium, as a list states them.

    Notes
    -----
    In turn, each for what is left: the list; a medium's path or address; the
    specimen's identifiers. A file two would claim goes to neither. Where a
    specimen has several media they take its files in the natural order of
    both names, if they are as many; else none is taken. So the result does not
    depend on the order of the export.
    """
    claims: tuple[dict[str, list[tuple[Sought, str]]], ...] = ({}, {}, {})
    for specimen in sought:
        claimed = _claims(images, specimen, listed or {})
        for turn, pairs in zip(claims, claimed, strict=True):
            for file, medium in pairs:
                turn.setdefault(file, []).append((specimen, medium))
    matches, used = Matches(), set[str]()
    for turn in claims:
        for file in sorted(turn.keys() - used, key=natural):
            winner = _winner(file, turn[file])
            if winner is None or winner[1] in matches.media:
                continue
            used.add(file)
            if winner[1]:
                matches.media[winner[1]] = file
            else:
                matches.specimens.setdefault(winner[0].key, []).append(file)
    return matches


def _is_named_after(file: str, specimen: Sought) -> bool:
    stem = folded(PurePosixPath(file).stem)
    return any(stem == folded(identifier) for identifier in specimen.identifiers)


def _winner(file: str, claimants: list[tuple[Sought, str]]) -> tuple[Sought, str] | None:
    """Return the only one to claim a file, or the only one it is exactly named after."""
    if len(claimants) > 1:
        exact = [one for one in claimants if _is_named_after(file, one[0])]
        return exact[0] if len(exact) == 1 else None
    return claimants[0]


def _claims(
    images: LocalImages, specimen: Sought, listed: Mapping[str, list[str]]
) -> tuple[list[tuple[str, str]], ...]:
    """Return the (file, medium) pairs a specimen would like, for each turn."""
    by_list = [
        (file, medium)
        for medium, names in specimen.media.items()
        for file in _first(listed, names)[:1]
    ]
    if not by_list:
        by_list = _paired(_first(listed, specimen.identifiers), specimen)
    by_address = [
        (file, medium)
        for medium, names in specimen.media.items()
        for file in dict.fromkeys(images.of_address(name) for name in names)
        if file
    ]
    for identifier in specimen.identifiers:
        files = images.of_identifier(identifier)
        if files:
            return by_list, by_address, _paired(files, specimen)
    return by_list, by_address, []


def _first(listed: Mapping[str, list[str]], names: Iterable[str]) -> list[str]:
    return next((listed[name] for name in names if name in listed), [])


def _paired(files: Sequence[str], specimen: Sought) -> list[tuple[str, str]]:
    """Return the files of a specimen with its media, or with none if it has none."""
    if not specimen.media:
        return [(file, "") for file in files]
    if len(specimen.media) == 1:
        medium = next(iter(specimen.media))
        named = [file for file in files if _is_named_after(file, specimen)] or list(files)
        return [(named[0], medium)] if len(named) == 1 else []
    if len(files) != len(specimen.media):
        return []
    ordered = sorted(specimen.media, key=lambda medium: natural(" ".join(specimen.media[medium])))
    return list(zip(files, ordered, strict=True))


def read_image_list(path: Path, images: LocalImages, ids: Collection[str]) -> dict[str, list[str]]:
    """Return the files that a table states for each identifier.

    Parameters
    ----------
    path : Path
        A table with a column of file names and one of identifiers; which is
        which is found by content.
    images : LocalImages
        The files.
    ids : collection of str
        Identifiers of specimens and media.

    Raises
    ------
    ConfigurationError
        If no column names files that exist, or none holds known identifiers.
    """
    table = open_table(path)
    rows = table.sample(_DECIDING_ROWS)
    files = _best_column(rows, len(table.header), lambda cell: images.named(cell) is not None)
    names = _best_column(rows, len(table.header), lambda cell: cell in ids)
    if files is None or names is None or files == names:
        lacking = "files in the images folder" if files is None else "identifiers of records"
        raise ConfigurationError(
            f"[source], image_list: no column of '{path.name}' holds {lacking}; "
            f"it has the columns {', '.join(table.header)}.",
            hint="It needs one column of file names and one of record identifiers.",
        )
    stated: dict[str, list[str]] = {}
    for row in table.read():
        if isinstance(row, Row):
            file, name = images.named(row.cells[files].strip()), row.cells[names].strip()
            if file and name:
                stated.setdefault(name, []).append(file)
    return {key: sorted(set(found), key=natural) for key, found in stated.items()}


def _best_column(
    rows: Sequence[Sequence[str]], width: int, fits: Callable[[str], bool]
) -> int | None:
    """Return the column with the most cells that fit, the first of equals; None without any."""
    counts = [
        sum(1 for cells in rows if cells[n].strip() and fits(cells[n].strip()))
        for n in range(width)
    ]
    best = max(range(width), key=lambda n: (counts[n], -n), default=None)
    return best if best is not None and counts[best] else None


def find_image_list(images: Path, ids: Collection[str]) -> Path | None:
    """Return the table in or beside a folder that says which image shows which record.

    Parameters
    ----------
    images : Path
        Folder of images; it and its parent are looked through, not deeper.
    ids : collection of str
        Identifiers of records, such as ``DwcaSource.identifiers()``.

    Returns
    -------
    Path or None
        The table that connects the most files and identifiers, at least half of
        its rows; None if no table does.
    """
    local = LocalImages.below(images)
    best, most = None, 0
    for folder in (images, images.resolve().parent):
        for path in sorted(folder.iterdir()):
            if path.suffix.casefold() not in TABLE_SUFFIXES or not path.is_file():
                continue
            try:
                stated = read_image_list(path, local, ids)
                n_rows = sum(1 for _ in open_table(path).read())
            except WunderkammerError:
                continue  # some other table
            n_known = sum(len(files) for key, files in stated.items() if key in ids)
            if n_known > most and n_known * 2 >= n_rows:
                best, most = path, n_known
    return best
