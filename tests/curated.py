"""A small atlas whose page takes what a curator states: cut out, turned, and sorted by a task."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Self

import wunderkammer
from wunderkammer.core.collection import Collection

TOML = """[collection]
title = "Curated cabinet"
[ingest.source]
name = "dwca"
path = "source"
[cutout]
segmenter = "contrast"
[upright]
orienter = "principal-axis"
[features]
encoder = "colour-histogram"
[embedding]
projection = "pca"
[neighbours]
k = 5
[[sort]]
task = "quality"
classes = ["good", "bad"]
"""


def make(root: Path, archive: Path) -> Collection:
    """Make a collection of an archive's specimens and run it up to its atlas."""
    shutil.copytree(archive, root / "source")
    (root / "collection.toml").write_text(TOML)
    collection = wunderkammer.open(root)
    collection.run(n_workers=0)
    return collection


class serving:  # noqa: N801 - reads as a word: with serving(root, "--curate") as address
    """Runs ``wk serve`` with some options in a process of its own while a block runs."""

    def __init__(self, root: Path, *options: str, env: dict[str, str] | None = None) -> None:
        start = [sys.executable, "-m", "wunderkammer", "serve", "-C", str(root), "--port", "0"]
        self.command = [*start, *options]
        self.env = env
        self.address = ""

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            self.command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self.env,
        )
        line = self.process.stdout.readline()
        assert "The atlas is at http://127.0.0.1:" in line, line
        self.address = line.split()[4]
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.said = self.process.communicate(timeout=60)[0]
