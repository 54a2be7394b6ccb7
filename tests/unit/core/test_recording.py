"""Records and rejections."""

import pytest

import toy
from toy import WORDS
from wunderkammer.core.errors import SourceError


def test_rows_that_are_no_records_are_counted_and_explained(tmp_path):
    collection = toy.make(tmp_path / "words", [*WORDS, ("", "nameless", "UK"), WORDS[0]])
    report = collection.run(["ingest"])
    assert (report.stages[0].n_done, report.stages[0].n_failed) == (20, 2)
    messages = collection.failures("ingest")["message"].to_pylist()
    assert sorted(messages) == [
        "the name is empty.",
        "two rows describe this medium; the first is kept.",
    ]


def test_a_source_without_a_usable_row_keeps_what_was_there(collection):
    toy.write_words(collection.root, [("", "nameless", "UK")])
    with pytest.raises(SourceError, match="none of 1 rows can be used"):
        collection.run()
    assert collection.query("SELECT count(*) AS n FROM records").to_pylist() == [{"n": 20}]


def test_records_that_vanish_from_the_source_vanish(collection, log):
    log()
    toy.write_words(collection.root, WORDS[1:])
    collection.run()
    assert collection.query("SELECT count(*) AS n FROM media WHERE name = 'n00'").to_pylist() == [
        {"n": 0}
    ]
    log()
    toy.write_words(collection.root, WORDS)
    collection.run()
    assert set(log()) == {"order"}, "rows of a record that comes back are still there"
