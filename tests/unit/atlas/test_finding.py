import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.atlas.columns import ColumnChoice, write_columns
from wunderkammer.atlas.finding import WordFile, find_rows, find_words
from wunderkammer.atlas.schemas import Atlas
from wunderkammer.atlas.words import nearly_begins, words_of

N = 6_000


@pytest.fixture(scope="module")
def records():
    """Return columns of records of some thousand made-up names, people and places."""
    rng = np.random.default_rng(5)
    syllables = ["da", "na", "us", "mor", "pho", "ca", "lo", "thy", "ris", "ze", "ke", "vin"]
    names = ["".join(rng.choice(syllables, 4)).capitalize() for _ in range(1_500)]
    genus = ["Papilio", "Danaus", "Morpho", *names]
    picked = rng.integers(0, len(genus), N)
    return {
        "genus": [genus[one] for one in picked],
        "recordedBy": [
            f"{names[a]}, J. | Søren {names[b]}" for a, b in rng.integers(0, 900, (N, 2))
        ],
        "locality": [f"Río {names[a]} {a % 90} km" for a in rng.integers(0, 1_500, N)],
        "catalogNumber": [f"BM(E){row:07}" for row in range(N)],
    }


@pytest.fixture(scope="module")
def atlas(records, tmp_path_factory):
    folder = tmp_path_factory.mktemp("atlas")
    choice = ColumnChoice(
        dictionaries=("genus", "recordedBy"), texts=("locality",), identifiers=("catalogNumber",)
    )
    written = write_columns(folder, lambda name: pa.array(records[name]), choice)
    return folder, Atlas.model_construct(dictionaries=written.dictionaries, search=written.search)


@pytest.fixture(scope="module")
def words(records):
    """Return the words of each row."""
    return [{word for name in records for word in words_of(records[name][row])} for row in range(N)]


def rows_beginning(words, typed):
    return [row for row, one in enumerate(words) if any(w.startswith(typed) for w in one)]


@pytest.mark.parametrize(
    "typed", ["papilio", "Pap", "MORPHO", "bm", "0004711", "sören", "río", "danaus bm e"]
)
def test_what_is_typed_finds_the_rows_that_have_it(atlas, words, typed):
    wanted = set.intersection(*(set(rows_beginning(words, word)) for word in words_of(typed)))
    assert find_rows(*atlas, typed).tolist() == sorted(wanted)
    assert wanted


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(("papilo", "papilio"), ("papiilio", "papilio"), ("paoilio", "papilio")),
        *(("papliio", "papilio"), ("ppailio", "papilio"), ("apilio", "papilio")),
        *(("qapilio", "papilio"), ("mropho", "morpho")),
    ],
)
def test_one_slip_still_finds_them(atlas, words, typed, meant):
    assert not rows_beginning(words, typed)
    found = find_rows(*atlas, typed)
    assert set(rows_beginning(words, meant)) <= set(found.tolist())
    slips = {row for row, one in enumerate(words) if any(nearly_begins(w, typed) for w in one)}
    assert set(found.tolist()) <= slips


def test_a_slip_late_in_a_word_finds_every_word_that_is_meant(atlas, records):
    folder, index = atlas[0], atlas[1].search.indexes[0]
    known = {word for name in ("genus", "recordedBy") for text in records[name]
             for word in words_of(text)}  # fmt: skip
    rng = np.random.default_rng(0)
    tried = 0
    for word in rng.choice(sorted(known), 150):
        at = int(rng.integers(4, max(5, len(word))))
        typed = word[:at] + "x" + word[at + 1 :]
        if any(one.startswith(typed) for one in known):
            continue
        near = {one for one in known if one[:3] == typed[:3] and nearly_begins(one, typed)}
        found = {one.word for one in find_words(folder, index, typed)}
        assert near <= found
        assert all(nearly_begins(one, typed) for one in found)
        tried += 1
    assert tried > 100


def test_a_word_tells_of_which_column_it_is_and_how_many_have_it(atlas, records):
    folder, index = atlas[0], atlas[1].search.indexes[0]
    (found,) = [one for one in find_words(folder, index, "papilio") if one.word == "papilio"]
    assert (found.field.column, found.field.kind, found.count) == ("genus", "dictionary", 1)
    (value,) = WordFile(folder, index).targets(found)
    assert sorted(set(records["genus"]))[value] == "Papilio"


@pytest.mark.parametrize("typed", ["", " ,;", "zzzzzzzz", "xy", "papilio zzzzzzz"])
def test_what_nothing_is_like_finds_nothing(atlas, typed):
    assert find_rows(*atlas, typed).tolist() == []


def test_an_atlas_without_search_finds_nothing(tmp_path):
    atlas = Atlas.model_construct(dictionaries=[], search=None)
    assert find_rows(tmp_path, atlas, "papilio").tolist() == []
