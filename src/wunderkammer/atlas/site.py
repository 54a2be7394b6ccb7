"""The site: every file of a published atlas by its path, as the server answers it.

The server and ``wk publish`` both read from here, so what is published is byte
for byte what was served.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from wunderkammer.atlas.paths import ATLAS, LAYOUT, PHOTOGRAPH, PICTURES, REPRESENTATIVES, TILES
from wunderkammer.atlas.pictures import PictureTable
from wunderkammer.atlas.placing import Placing
from wunderkammer.atlas.schemas import Atlas, Layout
from wunderkammer.core.errors import StageError
from wunderkammer.core.files import read_json, remove_left_below, write_json
from wunderkammer.core.sums import SUMS

_PUBLISHED = ".published.json"
_NOT_PUBLISHED = frozenset({ATLAS, TILES, REPRESENTATIVES, PICTURES, LAYOUT, PHOTOGRAPH, SUMS})
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

    def atlas_json(self) -> bytes:
        """Return ``atlas.json``.

        Raises
        ------
        StageError
            If the atlas was not built.
        """
        path = self._in_artifacts(ATLAS)
        if path is None:
            raise StageError("there is no atlas yet.", hint="Build it with 'wk run'.")
        atlas = Atlas.model_validate_json(path.read_bytes()).model_copy(update=self._about)
        return atlas.model_dump_json(indent=1).encode()

    def file(self, name: str) -> Path | None:
        """Return the file that is published under a relative path, or None.

        ``atlas.json`` is not a file here: see :meth:`atlas_json`.
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
        this one does not is removed, and nothing else.
        """
        names = []
        remove_left_below(target)
        with Placing(target) as placing:
            for name in self._paths_of_files():
                source = self.file(name)
                if source is None:
                    placing.write(name, self.atlas_json())
                else:
                    placing.copy(name, source)
                names.append(name)
                each(name)
            others = set(names)
            for name, cell in self._picture_table():
                placing.link(name, self.root / cell)
                names.append(name)
                each(name)
        before = read_json(target / _PUBLISHED) or []
        for name in before:
            if name not in others and self._picture_table().cell(name) is None:
                (target / name).unlink(missing_ok=True)
        if before != names:
            write_json(target / _PUBLISHED, names)
        return len(names)

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
