"""The whole examination from nothing: seconds of each step, and what each encoder is good for.

python benchmarks/examination.py [--n 3000] [--threads 2] [--at FOLDER] [--dry]

Draws a museum of butterflies (5 families, 20 genera, 80 species, 3 institutions), makes a
collection, parts it as Kew's study did, and examines six encoders, five of which are trained
on the training set; every step is a command that anybody could type, in a process of its own.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

import report
from wunderkammer.evaluation.files import read_cells

SEED, SIZE_PX = 41, 320
SPLIT, INSTITUTIONS = "protocol", "SMNV,HCW"
"""The sample, and the institutions that are trained on; the third is a test."""

ENCODERS = ("efficientnet-lite0", "autoencoder", "vae", "triplet", "classifier", "simclr")
TRAINS = re.compile(r"([\w-]+): training on ")


class Steps:
    """Runs commands one after the other and keeps their seconds.

    Parameters
    ----------
    folder : Path
        Where they run.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds: dict[str, float] = {}

    def __call__(self, name: str, *words: object) -> list[tuple[float, str]]:
        """Run Python with some words; return each line it printed with the second it came."""
        start = time.perf_counter()
        lines = []
        with subprocess.Popen(
            [sys.executable, "-u", *map(str, words)],
            cwd=self.folder, env=os.environ, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as running:  # fmt: skip
            output = running.stdout or ()
            lines += [(time.perf_counter() - start, line.rstrip()) for line in output]
        took = time.perf_counter() - start
        self.seconds[name] = self.seconds.get(name, 0) + took
        print(f"{name}: {took:.0f} s", flush=True)
        if running.returncode:
            said = "\n".join(line for _, line in lines)
            raise SystemExit(f"{' '.join(map(str, words))}\n{said}")
        return lines

    def wk(self, name: str, *words: object) -> list[tuple[float, str]]:
        """Run a command of ours on the collection."""
        return self(name, "-m", "wunderkammer", *words, "-C", "museum")


def collected(steps: Steps, n: int) -> None:
    """Draw specimens and make their collection, parted into a training set and three tests."""
    steps(
        "drawing the specimens", "-m", "wunderkammer.testing", "--out", "source", "--n", n,
        "--seed", SEED, "--size", SIZE_PX, "--kinds", "butterfly", "--taxa", "5x4x4",
        "--bad", 0, "--again", 0.2,
    )  # fmt: skip
    name = "records, images, split"
    steps(name, "-m", "wunderkammer", "new", "museum", "--from", "source")
    steps.wk(name, "run", "image")
    steps.wk(
        name, "sample", SPLIT, "--preset", "kew", "--split.cap", 0,
        "--split.train_institutions", INSTITUTIONS, "--unit", "specimen",
    )  # fmt: skip


def trainings(lines: list[tuple[float, str]]) -> Iterator[tuple[str, float]]:
    """Yield the encoders that were trained, each with its seconds."""
    for place, (begun, line) in enumerate(lines):
        found = TRAINS.match(line)
        if found:
            epoch = f"{found[1]}: epoch "
            later = (at for at, said in lines[place + 1 :] if not said.startswith(epoch))
            yield found[1], next(later) - begun


def parts_of(root: Path, lines: list[tuple[float, str]]) -> list[list[object]]:
    """Return what the examination's time went into, one row each."""
    rows: list[list[object]] = [
        [f"of it: training {name}", f"{took:.0f}"] for name, took in trainings(lines)
    ]
    of_task: dict[str, float] = {}
    for cell in read_cells(root):
        of_task[cell.task] = of_task.get(cell.task, 0) + cell.seconds
    return rows + [
        [f"of it: {task}, six encoders", f"{took:.0f}"] for task, took in of_task.items()
    ]


Key = tuple[str, str, str, str]
"""Task, rank, split, figure."""

Figures = dict[tuple[str, ...], tuple[float, float | None, float | None]]


def figures_of(root: Path) -> Figures:
    """Return every figure by encoder, task, rank, split and name."""
    rows = pq.read_table(root / "evaluation" / "figures.parquet").to_pylist()
    names = ("encoder", "task", "rank", "split", "figure")
    return {
        tuple(row[name] or "" for name in names): (row["value"], row["low"], row["high"])
        for row in rows
    }


def table_of(figures: Figures, columns: dict[str, Key]) -> str:
    """Return a table with one row an encoder, and an interval where there is one."""
    rows: list[list[object]] = [
        [one, *(shown(figures.get((one, *where))) for where in columns.values())]
        for one in ENCODERS
    ]
    return report.table(["", *columns], rows)


def shown(found: tuple[float, float | None, float | None] | None) -> str:
    """Return a figure with its interval."""
    if found is None:
        return "-"
    value, low, high = found
    return f"{value:.3f}" if low is None else f"{value:.3f} ({low:.3f} to {high:.3f})"


TESTS = {"specimens": "random", "species": "species", "institutions": "institutions"}
"""What is new in a test, and what the test is called."""

TABLES: dict[str, tuple[str, dict[str, Key]]] = {
    "identification": (
        ("Accuracy of L2 logistic regression fitted on the training set and asked of a test whose "
        "specimens, species or institution it never saw; at the rank of genus, and for new "
        "specimens at that of species too. Kew's way, cross-validated inside the test, beside it:"),
        {
            **{
                f"genus, new {new}": ("identification", "genus", test, "train_to_test.accuracy")
                for new, test in TESTS.items()
            },
            "species, new specimens": (
                "identification", "species", "random", "train_to_test.accuracy",
            ),
            "genus, inside the institutions' test": (
                "identification", "genus", "institutions", "within.accuracy",
            ),
        },
    ),
    "separation": (
        ("Mean silhouette by genus of the training set and of the institution that was never seen; "
        "share of media whose five nearest others, never of the same specimen, tell the genus "
        "(new specimens, new institution) and the institution (new specimens: the lower the "
        "better):"),
        {
            "silhouette, train": ("silhouette", "genus", "train", "mean"),
            "silhouette, new institution": ("silhouette", "genus", "institutions", "mean"),
            "genus by neighbours, new specimens": (
                "neighbours", "genus", "random", "train_to_test.accuracy",
            ),
            "genus by neighbours, new institution": (
                "neighbours", "genus", "institutions", "train_to_test.accuracy",
            ),
            "institution by neighbours": ("leakage", "institutionCode", "random", "accuracy"),
        },
    ),
    "mislabels": (
        ("Pairs of genera told apart inside the institutions' test, mean accuracy; and genera made "
        "wrong there at 10 % of the specimens, at random or within their family, found by the "
        "mean of confident learning and neighbours:"),
        {
            "pairs of genera": ("discrimination", "genus", "institutions", "accuracy"),
            **{
                f"{kind.replace('_', ' ')}: {title}": (
                    "mislabels", "genus", "institutions", f"{kind}.10%.both.{figure}",
                )
                for kind in ("random", "within_family")
                for figure, title in {
                    "precision": "precision", "recall": "recall",
                    "average_precision": "average precision",
                }.items()
            },
        },
    ),
}  # fmt: skip


def main() -> None:
    """Do all of it; write the sections."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=3000, help="specimens")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--at", type=Path, help="an empty folder to work in and to keep")
    parser.add_argument("--dry", action="store_true", help="print, and leave the page as it is")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (given.at or Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        texts = examined(folder, given.n, given.threads)
    for name, (title, text) in texts.items():
        if given.dry:
            print(f"\n{title}\n\n{text}")
        else:
            report.record(name, title, text)


def examined(folder: Path, n: int, threads: int) -> dict[str, tuple[str, str]]:
    """Do all of it in a folder; return the sections, each with its title."""
    steps = Steps(folder)
    collected(steps, n)
    words = ("evaluate", "--encoder", ",".join(ENCODERS), "--split", SPLIT, "--threads", threads)
    lines = steps.wk("examination", *words)
    from_nothing = sum(steps.seconds.values())
    rows: list[list[object]] = [[name, f"{took:.0f}"] for name, took in steps.seconds.items()]
    rows += parts_of(folder / "museum", lines)
    said = next(line for _, line in steps.wk("again", *words) if line.startswith("measured "))
    rows.append(["**all, from nothing**", f"**{from_nothing:.0f}**"])
    rows.append([f"the same command again ({said})", f"{steps.seconds['again']:.0f}"])
    texts = {
        "examination.time": (
            "Examination: the time it takes",
            f"{n:,} drawn specimens of 5 families, 20 genera and 80 species from 3 institutions, "
            f"{SIZE_PX} px, one fifth photographed twice; six encoders, five of them trained; "
            f"{threads} threads (asked: <= 1,800 s):\n\n" + report.table(["", "seconds"], rows),
        )
    }
    figures = figures_of(folder / "museum")
    for name, (about, columns) in TABLES.items():
        text = f"{about}\n\n{table_of(figures, columns)}"
        texts[f"examination.{name}"] = (f"Examination: {name}", text)
    return texts


if __name__ == "__main__":
    main()
