"""Files of other tools."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sorting_board import TASK, ids_of, media_of
from wunderkammer.core.errors import SourceError
from wunderkammer.curation.formats import (
    Names,
    image_list,
    labels_json,
    logits_json,
    match,
    read_image_list,
    read_logits,
    read_statements,
    update_json,
)

IDS = ids_of(4)
PAGES = ["1001", "1002", "1003", "1004"]
NAMES = Names(media_of(IDS, PageID=PAGES, original_file=[f"scans/{one}.jpeg" for one in PAGES]))
CLASSES = ("good", "bad", "unsure")


def read(text):
    return match(read_statements(text, TASK, "labels.json"), NAMES)


@given(st.dictionaries(st.sampled_from(IDS), st.sampled_from(CLASSES)))
def test_labels_come_back_from_a_label_file_and_an_update_list(labels):
    for write in (labels_json, update_json):
        found = read(write(labels, TASK, NAMES))
        assert (found.labels, found.unknown) == (labels, ())


def test_a_label_file_is_as_its_inventors_wrote_it():
    text = labels_json({IDS[0]: "good", IDS[2]: "unsure"}, TASK, NAMES)
    assert json.loads(text) == {"1001": 0, "1003": 2}
    assert json.loads(update_json({IDS[1]: "bad"}, TASK, NAMES)) == [["1002", 1]]


@pytest.mark.parametrize("name", [IDS[1], IDS[1].upper(), "1002", "1002.jpeg", "scans/1002.jpeg"])
def test_a_medium_is_known_by_each_of_its_names(name):
    assert NAMES.find(name) == IDS[1]


def test_a_name_that_two_have_means_neither():
    names = Names(media_of(IDS, catalogNumber=["7", "7", "8", None]))
    assert (names.find("7"), names.find("8")) == (None, IDS[2])
    assert names.own(IDS[2]) == IDS[2]


def test_media_without_a_number_of_their_own_go_by_their_file():
    names = Names(media_of(IDS, original_file=["a.jpg", "b.jpg", "c/d.jpg", "e.jpg"]))
    assert [names.own(one) for one in IDS] == ["a", "b", "d", "e"]
    alike = Names(media_of(IDS, original_file=["a.jpg", "b/a.jpg", "c.jpg", "d.jpg"]))
    assert alike.own(IDS[0]) == IDS[0]


def test_unknown_names_are_told_and_the_rest_is_read():
    found = read('{"1001": 0, "9": 1, "1002": 2}')
    assert found.labels == {IDS[0]: "good", IDS[1]: "unsure"}
    assert found.unknown == ("9",)


@pytest.mark.parametrize(
    "text",
    [
        "id,label\n1001,0\n1002,unsure\n",
        "\ufeffmedia_id;label\r\n" + IDS[0] + ";good\r\n1002.jpeg;2\r\n",
        "file\tnote\tclass\n1001.jpeg\t-\tgood\n1002\t-\tunsure\n",
        '[["1001", 0], [1002, "unsure"]]',
    ],
)
def test_tables_say_the_same(text):
    assert read(text).labels == {IDS[0]: "good", IDS[1]: "unsure"}


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('{"1001": -1}', "1001 has the label -1", "slip on the keyboard"),
        ('{"1001": 3}', "label 3", "0 = good, 1 = bad, 2 = not sure"),
        ('{"1001": "god"}', 'label "god"', "'good'"),
        ('{"1001": true}', "label true", "0 = good"),
        ('{"1001": 0.5}', "label 0.5", "0 = good"),
        ('["1001"]', "entry 1", "says nothing of their labels"),
        ('{"1001"', "is no JSON", ""),
        ("name,mark\n1001,0\n", "its columns are name, mark", "a column 'id'"),
    ],
)
def test_what_cannot_be_read_is_refused_whole_with_what_to_do(text, message, hint):
    with pytest.raises(SourceError, match=message) as caught:
        read(text)
    assert hint in caught.value.hint


def test_lists_of_images_come_back():
    text = image_list(IDS[:2], NAMES)
    assert text == "1001\n1002\n"
    assert read_image_list(text) == ["1001", "1002"]
    assert read_image_list('["1001", ["1002", 0]]') == ["1001", "1002"]


def test_logits_come_back():
    logits = np.array([[0.25, -1.5], [2.0, 3.0]])
    text = logits_json(IDS[:2], logits, NAMES)
    assert read_logits(text, TASK, "m.json") == {"1001": (0.25, -1.5), "1002": (2.0, 3.0)}
    for wrong in ('{"1": [1]}', '{"1": [1, NaN]}', '{"1": 3}', "[1]"):
        with pytest.raises(SourceError, match=r"m\.json"):
            read_logits(wrong, TASK, "m.json")
