"""Stopping: where the advice to stop labelling comes, and where it would have been best.

python benchmarks/curation_stopping.py DATA [--seeds 10] [--first 100] [--only insects]
                                       [--cache FOLDER] [--dry]

DATA holds ``museum-insects`` (photographs and ``manifest.csv`` with what is good and bad) and
``plates-and-text`` (a folder for each class); a third set, 10,000 specimens of which 9 % are bad in
six ways, is drawn. A simulated curator who knows the truth labels what the ensemble asks for.
"""

from __future__ import annotations

import argparse
import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

import report
from wunderkammer.core.device import Device
from wunderkammer.curation.acquisition import choose, uncertainty
from wunderkammer.curation.changes import Measures, measures
from wunderkammer.curation.ensemble import EnsembleSettings, fit_ensemble
from wunderkammer.curation.kinds import NO_LABEL
from wunderkammer.curation.lot import in_prefix, lot_ranks
from wunderkammer.curation.stopping import advise
from wunderkammer.encoders import registry as encoders
from wunderkammer.metrics.classification import macro_scores
from wunderkammer.metrics.intervals import mean_interval
from wunderkammer.testing import SpecimenGenerator

N_DRAWN, WITHIN = 10_000, 0.01
KINDS = ("butterfly", "moth", "beetle", "leaf", "herbarium")


@dataclass
class Media:
    """Media with their truth, and how they are labelled."""

    features: np.ndarray
    codes: np.ndarray
    ids: list[str]
    n_first: int
    batch: int
    budget: int


@dataclass
class Run:
    """Rounds of one seed: labels given, macro F1 of all media as they are then sorted."""

    n_labels: list[int]
    f1: list[float]
    history: list[Measures]

    @property
    def best(self) -> int:
        """The fewest labels from which on F1 stays within 0.01 of the best of the run."""
        wanted = max(self.f1) - WITHIN
        (short,) = np.nonzero(np.array(self.f1) < wanted)
        return self.n_labels[short[-1] + 1 if len(short) else 0]

    @property
    def stopped(self) -> int | None:
        """The labels at which the advice was first to stop."""
        for n in range(1, len(self.history) + 1):
            if advise(self.history[:n]).stop:
                return self.n_labels[n - 1]
        return None

    def f1_at(self, n_labels: int) -> float:
        return self.f1[self.n_labels.index(n_labels)]


def encoded(pictures: Iterator[np.ndarray]) -> np.ndarray:
    encoder = encoders.parse("efficientnet-lite0")
    encoder.load(Device("cpu", 2), Path())
    found = []
    while some := list(itertools.islice(pictures, 64)):
        found.append(encoder.encode(some))
    return np.concatenate(found)


def read(path: Path) -> np.ndarray:
    return cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


def insects(folder: Path) -> Media:
    with (folder / "museum-insects" / "manifest.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["truth"] in {"good", "bad"}]
    paths = [folder / "museum-insects" / "images" / row["file"] for row in rows]
    codes = np.array([int(row["truth"] == "bad") for row in rows])
    return Media(encoded(map(read, paths)), codes, [row["file"] for row in rows], 20, 10, 300)


def plates(folder: Path) -> Media:
    both = [sorted((folder / "plates-and-text" / name).iterdir()) for name in ("plates", "text")]
    codes = np.repeat([0, 1], [len(one) for one in both])
    paths = both[0] + both[1]
    return Media(encoded(map(read, paths)), codes, [one.name for one in paths], 6, 2, 50)


def drawn(_: Path) -> Media:
    generator = SpecimenGenerator(61, size_px=320, kinds=KINDS, bad_share=0.05, ventral_share=0)
    bad: list[int] = []

    def pictures() -> Iterator[np.ndarray]:
        for one in generator.media(N_DRAWN):
            bad.append(int(one.quality != "good"))
            yield one.image

    features = encoded(pictures())
    return Media(features, np.array(bad), [str(one) for one in range(N_DRAWN)], 40, 20, 800)


SETS = {"insects": insects, "plates": plates, "drawn": drawn}
TITLES = {
    "insects": "museum insects, good or bad",
    "plates": "book plates and text pages",
    "drawn": f"{N_DRAWN:,} drawn specimens, good or bad",
}


def media_of(name: str, folder: Path, cache: Path | None) -> Media:
    """Return a set, from the cache where it has been encoded before."""
    path = cache / f"{name}.npz" if cache else None
    if path is None or not path.exists():
        made = SETS[name](folder)
        if path is not None:
            how = np.array([made.n_first, made.batch, made.budget])
            np.savez(path, features=made.features, codes=made.codes, ids=made.ids, how=how)
        return made
    kept = np.load(path)
    return Media(kept["features"], kept["codes"], kept["ids"].tolist(), *kept["how"].tolist())


def labelled_by(some: Media, seed: int) -> Run:
    """Let a curator who knows the truth label what is asked, round after round."""
    ranks = lot_ranks(some.ids, seed, "benchmark")
    known = ranks < some.n_first
    run, before = Run([], [], []), None
    while True:
        rows = np.flatnonzero(known)
        fitted = fit_ensemble(
            some.features[rows], some.codes[rows], ("one", "other"), EnsembleSettings(seed=seed)
        )
        logits, temperature = fitted.ensemble.logits(some.features), fitted.ensemble.temperature
        found = uncertainty(logits, temperature)
        audited = in_prefix(ranks, known)[rows]
        right = uncertainty(fitted.held_out, temperature).classes == some.codes[rows]
        labels = np.where(known, some.codes, NO_LABEL)
        run.history.append(
            measures(
                logits, labels, before=before, temperature=temperature,
                n_audited=int(audited.sum()), n_right=int(right[audited].sum()),
            )
        )  # fmt: skip
        run.n_labels.append(len(rows))
        run.f1.append(macro_scores(some.codes, np.where(known, some.codes, found.classes)).f1)
        if len(rows) >= some.budget:
            return run
        batch = choose(
            found, some.features, ranks, waiting=~known, labelled=known, n=some.batch,
            codes=np.where(known, some.codes, NO_LABEL), seed=seed * 100_000 + len(run.n_labels),
        )  # fmt: skip
        known[batch.rows] = True
        before = logits


def row_of(title: str, runs: list[Run]) -> list[object]:
    """Return what the runs of a set come to."""
    fired = [run for run in runs if run.stopped is not None]
    best = mean_interval([run.best for run in runs])
    if not fired:
        return [title, len(runs), f"{best.value:.0f}", "never", "", "", "", 0]
    stopped = mean_interval([run.stopped for run in fired])
    lost = np.mean([run.f1_at(run.best) - run.f1_at(run.stopped) for run in fired])
    ratio = stopped.value / np.mean([run.best for run in fired])
    near = np.mean([abs(run.stopped / run.best - 1) <= 0.2 for run in fired])
    return [
        title, len(runs), f"{best.value:.0f} ({best.low:.0f} to {best.high:.0f})",
        f"{stopped.value:.0f} ({stopped.low:.0f} to {stopped.high:.0f})", f"{ratio:.2f}",
        f"{near:.0%}", f"{lost:+.3f}", len(fired),
    ]  # fmt: skip


def main() -> None:
    """Simulate each set, write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=100)
    parser.add_argument("--only", choices=sorted(SETS))
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--dry", action="store_true")
    given = parser.parse_args()
    lines = []
    for name in [given.only] if given.only else SETS:
        some = media_of(name, given.data, given.cache)
        seeds = range(given.first, given.first + given.seeds)
        runs = []
        for seed in seeds:
            runs.append(labelled_by(some, seed))
            print(name, seed, runs[-1].best, runs[-1].stopped, flush=True)
        lines.append(row_of(TITLES[name], runs))
    head = [
        "", "seeds", "best in hindsight, labels", "advised, labels", "ratio of means",
        "seeds within 20 %", "F1 lost", "seeds advised",
    ]  # fmt: skip
    text = TEXT + report.table(head, lines)
    if given.dry:
        print(text)
    else:
        report.record("curation_stopping", "Sorting: when to stop labelling", text)


TEXT = (
    "A simulated curator labels what the ensemble of heads on efficientnet-lite0 asks for (default "
    "settings), and goes on well past the advice. *Best in hindsight* is the fewest labels from "
    "which on the macro F1 of the whole set, labels and predictions together, stays within 0.01 of "
    "the best it ever reaches; nobody at work could know it. Settings of the stop rule were chosen "
    "on other seeds. Means over seeds with the 95 % interval of a bootstrap; *F1 lost* is that at "
    "the best point less that where the advice came, negative where it gained. Rounds bring 10, 2 "
    "and 20 labels. A task that a dozen labels settle is advised to stop late, since stability can "
    "only be seen by going on; where no advice came, an ensemble had met one class only.\n\n"
)

if __name__ == "__main__":
    main()
