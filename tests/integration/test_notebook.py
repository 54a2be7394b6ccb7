"""Answers: an Arrow table still, and what a notebook shows of them."""

import base64
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from IPython.core.formatters import DisplayFormatter

from wunderkammer.core.errors import QueryError

SQL = 'SELECT media_id, "scientificName", sex FROM media ORDER BY media_id'


def shown(value):
    """Return what a notebook shows: HTML, and the text beside it."""
    formats, _ = DisplayFormatter().format(value)
    return formats.get("text/html", ""), formats["text/plain"]


def test_an_answer_is_an_arrow_table_still(collection, tmp_path):
    answer = collection.query(SQL)
    table = answer.to_arrow()
    assert isinstance(table, pa.Table)
    assert answer.num_rows == len(answer) == 24
    assert answer.column_names == ["media_id", "scientificName", "sex"]
    assert answer["sex"].to_pylist() == table["sex"].to_pylist()
    assert answer.to_pylist() == table.to_pylist()
    assert answer == table
    assert answer == collection.query(SQL)
    assert answer != collection.query(f"{SQL} LIMIT 3")
    assert pa.table(answer) == table, "through Arrow's C stream"
    assert list(answer.to_pandas()["media_id"]) == table["media_id"].to_pylist()
    assert "to_pydict" in dir(answer)
    pq.write_table(answer.to_arrow(), tmp_path / "one.parquet")
    with pytest.raises(AttributeError, match="no_such"):
        _ = answer.no_such


def test_the_first_rows_are_shown_and_all_are_counted(collection):
    html, text = shown(collection.query(SQL))
    assert html.count("<tr>") == 21
    assert "24 rows, the first 20 shown" in html
    assert text.splitlines()[0].split() == ["media_id", "scientificName", "sex"]
    assert text.endswith("24 rows, the first 10 shown")


def test_a_contact_sheet_holds_the_thumbnails_of_its_media_and_no_address(collection):
    html, text = shown(collection.query(SQL).show(6))
    assert text.startswith("ContactSheet(6 of 24 media")
    pictures = re.findall(
        r'<img loading="lazy" alt="[^"]+" src="data:image/jpeg;base64,(\S+)">', html
    )
    cells = collection.query("SELECT media_id, thumbnail FROM media ORDER BY media_id LIMIT 6")
    wanted = [(collection.root / one).read_bytes() for one in cells["thumbnail"].to_pylist()]
    assert [base64.b64decode(one) for one in pictures] == wanted
    assert "//" not in re.sub(r"base64,\S+", "", html)
    assert "6 of 24 media" in html
    assert collection.query(SQL).to_pylist()[0]["scientificName"] in html


def test_what_a_record_says_is_escaped_on_a_sheet(collection):
    evil = "SELECT media_id, '<b onclick=x>' || chr(34) AS words FROM media LIMIT 1"
    html, _ = shown(collection.query(evil).show())
    assert "<b onclick" not in html
    assert html.count("&lt;b onclick=x&gt;&quot;") == 2, "below it and for who cannot see it"


def test_a_sheet_is_bounded_and_reads_nothing_before_it_is_shown(collection):
    calls = []
    answer = collection.query(SQL)
    many = type(answer)(
        pa.concat_tables([answer.to_arrow()] * 30), lambda ids: calls.append(len(ids)) or {}
    )
    sheet = many.show(10_000)
    assert calls == []
    html, _ = shown(sheet)
    assert calls == [500]
    assert html.count('<span class="none">no picture yet</span>') == 500


def test_a_column_that_is_not_there_is_answered_with_where_to_look(collection):
    with pytest.raises(QueryError) as error:
        collection.query("SELECT colour FROM media")
    advice = error.value.hint.split('"')[1]
    assert "scientificName" in collection.query(advice)["column_name"].to_pylist()


def test_what_cannot_be_shown_says_what_can(collection):
    with pytest.raises(QueryError, match=r"Select media_id too; selected: n\."):
        collection.query("SELECT count(*) AS n FROM media").show()
    with pytest.raises(QueryError, match="no column of the answer is called 'colour'"):
        collection.query(SQL).show(captions=["colour"])


def test_a_collection_its_plan_and_its_failures_are_shown(collection):
    html, text = shown(collection)
    assert "Small cabinet" in html
    assert '<td>image</td><td class="n">24</td>' in html
    assert text.startswith("Collection('Small cabinet'")
    html, _ = shown(collection.plan())
    assert "nothing to do" in html
    assert str(collection.plan()) == "nothing to do"
    html, text = shown(collection.failures())
    assert "<th>hint</th>" in html
    assert text.endswith("0 rows")
