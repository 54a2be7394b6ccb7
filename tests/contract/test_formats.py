"""What every format of an export promises."""

import csv
import io
import json

import pyarrow.parquet as pq
import pytest

from handed_over import out, with_neighbours
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.exports.formats import registry
from wunderkammer.exports.selection import Chosen

NAMES = registry.names()
NEEDED = {"iiif": {"url": "https://example.org/iiif"}}


def made(name):
    return registry.get(name).model_validate(NEEDED.get(name, {}))


@pytest.fixture(scope="module")
def mapped(collection, tmp_path_factory):
    """Return a copy of the collection with neighbours, of which one medium has no licence."""
    copy = with_neighbours(collection, tmp_path_factory.mktemp("mapped") / "c")
    [medium] = copy.query("SELECT min(media_id) AS one FROM media")["one"].to_pylist()
    copy.annotate([{"media_id": medium, "term": "license", "value": "unknown"}])
    return copy


@pytest.fixture(scope="module", params=NAMES)
def written(request, mapped, tmp_path_factory):
    """Return a format's name, what it wrote and what it said."""
    folder = tmp_path_factory.mktemp(request.param) / "out"
    report = out(mapped, made(request.param), folder)
    return request.param, folder, report


def files_of(folder):
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def text_of(folder):
    """Return all that an export says as one text."""
    parts = []
    for name, content in files_of(folder).items():
        if name.endswith(".parquet"):
            parts.append(str(pq.read_table(folder / name).to_pylist()))
        elif name.endswith((".json", ".jsonl", ".csv", ".txt", ".xml", ".md")):
            if name.startswith("runs/") or name == "left-out.csv":
                continue
            parts.append(content.decode("utf-8-sig"))
    return "\n".join(parts)


def test_every_medium_that_leaves_is_there_with_licence_and_holder(written, mapped):
    name, folder, report = written
    chosen = Chosen(mapped)
    assert report.n_media == len(chosen) == 23
    text = text_of(folder)
    for medium in chosen:
        assert medium.media_id in text, name
    for rights in {medium.rights for medium in chosen}:
        assert rights.holder in text
        assert rights.name in text or rights.url in text


def test_a_medium_without_a_licence_stays_behind(written):
    _, folder, report = written
    rows = list(csv.DictReader(io.StringIO((folder / "left-out.csv").read_text())))
    assert report.left_out == {"no licence is stated": 1}
    assert rows[0]["media_id"] not in text_of(folder)


def test_the_same_again_is_the_same_bytes(written, mapped, tmp_path):
    name, folder, _ = written
    out(mapped, made(name), tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(folder)


def test_nothing_tells_of_this_machine(written, mapped):
    _, folder, _ = written
    assert str(mapped.root) not in text_of(folder)


def test_a_selection_leaves_alone(written, mapped, tmp_path):
    name, _, _ = written
    ids = list(Chosen(mapped).ids)
    query = f"SELECT media_id FROM records WHERE media_id IN ('{ids[0]}', '{ids[1]}')"
    assert out(mapped, made(name), tmp_path / "few", query).n_media == 2
    text = text_of(tmp_path / "few")
    assert [one for one in ids if one in text] == ids[:2]
    with pytest.raises(NotEnoughMediaError):
        out(mapped, made(name), tmp_path / "none", "false")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", NAMES)
def test_each_option_is_described_and_every_file_of_its_own_is_named(name):
    kind = registry.get(name)
    assert kind.__doc__
    for field, about in kind.model_fields.items():
        assert field in {"name", "version"} or about.description
    for ending in kind.single:
        assert ending.startswith(".")


def test_json_is_json(written):
    for name, content in files_of(written[1]).items():
        if name.endswith(".json"):
            json.loads(content)
