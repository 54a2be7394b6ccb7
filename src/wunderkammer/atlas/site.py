"""The site: every file of a published atlas by its path, as the server answers it.

The server and ``wk publish`` both read from here, so what is published is byte
for byte what was served.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePosixPath

from wunderkammer.atlas.front_page import front_page
from wunderkammer.atlas.paths import (
    ATLAS,
    FRONT_PAGE,
    LAYOUT,
    PHOTOGRAPH,
    PICTURES,
    REPRESENTATIVES,
    TILES,
)
from wunderkammer.atlas.pictures import PictureTable
from wunderkammer.atlas.placing import Placing
from wunderkammer.atlas.schemas import Atlas, Layout
from wunderkammer.core.errors import DamagedFileError, StageError
from wunderkammer.core.files import read_json, remove_left_below, write_json
from wunderkammer.core.publishing import ENTRIES, PUBLISHED
from wunderkammer.core.sums import SUMS, Sum, are_known, read_sums, sum_of, write_known

_NOT_PUBLISHED = frozenset(
    {ATLAS, FRONT_PAGE, TILES, REPRESENTATIVES, PICTURES, LAYOUT, PHOTOGRAPH, SUMS}
)
_DIGITS = 64
"""Of a file whose name is its digest."""

_NEED_A_SERVER = frozenset({"curate", "sort"})
"""Folders of the pages beside the atlas's that need a server that writes."""

_RUNTIME = "runtime"
"""Folder of what runs an encoder in the page; only where there is one."""


class Site:
    """The files of an atlas and its page.

    Parameters
    ----------
    page : Path
        Folder of the built page.
    root : Path
        The collection's folder, where the pictures lie.
    artifacts : sequence of Path
        Folders of the tiles and of the atlas; the latter holds ``atlas.json``.
    about : mapping of str to object
        What ``atlas.json`` says of the collection and of the software: fields of
        :class:`~wunderkammer.atlas.schemas.Atlas`.
    files : mapping of str to Path, optional
        Further files by their published path, such as a logo.
    layouts : sequence of Layout, optional
        What a visitor may choose among.
    placed : mapping of str to Path, optional
        Folders of files that are published below another one, by that folder's path.
    """

    def __init__(
        self,
        page: Path,
        root: Path,
        artifacts: tuple[Path, ...],
        *,
        about: Mapping[str, object],
        files: Mapping[str, Path] | None = None,
        layouts: Sequence[Layout] = (),
        placed: Mapping[str, Path] | None = None,
    ) -> None:
        self.page = page
        self.root = root
        self.artifacts = artifacts
        self._about = {**about, "layouts": list(layouts)}
        runs = about.get("photograph") is not None
        self._left_out = _NEED_A_SERVER if runs else _NEED_A_SERVER | {_RUNTIME}
        self._files = dict(files or {})
        self._placed = dict(placed or {})
        self._pictures: PictureTable | None = None
        self._notes: dict[Path, dict[str, list[Sum]]] = {}

    def atlas_json(self) -> bytes:
        """Return ``atlas.json``.

        Raises
        ------
        StageError
            If the atlas was not built.
        """
        return self._atlas().model_dump_json(indent=1).encode()

    def made(self, name: str) -> bytes | None:
        """Return what is made for this atlas under a path: its entry point, or its front page.

        Raises
        ------
        StageError
            If the atlas was not built.
        """
        if name == ATLAS:
            return self.atlas_json()
        if name == FRONT_PAGE:
            atlas = self._atlas()
            return front_page(
                (self.page / FRONT_PAGE).read_text("utf-8"),
                title=atlas.title,
                description=atlas.description,
                language=atlas.appearance.language,
            )
        return None

    def _atlas(self) -> Atlas:
        path = self._in_artifacts(ATLAS)
        if path is None:
            raise StageError("there is no atlas yet.", hint="Build it with 'wk run'.")
        return Atlas.model_validate_json(path.read_bytes()).model_copy(update=self._about)

    def file(self, name: str) -> Path | None:
        """Return the file that is published under a relative path, or None.

        What is made for each atlas is not a file here: see :meth:`made`.
        """
        pure = PurePosixPath(name)
        if not pure.parts or pure.is_absolute() or ".." in pure.parts or name in _NOT_PUBLISHED:
            return None
        if pure.parts[0] in self._left_out or pure.as_posix() != name:
            return None
        if pure.parts[0] == "pictures":
            cell = self._picture_table().cell(name)
            # its first folder may lie on another disk; nothing below it leads elsewhere
            folder, _, rest = (cell or "").partition("/")
            return _file_below(self.root / folder, rest) if rest else None
        return self._files.get(name) or self._in_artifacts(name) or _file_below(self.page, name)

    def paths(self) -> Iterator[str]:
        """Yield the relative path of every file that is published."""
        yield from self._paths_of_files()
        for name, _ in self._picture_table():
            yield name

    def _paths_of_files(self) -> Iterator[str]:
        """Yield the paths of all but the pictures."""
        yield ATLAS
        yield FRONT_PAGE
        yield from sorted(self._files)
        own = (("", folder) for folder in (self.page, *self.artifacts))
        for below, folder in (*own, *self._placed.items()):
            for path in sorted(folder.rglob("*")):
                name = path.relative_to(folder).as_posix()
                if name in _NOT_PUBLISHED or _file_below(folder, name) is None:
                    continue
                if name.partition("/")[0] not in self._left_out:
                    yield f"{below}/{name}" if below else name

    def publish(self, target: Path, each: Callable[[str], None] = lambda _: None) -> int:
        """Write every file below ``target`` and return how many; each is whole or not there.

        Parameters
        ----------
        target : Path
            The folder; files that are there already and equal are left alone.
        each : callable, optional
            Is told each path.

        Notes
        -----
        A picture is a second name (hard link) of the file in the collection where
        the disk has such, else a copy; all else are copies. The list of what was
        published is kept in ``.published.json``; what an earlier call wrote and
        this one does not is removed, and nothing else. First comes what the entry points
        lead to, then these; last the digests of all, in ``_SHA256SUMS``, so that a folder
        without it was not finished. The same call finishes it.
        """
        files = list(self._paths_of_files())
        names = [*files, *(name for name, _ in self._picture_table())]
        before = self._listed(target, names)
        unproven = partial((target / SUMS).unlink, missing_ok=True)
        self._place_all(target, files, each, unproven)
        others = set(files)
        for name in before:
            if name not in others and self._picture_table().cell(name) is None:
                unproven()
                (target / name).unlink(missing_ok=True)
        if before != names:
            unproven()
            write_json(target / PUBLISHED, names)
        if not are_known(target):
            write_known(target, self._sums(target))
        return len(names)

    def _place_all(
        self,
        target: Path,
        files: Sequence[str],
        each: Callable[[str], None],
        unproven: Callable[[], None],
    ) -> None:
        """Put every file in its place, the entry points one after the other at the end."""
        with Placing(target, unproven) as placing:
            for name in files:
                if name not in ENTRIES:
                    self._place(placing, name)
                    each(name)
            for name, cell in self._picture_table():
                placing.link(name, self.root / cell)
                each(name)
        for name in (one for one in ENTRIES if one in set(files)):
            with Placing(target, unproven) as placing:
                self._place(placing, name)
            each(name)

    def _listed(self, target: Path, names: list[str]) -> list[str]:
        """Put down what may lie below a folder from now on; return what was put down before."""
        if not (target / SUMS).exists():
            remove_left_below(target)
        before: list[str] = []
        with contextlib.suppress(DamagedFileError):
            before = read_json(target / PUBLISHED) or []
        known = set(before)
        new = [one for one in names if one not in known]
        if new:
            write_json(target / PUBLISHED, [*before, *new])
        return before

    def _place(self, placing: Placing, name: str) -> None:
        source = self.file(name)
        if source is None:
            placing.write(name, self.made(name) or b"")
        else:
            placing.copy(name, source)

    def _sums(self, target: Path) -> Iterator[tuple[str, Sum]]:
        """Yield the digest of every file as it shall be, read where none was noted."""
        yield PUBLISHED, sum_of(target / PUBLISHED)
        for name in self._paths_of_files():
            source = self.file(name)
            noted = source and self._noted(source)
            yield name, noted or sum_of(source or target / name)
        for name, cell in self._picture_table():
            path = self.root / cell
            own_name = len(path.stem) == _DIGITS
            yield name, Sum(path.stem, path.stat().st_size) if own_name else sum_of(path)

    def _noted(self, source: Path) -> Sum | None:
        """Return the digest that was noted of a file when it was made."""
        for folder in (*self.artifacts, *self._placed.values()):
            if source.is_relative_to(folder):
                if folder not in self._notes:
                    self._notes[folder] = read_sums(folder).noted
                found = self._notes[folder].get(source.relative_to(folder).as_posix())
                return found[-1] if found else None
        return None

    def _in_artifacts(self, name: str) -> Path | None:
        for folder in self.artifacts:
            found = _file_below(folder, name)
            if found is not None:
                return found
        for below, folder in self._placed.items():
            inner = name.removeprefix(f"{below}/")
            if inner != name and inner not in _NOT_PUBLISHED:
                return _file_below(folder, inner)
        return None

    def _picture_table(self) -> PictureTable:
        if self._pictures is None:
            self._pictures = PictureTable(self._in_artifacts(PICTURES))
        return self._pictures


def _file_below(folder: Path, name: str) -> Path | None:
    """Return the file under a name, if no symbolic link leads out of the folder."""
    path = folder / name
    with contextlib.suppress(OSError, ValueError):  # a name that is too long for any file
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            return path
    return None
