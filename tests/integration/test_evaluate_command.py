"""``wk evaluate`` and ``wk identify`` on a small collection, through the command line."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import wunderkammer
from drawn_cases import drawn_collection
from wunderkammer.cli.main import wk as wk_itself
from wunderkammer.evaluation.files import (
    EMBEDDINGS,
    FIGURES,
    ISSUES,
    figures_path,
    folder,
    issues_path,
    read_cells,
    read_table,
)

QUICK = (
    "--set", "embedding.projections=['pca']", "--set", "mislabels.n_resamples=20",
    "--set", "mislabels.fractions=[0.1]", "--set", "silhouette.n_resamples=20",
    "--set", "learning_curve.n_draws=1", "--set", "learning_curve.n_labelled=[1, 5]",
)  # fmt: skip


HERE = ("--threads", "1", "--workers", "0")
"""In this process: nothing is started that would read all libraries again."""


def wk(root: Path, *words: str, ok: bool = True) -> str:
    result = CliRunner().invoke(wk_itself, [*words, "-C", str(root)])
    assert (result.exit_code == 0) is ok, f"{result.output}{result.exception!r}"
    return f"{result.output}{result.exception or ''}"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = drawn_collection(tmp_path_factory.mktemp("evaluate"))
    with (made.root / "collection.toml").open("a") as file:
        file.write("")
    wk(made.root, "config", "set", "features.encoder.levels=1")
    return made.root


@pytest.fixture(scope="module")
def said(root: Path) -> str:
    return wk(root, "evaluate", *QUICK, *HERE)


def cells_of(root: Path) -> dict[str, object]:
    """Return every cell without how long it took."""
    found = {}
    for path in sorted((folder(root) / "cells").glob("*/*.json")):
        cell = json.loads(path.read_text())
        found[path.name] = {name: value for name, value in cell.items() if name != "seconds"}
    return found


def test_everything_is_asked_and_told(root: Path, said: str) -> None:
    cells = read_cells(root)
    assert {cell.task for cell in cells} == {
        "silhouette", "neighbours", "leakage", "identification", "discrimination", "mislabels",
        "issues", "embedding", "activations", "learning-curve",
    }  # fmt: skip
    figures = read_table(figures_path(root), FIGURES).to_pylist()
    named = [
        row["value"] for row in figures
        if (row["task"], row["rank"], row["figure"])
        == ("identification", "genus", "train_to_test.accuracy")
    ]  # fmt: skip
    assert named[0] > 0.9, "colours tell the genus"
    assert "colour-histogram" in said
    assert (folder(root) / "report.html").read_text().startswith("<!doctype html>")
    assert read_table(issues_path(root), ISSUES).schema == ISSUES


def test_a_second_time_nothing_is_measured(root: Path, said: str) -> None:
    before = {path: path.read_bytes() for path in folder(root).rglob("*") if path.is_file()}
    again = wk(root, "evaluate", *QUICK, *HERE)
    assert "measured 0," in again
    assert {path: path.read_bytes() for path in folder(root).rglob("*") if path.is_file()} == before


def test_only_what_reads_a_label_is_measured_again_when_it_changes(root: Path, said: str) -> None:
    medium = (
        wunderkammer.open(root)
        .query("SELECT media_id FROM media ORDER BY 1")["media_id"][0]
        .as_py()
    )
    wk(root, "annotate", str(medium), "institutionCode", "Z")
    again = wk(root, "evaluate", *QUICK, *HERE)
    told = [line for line in again.splitlines() if line.startswith("colour-histogram: ")]
    assert told
    assert all("leakage institutionCode" in line for line in told), told


def test_a_process_that_is_killed_is_gone_on_from(tmp_path: Path) -> None:
    made = drawn_collection(tmp_path)
    made.run(n_workers=0)
    words = [
        sys.executable,
        "-m",
        "wunderkammer",
        "evaluate",
        *QUICK,
        "--threads",
        "1",
        "--workers",
        "0",
    ]
    process = subprocess.Popen([*words, "-C", str(made.root)], stdout=subprocess.DEVNULL)
    while len(read_cells(made.root)) < 5 and process.poll() is None:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    n_before = len(read_cells(made.root))
    told = wk(made.root, "evaluate", *QUICK, *HERE)
    assert f"up to date {n_before:,}" in told
    killed, figures = cells_of(made.root), figures_path(made.root).read_bytes()
    for path in folder(made.root).rglob("*.json"):
        path.unlink()
    wk(made.root, "evaluate", *QUICK, *HERE)
    assert cells_of(made.root) == killed
    assert figures_path(made.root).read_bytes() == figures


def test_a_kind_is_trained_on_the_training_set_alone_and_once(root: Path, said: str) -> None:
    words = (
        "evaluate", "--encoder", "triplet,colour-histogram", "--task", "identification",
        "--rank", "genus", *HERE, "--set", "training.triplet.n_epochs=1",
        "--set", "training.triplet.side_px=32", "--set", "training.triplet.n_blocks=2",
        "--set", "training.triplet.start=''",
    )  # fmt: skip
    told = wk(root, *words)
    assert "triplet: training on" in told
    (weights,) = (root / "weights").iterdir()
    collection = wunderkammer.open(root)
    assert [one.label for one in collection.configuration.stages if one.name == "features"] == [
        "colour-histogram", "triplet"
    ]  # fmt: skip
    import pyarrow.parquet as pq

    path = folder(root) / "embeddings" / "colour-histogram-pca.parquet"
    assert path.exists(), "what was measured before still holds"
    places = read_table(path, EMBEDDINGS).to_pylist()
    tests = {row["media_id"] for row in places if row["part"] == "test"}
    assert tests
    assert tests.isdisjoint(pq.read_table(weights / "split.parquet")["media_id"].to_pylist())
    again = wk(root, *words)
    assert "training on" not in again
    assert "measured 0," in again


def test_what_cannot_be_examined_is_refused_with_what_to_do(root: Path) -> None:
    assert "Did you mean 'simclr'" in wk(root, "evaluate", "--encoder", "simcrl", ok=False)
    assert "Did you mean 'silhouette'" in wk(root, "evaluate", "--task", "silhouettes", ok=False)
    assert "no column 'herb'" in wk(root, "evaluate", "--split", "herb", ok=False)


def test_media_without_a_name_get_one_in_darwin_core(tmp_path: Path) -> None:
    made = drawn_collection(tmp_path, n_unnamed=12)
    told = wk(made.root, "identify", "--rank", "genus", "--accuracy", "0.9", "--workers", "0")
    assert "identifications.csv" in told
    with (made.root / "identifications.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["occurrenceID"] for row in rows} == {f"s{k}" for k in range(68, 80)}
    named = [row for row in rows if row["scientificName"]]
    genera = ["Alba", "Atra", "Bella", "Bruna"]
    right = [
        genera[int(row["occurrenceID"][1:]) % 8 // 2] == row["scientificName"] for row in named
    ]
    assert len(named) > 6
    assert sum(right) / len(right) > 0.8
    first = named[0]
    assert first["taxonRank"] == "genus"
    assert "colour-histogram" in first["identifiedBy"]
    assert first["identificationVerificationStatus"].startswith("unverified")
    assert 0 < float(first["score"]) <= 1
    assert first["alternatives"].startswith(first["scientificName"])
    before = (made.root / "identifications.csv").read_bytes()
    wk(made.root, "identify", "--rank", "genus", "--accuracy", "0.9", "--workers", "0")
    assert (made.root / "identifications.csv").read_bytes() == before
