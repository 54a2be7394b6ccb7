"""Planes: the maps of further layouts, beside that of the atlas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.geometry import Geometry, begins_at
from wunderkammer.atlas.mark_schemas import Mark, Marks
from wunderkammer.atlas.paths import MARKS, layout_folder
from wunderkammer.atlas.points import read_block, write_plane_points
from wunderkammer.atlas.representatives import Raised
from wunderkammer.atlas.schemas import Atlas, Plane, Step, Tiles
from wunderkammer.core.files import write_bytes

_DECIMALS = 1
"""Of a pixel, in which marks are told."""


def write_plane(
    folder: Path,
    name: str,
    geometry: Geometry,
    tiles: Tiles,
    representatives: Mapping[int, Raised],
    atlas: tuple[Path, Atlas],
    steps: Iterable[Step],
) -> Plane:
    """Write the points of a further layout; return what is to be said of its map.

    Parameters
    ----------
    folder : Path
        Stands for the folder of ``atlas.json``.
    name : str
        The layout's.
    geometry : Geometry
        Where its pyramid shows each medium.
    tiles : Tiles
        That pyramid, its paths relative to its own folder.
    representatives : mapping
        Zoom to who is drawn larger there, and where.
    atlas : tuple of Path and Atlas
        The atlas beside which it is shown, and the folder of its files.
    steps : iterable of Step
        How the layout was made.
    """
    base, described = atlas
    beside = layout_folder(name)
    ids = read_block(base, described.points, "id")
    paths = {"path": f"{beside}/{tiles.path}"}
    if tiles.retina_path is not None:
        paths["retina_path"] = f"{beside}/{tiles.retina_path}"
    return Plane(
        n_media=len(geometry),
        width=geometry.width,
        height=geometry.height,
        left=geometry.left,
        top=geometry.top,
        sprite_px=geometry.sprite_px,
        tiles=tiles.model_copy(update=paths),
        points=write_plane_points(folder, geometry, ids, representatives, f"{beside}/points.bin"),
        steps=list(steps),
    )


def write_marks(
    folder: Path,
    name: str,
    geometry: Geometry,
    begin: npt.NDArray[np.float64],
    marks: Iterable[Mapping[str, Any]],
) -> str | None:
    """Write what is to be read on the map of a layout; return where, or None if it is nothing.

    Parameters
    ----------
    folder : Path
        Stands for the folder of ``atlas.json``.
    name : str
        The layout's.
    geometry : Geometry
        Where its pyramid shows each medium.
    begin : ndarray of float64, shape (2,)
        Top left corner of the first row's sprite in atlas units.
    marks : iterable of mapping
        Fields of :class:`~wunderkammer.layouts.Mark`, in atlas units.
    """
    scale, shift = geometry.sprite_px, begins_at(geometry, begin)
    told = []
    for mark in marks:
        x, y = (np.array([mark["x"], mark["y"]]) * scale + shift).round(_DECIMALS).tolist()
        sides = np.array([mark["width"], mark["height"]]) * scale
        width, height = sides.round(_DECIMALS).tolist()
        told.append(Mark(**{**mark, "x": x, "y": y, "width": width, "height": height}))
    if not told:
        return None
    path = f"{layout_folder(name)}/{MARKS}"
    write_bytes(folder / path, Marks(marks=told).model_dump_json().encode())
    return path
