"""A cabinet whose labels were examined: which are suspected, and by whom, is written down here."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import wunderkammer
from wunderkammer.core.collection import Collection
from wunderkammer.evaluation.files import ISSUES, issues_path, write_table
from wunderkammer.vocab.ranks import classification

SETTINGS = {
    "collection.title": "Examined cabinet",
    "ingest.source.name": "dwca",
    "ingest.source.path": "source",
    "features.encoder": "colour-histogram",
    "embedding.projection": "pca",
}
N_NEIGHBOURS = 5


def make(root: Path, archive: Path) -> Collection:
    """Make a collection of an archive, up to its pictures."""
    shutil.copytree(archive, root / "source")
    made = wunderkammer.create(root, SETTINGS)
    made.run(made.upstream("image"), n_workers=0)
    return made


def ranks(collection: Collection) -> Mapping[str, Mapping[str, str]]:
    """Return the taxa of each medium by rank, as they hold now."""
    rows = collection.query("SELECT * FROM media ORDER BY media_id").to_pylist()
    return {
        row["media_id"]: dict(classification({k: v for k, v in row.items() if isinstance(v, str)}))
        for row in rows
    }


def suspect(
    collection: Collection, n: int = 6, rank: str = "species", encoder: str = "histogram"
) -> Sequence[Mapping[str, object]]:
    """Return issues of the first media, each proposed to be what a medium further on is."""
    known = ranks(collection)
    ids = list(known)
    rows = []
    for place, media_id in enumerate(ids[:n]):
        label = known[media_id][rank]
        others = [one for one in ids if known[one][rank] != label]
        near = [*others[place : place + N_NEIGHBOURS - 1], ids[-1 - place]]
        rows.append(
            {
                "media_id": media_id, "rank": rank, "encoder": encoder, "label": label,
                "proposed": known[near[0]][rank], "score": 0.01 + place / 20, "neighbours": near,
                "neighbour_labels": [known[one][rank] for one in near],
                "neighbour_similarities": [0.95 - k / 50 for k in range(len(near))],
            }
        )  # fmt: skip
    return rows


def examined(root: Path, archive: Path) -> Collection:
    """Make a collection whose species are suspected by two encoders, and genera by one."""
    made = make(root, archive)
    rows = [
        *suspect(made),
        *suspect(made, 2, encoder="network"),
        *suspect(made, 3, rank="genus"),
    ]
    write_table(issues_path(made.root), rows, ISSUES)
    return made
