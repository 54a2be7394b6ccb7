from itertools import product

import pyarrow as pa
import pytest

from wunderkammer.atlas.words import nearly_begins, word_lists, words_of

TEXTS = [
    "Papilio machaon Linnaeus, 1758",
    "ÅNGSTRÖM; Łódź / Gießen; Þingvellir",
    "BMNH(E)1234567|NHMUK010123456",
    "Ἀχιλλεύς Папилио 蝶 İstanbul",
    "  \t",
    "x" * 40,
    "½ ﬁn Ⅻ",
]


@pytest.mark.parametrize("text", TEXTS)
def test_many_texts_are_read_as_one_is(text):
    (found,) = word_lists(pa.array([text])).to_pylist()
    assert [word[:32] for word in found if word] == words_of(text)


def test_letters_are_as_people_type_them():
    assert words_of(TEXTS[1]) == ["angstrom", "lodz", "giessen", "thingvellir"]
    assert words_of(TEXTS[2]) == ["bmnh", "e", "1234567", "nhmuk010123456"]


def test_a_text_that_is_not_there_has_no_words():
    assert [word for word in word_lists(pa.array([None], pa.string())).to_pylist()[0] if word] == []


def distance(a, b):
    """Return the slips between two words: the optimal string alignment, by its recursion."""
    if not a or not b:
        return len(a) + len(b)
    best = min(
        distance(a[1:], b) + 1, distance(a, b[1:]) + 1, distance(a[1:], b[1:]) + (a[0] != b[0])
    )
    if a[:2] == b[1::-1] and len(a) > 1 and len(b) > 1:
        best = min(best, distance(a[2:], b[2:]) + 1)
    return best


def test_a_slip_is_a_distance_of_one_to_some_beginning():
    words = ["".join(letters) for n in range(1, 5) for letters in product("ab", repeat=n)]
    for word, typed in product(words, words):
        true = min(distance(word[:end], typed) for end in range(len(word) + 1)) <= 1
        assert nearly_begins(word, typed) == true, (word, typed)
