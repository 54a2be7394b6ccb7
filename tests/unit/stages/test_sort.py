"""Sorting as a stage."""

import numpy as np
import pytest

from sorting_board import ids_of
from wunderkammer.core.stage import Context
from wunderkammer.core.table import ANSWERS
from wunderkammer.curation.applied import Applied, write_applied
from wunderkammer.curation.ensemble import fit_heads
from wunderkammer.stages.sort import SortStage

RNG = np.random.default_rng(0)
CODES = RNG.integers(0, 2, 60)
ROWS = (RNG.normal(size=(60, 6)) + 2 * CODES[:, None]).astype(np.float32)
IDS = ids_of(60)


@pytest.fixture
def applied(tmp_path):
    """Return a folder in which a round is applied that believes itself from 80 % on."""
    task = SortStage().as_task
    members = fit_heads(ROWS, CODES, task.classes)
    write_applied(tmp_path, task, Applied(members, 0.8, 1, 0.99, True))
    return tmp_path


def sort(root, said, stage=None):
    """Sort media of which people say things: (answers, settled) by place."""
    stage = stage or SortStage(features="x")
    context = Context(root)
    stage.load(context)
    batch = [
        {
            "media_id": one,
            "features/x": row,
            "said/quality": None,
            "annotation/quality/settled": None,
        }
        for one, row in zip(IDS, ROWS, strict=True)
    ]
    for place, (answers, settled) in said.items():
        batch[place]["said/quality"] = ANSWERS.join(answers) or None
        batch[place]["annotation/quality/settled"] = settled
    return [one.values for one in stage.process(batch, context)]


def test_it_comes_after_its_features_and_writes_what_it_says():
    stage = SortStage(features="x", keep="good")
    assert stage.floats
    assert stage.group == "sort/quality"
    names = [column.name for column in stage.writes()]
    assert names == ["quality", "quality_score", "quality_review", "quality_by", "quality_kept"]
    assert stage.limits() == "quality_kept"
    assert SortStage(features="x").limits() is None


def test_people_come_first_and_conflicts_are_for_people(applied):
    said = {
        0: (["bad"], None), 1: (["bad", "good"], None), 2: (["bad", "good"], "good"),
        3: (["unsure"], None), 4: (["fine", "good"], None),
    }  # fmt: skip
    found = sort(applied, said)
    person = {"quality_score": 1.0, "quality_review": False, "quality_by": "person"}
    assert found[0] == {"quality": "bad", **person}
    assert found[2] == {"quality": "good", **person}
    assert found[4] == {"quality": "good", **person}
    for place in (1, 3):
        assert found[place]["quality_by"] == "ensemble"
        assert found[place]["quality_review"] is True


def test_what_nobody_said_is_told_by_the_ensemble_which_says_when_it_is_not_sure(applied):
    found = sort(applied, {})
    told = [SortStage().classes.index(one["quality"]) for one in found]
    assert np.mean(np.array(told) == CODES) > 0.9
    for one in found:
        assert 0.5 <= one["quality_score"] <= 1
        assert one["quality_review"] == (one["quality_score"] < 0.8)


def test_before_anything_is_applied_people_alone_count(tmp_path):
    found = sort(tmp_path, {0: (["bad"], None), 1: (["unsure"], None)})
    assert found[0]["quality"] == "bad"
    nothing = dict.fromkeys(("quality", "quality_score", "quality_by"))
    assert found[1] == {**nothing, "quality_review": True}
    assert found[2] == {**nothing, "quality_review": False}


def test_what_is_not_known_yet_goes_on_and_what_is_not_kept_does_not(tmp_path):
    stage = SortStage(features="x", keep="good")
    found = sort(tmp_path, {0: (["bad"], None), 1: (["good"], None)}, stage)
    assert [one["quality_kept"] for one in found[:3]] == [None, True, True]


def test_a_medium_is_sorted_alike_whatever_stands_beside_it(applied):
    stage = SortStage(features="x")
    together = sort(applied, {})
    context = Context(applied)
    for place in (0, 31, 59):
        row = {
            "media_id": IDS[place], "features/x": ROWS[place].tolist(), "said/quality": None,
            "annotation/quality/settled": None,
        }  # fmt: skip
        stage.load(context)
        [alone] = stage.process([row], context)
        assert alone.values == together[place]


def test_another_round_applied_is_another_input(applied):
    from wunderkammer.core.digests import with_file_digests

    [before] = with_file_digests([SortStage(features="x")], applied)
    members = fit_heads(ROWS, 1 - CODES, SortStage().classes)
    write_applied(applied, SortStage().as_task, Applied(members, 0.8, 2, 0.99, True))
    [after] = with_file_digests([SortStage(features="x")], applied)
    assert before.digest() != after.digest()


def test_later_stages_see_what_is_kept_and_a_label_sorts_again(tmp_path):
    from sorting_room import TOML, make_room, run_room, truth_of
    from wunderkammer.curation.sorting import Sorting

    keeping = TOML.replace('["good", "bad"]', '["good", "bad"]\nkeep = ["good"]')
    made = make_room(tmp_path / "room", 6, keeping)
    sorting = Sorting(made)
    truth = truth_of(sorting)
    sorting.say(truth, "ada")
    plan = made.plan(["sort"])
    assert sum(plan.stages[0].reasons.values()) == 6
    again = run_room(made.root)
    embedding = again.configuration.stage("embedding")
    table = again.table()
    kept = {row[0] for row in table.connection.sql(table.universe(embedding)).fetchall()}
    assert kept == {one for one, label in truth.items() if label == "good"}
    assert made.plan(["sort"]).nothing_to_do
    # one answer taken back and given by another: the same last word, other votes
    one = next(iter(truth))
    sorting.say({one: "unsure"}, "bea")
    assert sum(again.plan(["sort"]).stages[0].reasons.values()) == 1
    run_room(made.root)
    sorting.say({one: None}, "ada")
    assert sum(again.plan(["sort"]).stages[0].reasons.values()) == 1
