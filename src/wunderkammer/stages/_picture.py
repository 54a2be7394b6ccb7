"""The picture of a medium that later stages look at: its photograph, cut-out or upright image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from wunderkammer.core.configuration import REFERS_TO
from wunderkammer.core.errors import ImageMissingError
from wunderkammer.core.inputs import Inputs

Name = Literal["", "image", "cutout", "upright"]
"""The stage that makes it; empty means the last of them that the collection has."""


class PictureColumns(NamedTuple):
    """Where a picture and its shape stand."""

    cell: str
    width: str
    height: str


_THUMBNAIL = PictureColumns("thumbnail", "width", "height")

COLUMNS: Mapping[str, tuple[PictureColumns, ...]] = {
    "image": (_THUMBNAIL,),
    "cutout": (PictureColumns("cutout", "cutout_width", "cutout_height"), _THUMBNAIL),
    "upright": (PictureColumns("upright", "upright_width", "upright_height"),),
}
"""Columns of each picture. Where no specimen was cut out, the photograph stands in."""


def picture_field(use: str) -> Any:
    """Return the field of a stage's setting ``picture``.

    Parameters
    ----------
    use : str
        What is done with the picture, such as ``"is encoded"``.
    """
    return Field(
        "",
        description=f"Which picture {use}: that of the stage image, cutout or upright; empty: the "
        "last of these that the collection has. A medium without a cut-out shows its photograph.",
        json_schema_extra={REFERS_TO: ["upright", "cutout", "image"]},
    )


def cell_columns(picture: Name) -> tuple[str, ...]:
    """Return the columns that hold a picture, the preferred one first."""
    return tuple(one.cell for one in _of(picture))


def shape_columns(picture: Name) -> tuple[str, ...]:
    """Return the columns that say what shape a picture has."""
    return tuple(name for one in _of(picture) for name in (one.width, one.height))


def picture_cell(picture: Name, medium: Mapping[str, Any]) -> str:
    """Return the cell of one medium's picture.

    Raises
    ------
    ImageMissingError
        If it has none.
    """
    for name in cell_columns(picture):
        if medium[name]:
            return str(medium[name])
    raise _missing(picture, str(medium.get("media_id", "")))


def picture_cells(picture: Name, inputs: Inputs) -> list[str]:
    """Return the cell of each medium's picture.

    Raises
    ------
    ImageMissingError
        If one has none.
    """
    cells = pc.coalesce(*(inputs.scalars[name].cast(pa.string()) for name in cell_columns(picture)))
    found: list[str | None] = cells.to_pylist()
    if None in found:
        raise _missing(picture, inputs.ids[found.index(None)])
    return [cell for cell in found if cell is not None]


def aspects(picture: Name, inputs: Inputs) -> npt.NDArray[np.float64]:
    """Return width by height of each medium's picture.

    Raises
    ------
    ImageMissingError
        If one has none.
    """
    found = np.full(len(inputs), np.nan)
    for one in reversed(_of(picture)):
        ratio = inputs.numbers(one.width) / inputs.numbers(one.height)
        found = np.where(np.isnan(ratio), found, ratio)
    without = np.flatnonzero(np.isnan(found))
    if without.size:
        raise _missing(picture, inputs.ids[int(without[0])])
    return found


def _of(picture: Name) -> tuple[PictureColumns, ...]:
    return COLUMNS[picture or "image"]


def _missing(picture: Name, media_id: str) -> ImageMissingError:
    stage = picture or "image"
    return ImageMissingError(
        f"the medium {media_id} has no picture from the stage '{stage}'.",
        hint=f"Run 'wk run {stage}' first, or set picture to another stage.",
    )
