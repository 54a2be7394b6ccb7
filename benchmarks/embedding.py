"""t-SNE of clustered features: our engine against openTSNE with neighbours of its own.

python benchmarks/embedding.py [--n 50000] [--large 1000000] [--perplexity 30]

Every map is made in a process of its own on one thread, from features that are made there
again; CPU seconds are those of neighbours, similarities and descent together. ``--large``
maps so many media once more with our engine alone, on two threads. Then 1 % of the media are
placed on the map of the others, and the map of all is made anew.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time

import numpy as np

from report import record, table

N_FEATURES = 128
N_FAMILIES = 40
N_LATENT = 8


def clustered(n: int, seed: int = 0) -> np.ndarray:
    """Return features of 40 families with 4 to 12 genera: curved sheets of 8 dimensions."""
    draw = np.random.default_rng(seed)
    families = draw.normal(size=(N_FAMILIES, N_FEATURES))
    genera = np.concatenate(
        [family + 0.5 * draw.normal(size=(draw.integers(4, 13), N_FEATURES)) for family in families]
    )
    shares = draw.pareto(1.5, len(genera)) + 0.05
    genus = draw.choice(len(genera), n, p=shares / shares.sum())
    features = np.empty((n, N_FEATURES), np.float32)
    for number, centre in enumerate(genera):
        rows = np.flatnonzero(genus == number)
        within = draw.normal(size=(len(rows), N_LATENT))
        axes = draw.normal(size=(2 * N_LATENT, N_FEATURES)) / np.sqrt(2 * N_LATENT)
        bent = np.hstack([within, 0.5 * within**2]) @ axes
        noise = 0.02 * draw.normal(size=(len(rows), N_FEATURES))
        features[rows] = centre + 0.5 * bent + noise
    return features / np.linalg.norm(features, axis=1, keepdims=True)


def measured(engine: str, n: int, perplexity: float, n_threads: int) -> dict[str, float]:
    """Return what a map of n media cost and kept."""
    from wunderkammer.metrics.embedding import neighbourhoods
    from wunderkammer.projections.tsne import Tsne

    features = clustered(n)
    tsne = Tsne(engine=engine, perplexity=perplexity, input_pca=0)
    Tsne(engine=engine, n_iter=2, early_exaggeration_iter=2).project(features[:200])  # compile
    told: dict[str, float] = {}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cpu, wall = time.process_time(), time.perf_counter()
    points = tsne.project(features, n_threads=n_threads, watch=told.__setitem__)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "cpu_s": cpu,
        "wall_s": wall,
        "peak_gb": peak * 1024 / 1e9,
        "grown_gb": (peak - before) * 1024 / 1e9,
        "stretch": float(np.abs(points).max() / np.quantile(np.abs(points), 0.99)),
        **neighbourhoods(features, points, n_sample=min(n, 2_000))._asdict(),
        **told,
    }


def grown(n: int, perplexity: float, n_threads: int) -> dict[str, float]:
    """Return what it costs to place 1 % of n media on the map of the others, and what they keep.

    What they keep is compared with the map of all, made anew.
    """
    from wunderkammer.metrics.embedding import neighbourhoods
    from wunderkammer.projections.tsne import Tsne

    features = clustered(n)
    old = np.ones(n, bool)
    old[np.random.default_rng(1).choice(n, n // 100, replace=False)] = False
    tsne = Tsne(engine="fast", perplexity=perplexity, input_pca=0)
    points = np.empty((n, 2))
    points[old] = tsne.project(features[old], n_threads=n_threads)
    tsne.placed(features[old][:200], points[old][:200], features[~old][:9])  # compile
    cpu = time.process_time()
    points[~old] = tsne.placed(features[old], points[old], features[~old], n_threads=n_threads)
    cpu = time.process_time() - cpu
    begun = time.process_time()
    anew = tsne.project(features, n_threads=n_threads)
    found = {"placing_cpu_s": cpu, "anew_cpu_s": time.process_time() - begun}
    order = np.argsort(old, kind="stable")[: n // 100]  # the new ones
    for name, one in (("placed", points), ("anew", anew)):
        found[f"kept_{name}"] = kept_by(features, one, order)
        found[f"trustworthiness_{name}"] = neighbourhoods(features, one).trustworthiness
    return found


def kept_by(features: np.ndarray, points: np.ndarray, rows: np.ndarray, k: int = 10) -> float:
    """Return the share of the k nearest that some media keep on a map."""
    from wunderkammer.projections.neighbours import nearest_of

    there, here = (nearest_of(one, one[rows], k + 1)[0] for one in (features, points))
    pairs = zip(there, here, rows, strict=True)
    return float(np.mean([len((set(a) & set(b)) - {row}) / k for a, b, row in pairs]))


def alone(engine: str, n: int, perplexity: float, n_threads: int) -> dict[str, float]:
    """Return what :func:`measured` finds in a fresh process."""
    given = [engine, str(n), str(perplexity), str(n_threads)]
    threads = {"OMP_NUM_THREADS": str(n_threads), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, __file__, "--one", *given],
        env={**os.environ, **threads},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def row(name: str, found: dict[str, float]) -> list[object]:
    """Return a line of the table."""
    return [
        name,
        f"{found['cpu_s']:.1f}",
        f"{found['wall_s']:.1f}",
        f"{found['peak_gb']:.2f}",
        f"{found['predicted_bytes'] / 1e9:.2f}" if "predicted_bytes" in found else "",
        f"{found['trustworthiness']:.4f}",
        f"{found['continuity']:.4f}",
        f"{found['neighbours_kept']:.4f}",
        f"{found['neighbour_recall']:.3f}" if "neighbour_recall" in found else "",
        f"{found['stretch']:.2f}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=50_000)
    parser.add_argument("--large", type=int, default=0)
    parser.add_argument("--perplexity", type=float, default=30.0)
    parser.add_argument("--one", nargs=4)
    options = parser.parse_args()
    if options.one:
        engine, n, perplexity, n_threads = options.one
        how = (int(n), float(perplexity), int(n_threads))
        print(json.dumps(grown(*how) if engine == "grown" else measured(engine, *how)))
        return
    ours = alone("fast", options.n, options.perplexity, 1)
    theirs = alone("opentsne", options.n, options.perplexity, 1)
    rows = [
        row(f"openTSNE, {options.n:,}, one thread", theirs),
        row(f"our engine, {options.n:,}, one thread", ours),
    ]
    added = alone("grown", options.n, options.perplexity, 1)
    if options.large:
        large = alone("fast", options.large, options.perplexity, 2)
        rows.append(row(f"our engine, {options.large:,}, two threads", large))
    head = [
        "", "CPU-s", "wall s", "peak GB", "predicted GB", "trustworthiness", "continuity",
        "10 neighbours kept", "recall of neighbours", "max / 99 %",
    ]  # fmt: skip
    text = (
        f"Clustered synthetic features of {N_FEATURES} dimensions, perplexity "
        f"{options.perplexity:g}, 250 + 500 iterations. Peak GB is that of the process with its "
        "libraries and features; predicted GB is what was said before the run, beside the "
        "features.\n\n"
        f"{table(head, rows)}\n\n"
        f"CPU time against openTSNE: {ours['cpu_s'] / theirs['cpu_s']:.2f} times; trustworthiness "
        f"{ours['trustworthiness'] - theirs['trustworthiness']:+.4f}, neighbours kept "
        f"{ours['neighbours_kept'] - theirs['neighbours_kept']:+.4f}.\n\n"
        f"{options.n // 100:,} of {options.n:,} placed on the map of the others: "
        f"{added['placing_cpu_s']:.1f} CPU-s, the map of all made anew "
        f"{added['anew_cpu_s']:.1f}. Of their 10 nearest neighbours the placed ones keep "
        f"{added['kept_placed']:.3f}, and {added['kept_anew']:.3f} on the new map; "
        f"trustworthiness of the whole {added['trustworthiness_placed']:.4f} and "
        f"{added['trustworthiness_anew']:.4f}."
    )
    record("embedding", "Embedding", text)


if __name__ == "__main__":
    main()
