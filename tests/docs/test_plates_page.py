"""The tutorial on a library's plates works as it is written, on a few pages."""

import json
import re
from pathlib import Path

import pytest

from followed import followed

SMALLER = {"--n 600": "--n 90", '"next", 20': '"next", 12', '"lot", 140': '"lot", 30'}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """Return what each block of the tutorial said, in the folder in which it was followed."""
    folder = tmp_path_factory.mktemp("library")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        said = followed("book-plates.md", SMALLER)
        yield folder, {code: out for code, out in said if out}


def told(library, command):
    """Return what the first block said that begins with a command."""
    _, said = library
    return next(out for code, out in said.items() if code.startswith(command))


def test_the_list_that_is_taken_home_holds_plates(library):
    right, chosen = map(int, re.findall(r"\d+", told(library, "chosen = "))[:2])
    # half of the pages are plates: chance would be right on half
    assert chosen >= 20
    assert right >= 0.9 * chosen


def test_every_queue_says_what_it_is_for(library):
    status = told(library, "wk curate round")
    for queue in ("A", "B", "C", "D", "NOTSURE", "MISPREDICTION", "UNCERTAIN", "unsure"):
        assert re.search(rf"^ +\d+ +{queue} +\S+ .+", status, re.MULTILINE)


def test_the_audit_speaks_of_the_random_sample_alone(library):
    audited = re.search(
        r"^(\d+) audited media",
        told(library, "wk curate round content -C plates\nwk curate audit"),
        re.MULTILINE,
    )
    assert 30 <= int(audited[1]) <= 54


def test_the_labels_are_in_the_form_of_the_original_scripts(library):
    folder, _ = library
    labels = json.loads((folder / "labels.json").read_text())
    assert set(labels.values()) <= {0, 1, 2}
    assert len(labels) == 54
    assert all((folder / "library" / "images" / f"{page}.jpeg").is_file() for page in labels)


def test_only_plates_go_on(library):
    assert "embedding" in told(library, "wk config")
    folder, _ = library
    assert any(Path(folder / "collages").iterdir())
