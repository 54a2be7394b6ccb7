"""A finished pyramid in another container: copied tile by tile, nothing drawn again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal, NamedTuple, Protocol, Self

import numpy as np
import pyarrow.parquet as pq

from wunderkammer.atlas.containers import (
    DirectoryReader,
    DirectoryWriter,
    DziWriter,
    PMTilesReader,
    PMTilesWriter,
    ZipWriter,
)
from wunderkammer.atlas.encoding import encode_tile
from wunderkammer.atlas.paths import REPRESENTATIVES, TILES
from wunderkammer.atlas.schemas import Tiles
from wunderkammer.atlas.style import EXTENSIONS, MEDIA_TYPES, TileStyle
from wunderkammer.core.errors import ConfigurationError, StageError
from wunderkammer.core.files import remove_left_of

Form = Literal["dzi", "zip", "pmtiles", "directory"]
"""What a pyramid can be handed over as."""

Address = tuple[int, int, int]


class TileExport(NamedTuple):
    """What an export holds: tiles, those of bare ground among them, and their bytes."""

    n_tiles: int
    n_blank: int
    n_bytes: int


class _Reader(Protocol):
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...
    def tiles(self) -> Iterator[Address]: ...
    def items(self) -> Iterator[tuple[Address, bytes]]: ...


class _Writer(Protocol):
    def write(self, zoom: int, x: int, y: int, data: bytes) -> None: ...


def export_tiles(
    folder: Path, target: Path, form: Form, *, retina: bool = False, title: str = ""
) -> TileExport:
    """Write a pyramid in another container; the same pyramid gives the same bytes.

    Parameters
    ----------
    folder : Path
        The artifact of the stage ``tile``: the pyramid and what describes it.
    target : Path
        A file that ends in ``.dzi``, ``.zip`` or ``.pmtiles``, or a folder.
    form : str
        ``"dzi"``, ``"zip"``, ``"pmtiles"`` or ``"directory"``.
    retina : bool, optional
        The tiles of twice the pixels (@2x) in place of the plain ones.
    title : str, optional
        Name of the collection, for a PMTiles file.

    Raises
    ------
    ConfigurationError
        If the target's ending is another, or it holds what no export wrote.
    StageError
        If there are no tiles of twice the pixels.

    Notes
    -----
    A viewer of Deep Zoom Images shows a lower zoom where a tile is missing. A
    representative that ends at its zoom would stay there, blurred, where no sprite
    lies below it, so such tiles are written, of bare ground.
    """
    described = Tiles.model_validate_json((folder / TILES).read_bytes())
    if retina and described.retina_path is None:
        raise StageError(
            "this pyramid has no tiles of twice the pixels.",
            hint="Leave out --retina, or set retina = true in [tile.style] and run 'wk run tile'.",
        )
    _refuse(target, form)
    remove_left_of(target)
    style = _style_of(described)
    path = str(described.retina_path if retina else described.path)
    shown = _described(described, EXTENSIONS[style.format], retina=retina)
    n_tiles = n_blank = n_bytes = 0
    with _reader(described, folder, path) as source:
        blanks = list(_blanks(folder, source, described)) if form == "dzi" else []
        with _writer(target, form, shown, style, title) as writer:
            for (zoom, x, y), data in source.items():
                writer.write(zoom, x, y, data)
                n_tiles, n_bytes = n_tiles + 1, n_bytes + len(data)
            blank = _blank(shown.tile_px, style) if blanks else b""
            for zoom, x, y in blanks:
                writer.write(zoom, x, y, blank)
                n_blank, n_bytes = n_blank + 1, n_bytes + len(blank)
    return TileExport(n_tiles + n_blank, n_blank, n_bytes)


def _refuse(target: Path, form: Form) -> None:
    """Refuse a target of another ending, or one that holds what no export wrote."""
    if form != "directory":
        if target.suffix != f".{form}":
            raise ConfigurationError(
                f"an export as {form} is a file that ends in .{form}, and {target} does not.",
                hint=f"Name it {target.name}.{form}, or choose another --as.",
            )
        beside = target.with_name(f"{target.stem}_files")
        if form != "dzi" or target.exists() or not beside.exists():
            return
        target = beside
    if target.exists() and not (target / TILES).exists():
        raise ConfigurationError(
            f"{target} is there, and is no earlier export of tiles.",
            hint="Name a new folder: an export replaces the whole of it.",
        )


def _style_of(described: Tiles) -> TileStyle:
    """Return a style that encodes tiles like those of a pyramid."""
    format_of = {media_type: name for name, media_type in MEDIA_TYPES.items()}
    return TileStyle.model_validate(
        {"format": format_of[described.media_type], "background": described.background}
    )


def _described(described: Tiles, extension: str, *, retina: bool) -> Tiles:
    """Return what describes the copy of a pyramid as one file a tile."""
    return described.model_copy(
        update={
            "container": "directory",
            "path": f"{{z}}/{{x}}/{{y}}.{extension}",
            "retina_path": None,
            "tile_px": described.tile_px * (2 if retina else 1),
        }
    )


def _reader(described: Tiles, folder: Path, path: str) -> _Reader:
    if described.container == "pmtiles":
        return PMTilesReader(folder / path)
    name, _, template = path.partition("/")
    return DirectoryReader(folder / name, template.rpartition(".")[2])


def _writer(
    target: Path, form: Form, shown: Tiles, style: TileStyle, title: str
) -> AbstractContextManager[_Writer]:
    """Return what writes an export."""
    extension = EXTENSIONS[style.format]
    about = {TILES: f"{shown.model_dump_json(indent=1)}\n".encode()}
    writers: dict[Form, Callable[[], AbstractContextManager[_Writer]]] = {
        "dzi": lambda: DziWriter(
            target, style, tile_px=shown.tile_px, max_zoom=shown.max_zoom, about=about
        ),
        "zip": lambda: ZipWriter(target, extension, about),
        "pmtiles": lambda: PMTilesWriter(
            target, shown.media_type, title=title, tile_px=shown.tile_px
        ),
        "directory": lambda: DirectoryWriter(target, extension, about),
    }
    return writers[form]()


def _blanks(folder: Path, source: _Reader, described: Tiles) -> Iterator[Address]:
    """Yield the missing tiles right below those of a zoom with representatives."""
    raised = _raised_zooms(folder / REPRESENTATIVES) - {described.max_zoom}
    if not raised:
        return
    stored = set(source.tiles())
    for zoom, x, y in sorted(stored):
        if zoom in raised:
            below = ((zoom + 1, 2 * x + right, 2 * y + down) for down in (0, 1) for right in (0, 1))
            yield from (address for address in below if address not in stored)


def _raised_zooms(path: Path) -> set[int]:
    """Return the zooms that have representatives."""
    if not path.is_file():
        return set()
    return set(pq.read_table(path, columns=["zoom"])["zoom"].unique().to_pylist())


def _blank(tile_px: int, style: TileStyle) -> bytes:
    return encode_tile(
        np.full((tile_px, tile_px, len(style.ground)), style.ground, np.uint8), style
    )
