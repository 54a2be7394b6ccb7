"""Networks as members, for the record: AlexNets from scratch against what is usual now.

python benchmarks/curation_networks.py DATA [--only heads trunk alexnet] [--n-train 58] [--seed 7]
                                       [--cuda] [--dry]

DATA holds ``plates-and-text`` with a folder for each class. Half of the media are labelled, by lot,
the others are told.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

import report
from curation_stopping import encoded
from wunderkammer.core.device import Device
from wunderkammer.curation.acquisition import uncertainty
from wunderkammer.curation.ensemble import EnsembleSettings, fit_ensemble
from wunderkammer.curation.figures import area
from wunderkammer.curation.lot import lot_ranks
from wunderkammer.curation.networks import fit_networks
from wunderkammer.curation.presets import PRESETS, as_pictures
from wunderkammer.metrics.classification import calibration
from wunderkammer.metrics.intervals import share_interval

CLASSES = ("plates", "text")
TITLES = {
    "heads": "linear heads on frozen features of efficientnet-lite0",
    "trunk": "efficientnet-lite0, its last four blocks fine-tuned",
    "alexnet": "AlexNets from scratch, nothing left out of predictions",
}


@dataclass
class Halves:
    """Media that are labelled, and those that are told; rows of one list."""

    paths: list[Path]
    codes: np.ndarray
    train: np.ndarray
    test: np.ndarray

    def images(self) -> Iterator[np.ndarray]:
        for path in self.paths:
            yield cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


def halves(folder: Path, n_train: int, seed: int) -> Halves:
    both = [sorted((folder / "plates-and-text" / name).iterdir()) for name in CLASSES]
    paths = both[0] + both[1]
    ranks = lot_ranks([one.name for one in paths], seed, "networks")
    codes = np.repeat([0, 1], [len(one) for one in both])
    return Halves(paths, codes, np.flatnonzero(ranks < n_train), np.flatnonzero(ranks >= n_train))


def logits_of(name: str, some: Halves, seed: int, device: Device) -> tuple[np.ndarray, float]:
    """Return logits of the media that are told, and the temperature of the ensemble."""
    said = some.codes[some.train]
    if name == "heads":
        features = encoded(some.images())
        fitted = fit_ensemble(features[some.train], said, CLASSES, EnsembleSettings(seed=seed))
        return fitted.ensemble.logits(features[some.test]), fitted.ensemble.temperature
    how = PRESETS[name](seed=seed, n_folds=0)
    pictures = as_pictures(some.images(), how)
    ids = [some.paths[row].name for row in some.train]
    made = fit_networks(pictures[some.train], said, CLASSES, ids, how, device=device)
    return made.ensemble.logits(pictures[some.test], device), 1.0


def row_of(name: str, some: Halves, seed: int, device: Device) -> list[object]:
    """Train, tell, and return what it came to."""
    start = time.perf_counter()
    logits, temperature = logits_of(name, some, seed, device)
    seconds = time.perf_counter() - start
    found, truth = uncertainty(logits, temperature), some.codes[some.test]
    right = found.classes == truth
    accuracy = share_interval(int(right.sum()), len(right))
    members = (logits.argmax(axis=2) == truth).mean(axis=1)
    error = calibration(found.probabilities.max(axis=1), right).error
    return [
        TITLES[name], f"{accuracy.value:.1%} ({accuracy.low:.1%} to {accuracy.high:.1%})",
        f"{members.min():.1%} to {members.max():.1%}", f"{area(found.probabilities, truth):.3f}",
        f"{found.entropy.mean():.3f}", f"{found.disagreement.mean():.1%}", f"{error:.3f}",
        f"{seconds:,.0f}",
    ]  # fmt: skip


def main() -> None:
    """Train each ensemble on the same half, write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", nargs="+", choices=sorted(TITLES), default=list(TITLES))
    parser.add_argument("--n-train", type=int, default=58)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--cuda", action="store_true")
    parser.add_argument("--dry", action="store_true")
    given = parser.parse_args()
    some = halves(given.data, given.n_train, given.seed)
    device = Device("cuda", 2) if given.cuda else Device("cpu", 2)
    lines = [row_of(name, some, given.seed, device) for name in given.only]
    head = [
        "five members", "accuracy", "of single members", "AUC", "mean entropy", "disagreeing",
        "calibration error", "seconds",
    ]  # fmt: skip
    text = (
        f"{len(some.train)} of {len(some.paths)} book plates and text pages are labelled, by lot, "
        f"and the other {len(some.test)} are told. Accuracy with Wilson's 95 % interval; entropy "
        "in nats, at most 0.693; seconds with reading and, for heads, encoding; networks without "
        "the folds that measure them, and so without a temperature.\n\n" + report.table(head, lines)
    )
    if given.dry:
        print(text)
    else:
        report.record("curation_networks", "Sorting: heads against networks", text)


if __name__ == "__main__":
    main()
