"""Compile what numba compiles, once: processes of tests that begin together would each do it.

Run: python scripts/kernels.py
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from wunderkammer import layouts, projections
from wunderkammer.layouts import Placement
from wunderkammer.projections.tsne import Tsne

N = 300
TEXTS = {"year_from": "1901", "decimalLatitude": "45.5", "decimalLongitude": "5.25"}


def main() -> None:
    """Map a few points in every way, lay them out in every way, and add some to that."""
    features = np.random.default_rng(0).normal(size=(N, 16)).astype(np.float32)
    for name in projections.registry.names():
        points = projections.registry.get(name)().project(features)
    Tsne(engine="fast").project(features)
    scores = np.ones(N)
    for name in layouts.registry.names():
        layout = layouts.registry.get(name)()
        cells = {name: pa.array([TEXTS.get(name, "A")] * N) for name in layout.reads()}
        records = pa.table(cells) if cells else None
        first = layout.place(points, scores, records)
        known = np.arange(N)[:, None] < N // 2
        before = Placement(*(np.where(known, one, np.nan) for one in first))
        layout.place(points, scores, records, before=before)


if __name__ == "__main__":
    main()
