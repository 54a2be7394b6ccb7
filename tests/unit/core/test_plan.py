"""Plans."""

import pytest

import toy
from wunderkammer.core.collection import Collection
from wunderkammer.core.plan import Reason, changed_settings


def test_before_the_first_run_everything_is_new(tmp_path):
    plan = toy.make(tmp_path / "words", toy.WORDS).plan()
    assert [stage.reasons for stage in plan.stages] == [{Reason.NEW: -1}] * 5


def test_a_plan_looks_through_what_an_earlier_stage_will_do(collection):
    toml = toy.TOML + "[measure]\nfactor = 2\n"
    (collection.root / "collection.toml").write_text(toml)
    plan = Collection(collection.root, collection.pipeline).plan()
    assert plan["measure"].reasons == {Reason.SETTINGS_CHANGED: 20}
    assert plan["split"].reasons == {Reason.INPUT_CHANGED: 20}
    assert plan["order"].n_todo == -1
    assert not plan.nothing_to_do


def test_only_media_that_wait_are_counted_downstream(collection):
    media_id = collection.query("SELECT media_id FROM records LIMIT 1").to_pylist()[0]["media_id"]
    collection.annotate([{"media_id": media_id, "term": "word", "value": "other"}])
    plan = collection.plan()
    assert plan["measure"].reasons == {Reason.INPUT_CHANGED: 1}
    assert plan["split"].reasons == {Reason.INPUT_CHANGED: 1}
    assert plan["split"].n_fresh == 19


@pytest.mark.parametrize(
    ("before", "lines"),
    [({}, []), ({"factor": 1}, []), ({"factor": 7}, ["factor: 7 → 1"])],
)
def test_changed_settings_are_spelled_out(before, lines):
    state = {"settings": {"name": "measure", "version": "1", **before}} if before else {}
    assert changed_settings(toy.Measure(), state) == lines


def test_what_fails_anew_goes_no_further_though_later_rows_of_it_are_there(collection):
    media_id = collection.query(
        "SELECT media_id FROM records WHERE word = 'word1'"
    ).to_pylist()[0]["media_id"]  # fmt: skip
    collection.annotate([{"media_id": media_id, "term": "word", "value": "bad!"}])
    collection.run()
    plan = collection.plan()
    assert plan["measure"].n_failed == 1
    assert plan["split"].n_blocked == 1
    assert plan["vector"].n_blocked == 1, "it reads only what split had written before"
    assert plan["order"].n_fresh == 23
    assert plan.nothing_to_do
