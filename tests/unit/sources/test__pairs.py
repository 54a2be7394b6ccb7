"""A core and its media: who belongs to whom, and what becomes of every row."""

import io
from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from wunderkammer.core.errors import SourceError
from wunderkammer.core.identity import stable_id
from wunderkammer.sources import Record, _pairs, _text_rows, records_of
from wunderkammer.sources._delimited import Dialect
from wunderkammer.sources._pairs import Filter, Pair, TextColumn, TextTable, read_pair


def table(name, header, rows, **options):
    text = "\n".join([header, *rows]) + "\n"
    names = header.split(",")[1:]
    return TextTable(
        files=((name, lambda: io.BytesIO(text.encode())),),
        dialect=Dialect(),
        columns=tuple(TextColumn(term, n) for n, term in enumerate(names, start=1)),
        id_index=0,
        **options,
    )


def core(*rows, **options):
    return table("core.csv", "_id,order,associatedMedia", rows, **options)


def media(*rows, **options):
    return table("media.csv", "_id,identifier,format,title", rows, **options)


@pytest.fixture
def read(tmp_path):
    def pair(*texts, **rules):
        first, *others = texts
        found = list(records_of(read_pair(Pair("toy", first, tuple(others), **rules), tmp_path)))
        records = [one for one in found if isinstance(one, Record)]
        return records, {one.where: str(one.error) for one in found if one not in records}

    return pair


def test_ids_are_made_of_scheme_specimen_and_the_terms_that_name_a_medium(read):
    (record,), _ = read(core("1,A,"), media("1,http://x/1.jpg,,"), media_id_terms=("identifier",))
    assert record.media_id == stable_id("toy", "1", "http://x/1.jpg")
    assert record.specimen_id == stable_id("toy", "1")
    assert record.terms == {"order": "A", "identifier": "http://x/1.jpg"}


def test_several_media_tables_are_one_and_a_medium_in_both_stands_twice(read):
    other = table("more.csv", "_id,identifier", ["1,http://x/1.jpg", "1,http://x/2.jpg"])
    records, rejected = read(core("1,A,"), media("1,http://x/1.jpg,,"), other)
    assert len(records) == 2
    assert "stands here twice" in rejected["more.csv, row 2"]


def test_what_a_filter_takes_out_is_counted_and_so_is_what_hangs_on_it(read):
    beetles = Filter("core", "the setting taxa = ['B']", lambda t: pc.equal(t["order"], "B"))
    labels = Filter(
        "media", "rule: labels", lambda t: pc.invert(pc.match_substring(t["title"], "_label_"))
    )
    records, left_out = read(
        core("1,B,", "2,C,", "3,B,", "4,B,", "5,,"),
        media(
            "1,http://x/1.jpg,,a", "1,http://x/2.jpg,,a_label_", "2,http://x/3.jpg,,a",
            "3,http://x/4.jpg,,a_label_", "9,http://x/9.jpg,,a", "5,http://x/5.jpg,,",
        ),
        filters=(beetles, labels),
    )  # fmt: skip
    assert [one.terms["identifier"] for one in records] == ["http://x/1.jpg"]
    assert left_out == {
        "media.csv, row 6": "the medium belongs to the row '9', which is not in the core. The "
        "export may be cut off, or a filter took the row out.",
        "core.csv, row 5": "the row '4' has no image: no medium refers to it and no file is named "
        "after it. Nothing to do if it has none. If you have the images, name their folder: "
        "images = '…' under [ingest.source].",
        "core.csv, 1 rows": "their media are left out by rule: labels.",
        "core.csv, 2 rows": "left out by the setting taxa = ['B'].",
        "media.csv, 1 rows": "their specimens are left out by the setting taxa = ['B'].",
        "media.csv, 3 rows": "left out by rule: labels.",
    }


def test_terms_that_have_to_be_computed_come_from_prepare(read):
    def address(rows):
        uri = pc.binary_join_element_wise("http://x/", rows["identifier"], "")
        return rows.append_column("accessURI", uri).drop_columns(["title"])

    (record,), _ = read(core("1,A,"), media("1,77,,a title", prepare=address))
    assert record.access_uri == "http://x/77"
    assert record.media_id == stable_id("toy", "1", "77", "http://x/77")
    assert "title" not in record.terms


def test_addresses_in_the_core_are_media_unless_no_term_is_asked(read):
    rows = ("1,A,http://x/1.jpg | http://x/2.jpg", "2,A,drawer 7")
    records, rejected = read(core(*rows))
    assert sorted(one.access_uri for one in records) == ["http://x/1.jpg", "http://x/2.jpg"]
    assert list(rejected) == ["core.csv, row 3"]


def test_no_term_asked_no_media_of_its_own(read):
    records, rejected = read(core("1,A,http://x/1.jpg"), own_media_terms=())
    assert not records
    assert list(rejected) == ["core.csv, row 2"]


def test_a_medium_that_nothing_names_says_what_it_lacks(read):
    _, rejected = read(core("1,A,"), media("1,,,x"), media_id_terms=("identifier",))
    assert "has no identifier." in rejected["media.csv, row 2"]


def test_a_header_with_fewer_columns_than_spoken_of_is_an_error_of_the_source(read):
    text = core("1,A,")
    wide = TextTable(text.files, text.dialect, (TextColumn("far", 9),), 0)
    with pytest.raises(SourceError, match=r"10 columns of 'core\.csv', whose header has 3"):
        read(wide)


@pytest.mark.parametrize("n_buckets", [1, 5])
def test_many_rows_in_small_pieces_are_all_accounted_for(read, monkeypatch, n_buckets):
    monkeypatch.setattr(_text_rows, "_UNKNOWN_BUCKETS", n_buckets)
    monkeypatch.setattr(_pairs, "_MEDIA_BYTES", 1000)
    monkeypatch.setattr(_pairs, "_ROWS", 16)
    n = 600
    cores = [f"{i},A," for i in range(n)]
    cores[300] = "300,A,,too,many"
    medias = [f"{i % (n + 50)},http://x/{i % 1000}.jpg,,t" for i in range(1300)]
    records, rejected = read(core(*cores), media(*medias))
    owners = Counter(one.specimen_id for one in records)
    assert owners[stable_id("toy", "7")] == 2
    assert len({one.media_id for one in records}) == len(records)
    n_media = sum(where.startswith("media.csv") for where in rejected)
    n_core = sum(where.startswith("core.csv") for where in rejected)
    assert len(records) + n_media == len(medias)
    assert len(owners) + n_core == n
    places = [int(where.rsplit(" ", 1)[1]) for where in rejected if where.startswith("media")]
    assert places == sorted(places)


def test_columns_without_a_value_are_null_throughout(tmp_path):
    found = read_pair(Pair("toy", core("1,A,"), (media("1,http://x/1.jpg,,"),)), tmp_path)
    tables = [one for one in found if isinstance(one, pa.Table)]
    assert all(one["title"].null_count == one.num_rows for one in tables)
    assert {str(field.type) for one in tables for field in one.schema} == {"string"}
