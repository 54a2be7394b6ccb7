"""Silhouettes of many media at three ranks: minutes, memory, and the ratio to scikit-learn.

python benchmarks/silhouettes.py [--n 100000] [--features 512] [--threads 2] [--compared 10000]
                                 [--dry]
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np
from sklearn.metrics import silhouette_samples

import report
from wunderkammer.core.device import Device
from wunderkammer.metrics.silhouette import silhouettes

GENERA, FAMILIES, ORDERS = 1_000, 120, 12
CHUNK = 10_000


def specimens(n: int, n_features: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return features, positive as those of a network, whose genera lie within families and orders.

    Genera are of power-law sizes; directions are few, as networks' are.
    """
    rng = np.random.default_rng(0)
    shares = rng.pareto(1.2, GENERA) + 0.05
    genus = rng.choice(GENERA, n, p=shares / shares.sum())
    family_of = np.sort(rng.integers(0, FAMILIES, GENERA))
    order_of = np.sort(rng.integers(0, ORDERS, FAMILIES))
    depth = 64
    places = (
        rng.normal(size=(ORDERS, depth))[order_of[family_of]]
        + rng.normal(size=(FAMILIES, depth))[family_of]
        + rng.normal(size=(GENERA, depth))
    )
    mixing = rng.normal(size=(depth, n_features)) / depth**0.5
    features = np.empty((n, n_features), np.float32)
    for start in range(0, n, CHUNK):
        some = places[genus[start : start + CHUNK]]
        latent = some + rng.normal(size=some.shape)
        features[start : start + CHUNK] = np.maximum(latent @ mixing, 0)
    family = family_of[genus]
    return features, {"genus": genus, "family": family, "order": order_of[family]}


def seconds(work) -> tuple[float, float, object]:
    """Return wall and CPU seconds of some work, and what came of it."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    return time.perf_counter() - wall, time.process_time() - cpu, found


def rss_mb() -> float:
    """Return the most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure all of them, then a part of them beside scikit-learn; write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100_000)
    parser.add_argument("--features", type=int, default=512)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--compared", type=int, default=10_000)
    parser.add_argument("--dry", action="store_true", help="print, and leave the page as it is")
    given = parser.parse_args()
    device = Device("cpu", given.threads)
    features, ranks = specimens(given.n, given.features)
    wall, cpu, _ = seconds(lambda: silhouettes(features, ranks, device=device))
    peak = rss_mb()  # before scikit-learn adds its own
    some = slice(0, min(given.n, given.compared))
    part = {rank: labels[some] for rank, labels in ranks.items()}
    ours = seconds(lambda: silhouettes(features[some], part, device=device))
    theirs = seconds(
        lambda: {rank: silhouette_samples(features[some], one) for rank, one in part.items()}
    )
    largest = max(np.abs(ours[2][rank].values - theirs[2][rank]).max() for rank in part)
    rows = [
        [f"{given.n:,}", f"{wall:.1f}", f"{cpu:.1f}", ""],
        [f"{some.stop:,}", f"{ours[0]:.1f}", f"{ours[1]:.1f}", "1.00"],
        [
            f"{some.stop:,}, `silhouette_samples` for each rank",
            f"{theirs[0]:.1f}", f"{theirs[1]:.1f}", f"{theirs[1] / ours[1]:.2f}",
        ],
    ]  # fmt: skip
    text = (
        f"{given.features} features, genus, family and order at once, {given.threads} threads, "
        f"intervals included (asked: 100,000 in <= 10 min and <= 2 GB). Highest memory of the "
        f"process {peak:,.0f} MB; largest difference from scikit-learn {largest:.1e}.\n\n"
    )
    text += report.table(["media", "seconds", "CPU-s", "CPU ratio"], rows)
    if given.dry:
        print(text)
        return
    report.record("silhouettes", "Silhouettes", text)


if __name__ == "__main__":
    main()
