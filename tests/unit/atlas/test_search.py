import json

import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.atlas.blocks import BlockFile
from wunderkammer.atlas.finding import WordFile
from wunderkammer.atlas.schemas import SearchField
from wunderkammer.atlas.search import SHARD_BYTES, SearchColumn, write_search
from wunderkammer.atlas.words import words_of


def column(name, texts, kind="text"):
    field = SearchField(column=name, label=name.title(), kind=kind)
    return SearchColumn(field, pa.array(texts, pa.string()))


def entries(folder, index):
    """Return every entry of every shard: word, column, rows."""
    file, n = WordFile(folder, index), BlockFile(folder / index.path, index.blocks)
    shards = range(n.n_rows("shard_word"))
    return [
        (found.word, found.field.column, file.targets(found).tolist(), found.count)
        for shard in shards
        for found in file.shard(shard)
    ]


def true_entries(columns):
    """Return what the entries should be, text by text."""
    rows = {}
    for place, (name, texts) in enumerate(columns.items()):
        for row, text in enumerate(texts):
            for word in set(words_of(text or "")):
                rows.setdefault((word.encode(), place, name), []).append(row)
    return [(word.decode(), name, rows[word, place, name], len(rows[word, place, name]))
            for word, place, name in sorted(rows)]  # fmt: skip


@pytest.fixture(scope="module")
def texts():
    rng = np.random.default_rng(3)
    letters = list("aaabcdeéilmnoprstu øß")
    titles = ["".join(rng.choice(letters, 30)) for _ in range(4_000)]
    places = [None if row % 7 else f"river {row % 50}, Brazil" for row in range(4_000)]
    return {"title": titles, "locality": places}


@pytest.fixture(scope="module")
def index(texts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("search")
    columns = [column(name, values) for name, values in texts.items()]
    return folder, write_search(folder, "texts", columns, grams=True)


def test_every_word_of_every_text_is_in_the_index_with_its_rows_and_no_other(index, texts):
    folder, written = index
    found = entries(folder, written)
    assert found == true_entries(texts)
    assert written.n_words == len({word for word, *_ in found})


def test_a_shard_is_small_and_stands_alone(index):
    folder, written = index
    file = BlockFile(folder / written.path, written.blocks)
    sizes = np.diff(file.read("shard_at").astype(int))
    assert len(sizes) > 3
    assert sizes.max() < SHARD_BYTES + 200
    first = json.loads(file.read("first").tobytes())
    words = WordFile(folder, written)
    assert [next(words.shard(shard)).word for shard in range(len(sizes))] == first
    numbers = [len({one.word for one in words.shard(shard)}) for shard in range(len(sizes))]
    assert file.read("shard_word").tolist() == [0, *np.cumsum(numbers)[:-1]]


def test_short_lists_stand_in_the_entry_and_long_ones_do_not(index):
    folder, written = index
    file = WordFile(folder, written)
    inline = {found.where is None for found in file.beginning("river")}
    assert inline == {False}
    assert all(len(one.inline) <= written.inline_bytes for one in file.shard(0))


def test_columns_without_words_make_no_index(tmp_path):
    empty = [column("title", [None, " - "])]
    assert write_search(tmp_path, "texts", empty, grams=True) is None
    assert list(tmp_path.iterdir()) == []


def test_one_column_may_be_empty(tmp_path):
    columns = [column("title", [None, ""]), column("locality", ["Rio", None])]
    written = write_search(tmp_path, "texts", columns, grams=False)
    assert entries(tmp_path, written) == [("rio", "locality", [0], 1)]
    assert written.n_grams == 0


def test_the_bytes_do_not_depend_on_how_a_column_is_cut(texts, tmp_path):
    whole = column("title", texts["title"])
    parts = SearchColumn(
        whole.field, pa.chunked_array([texts["title"][:99], texts["title"][99:]], pa.string())
    )
    for name, one in (("a", whole), ("b", parts)):
        write_search(tmp_path, name, [one], grams=True)
    assert (tmp_path / "search/a.bin").read_bytes() == (tmp_path / "search/b.bin").read_bytes()
