"""Answers are of now, and of one moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest

import toy
from toy import WORDS
from wunderkammer.core import reading
from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import QueryError
from wunderkammer.core.journal import Annotation
from wunderkammer.core.table import Table

N_MEDIA = 24
COUNT = "SELECT count(*) AS n FROM media"
STATED = "SELECT count(*) AS n FROM annotations"


@pytest.fixture
def tables(monkeypatch):
    """Count the tables that are made."""
    made = []

    class Counted(Table):
        def __init__(self, *given):
            super().__init__(*given)
            made.append(self)

    monkeypatch.setattr(reading, "Table", Counted)
    return made


def count(collection, sql=COUNT):
    return collection.query(sql)["n"][0].as_py()


def test_a_query_finds_the_views_of_the_one_before_it(collection, tables):
    assert [count(collection) for _ in range(3)] == [N_MEDIA] * 3
    assert len(tables) == 1


def test_what_was_stated_or_run_meanwhile_is_in_the_next_answer(tmp_path, tables):
    collection = toy.make(tmp_path / "words", WORDS)
    collection.run()
    ids = collection.query("SELECT media_id FROM media")["media_id"].to_pylist()
    assert count(collection, STATED) == 0
    for n, media_id in enumerate(ids[:10], 1):
        elsewhere = Collection(collection.root, toy.pipeline())
        elsewhere.annotate([Annotation(media_id=media_id, term="sex", value="male")])
        assert count(collection, STATED) == n
    n_before = len(tables)
    toy.write_words(collection.root, [*WORDS, ("added", "word", "UK")])
    Collection(collection.root, toy.pipeline()).run()
    assert count(collection) == len(ids) + 1
    assert len(tables) == n_before + 1


def test_a_query_that_cannot_be_answered_spoils_none_after_it(collection, tables):
    for _ in range(2):
        with pytest.raises(QueryError, match="nothing"):
            collection.query("SELECT * FROM nothing")
        assert count(collection) == N_MEDIA


def test_threads_ask_at_once_and_each_gets_an_answer(collection):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: count(collection, f"{COUNT} WHERE {n} >= 0"), range(80)))
    assert answers == [N_MEDIA] * 80
