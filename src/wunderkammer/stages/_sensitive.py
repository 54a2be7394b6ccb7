"""Sensitive: what is made vague of media whose place must not be told exactly."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from wunderkammer.atlas.numbers import coordinates_of, numbers_of
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.settings import Settings

Mask = npt.NDArray[np.bool_]

_LATITUDE, _LONGITUDE = "decimalLatitude", "decimalLongitude"
_UNCERTAINTY = "coordinateUncertaintyInMeters"
_STATED = "dataGeneralizations"
_TOUCHED = (_LATITUDE, _LONGITUDE, _UNCERTAINTY, _STATED)
_METRES_A_DEGREE = 111_320.0
"""Of a great circle; a degree of longitude is never longer."""

WITHHELD = (
    *("locality", "verbatimLocality", "municipality", "county", "locationRemarks", "habitat"),
    *("verbatimCoordinates", "verbatimLatitude", "verbatimLongitude", "locationID"),
    *("higherGeography", "footprintWKT", "georeferenceRemarks"),
)
"""Terms of Darwin Core that tell a place in words, or with all its digits."""


class Sensitive(Settings):
    """Places that are told less exactly than they are known, such as those of orchids.

    Notes
    -----
    Coordinates are rounded to a grid, and the term ``dataGeneralizations`` says so, as
    the guide to generalising sensitive records asks [1]_. What is kept in the collection
    is not touched.

    References
    ----------
    .. [1] Chapman, A. D. (2020). Current best practices for generalizing sensitive
       species occurrence data. GBIF Secretariat.
    """

    where: str = Field(
        "",
        description="Condition of SQL on the records whose places are told vaguely, such as "
        "family = 'Orchidaceae'; true: all; empty: none.",
    )
    degrees: float = Field(
        0.1,
        ge=0,
        le=10,
        description="Their coordinates are rounded to so many degrees (0.1 is some 11 km); 0: "
        "withheld.",
    )
    withhold: tuple[str, ...] = Field(
        WITHHELD, description="Columns of theirs that are withheld altogether."
    )

    def reads(self) -> tuple[str, ...]:
        """Return the columns that are asked about and those that are changed."""
        if not self.where:
            return ()
        from wunderkammer.sampling.conditions import columns_of

        return tuple(dict.fromkeys((*columns_of(self.where), *_TOUCHED)))

    def generalised(self, media: pa.Table) -> pa.Table:
        """Return media as they may be shown: a table of the same rows.

        Parameters
        ----------
        media : pyarrow.Table
            With the columns of :meth:`reads`; coordinates are texts in decimal degrees.
        """
        if not self.where:
            return media
        from wunderkammer.sampling.conditions import rows_where

        chosen = rows_where(self.where, media)
        if not chosen.any():
            return media
        for name in self.withhold:
            if name in media.column_names:
                media = _replaced(media, name, chosen, {})
        for name, values in self._places(media, chosen).items():
            media = _replaced(media, name, chosen, values)
        return media

    def _places(self, media: pa.Table, chosen: Mask) -> dict[str, dict[int, str]]:
        """Return what stands in the cells of the chosen, by column and row."""
        texts = {name: _texts(media, name) for name in _TOUCHED}
        north, east = coordinates_of(texts[_LATITUDE], texts[_LONGITUDE])
        known = numbers_of(texts[_UNCERTAINTY])
        was = texts[_STATED].to_pylist()
        found: dict[str, dict[int, str]] = {name: {} for name in _TOUCHED}
        for row in map(int, chosen.nonzero()[0]):
            found[_STATED][row] = " | ".join(filter(None, (was[row], self._said())))
            if not self.degrees or math.isnan(north[row]):
                continue
            found[_LATITUDE][row] = rounded(north[row], self.degrees)
            found[_LONGITUDE][row] = rounded(east[row], self.degrees)
            metres = self.degrees * _METRES_A_DEGREE / math.sqrt(2)
            found[_UNCERTAINTY][row] = str(math.ceil(metres + np.nan_to_num(known[row])))
        return found

    def _said(self) -> str:
        done = f"rounded to {self.degrees:g} degrees" if self.degrees else "withheld"
        return f"Coordinates {done}, place names withheld"

    def refuse_exact(self, steps: Iterable[Mapping[str, Any]]) -> None:
        """Refuse a layout that puts media exactly where they were found.

        Raises
        ------
        ConfigurationError
            If a layout of the method 'map' is drawn from finer coordinates.
        """
        if not self.where:
            return
        wanted = f"rounded to {self.degrees:g}" if self.degrees else "withheld"
        for step in steps:
            method = step["settings"].get("method", {})
            if method.get("name") != "map":
                continue
            drawn = method.get("round_deg", 0.0)
            if self.degrees and drawn >= self.degrees:
                continue
            raise ConfigurationError(
                f"[atlas.sensitive]: coordinates are to be {wanted}, and {step['stage']} lays "
                f"media out by theirs, rounded to {drawn:g} degrees",
                hint=f'Set round_deg = {self.degrees:g} where that layout has method = "map".'
                if self.degrees
                else "Choose another method for that layout, or round instead of withholding.",
            )


def rounded(degrees: float, step: float) -> str:
    """Return an angle on a grid as text, with no more digits than the grid has.

    Examples
    --------
    >>> rounded(47.3769, 0.1), rounded(-8.55, 0.25)
    ('47.4', '-8.50')
    """
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    digits += int(not math.isclose(step * 10**digits, round(step * 10**digits)))
    return f"{round(degrees / step) * step:.{digits}f}"


def _texts(media: pa.Table, name: str) -> Any:
    if name in media.column_names:
        return media[name].cast(pa.string())
    return pa.chunked_array([pa.nulls(len(media), pa.string())])


def _replaced(media: pa.Table, name: str, chosen: Mask, values: Mapping[int, str]) -> pa.Table:
    """Return the table with other cells in the chosen rows, empty where there is no value."""
    column = _texts(media, name)
    cells = pa.array([values.get(int(row)) for row in chosen.nonzero()[0]], pa.string())
    column = pc.replace_with_mask(column.combine_chunks(), pa.array(chosen), cells)
    if name not in media.column_names:
        return media.append_column(name, column)
    return media.set_column(media.column_names.index(name), name, column)
