"""The page on samples works as it is written, and what it promises of the counts is so."""

import contextlib
import csv
import random
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from wunderkammer.cli.main import wk
from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "sample.md"
BLOCK = re.compile(r"<!-- run -->\n```sh\n(.*?)```", re.DOTALL)
GENERA = {"Noctua": "Noctuidae", "Agrotis": "Noctuidae", "Pieris": "Pieridae", "Danaus": "Danaidae"}
HEAD = ["catalogNumber", "scientificName", "family", "institutionCode", "accessURI"]


def typed(lines):
    """Return what the commands of some lines print."""
    said = ""
    for line in lines.splitlines():
        words = shlex.split(line, comments=True)
        if words:
            done = CliRunner().invoke(wk, words[1:], catch_exceptions=False)
            assert done.exit_code == 0, f"{line}\n{done.output}"
            said += done.output
    return said


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a collection of 400 records of moths and butterflies."""
    folder = tmp_path_factory.mktemp("samples")
    lot = random.Random(1)
    with (folder / "records.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(HEAD)
        for number in range(400):
            genus = lot.choice(list(GENERA))
            name = f"{genus} {lot.choice(['alba', 'nigra', 'minor', 'major'])}"
            home = lot.choice(["NHMUK", "NHMUK", "AMNH"])
            address = f"https://images.example/{number}.jpg"
            table.writerow([f"B.{number}", name, GENERA[genus], home, address])
    with contextlib.chdir(folder):
        typed("wk new moths --from records.csv --source table")
    return folder


@pytest.fixture(scope="module")
def said(folder):
    """Return what the page's blocks print, one after the other."""
    with contextlib.chdir(folder):
        return [typed(block) for block in BLOCK.findall(PAGE.read_text(encoding="utf-8"))]


def counts(text, name):
    """Return the media of each set of a sample that was printed."""
    table = text.split(f"\n{name}\n")[1].split("\n\n")[0]
    rows = (re.match(r"(.+?) {2,}(\d+)", line) for line in table.splitlines()[1:])
    return {row[1].strip(): int(row[2]) for row in rows}


def test_what_is_shown_first_is_what_is_drawn_then(said):
    shown, drawn = counts(said[0], "noctuids"), counts(said[1], "noctuids")
    assert shown == drawn == {"drawn": 60, "left out": 340}
    assert "collection.toml: sample[noctuids].n = 60" in said[1]
    assert "collection.toml" not in said[0]


def test_shares_and_protocol_divide_all_or_what_they_keep(said):
    assert counts(said[2], "parts") == {"train": 280, "validation": 40, "test": 80, "left out": 0}
    sets = counts(said[3], "protocol")
    assert list(sets) == ["train", "random", "species", "institutions", "left out"]
    assert sum(sets.values()) == 400
    assert "species held out" in said[3]


def test_counts_and_lists_are_written(said, folder):
    rows = list(csv.DictReader((folder / "train.csv").open(encoding="utf-8")))
    assert len(rows) == 280
    assert "noctuids,set,drawn,60,60," in said[4]
    assert re.search(r"^taxon +\d+$", said[4], re.MULTILINE)
    assert said[4].index("\nnoctuids\n") < said[4].index("\nparts\n")


def test_a_restricting_sample_limits_what_is_fetched(said):
    assert re.search(r"^fetch: 60 new$", said[5], re.MULTILINE)


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ("--preset kew", ConfigurationError, r"'institutionCode' holds: AMNH, NHMUK\."),
        ("--where \"famly = 'a'\"", ConfigurationError, r"Did you mean 'family'\?"),
        ("--where \"family = 'Rosaceae'\"", NotEnoughMediaError, r"query: 0\. Ask for less\."),
    ],
)
def test_what_cannot_be_drawn_is_explained_and_not_kept(said, folder, options, kind, message):
    before = (folder / "moths" / "collection.toml").read_bytes()
    with (
        contextlib.chdir(folder),
        pytest.raises(kind, match=rf"{message}.* collection\.toml is as it was before"),
    ):
        typed(f"wk sample wrong {options} -C moths")
    assert (folder / "moths" / "collection.toml").read_bytes() == before
