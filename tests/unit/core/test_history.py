"""Table stages that go on from what they made before."""

import toy
from toy import WORDS
from wunderkammer.core.history import History

SHELVED = toy.TOML + "[shelf]\n"


def places(collection):
    rows = collection.table().connection.execute('SELECT media_id, place FROM "shelf"')
    return dict(rows.fetchall())


def state(collection):
    return collection.table().state(collection.configuration.stage("shelf"))


def grown(root, *counts):
    """Return a collection whose source held first so many words, then so many."""
    collection = toy.make(root, WORDS[: counts[0]], SHELVED)
    for count in counts:
        toy.write_words(root, WORDS[:count])
        collection.run(["ingest", "measure", "shelf"])
    return collection


def test_old_media_keep_what_they_have_and_only_new_ones_are_done(tmp_path, log):
    collection = grown(tmp_path / "words", 8)
    before = places(collection)
    assert "history" not in state(collection)
    log()
    toy.write_words(collection.root, WORDS)
    collection.run()
    after = places(collection)
    assert before.items() <= after.items()
    assert sorted(after.values()) == list(range(20))
    assert log()["shelf"] == after.keys() - before.keys()
    assert collection.plan().nothing_to_do


def test_media_that_leave_take_nothing_with_them(tmp_path):
    collection = grown(tmp_path / "words", 20)
    before = places(collection)
    toy.write_words(collection.root, WORDS[5:])
    collection.run()
    assert places(collection) == {
        media_id: before[media_id] for media_id in before.keys() & places(collection).keys()
    }
    assert len(places(collection)) == 15


def test_a_medium_whose_cells_changed_is_new(tmp_path, log):
    collection = grown(tmp_path / "words", 8)
    log()
    changed = [(name, "another" if name == "n03" else word, at) for name, word, at in WORDS[:8]]
    toy.write_words(collection.root, changed)
    collection.run()
    assert len(log()["shelf"]) == 1


def test_the_key_tells_one_history_from_another(tmp_path):
    at_once = grown(tmp_path / "a", 20)
    in_steps, again = grown(tmp_path / "b", 8, 20), grown(tmp_path / "c", 8, 20)
    assert state(in_steps)["key"] != state(at_once)["key"]
    assert in_steps.runs()[0]["stages"][2]["before"] == state(grown(tmp_path / "d", 8))["key"]
    assert toy.content(in_steps.root) == toy.content(again.root)
    assert History("a").key("inputs") != History("a", asked_again=True).key("inputs")


def test_asked_again_all_is_done_from_what_was_there(tmp_path):
    collection = grown(tmp_path / "words", 8)
    before = state(collection)["key"]
    report = collection.run(["shelf"], again=["shelf"])
    assert report.stages[0].reasons == {"asked again": 8}
    assert report.stages[0].note == "asked again"
    assert sorted(places(collection).values()) == list(range(1, 9))
    assert state(collection)["history"] == {"before": before, "asked_again": True}
    assert collection.plan(["shelf"]).nothing_to_do
    assert not collection.run(["shelf"]).stages[0].reasons


def test_with_other_settings_it_begins_anew(tmp_path, log):
    collection = grown(tmp_path / "words", 8)
    log()
    (collection.root / "collection.toml").write_text(SHELVED + "first = 100\n")
    changed = toy.core.Collection(collection.root, toy.pipeline())
    changed.run()
    assert min(places(changed).values()) == 100
    assert len(log()["shelf"]) == 8
    assert "history" not in state(changed)


def test_without_its_files_it_begins_anew(tmp_path):
    collection = grown(tmp_path / "words", 8)
    for path in (collection.root / "artifacts" / "shelf").rglob("*.parquet"):
        path.unlink()
    toy.write_words(collection.root, WORDS)
    collection.run()
    assert "history" not in state(collection)


def test_a_watcher_hears_how_far_a_stage_is(tmp_path):
    class Ear(toy.core.Silent):
        def __init__(self):
            self.heard = []

        def stands(self, group, text):
            self.heard.append((group, text))

    collection = grown(tmp_path / "words", 8)
    toy.write_words(collection.root, WORDS)
    ear = Ear()
    collection.run(progress=ear)
    assert ear.heard == [("shelf", "goes on from 8")]
