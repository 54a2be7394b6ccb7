"""A folder of images as Hugging Face's own library loads it, offline."""

import os
import subprocess
import sys

import pytest

import handed_over
from wunderkammer.core.errors import UnknownNameError
from wunderkammer.exports.formats import registry

LOAD = """
import json, sys
import datasets
found = datasets.load_dataset(sys.argv[1], cache_dir=sys.argv[2])
rows = {part: [{k: v for k, v in row.items() if k != "image"} | {"size": row["image"].size,
        "mode": row["image"].mode} for row in rows] for part, rows in found.items()}
print(json.dumps(rows))
"""


def loaded(folder, tmp_path):
    """Load it in a process of its own: the library remembers where it was offline."""
    import json

    offline = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
    words = [sys.executable, "-c", LOAD, folder, tmp_path / "cache"]
    done = subprocess.run(words, env=offline, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_library_loads_pictures_names_and_licences(handed, tmp_path):
    form = registry.get("imagefolder")(split="cutout_by", columns="scientificName,width")
    report = handed_over.out(handed, form, tmp_path / "out")
    assert report.written == {"pictures": handed_over.LEAVING, "sets": 1}
    rows = loaded(tmp_path / "out", tmp_path)
    [(part, found)] = rows.items()
    assert part == "hand"
    assert len(found) == handed_over.LEAVING
    for row in found:
        assert tuple(row["size"]) == (160, 120)
        assert row["rightsHolder"] == "The Museum"
        assert row["license"] in {"CC BY 4.0", "CC0"}
        assert row["width"] == 160
    assert {row["scientificName"] for row in found} == {"Danaus plexippus", "Idea leuconoe"}
    card = (tmp_path / "out" / "README.md").read_text()
    assert "license: other" in card
    assert "CC BY 4.0: 4 pictures" in card
    assert "Hand (2026): Cut." in card


def test_a_medium_without_such_a_picture_has_no_line(handed, tmp_path):
    report = handed_over.out(handed, registry.get("imagefolder")(picture="cutout"), tmp_path / "o")
    assert report.written["pictures"] == handed_over.LEAVING - 1
    lines = (tmp_path / "o" / "train" / "metadata.jsonl").read_text().splitlines()
    assert len(lines) == handed_over.LEAVING - 1


def test_an_unknown_column_is_refused(handed, tmp_path):
    with pytest.raises(UnknownNameError, match="no column 'splitt'"):
        handed_over.out(handed, registry.get("imagefolder")(split="splitt"), tmp_path / "o")
