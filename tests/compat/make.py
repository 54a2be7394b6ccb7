"""Make a small finished collection as the software of today stores it.

Run it once for each format, when the number rises, and commit what it makes:

    python tests/compat/make.py tests/compat/format-2

Never make an old one again: it is what an old program left.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import wunderkammer
from wunderkammer.testing import SpecimenGenerator, write_archive

SETTINGS = {
    "collection.title": "Collection of a format",
    "ingest.source.name": "dwca",
    "ingest.source.path": "source",
    "image.thumbnail_px": 64,
    "features.encoder": "colour-histogram",
    "embedding.projection": "pca",
    "layout.method": "grid",
    "tile.sprite_px": 32,
}


def make(root: Path) -> None:
    """Draw five specimens, take them through every stage, state something of one."""
    write_archive(root / "source", SpecimenGenerator(seed=9, size_px=160, ventral_share=0), 5)
    collection = wunderkammer.create(root, SETTINGS)
    collection.run(n_workers=0)
    first = collection.query("SELECT media_id FROM media ORDER BY 1 LIMIT 1").to_pydict()
    collection.annotate(
        [{"media_id": first["media_id"][0], "term": "sex", "value": "female", "who": "Ada"}]
    )
    collection.run(n_workers=0)
    shutil.rmtree(root / "cache")
    for path in (root / ".lock", root / "annotations" / ".lock"):
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
