"""The site: every file of a published atlas by its path, as the server answers it.

The server and ``wk publish`` both read from here, so what is published is byte
for byte what was served.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath

import pyarrow.parquet as pq

from wunderkammer.atlas.paths import (
    ATLAS,
    PICTURES,
    REPRESENTATIVES,
    TILES,
    picture_path,
    picture_tiles_path,
)
from wunderkammer.atlas.schemas import Atlas
from wunderkammer.core.errors import StageError
from wunderkammer.core.files import read_json, write_bytes, write_json

_PUBLISHED = ".published.json"
_NOT_PUBLISHED = frozenset({ATLAS, TILES, REPRESENTATIVES, PICTURES})
_NEED_A_SERVER = frozenset({"curate", "sort"})
"""Folders of the pages beside the atlas's that need a server that writes."""


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
    title, description, generator : str
        What ``atlas.json`` says of the collection and of the software.
    """

    def __init__(
        self,
        page: Path,
        root: Path,
        artifacts: tuple[Path, ...],
        *,
        title: str,
        description: str,
        generator: str,
    ) -> None:
        self.page = page
        self.root = root
        self.artifacts = artifacts
        self._about = {"title": title, "description": description, "generator": generator}
        self._pictures: Mapping[str, str] | None = None

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
        if pure.parts[0] in _NEED_A_SERVER:
            return None
        if pure.parts[0] == "pictures":
            return self._picture(name)
        return self._in_artifacts(name) or _file_below(self.page, name)

    def paths(self) -> Iterator[str]:
        """Yield the relative path of every file that is published."""
        yield ATLAS
        for folder in (self.page, *self.artifacts):
            for path in sorted(folder.rglob("*")):
                name = path.relative_to(folder).as_posix()
                if not path.is_file() or name in _NOT_PUBLISHED:
                    continue
                if name.partition("/")[0] not in _NEED_A_SERVER:
                    yield name
        yield from sorted(self._picture_cells())

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
        The list of what was published is kept in ``.published.json``; what an
        earlier call wrote and this one does not is removed, and nothing else.
        """
        names = list(self.paths())
        for name in names:
            source = self.file(name)
            content = self.atlas_json() if source is None else source.read_bytes()
            goal = target / name
            if not goal.exists() or goal.read_bytes() != content:
                write_bytes(goal, content)
            each(name)
        before = read_json(target / _PUBLISHED) or []
        for name in set(before) - set(names):
            (target / name).unlink(missing_ok=True)
        if before != names:
            write_json(target / _PUBLISHED, names)
        return len(names)

    def _in_artifacts(self, name: str) -> Path | None:
        for folder in self.artifacts:
            found = _file_below(folder, name)
            if found is not None:
                return found
        return None

    def _picture(self, name: str) -> Path | None:
        cell = self._picture_cells().get(name)
        return self.root / cell if cell else None

    def _picture_cells(self) -> Mapping[str, str]:
        if self._pictures is None:
            path = self._in_artifacts(PICTURES)
            self._pictures = _cells_of(pq.read_table(path).to_pydict()) if path else {}
        return self._pictures


def _cells_of(rows: Mapping[str, list[str | None]]) -> Mapping[str, str]:
    """Return the cells of pictures and of their tiles by the paths they are published under."""
    places = {"thumbnail": picture_path, "deepzoom": picture_tiles_path}
    return {
        place(str(media_id)): cell
        for column, place in places.items()
        for media_id, cell in zip(rows["media_id"], rows.get(column, []), strict=False)
        if cell
    }


def _file_below(folder: Path, name: str) -> Path | None:
    path = folder / name
    with contextlib.suppress(OSError):  # a name that is too long for any file
        return path if path.is_file() else None
    return None
