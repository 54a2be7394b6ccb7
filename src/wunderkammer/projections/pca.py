"""Principal components: the two directions in which features differ most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.projections import Projection, Watch, registry, unwatched
from wunderkammer.projections._checks import refuse_nothing
from wunderkammer.projections._principal import placed_linearly, principal_axes, unit_rows

if TYPE_CHECKING:
    from wunderkammer.projections.neighbours import NeighbourGraph


@registry.register
class Pca(Projection):
    """Principal component analysis [1]_: linear, instant, distances mean something.

    Notes
    -----
    Works for any number of media; a single one lies at the origin.

    References
    ----------
    .. [1] Hotelling, H. (1933). Analysis of a complex of statistical variables
       into principal components. Journal of Educational Psychology 24, 417-441.
    """

    name: Literal["pca"] = "pca"
    version: Literal["1"] = "1"
    normalise: bool = Field(
        True, description="Scale each medium's features to length 1 first: directions count."
    )

    def project(
        self,
        features: npt.NDArray[np.float32],
        *,
        n_threads: int = 1,
        neighbours: NeighbourGraph | None = None,
        start: npt.NDArray[np.float64] | None = None,
        watch: Watch = unwatched,
    ) -> npt.NDArray[np.float64]:
        """Return the scores of the first two principal components."""
        if not len(features):
            return np.empty((0, 2))
        return self.project_both(features, features[:0])[0]

    def project_both(
        self,
        train: npt.NDArray[np.float32],
        tests: npt.NDArray[np.float32],
        *,
        n_threads: int = 1,
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return the scores of both along the components of the first."""
        refuse_nothing(len(train))
        rows, others = unit_rows(train, self.normalise), unit_rows(tests, self.normalise)
        axes = principal_axes(rows, 2)
        return axes.scores(rows), axes.scores(others)

    def placed(
        self,
        features: npt.NDArray[np.float32],
        points: npt.NDArray[np.float64],
        others: npt.NDArray[np.float32],
        *,
        n_threads: int = 1,
    ) -> npt.NDArray[np.float64]:
        """Return the scores of others along the components that made the map."""
        refuse_nothing(len(features))
        rows, new = unit_rows(features, self.normalise), unit_rows(others, self.normalise)
        return placed_linearly(rows, points, new)
