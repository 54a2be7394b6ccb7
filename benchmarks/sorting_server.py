"""Labelling while a round trains: how long the server takes to put a label on disk and say so.

Run: python benchmarks/sorting_server.py [--media 10000] [--labels 300] [--folder FOLDER]
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa
import simplejpeg

import report
import wunderkammer
from wunderkammer.core.blobs import write_blob
from wunderkammer.core.groups import group_parts
from wunderkammer.core.identity import stable_id
from wunderkammer.core.parts import Parts
from wunderkammer.core.stage import Stage

TOML = """[collection]
title = "Many"
[ingest.source]
name = "folder"
path = "source"
[features]
encoder = "colour-histogram"
[[sort]]
task = "quality"
classes = ["good", "bad"]
"""
SERVE = """
import sys, wunderkammer
from wunderkammer.web.server import serve_sorting
collection = wunderkammer.open(sys.argv[1])
serve_sorting(collection, port=0, started=lambda at: print(at, flush=True))
"""
WIDTH, HEIGHT = 2400, 1800
KINDS_OF_BAD, BAD_SHARE, SPREAD = 5, 0.05, 0.12
PAGE = 500
N_BEFORE = 1000
"""Labels that there are before anything is measured."""
ASKED_MS = 20


def make(root: Path, n_media: int) -> None:
    """Write a collection as runs leave it: planted features, and one photograph for all media."""
    root.mkdir(parents=True)
    (root / "collection.toml").write_text(TOML, encoding="utf-8")
    collection = wunderkammer.open(root)
    rng = np.random.default_rng(3)
    bad = rng.random(n_media) < BAD_SHARE
    names = [f"{n:06d}-{'bad' if one else 'good'}.jpg" for n, one in enumerate(bad)]
    ids = [stable_id(name) for name in names]
    records = pa.table({"media_id": ids, "specimen_id": ids, "original_file": names})
    Parts(root / "records", records.schema).replace(records)
    image, features = (collection.configuration.stage(name) for name in ("image", "features"))
    keep(root, image, ids, photograph(root, n_media))
    [column] = features.writes()
    vectors = planted(rng, bad, column.length)
    cells = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), column.length)
    keep(root, features, ids, {column.name: cells, column.digest_name: ids})


def photograph(root: Path, n_media: int) -> dict[str, Any]:
    """Write one photograph with its thumbnail; return the cells of all media."""
    ramp = np.linspace(0, 255, WIDTH, dtype=np.uint8)
    pixels = np.ascontiguousarray(np.broadcast_to(ramp[None, :, None], (HEIGHT, WIDTH, 3)))
    pixels = pixels ^ np.random.default_rng(1).integers(0, 32, pixels.shape, np.uint8)
    path = root / "media" / "00" / f"{20 * '0'}.jpg"
    path.parent.mkdir(parents=True)
    path.write_bytes(simplejpeg.encode_jpeg(pixels, quality=90))
    small = simplejpeg.encode_jpeg(np.ascontiguousarray(pixels[::4, ::4]), quality=88)
    cells = {"width": WIDTH, "height": HEIGHT, "original": path.relative_to(root).as_posix(),
             "thumbnail": write_blob(root, "thumbnail", small, ".jpg")}  # fmt: skip
    return {name: n_media * [cell] for name, cell in cells.items()}


def planted(rng: np.random.Generator, bad: np.ndarray, length: int) -> np.ndarray:
    """Return features of good media around one place, and of bad ones around several others."""
    places = rng.normal(0, 1, (1 + KINDS_OF_BAD, length)) / np.sqrt(length)
    which = np.where(bad, rng.integers(1, 1 + KINDS_OF_BAD, len(bad)), 0)
    noise = rng.normal(0, SPREAD, (len(bad), length))
    return (places[which] + noise).astype(np.float32)


def keep(root: Path, stage: Stage, ids: list[str], cells: Mapping[str, Any]) -> None:
    """Write the rows of a stage as if it had run."""
    parts = group_parts(root, stage)
    known = {"media_id": ids, "key": ids, "status": len(ids) * ["done"],
             "settings": len(ids) * [stage.digest()], **cells}  # fmt: skip
    columns = [
        pa.array(known[one.name], one.type) if one.name in known else pa.nulls(len(ids), one.type)
        for one in parts.schema
    ]
    parts.replace(pa.table(columns, schema=parts.schema))


class Client:
    """One page that keeps its connection open, as browsers do."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.connection = http.client.HTTPConnection(self.host, timeout=60)
        page = self.get("/").decode()
        found = re.search(r'name="review-token" content="([^"]+)"', page)
        if found is None:
            raise SystemExit("the page for sorting is not built: make frontend")
        self.token = found[1]

    def get(self, path: str) -> bytes:
        self.connection.request("GET", path)
        return self._answer()

    def post(self, path: str, said: Mapping[str, Any]) -> bytes:
        headers = {"Origin": f"http://{self.host}", "X-Review-Token": self.token,
                   "Content-Type": "application/json"}  # fmt: skip
        self.connection.request("POST", path, json.dumps(said), headers)
        return self._answer()

    def _answer(self) -> bytes:
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(content.decode())
        return content

    def ids(self, queue: str, start: int) -> list[str]:
        path = f"/api/sort/quality/queue?name={queue}&limit={PAGE}&offset={start}"
        return [one["id"] for one in json.loads(self.get(path))["media"]]

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.get("/api/sort/quality"))
        return found


@contextmanager
def served(root: Path) -> Iterator[Client]:
    """Serve a collection in a process of its own."""
    command = [sys.executable, "-c", SERVE, str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield Client(server.stdout.readline().strip() if server.stdout else "")
        finally:
            server.terminate()


def milliseconds(work: Callable[[int], object], n: int, going_on: Callable[[], bool]) -> np.ndarray:
    """Return how long something takes, again and again until it was done often enough."""
    took = []
    for k in range(n):
        if k % 10 == 0 and not going_on():
            break
        before = time.perf_counter()
        work(k)
        took.append(1000 * (time.perf_counter() - before))
        time.sleep(0.02)  # nobody labels faster than that, and a page asks for pictures too
    return np.array(took)


def measure(client: Client, truth: Mapping[str, str], n: int) -> dict[str, np.ndarray]:
    """Label at rest and while rounds train; also ask for queues and pictures meanwhile."""
    ids = [one for start in range(0, 4000, PAGE) for one in client.ids("unlabelled", start)]
    places = iter(ids)

    def label(_: int) -> None:
        one = next(places)
        said = {"who": "Ada", "labels": [{"id": one, "value": truth[one]}]}
        client.post("/api/sort/quality/labels", said)

    def train() -> bool:
        if client.state()["training"] is None:
            client.post("/api/sort/quality/rounds", {"who": "Ada"})
        return True

    found = {"at rest": milliseconds(label, n, lambda: True)}
    found["while rounds train"] = milliseconds(label, n, train)
    queue = "/api/sort/quality/queue?name=next&limit=20&who=Ada"
    found["a queue, while rounds train"] = milliseconds(lambda _: client.get(queue), n // 5, train)
    pictures = [f"/api/pictures/{one}/photograph" for one in ids[-n // 3 :]]
    found["a picture, while rounds train"] = milliseconds(
        lambda k: client.get(pictures[k]), len(pictures), train
    )
    while client.state()["training"] is not None:
        time.sleep(0.1)
    return found


def fsynced(folder: Path, n: int) -> np.ndarray:
    """Return how long the disk alone takes for a line."""
    path = folder / "line.jsonl"

    def write(_: int) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(handle, 150 * b"x" + b"\n")
        os.fsync(handle)
        os.close(handle)

    return milliseconds(write, n, lambda: True)


def main() -> None:
    """Measure and write the section."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--media", type=int, default=10_000)
    parser.add_argument("--labels", type=int, default=300)
    parser.add_argument("--folder", type=Path, help="made anew if it is not there, and kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = options.folder or Path(scratch) / "many"
        if not root.exists():
            make(root, options.media)
        rows = wunderkammer.open(root).query("SELECT media_id, original_file FROM records")
        truth = {row["media_id"]: re.search(r"-(\w+)\.", row["original_file"])[1]
                 for row in rows.to_pylist()}  # fmt: skip
        with served(root) as client:
            for _ in range(0, N_BEFORE, PAGE):
                said = [{"id": one, "value": truth[one]} for one in client.ids("lot", 0)]
                client.post("/api/sort/quality/labels", {"who": "Ada", "labels": said})
            found = measure(client, truth, options.labels)
            rounds = json.loads(client.get("/api/sort/quality/rounds"))["rounds"]
        found["the disk alone: append, fsync"] = fsynced(Path(scratch), options.labels)
    write(found, rounds, options.media)


def write(found: Mapping[str, np.ndarray], rounds: list[dict[str, Any]], n_media: int) -> None:
    """Write the section."""
    rest = np.median(found["at rest"])
    rows = [
        [name, f"{np.median(took):.1f} ms", f"{np.percentile(took, 99):.1f} ms",
         f"{np.median(took) / rest:.2f}"]
        for name, took in found.items()
    ]  # fmt: skip
    seconds = [one["seconds"] for one in rounds]
    report.record(
        "sorting_server",
        "Labelling while a round trains",
        f"{n_media:,} media, {N_BEFORE:,} labels before; a real server and one client, every label "
        f"on disk before it is acknowledged (asked: <= {ASKED_MS} ms while a round trains); "
        f"meanwhile {len(rounds)} rounds at the lowest priority, {np.median(seconds):.1f} s each:"
        "\n\n" + report.table(["", "median", "99 %", "of a label at rest"], rows),
    )


if __name__ == "__main__":
    main()
