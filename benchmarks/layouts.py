"""Layouts of a clustered cloud: time, overlaps, ways moved, neighbours kept.

python benchmarks/layouts.py [--sizes 10000 100000]
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import pyarrow as pa

from report import record, table
from wunderkammer.layouts import registry
from wunderkammer.metrics.layout import layout_quality


def cloud(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return clusters of power-law sizes and the aspects of photographs."""
    draw = np.random.default_rng(0)
    shares = draw.pareto(1.5, 60) + 0.05
    cluster = draw.choice(60, n, p=shares / shares.sum())
    centres = draw.normal(scale=10, size=(60, 2))
    spread = np.sqrt(np.bincount(cluster, minlength=60)[cluster] / n)[:, None] * 8
    points = centres[cluster] + draw.normal(size=(n, 2)) * spread
    return points, np.exp(draw.normal(scale=0.3, size=n))


def records(n: int) -> pa.Table:
    """Return names, years and coordinates, crowded as those of collections are."""
    draw = np.random.default_rng(1)
    shares = draw.pareto(1.0, 400) + 0.02
    genus = draw.choice(400, n, p=shares / shares.sum())
    around = draw.normal(size=(400, 2)) * (20, 60)
    latitude, longitude = (around[genus] + draw.normal(size=(n, 2)) * (3, 4)).clip(-89, 89).T
    letters = np.array(list("abcdefghijklmnopqrst"))
    names = np.char.add(letters[genus // 20], letters[genus % 20])
    return pa.table(
        {
            "order": np.char.add("Ordo", letters[genus // 80]),
            "family": np.char.add("Familia", letters[genus // 20]),
            "genus": np.char.add("Genus", names),
            "year_from": draw.normal(1930, 28, n).clip(1800, 2020).round().astype(int).astype(str),
            "decimalLatitude": latitude.round(1).astype(str),
            "decimalLongitude": longitude.round(1).astype(str),
        }
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    sizes = parser.parse_args().sizes
    rows = []
    for name in registry.names():
        layout = registry.get(name)()
        layout.place(*cloud(50), records(50))  # compile
        for n in sizes:
            points, aspects = cloud(n)
            known = records(n)
            start = time.process_time()
            placement = layout.place(points, aspects, known)
            seconds = time.process_time() - start
            found = layout_quality(layout.aims(points, known), *placement)
            rows.append(
                [
                    f"{name}, {n:,}",
                    f"{seconds:.2f}",
                    f"{found['n_overlapping_pairs']:.0f}",
                    f"{found['mean_displacement']:.2f}",
                    f"{found['p99_displacement']:.2f}",
                    f"{found['neighbours_kept']:.3f}",
                ]
            )
    head = ["", "CPU-s", "overlapping pairs", "mean moved", "99 %", "8 neighbours kept"]
    text = (
        "A synthetic cloud of 60 clusters, images of mixed shapes; moved in longest sides, from "
        "the cloud, or from the timeline or map that the layout follows:"
    )
    record("layouts", "Layouts", f"{text}\n\n{table(head, rows)}")


if __name__ == "__main__":
    main()
