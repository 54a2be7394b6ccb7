"""Layouts: time, memory, overlaps, ways, neighbours; beside their peers; as a map grows.

python benchmarks/layouts.py [all|million|walls|overlaps|grown] [--n N ...]

Every figure comes from a process of its own on one thread. ``walls`` and ``overlaps`` lay
out a t-SNE map of 150,000 clustered media, which is made first and kept in the folder
for temporary files; the other parts lay out clouds that are drawn.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

from report import record, table
from wunderkammer.layouts import Placement, registry
from wunderkammer.layouts.grid import Grid
from wunderkammer.layouts.relax import Relax
from wunderkammer.metrics.layout import layout_quality, moved_quality, neighbours_kept

N_MAP = 150_000
FILL = 150_000 * 200**2 / 131_072**2
WALLS = (1_009, 5_040, 20_000, 20_022, 100_172)
N_EXACT = 5_040


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


def sides(n: int) -> np.ndarray:
    """Return longest sides of specimens, from a quarter to four times the median."""
    return np.clip(np.exp(np.random.default_rng(2).normal(scale=0.7, size=n)), 0.25, 4)


def tsne_map(n: int) -> np.ndarray:
    """Return points of a t-SNE map of clustered media, those of the first n."""
    path = Path(tempfile.gettempdir()) / f"wunderkammer-map-{N_MAP}.npy"
    if not path.exists():
        from embedding import clustered
        from wunderkammer.projections.tsne import Tsne

        made = Tsne(perplexity=10, input_pca=0).project(clustered(N_MAP), n_threads=2)
        with path.open("wb") as file:
            np.save(file, made)
    return np.load(path)[:n]


def timed(make: Callable[[], object]) -> tuple[object, dict[str, float]]:
    """Return a result and what it cost."""
    cpu, wall = time.process_time(), time.perf_counter()
    found = make()
    told = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return found, {**told, "peak_mb": peak / 1e6}


def laid_out(name: str, n: int, sized: bool) -> dict[str, float]:
    """Return what a layout of n media cost, and its quality."""
    layout = registry.get(name)()
    points, aspects = cloud(n)
    known, longest = records(n), sides(n) if sized else None
    some = slice(0, 300)
    layout.place(points[some], aspects[some], known[:300], longest=sides(300) if sized else None)
    placement, cost = timed(lambda: layout.place(points, aspects, known, longest=longest))
    extent = (placement.positions + placement.sizes / 2).max(axis=0)
    fill = placement.sizes.prod(axis=1).sum() / extent.prod()
    return {**cost, "fill": fill, **layout_quality(layout.aims(points, known), *placement)}


def grown(name: str, n: int) -> dict[str, float]:
    """Return what adding the last 1 % cost and moved, from the old layout and from scratch."""
    layout = registry.get(name)()
    points, aspects = cloud(n)
    known, old = records(n), np.arange(n) < n - n // 100
    first = layout.place(points[old], aspects[old], known.filter(pa.array(old)))
    before = Placement(np.full((n, 2), np.nan), np.full((n, 2), np.nan))
    before.positions[old], before.sizes[old] = first
    layout.place(
        points[:300], aspects[:300], known[:300], before=Placement(*(a[:300] for a in before))
    )
    kept, cost = timed(lambda: layout.place(points, aspects, known, before=before))
    anew = layout.place(points, aspects, known)
    ways = np.hypot(*(kept.positions - before.positions)[old].T)
    aims = layout.aims(points, known)
    return {
        **cost,
        **moved_quality(before.positions, kept.positions),
        "p99_moved": float(np.percentile(ways, 99)),
        "anew_median": moved_quality(before.positions, anew.positions)["median_moved"],
        "kept": layout_quality(aims, *kept)["neighbours_kept"],
        "anew_kept": layout_quality(aims, *anew)["neighbours_kept"],
        "n_overlapping_pairs": layout_quality(aims, *kept)["n_overlapping_pairs"],
    }


def walled(name: str, n: int) -> dict[str, float]:
    """Return what a wall of n points of the map cost and kept, in cells of the same shape."""
    from layout_peers import rasterfairy

    points = tsne_map(n)
    shape = Grid().shape(n)
    if name == "rasterfairy":
        found, cost = timed(lambda: rasterfairy(points))
        if found is None:
            return {}
        cells, *shape = found
    elif name == "exact":
        cells, cost = timed(lambda: _exact(points, *shape))
    else:
        wall = Grid(columns=shape[0], rows=shape[1], fit="fill")
        wall.place(points[:100], np.ones(100))
        placement, cost = timed(lambda: wall.place(points, np.ones(n)))
        cells = np.rint(placement.positions - 0.5)
    scaled = (points - points.min(axis=0)) / np.ptp(points, axis=0) * shape
    ways = np.square(cells + 0.5 - scaled).sum(axis=1)
    kept = neighbours_kept(points, cells)
    distinct = len(np.unique(cells, axis=0))
    return {**cost, "msd": float(ways.mean()), "kept": kept, "lost": float(n - distinct)}


def _exact(points: np.ndarray, columns: int, rows: int) -> np.ndarray:
    from scipy.optimize import linear_sum_assignment
    from scipy.spatial.distance import cdist

    cells = np.argwhere(np.ones((rows, columns), bool))[: len(points), ::-1]
    scaled = (points - points.min(axis=0)) / np.ptp(points, axis=0) * (columns, rows)
    return cells[linear_sum_assignment(cdist(scaled, cells + 0.5, "sqeuclidean"))[1]]


def freed(name: str, n: int) -> dict[str, float]:
    """Return what freeing n points of the map from overlaps cost, moved and kept."""
    from scipy.spatial import cKDTree

    from layout_peers import dgrid, hagrid, physics

    points = tsne_map(n)
    points = points - points.min(axis=0)
    points *= np.sqrt(n / FILL) / points.max()
    steps = 0
    if name.startswith("relax"):
        spare = 0.0 if name.endswith("full") else Relax().spare
        density = n * (1 + spare) / np.ptp(points, axis=0).prod()
        relax = Relax(gap=0, density=density, spare=spare)
        relax.place(points[:100], np.ones(100))
        placement, cost = timed(lambda: relax.place(points, np.ones(n)))
        places = placement.positions
    elif name.startswith("physics"):
        goes_on = name.endswith("on")
        (places, steps), cost = timed(lambda: physics(points, goes_on=goes_on))
    else:
        places, cost = timed(lambda: {"dgrid": dgrid, "hagrid": hagrid}[name](points))
    ways = places - points
    moved = np.hypot(*(ways - ways.mean(axis=0)).T)
    nearest = cKDTree(places).query(places, 2)[0][:, 1]
    return {
        **cost,
        "steps": steps,
        "near": float((nearest < 1 - 1e-6).mean()),
        "mean": float(moved.mean()),
        "p99": float(np.percentile(moved, 99)),
        "kept": neighbours_kept(points, places),
    }


def alone(part: str, name: str, n: int) -> dict[str, float]:
    """Return what one of the functions above finds in a fresh process."""
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, __file__, part, "--one", name, str(n)],
        env={**os.environ, **threads},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=True,
    )
    # RasterFairy tells its progress on the same stream.
    return json.loads(done.stdout.splitlines()[-1])


PARTS: dict[str, Callable[[str, int], dict[str, float]]] = {
    "million": lambda name, n: laid_out(name.removesuffix("*"), n, name.endswith("*")),
    "walls": walled,
    "overlaps": freed,
    "grown": grown,
}


def tell_million(counts: list[int]) -> None:
    """Write time, memory and quality of every layout; an asterisk stands for true scale."""
    rows = []
    for name in [*registry.names(), "relax*"]:
        for n in counts or [10_000, 100_000, 1_000_000]:
            found = alone("million", name, n)
            rows.append(
                [
                    f"{name.replace('*', ', true scale')}, {n:,}",
                    f"{found['cpu_s']:.1f}",
                    f"{found['wall_s']:.1f}",
                    f"{found['peak_mb']:,.0f}",
                    f"{found['n_overlapping_pairs']:.0f}",
                    f"{found['mean_displacement']:.2f}",
                    f"{found['p99_displacement']:.2f}",
                    f"{found['neighbours_kept']:.3f}",
                    f"{found['fill']:.2f}",
                ]
            )
    head = ["", "CPU-s", "wall-s", "peak MB", "overlapping pairs", "mean moved", "99 %",
            "8 neighbours kept", "ground covered"]  # fmt: skip
    text = (
        "A synthetic cloud of 60 clusters, images of mixed shapes; moved in longest sides, from "
        "the cloud, or from the timeline or map that the layout follows. Overlaps are looked for "
        "among all pairs. In true scale, longest sides go from a quarter to four times the median. "
        "Peak memory is that of the whole process, the drawing of the cloud included:"
    )
    record("layouts", "Layouts", f"{text}\n\n{table(head, rows)}")


def tell_walls(counts: list[int]) -> None:
    """Write how near walls come to the exact optimum, and how RasterFairy's compare."""
    rows = []
    for n in counts or WALLS:
        for name in ("grid", "rasterfairy", *(["exact"] if n <= N_EXACT else [])):
            found = alone("walls", name, n)
            if found:
                told = [f"{found[key]:.{places}f}" for key, places in _WALL_CELLS.items()]
                rows.append([f"{name}, {n:,}", *told])
    head = ["", "CPU-s", "mean squared way", "8 neighbours kept", "points without a cell"]
    text = (
        "Points of a t-SNE map, stretched to fill the wall; ways in cells. 'exact' is the "
        "assignment problem solved by scipy, on the same cells as 'grid'; RasterFairy 1.0.5 slices "
        "the cloud in turn along x and y, and chooses a wall of its own shape:"
    )
    record("layouts.walls", "Walls", f"{text}\n\n{table(head, rows)}")


_WALL_CELLS = {"cpu_s": 2, "msd": 2, "kept": 3, "lost": 0}


_WAYS = {
    "relax": "relax",
    "relax-full": "relax, spare = 0",
    "physics": "physics, to its own end",
    "physics-on": "physics, gone on",
    "dgrid": "DGrid",
    "hagrid": "HaGrid",
}


def tell_overlaps(counts: list[int]) -> None:
    """Write what other ways to remove overlaps cost and move."""
    rows = []
    for n in counts or [10_000, N_MAP]:
        for name in ("relax", "relax-full", "physics", "physics-on", "dgrid", "hagrid"):
            found = alone("overlaps", name, n)
            label = f"{_WAYS[name]} ({found['steps']:.0f} steps)" if found["steps"] else _WAYS[name]
            rows.append(
                [
                    f"{label}, {n:,}",
                    f"{found['cpu_s']:.2f}",
                    f"{found['near']:.2%}",
                    f"{found['mean']:.2f}",
                    f"{found['p99']:.2f}",
                    f"{found['kept']:.3f}",
                ]
            )
    head = ["", "CPU-s", "too near", "mean moved", "99 %", "8 neighbours kept"]
    text = (
        "A t-SNE map at the density of 150,000 sprites of 200 px in 131,072 px; ways in sprites. "
        "'physics' is the butterflies' way with vectors in place of loops: it ends when fewer than "
        "1 % are nearer than 85 % of what is asked; 'gone on', when fewer than 0.1 % are too near, "
        "or after 300 steps. DGrid and HaGrid are written from their papers. 'relax' keeps squares "
        "apart, which is more than the discs of the others need, and 3 % of places free if not "
        "told otherwise:"
    )
    record("layouts.overlaps", "Removing overlaps", f"{text}\n\n{table(head, rows)}")


def tell_grown(counts: list[int]) -> None:
    """Write what moves when 1 % of media are added."""
    rows = []
    for name in registry.names():
        for n in counts or [10_000, 100_000]:
            found = alone("grown", name, n)
            rows.append(
                [
                    f"{name}, {n:,}",
                    f"{found['cpu_s']:.2f}",
                    f"{found['median_moved']:.2f}",
                    f"{found['p99_moved']:.2f}",
                    f"{found['max_moved']:.2f}",
                    f"{found['n_overlapping_pairs']:.0f}",
                    f"{found['anew_median']:.2f}",
                    f"{found['kept']:.3f}",
                    f"{found['anew_kept']:.3f}",
                ]
            )
    head = ["", "CPU-s", "median moved", "99 %", "largest", "overlapping pairs",
            "median moved if anew", "8 neighbours kept", "if anew"]  # fmt: skip
    text = (
        "The last 1 % of a cloud's media are added to a finished layout; ways of the old sprites "
        "in longest sides, and what they would be if all were laid out anew:"
    )
    record("layouts.grown", "Layouts that grow", f"{text}\n\n{table(head, rows)}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("part", nargs="?", default="all", choices=["all", *PARTS])
    parser.add_argument("--n", type=int, nargs="*", default=[])
    parser.add_argument("--one", nargs=2)
    chosen = parser.parse_args()
    if chosen.one:
        name, n = chosen.one
        print(json.dumps(PARTS[chosen.part](name, int(n))))
        return
    tell = {
        "million": tell_million,
        "walls": tell_walls,
        "overlaps": tell_overlaps,
        "grown": tell_grown,
    }
    for part in PARTS if chosen.part == "all" else [chosen.part]:
        tell[part](chosen.n)


if __name__ == "__main__":
    main()
