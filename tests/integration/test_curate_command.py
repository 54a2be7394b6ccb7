"""Sorting by commands alone."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from sorting_room import TOML, make_room
from wunderkammer.cli.curate import command


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    return make_room(tmp_path_factory.mktemp("by-hand") / "room", 24).root


def run(*words, fails=False):
    done = CliRunner().invoke(command, [str(word) for word in words])
    assert fails or done.exception is None, (done.output, done.exception)
    return done.output if not fails else done.exception


def test_a_curator_goes_from_nothing_to_sorted_folders(room, tmp_path):
    here = ("-C", room)
    assert "No round yet" in run("status", *here)
    table = list(csv.DictReader(io.StringIO(run("queue", "quality", "lot", "--csv", *here))))
    assert len(table) == 24
    labels = {row["media_id"]: row["caption"].split("-")[1][:-4] for row in table}
    first = list(labels)[:10]

    for one in first[:2]:
        assert "1 labels kept" in run("label", "quality", labels[one], one, *here)
    rest = tmp_path / "labels.json"
    rest.write_text(
        json.dumps({one: ["good", "bad"].index(labels[one]) for one in first} | {"x": 1})
    )
    said = run("import", "quality", rest, *here)
    assert "8 labels kept, 2 said so already" in said
    assert "1 names belong to no medium" in said

    said = run("round", "--workers", 0, *here)
    assert "Round 1" in said
    assert "learnt from 10 labels" in said
    assert "on media it had not seen" in said
    assert "audited media" in run("audit", "quality", "--precision", 0.5, *here)

    wrong = {"good": "bad", "bad": "good"}[labels[first[0]]]
    run("label", "quality", wrong, first[0], "--as", "bea", *here)
    assert "1 conflicts" in run("conflicts", *here)
    run("label", "quality", labels[first[0]], first[0], "--settle", *here)
    status = run("status", *here)
    assert "by bea" in status
    assert "Go on: " in status
    assert "         0  conflicts" in status

    said = run("apply", "quality", "--precision", 0.5, "--workers", 0, *here)
    assert "Applied round 1" in said
    sorted_ = tmp_path / "sorted"
    run("export", "quality", "folders", "--to", sorted_, "--licence", "CC0", *here)
    assert len(list(sorted_.glob("good/*"))) == 16
    assert len(list(sorted_.glob("bad/*"))) == 8
    made = tmp_path / "own.json"
    run("export", "quality", "labels.json", "--to", made, *here)
    assert set(json.loads(made.read_text()).values()) == {0, 1}


def test_ids_alone_go_into_other_commands(room):
    ids = run("queue", "quality", "unlabelled", "--ids", "-n", 2, "-C", room).split()
    run("label", "quality", "unsure", *ids, "-C", room)
    found = run("queue", "quality", "unsure", "--ids", "-C", room).split()
    assert sorted(found) == sorted(ids)
    assert "kept" in run("label", "quality", "--take-back", *ids, "-C", room)
    assert run("queue", "quality", "unsure", "--ids", "-C", room) == ""


def test_a_task_is_begun_and_what_is_missing_is_said(tmp_path):
    (tmp_path / "collection.toml").write_text(TOML.partition("[measure]")[0])
    here = ("-C", tmp_path)
    assert "wk curate new quality" in run("status", *here, fails=True).hint
    said = run("new", "view", "--classes", "dorsal,ventral", "--keep", "dorsal", *here)
    assert "wk run sort/view" in said
    assert 'classes = ["dorsal", "ventral"]' in (tmp_path / "collection.toml").read_text()
    assert "is there already" in run("new", "view", *here, fails=True).message


@pytest.mark.parametrize(
    "words", [("label", "quality"), ("label", "quality", "good"), ("export", "quality", "folders")]
)
def test_what_is_left_out_is_asked_for(room, words):
    done = CliRunner().invoke(command, [*words, "-C", str(room)])
    assert done.exit_code == 2
    assert "name" in done.output
