"""Map: media where they were found, moved only as far as they must be to be free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.core.settings import LATER
from wunderkammer.layouts import Mark, Placement, registry
from wunderkammer.layouts._fitting import Canonical, canonical, from_top_left
from wunderkammer.layouts._keeping import Keeping, Old, settled
from wunderkammer.layouts._marking import graticule
from wunderkammer.layouts._reading import numbers, refuse_unknown
from wunderkammer.layouts._walling import with_band_below
from wunderkammer.layouts.relax import Relax

if TYPE_CHECKING:
    import pyarrow as pa

_NUDGE = 1e-4
_FULL_TURN_DEG = 360.0
_MOST_PARALLEL_DEG = 85.0

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@registry.register
class Map(Keeping):
    """Latitude upwards and longitude to the right; what overlaps is parted by the shortest way.

    Notes
    -----
    Coordinates go through a cylindrical projection [1]_, and sprites are parted as
    'relax' parts them. Those of one place spread to a disc, like beside like.
    Media without coordinates lie in a band below; so do those at exactly 0 degrees
    north and 0 degrees east, which stands for "not known" in many records. It is a
    StageError if no medium has coordinates.

    References
    ----------
    .. [1] Snyder, J. P. (1987). Map projections: a working manual. U.S. Geological
       Survey Professional Paper 1395, 76-85 and 90-91.
    """

    name: Literal["map"] = "map"
    version: Literal["1"] = "1"
    projection: Literal["equal-area", "equirectangular"] = Field(
        "equal-area",
        description="equal-area: areas are true (Lambert, Behrmann, Gall-Peters, by the parallel); "
        "equirectangular: a degree of latitude is as long everywhere.",
    )
    parallel_deg: float | None = Field(
        None,
        ge=0,
        le=_MOST_PARALLEL_DEG,
        description="Latitude at which shapes are true, in degrees; left out: the median of the "
        "media's, to a whole degree.",
    )
    centre_longitude_deg: float = Field(
        0.0, ge=-180, le=180, description="Longitude in the middle of the map, in degrees."
    )
    latitude: str = Field(
        "decimalLatitude", min_length=1, description="Column of latitudes in degrees, south < 0."
    )
    longitude: str = Field(
        "decimalLongitude", min_length=1, description="Column of longitudes in degrees, west < 0."
    )
    round_deg: float = Field(
        0.0,
        ge=0,
        le=10,
        description="Coordinates are rounded to so many degrees first, so that the map tells no "
        "place more exactly; 0: as they are.",
        json_schema_extra={LATER: True},
    )
    density: float = Field(
        0.3,
        gt=0,
        le=0.9,
        description="Share of the box around all places that the sprites' cells take: low moves "
        "sprites less and leaves more empty ground.",
    )
    gap: float = Field(
        0.08, ge=0, le=2, description="Least distance between two sprites, in longest sides."
    )
    spare: float = Field(
        0.03,
        ge=0,
        le=1,
        description="Places that are left free among the sprites for media that are added later, "
        "as a share of the media.",
    )

    def reads(self) -> tuple[str, ...]:
        """Return the columns of coordinates."""
        return self.latitude, self.longitude

    def _continued(
        self, given: Canonical, sizes: Floats, records: pa.Table | None, old: Old
    ) -> Floats:
        return settled(self._points(given, records), sizes, self.gap, old)

    def _anew(self, given: Canonical, sizes: Floats, records: pa.Table | None) -> Floats:
        points = self._points(given, records)
        known = np.asarray(np.isfinite(points).all(axis=1))
        located = canonical(
            points[known], given.aspects[known], given.longest[known], draw_in=False
        )
        parting = Relax(gap=self.gap, density=self.density, spare=self.spare)
        positions = located.restored(parting.parted(located))
        positions = with_band_below(positions, sizes, given.points, known, self.gap)
        return from_top_left(positions, sizes)

    def _points(self, given: Canonical, records: pa.Table | None) -> Floats:
        """Return the projected places, NaN where there are none; like beside like in one place."""
        points = self._projected(records, len(given.order))[given.order]
        known = np.asarray(np.isfinite(points).all(axis=1))
        refuse_unknown(
            known, self.name, f"latitude and longitude in '{self.latitude}' and '{self.longitude}'"
        )
        extent = float(np.ptp(points[known], axis=0).max()) or 1.0
        return points + given.points * extent * _NUDGE

    def marks(self, placement: Placement, records: pa.Table | None = None) -> list[Mark]:
        """Return parallels and meridians, where they lie in the middle of the sprites.

        Sprites are moved to be free, and lines are not: they are those of the projection,
        fitted to the sprites by shift and scale.
        """
        points = self._projected(records, len(placement.positions))
        known = np.isfinite(points).all(axis=1)
        if not known.any():
            return []
        shrink = self._shrink(self._degrees(records, self.latitude, len(points))[known])
        latitudes, longitudes = np.arange(-80.0, 90, 10), np.arange(-180.0, 180, 10)
        x = self._onto(np.zeros_like(longitudes), longitudes, shrink)[:, 0]
        y = self._onto(latitudes, np.zeros_like(latitudes), shrink)[:, 1]
        placed = Placement(*(array[known] for array in placement))
        return graticule(points[known], placed, (longitudes, x), (latitudes, y))

    def aims(self, embedding: Floats, records: pa.Table | None = None) -> Floats:
        """Return the places on the projected map; NaN for media without coordinates."""
        return self._projected(records, len(embedding))

    def _projected(self, records: pa.Table | None, n_media: int) -> Floats:
        """Return x and y (downwards) in degrees of the equator, NaN where there are none."""
        latitude = self._degrees(records, self.latitude, n_media)
        longitude = self._degrees(records, self.longitude, n_media)
        known = (np.abs(latitude) <= 90) & (np.abs(longitude) <= _FULL_TURN_DEG)
        known &= (latitude != 0) | (longitude != 0)
        found = np.full((n_media, 2), np.nan)
        if not known.any():
            return found
        shrink = self._shrink(latitude[known])
        found[known] = self._onto(latitude[known], longitude[known], shrink)
        return found

    def _degrees(self, records: pa.Table | None, column: str, n_media: int) -> Floats:
        """Return latitudes or longitudes as the map is to tell them."""
        degrees = numbers(records, column, n_media)
        return np.round(degrees / self.round_deg) * self.round_deg if self.round_deg else degrees

    def _onto(self, latitude: Floats, longitude: Floats, shrink: float) -> Floats:
        """Return x and y of coordinates on the map."""
        turned = longitude - self.centre_longitude_deg + _FULL_TURN_DEG / 2
        x = (turned % _FULL_TURN_DEG - _FULL_TURN_DEG / 2) * shrink
        if self.projection == "equal-area":
            return np.column_stack([x, -np.degrees(np.sin(np.radians(latitude))) / shrink])
        return np.column_stack([x, -latitude])

    def _shrink(self, latitudes: Floats) -> float:
        """Return how much shorter a degree of longitude is where shapes are true."""
        return float(np.cos(np.radians(self._parallel(latitudes))))

    def _parallel(self, latitudes: Floats) -> float:
        """Return the standard parallel in degrees."""
        if self.parallel_deg is not None:
            return self.parallel_deg
        return min(_MOST_PARALLEL_DEG, float(np.abs(np.round(np.median(latitudes)))))
