"""Answers by themselves; tests/integration/test_notebook.py shows those of a collection."""

import pyarrow as pa
import pytest

from wunderkammer.core.answer import Answer
from wunderkammer.core.errors import QueryError

TABLE = pa.table({"media_id": ["a", "b", "c"], "n": [1, 20_000, None], "word": ["x", None, "z"]})


def answer(**files):
    return Answer(TABLE, lambda ids: {one: files[one] for one in ids if one in files})


def test_text_is_aligned_and_short():
    assert repr(answer()).splitlines() == [
        "media_id  n       word",
        "a         1       x",
        "b         20,000",
        "c                 z",
        "3 rows",
    ]
    assert repr(answer()[:1]).endswith("1 row")


def test_pictures_that_are_gone_leave_a_place_with_words(tmp_path):
    (tmp_path / "a.png").write_bytes(b"picture")
    sheet = answer(a=tmp_path / "a.png", b=tmp_path / "gone.jpg").show(2)
    html = sheet._repr_html_()
    assert html.count("data:image/png;base64,cGljdHVyZQ==") == 1
    assert html.count("no picture yet") == 1
    assert "2 of 3 media" in html


def test_captions_are_chosen():
    html = answer().show(captions=["word"])._repr_html_()
    assert "<figcaption>x</figcaption>" in html
    assert "<figcaption>b</figcaption>" in html, "where it is empty, the medium is named"
    with pytest.raises(QueryError):
        answer().show(captions=["colour"])
