"""Principal axis: the turn read off a cut-out's symmetry; no weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.core.errors import ImageError
from wunderkammer.imaging.angles import wrapped_deg
from wunderkammer.imaging.centring import centred
from wunderkammer.imaging.symmetry import (
    N_AXES,
    head_up,
    mirror_scores,
    principal_axis,
    symmetric_near,
)
from wunderkammer.orienters import Orientation, Orienter, registry

_AXES = np.arange(N_AXES) * (180.0 / N_AXES)
_APART_DEG = 25.0
_SNAP_DEG = 2.0
_UNKNOWN = Orientation(0.0, 0.0)


@registry.register
class PrincipalAxis(Orienter):
    """The axis by which a cut-out mirrors best, and head up by the shape of its ends.

    Notes
    -----
    Most specimens are mirror images of themselves about their body. All axes
    through the centroid are compared by how well outline and colour agree with
    their mirror image [1]_: in polar coordinates that is one convolution. The
    axis of a symmetric shape is one of the two principal axes of its second moments
    [2]_, so these are favoured a little.

    Which end is the head: where a specimen is broader than long, as with spread wings,
    the tips of the wings lie towards the head; where it is longer, the end that
    tapers farther (head, antennae) is taken. The first holds for nearly all
    butterflies and moths, the second for most beetles and not for much else.

    References
    ----------
    .. [1] Marola, G. (1989). On the detection of the axes of symmetry of symmetric and almost
       symmetric planar images. IEEE TPAMI 11, 104-108.
    .. [2] Hu, M.-K. (1962). Visual pattern recognition by moment invariants. IRE
       Transactions on Information Theory 8, 179-187.
    """

    name: Literal["principal-axis"] = "principal-axis"
    version: Literal["1"] = "1"
    side_px: int = Field(
        96, description="Side of the square in which symmetry is looked for.", ge=16, le=512
    )
    favour: float = Field(
        0.2, description="How far axes near a principal axis are favoured.", ge=0, le=1
    )

    @property
    def input_px(self) -> int:
        """Longest side of what is looked at."""
        return 2 * self.side_px

    def orient(self, cutouts: Sequence[npt.NDArray[np.uint8]]) -> list[Orientation]:
        """Return how each cut-out lies; one that is transparent throughout: 0, not trusted."""
        return [self._one(cutout) for cutout in cutouts]

    def _one(self, cutout: npt.NDArray[np.uint8]) -> Orientation:
        try:
            square = centred(cutout, self.side_px)
        except ImageError:
            return _UNKNOWN
        alpha = square[:, :, 3]
        scores = mirror_scores(square)
        favoured = scores + self.favour * np.cos(np.radians(4 * (_AXES - principal_axis(alpha)[0])))
        axis, score = symmetric_near(scores, float(_AXES[np.argmax(favoured)]), _SNAP_DEG)
        away = np.abs((_AXES - axis + 90) % 180 - 90)
        margin = score - max(0.0, float(scores[away > _APART_DEG].max()))
        angle = axis - 90  # an axis of 90 degrees stands upright
        up = head_up(alpha, angle)
        confidence = float(np.clip(min(margin, abs(up)), 0, 1))
        return Orientation(wrapped_deg(angle if up >= 0 else angle + 180), confidence)
