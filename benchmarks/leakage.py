"""Leakage: whether cutting out hides who took a photograph, and keeps what it shows.

The question is asked of the features: an encoder should see the specimen, not the museum.

python benchmarks/leakage.py ARCHIVE

ARCHIVE is an unpacked Darwin Core archive with an ``images`` folder of museum photographs. The
five nearest neighbours in the features of an encoder, each medium left out in turn, vote on the
museum and on the order.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

import report
import wunderkammer

N_NEIGHBOURS = 5
PICTURES = {"photograph": "image", "cut-out": "cutout", "upright cut-out": "upright"}


def neighbours_vote(vectors: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of media whose nearest others have the same label by majority."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    likeness = unit @ unit.T
    np.fill_diagonal(likeness, -np.inf)
    nearest = np.argsort(-likeness, axis=1)[:, :N_NEIGHBOURS]
    right = 0
    for row, own in zip(nearest, labels, strict=True):
        votes = Counter(labels[row])
        most = max(votes.values())
        right += next(labels[i] for i in row if votes[labels[i]] == most) == own
    return right / len(labels)


def features_of(root: Path, name: str) -> dict[str, np.ndarray]:
    """Return the vectors of an instance of the features by medium."""
    found = {}
    for part in sorted((root / "columns" / "features" / name).glob("part-*.parquet")):
        rows = pq.read_table(part)
        column = rows[f"features/{name}"]
        for media_id, status, vector in zip(
            rows["media_id"].to_pylist(), rows["status"].to_pylist(), column, strict=True
        ):
            if status == "done":
                found[media_id] = np.asarray(vector.as_py(), np.float32)
    return found


def main() -> None:
    """Make the collection, compute the features, let neighbours vote; write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "collection"
        collection = wunderkammer.create(
            root,
            {
                "ingest.source.name": "dwca",
                "ingest.source.path": str(given.archive),
                "ingest.source.images": str(given.archive / "images"),
                "ingest.source.image_list": str(given.archive / "manifest.csv"),
                "cutout.keep.several": False,
                "upright.size_px": 512,
            },
        )
        instances = "".join(
            f'\n[[features]]\npicture = "{picture}"\ncalled = "{picture}"\n'
            'encoder = "efficientnet-lite0"\n'
            for picture in PICTURES.values()
        )
        path = root / "collection.toml"
        text = path.read_text()
        path.write_text(text[: text.index("[features]")] + instances)
        collection = wunderkammer.open(root)
        collection.run(["ingest", "fetch", "image", "cutout", "upright", "features"])
        rows = collection.query(
            'SELECT media_id, institutionCode, "order" FROM media WHERE NOT cutout_rejected'
        ).to_pylist()
        vectors = {name: features_of(root, one) for name, one in PICTURES.items()}
    rows = [row for row in rows if all(row["media_id"] in some for some in vectors.values())]
    museums = np.array([row["institutionCode"] for row in rows])
    orders = np.array([row["order"] for row in rows])
    lines: list[list[object]] = []
    for name, some in vectors.items():
        matrix = np.stack([some[row["media_id"]] for row in rows])
        lines.append([
            name, len(rows), f"{neighbours_vote(matrix, museums):.1%}",
            f"{neighbours_vote(matrix, orders):.1%}",
        ])  # fmt: skip
    report.record(
        "leakage",
        "Leakage: which museum took it",
        "Museum photographs of insects; the five nearest others in the features of "
        "efficientnet-lite0 vote, each medium left out in turn. The same media in every row: those "
        "with a usable cut-out.\n\n"
        + report.table(["features of", "media", "museum right", "order right"], lines),
    )


if __name__ == "__main__":
    main()
