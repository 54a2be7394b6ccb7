import random
import zipfile
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wunderkammer.core.errors import ConfigurationError, SourceError
from wunderkammer.core.settings import build
from wunderkammer.sources import Record
from wunderkammer.sources.bhl import BhlSource
from wunderkammer.testing.fake_archive import ONE_PIXEL
from wunderkammer.testing.library import PAGE_COLUMNS, write_tabs
from wunderkammer.testing.library_makers import page_row


@pytest.fixture
def pages(tmp_path):
    """Write a page table and return its source."""

    def write(rows, header=PAGE_COLUMNS, **chosen):
        return BhlSource(path=write_tabs(tmp_path / "page.txt", header, rows), **chosen)

    return write


def read(source):
    """Return the records by page id, and what was rejected by where."""
    found = list(source.records())
    records = {one.terms["PageID"]: one for one in found if isinstance(one, Record)}
    return records, {one.where: one.error for one in found if not isinstance(one, Record)}


@pytest.mark.parametrize(
    ("prefix", "page_type", "kept"),
    [
        ("Plate", "Illustration", True),
        ("PLATE XII", "Drawing", True),
        ("Text-fig.", "Drawing", True),
        ("Pl. ", "Illustration", True),
        ("Pl 4", "Illustration", True),
        ("Pl.", "Illustration", True),
        ("Pl", "Illustration", False),
        ("Page", "Illustration", False),
        ("", "Illustration", False),
        ("Plate", "Map", False),
        ("Plate", "Illustrations", False),
    ],
)
def test_a_row_passes_by_page_type_and_prefix(pages, prefix, page_type, kept):
    # a trailing blank counts ("Pl " is a plate), so it must survive the reading
    records, rejected = read(pages([page_row(12, prefix, page_type)]))
    assert set(records) == ({"12"} if kept else set())
    assert len(rejected) == (0 if kept else 1)


def test_a_page_with_a_row_that_fails_is_dropped_wherever_that_row_stands(pages):
    rows = [
        page_row(1, "Plate", "Illustration"),
        page_row(2, "Plate", "Illustration"),
        page_row(3, "Plate", "Drawing"),
        page_row(2, "Plate", "Map"),
        page_row(3, "Fig.", "Illustration"),
        page_row(1, "Page", "Illustration"),
    ]
    records, rejected = read(pages(rows))
    assert set(records) == {"3"}
    assert records["3"].terms["PagePrefix"] == "Fig. | Plate"
    assert records["3"].terms["PageTypeName"] == "Drawing | Illustration"
    assert set(rejected) == {"page.txt, 2 rows"}  # two fail, and two are taken out with them
    assert "exclusive = true" in rejected["page.txt, 2 rows"].message
    records, rejected = read(pages(rows, exclusive=False))
    assert set(records) == {"1", "2", "3"}
    assert list(rejected) == ["page.txt, 2 rows"]


def test_the_words_are_settings(pages):
    rows = [page_row(1, "Tafel", "Abbildung"), page_row(2, "Plate", "Illustration")]
    assert set(read(pages(rows, page_types=["Abbildung"], prefixes=["taf"]))[0]) == {"1"}
    assert set(read(pages(rows, page_types=["Abbildung"], prefixes=[""]))[0]) == {"1"}


def test_if_no_page_passes_the_page_types_that_there_are_are_named(pages):
    records, rejected = read(pages([page_row(1, "Tafel", "Abbildung")]))
    [error] = rejected.values()
    assert not records
    assert "one of 'Illustration', 'Drawing'" in error.message
    assert "'Abbildung'" in error.hint


def test_columns_are_found_by_name_in_any_order(tmp_path):
    header = ("Page Type Name", "New column", "pageprefix", "PAGEID")
    path = write_tabs(tmp_path / "page.txt", header, [("Drawing", "x", "Plate", "5")], mark=False)
    records, _ = read(BhlSource(path=path))
    assert records["5"].terms["New column"] == "x"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (("PageID", "PagePrefx", "PageTypeName"), "no column 'PagePrefix'.*mean 'PagePrefx'"),
        (("PageID,PagePrefix,PageTypeName", "x"), "no column 'PageID'.*Known: PageID,PagePrefix"),
    ],
)
def test_a_column_that_is_missing_is_named_with_the_nearest(pages, header, message):
    with pytest.raises(SourceError, match=f"(?s){message}"):
        list(pages([], header=header).records())


def test_rows_that_cannot_be_read_are_shown(pages):
    rows = [
        page_row(1, "Plate", "Illustration"),
        ("2", "77", "short"),
        page_row("12a", "Plate", "Illustration"),
        page_row(1 << 31, "Plate", "Illustration"),
    ]
    found = [one for one in pages(rows).records() if not isinstance(one, Record)]
    said = " ".join(one.error.message for one in found)
    assert len(found) == 3
    assert "'2 | 77 | short' has 3 cells, the header has 9" in said
    assert "'12a' is no page id" in said
    assert "'2147483648' is no page id" in said


def test_of_many_bad_rows_a_thousand_are_shown_and_the_rest_counted(pages):
    found = list(pages([("x",)] * 1500).records())
    assert len(found) == 1001
    assert found[-1].where == "page.txt, 500 rows"


def test_bytes_that_are_no_utf_8_are_read_as_windows_1252(tmp_path):
    row = "\t".join(page_row(3, "Plate", "Drawing", item="Käfer")).encode("cp1252")
    (tmp_path / "page.txt").write_bytes("\t".join(PAGE_COLUMNS).encode() + b"\n" + row)
    records, _ = read(BhlSource(path=tmp_path / "page.txt"))
    assert records["3"].terms["ItemID"] == "Käfer"


def test_file_folder_and_zip_give_the_same(pages, tmp_path):
    by_file = read(pages([page_row(7, "Plate", "Drawing")]))[0]
    by_folder = read(BhlSource(path=tmp_path))[0]
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        archive.write(tmp_path / "page.txt", "Data/page.txt")
    by_zip = BhlSource(path=tmp_path / "data.zip")
    assert by_file == by_folder == read(by_zip)[0] != {}
    assert by_zip.inputs() == [tmp_path / "data.zip"]


def test_a_folder_or_zip_without_a_page_table_says_so(tmp_path):
    (tmp_path / "pages.txt").write_text("x")
    with pytest.raises(SourceError, match=r"holds no 'page[.]txt'") as caught:
        list(BhlSource(path=tmp_path).records())
    assert "pages.txt" in caught.value.hint
    (tmp_path / "data.zip").write_bytes(b"PK no zip")
    with pytest.raises(SourceError, match="zip without its end"):
        list(BhlSource(path=tmp_path / "data.zip").records())


ITEMS = (
    "ItemID",
    "TitleID",
    "Year",
    "VolumeInfo",
    "HoldingInstitution",
    "RightsStatus",
    "LicenseUrl",
)


def test_the_book_of_a_page_is_joined(pages, tmp_path):
    rows = [page_row(n, "Plate", "Drawing", item=item) for n, item in enumerate((1, 2, 3, 9))]
    source = pages(rows)
    license_link = '<a href="http://creativecommons.org/licenses/by/4.0/" rel="x">CC</a>'
    write_tabs(
        tmp_path / "item.txt",
        ITEMS,
        [
            ("1", "10", "1895", "v.1", "Library A", "In copyright.", license_link),
            ("2", "10", "", "v.2", "Library B", "Public domain. No longer protected.", ""),
            ("3", "11", "", "", "Library C", "Not provided. Contact the library.", ""),
        ],
    )
    titles = [("10", "A history of moths", "On moths", "1890"), ("11", "Flora", "", "1801")]
    write_tabs(tmp_path / "title.txt", ("TitleID", "FullTitle", "ShortTitle", "StartYear"), titles)
    names = [("10", "Merian, M. S."), ("10", "Abbot, John"), ("10", "Abbot, John")]
    write_tabs(tmp_path / "creator.txt", ("TitleID", "CreatorName"), names)
    records, _ = read(source)
    first, second, third, unknown = (records[str(n)].terms for n in range(4))
    assert first["title"] == "A history of moths"
    assert first["creator"] == "Abbot, John | Merian, M. S."
    assert first["date"] == "1896"  # the page's own year
    assert first["item_Year"] == "1895"
    assert first["license"] == "http://creativecommons.org/licenses/by/4.0/"
    assert first["rightsHolder"] == "Library A"
    assert second["license"] == "Public domain"
    assert second["RightsStatus"] == "Public domain. No longer protected."
    assert third["license"] == "Not provided. Contact the library."
    assert "creator" not in third
    assert "title" not in unknown
    assert unknown["PagePrefix"] == "Plate"
    assert [path.name for path in source.inputs()] == [
        "page.txt", "item.txt", "title.txt", "creator.txt"
    ]  # fmt: skip


def test_a_book_table_without_its_key_is_refused(pages, tmp_path):
    source = pages([page_row(1, "Plate", "Drawing")])
    write_tabs(tmp_path / "item.txt", ("Item", "Year"), [("1", "1890")])
    with pytest.raises(SourceError, match=r"item[.]txt has no column 'ItemID'"):
        list(source.records())


def test_a_list_gives_the_same_media_as_the_table(pages, tmp_path):
    from_table, _ = read(pages([page_row(4_000_123, "Plate", "Drawing")]))
    (tmp_path / "ids.txt").write_text("4000123")
    from_list, rejected = read(BhlSource(path=tmp_path / "ids.txt"))
    one, other = from_table["4000123"], from_list["4000123"]
    assert not rejected
    assert one.media_id == other.media_id
    assert one.access_uri == other.access_uri
    assert one.access_uri == "https://www.biodiversitylibrary.org/pageimage/4000123"
    assert other.terms["references"] == "https://www.biodiversitylibrary.org/page/4000123"


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_no_id_of_a_long_list_is_lost(tmp_path, end):
    ids = random.Random(3).sample(range(10_000_000), 112_501)
    (tmp_path / "ids.txt").write_text("\n".join(map(str, ids)) + end, newline="")
    found = list(BhlSource(path=tmp_path / "ids.txt").records())
    assert [one.terms["PageID"] for one in found] == [str(one) for one in ids]


def test_blank_lines_doubles_and_words_in_a_list_are_explained(tmp_path):
    lines = ["PageID", "11", "", "12", "11", "cover", "https://x.org/pageimage/13"]
    (tmp_path / "ids.txt").write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    records, rejected = read(BhlSource(path=tmp_path / "ids.txt"))
    assert list(records) == ["11", "12", "13"]
    said = {where: error.message for where, error in rejected.items()}
    assert said["ids.txt, row 3"] == "the line is empty."
    assert "stands in an earlier line" in said["ids.txt, row 5"]
    assert "'cover' is no page id" in said["ids.txt, row 6"]
    assert len(said) == 3


@pytest.mark.parametrize(
    ("start", "maximum", "taken", "left_out"),
    [
        (0, None, range(20_000), {}),
        (0, 19_999, range(19_999), {"ids.txt, 1 pages": "maximum = 19999"}),
        (0, 20_001, range(20_000), {}),
        (19_999, None, [19_999], {"ids.txt, 19,999 pages": "start = 19999"}),
        (8_000, 3_000, range(8_000, 11_000), {"ids.txt, 8,000 pages": "start = 8000",
                                            "ids.txt, 9,000 pages": "maximum = 3000"}),
        (30_000, 5, [], {"ids.txt, 20,000 pages": "start = 30000"}),
    ],
)  # fmt: skip
def test_start_and_maximum_cut_a_list_and_count_the_rest(tmp_path, start, maximum, taken, left_out):
    (tmp_path / "ids.txt").write_text("\n".join(map(str, range(20_000))))
    records, rejected = read(BhlSource(path=tmp_path / "ids.txt", start=start, maximum=maximum))
    assert list(records) == [str(n) for n in taken]
    assert {where: error.message for where, error in rejected.items()} == {
        where: f"left out by the setting {why}." for where, why in left_out.items()
    }


def test_start_and_maximum_take_a_table_in_the_order_of_its_pages(pages):
    rows = [page_row(n, "Plate", "Drawing") for n in (9, 3, 7, 5)]
    assert list(read(pages(rows, start=1, maximum=2))[0]) == ["5", "7"]


def test_images_that_are_here_are_found_by_their_page(tmp_path):
    (tmp_path / "ids.txt").write_text("1\n2\n3")
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "1.jpeg").write_bytes(ONE_PIXEL)
    (tmp_path / "images" / "3.png").write_bytes(ONE_PIXEL)
    records, _ = read(BhlSource(path=tmp_path / "ids.txt", images=tmp_path / "images"))
    assert [one.original_file for one in records.values()] == ["1.jpeg", "", "3.png"]


def test_addresses_are_templates(tmp_path):
    (tmp_path / "ids.txt").write_text("5")
    source = BhlSource(path=tmp_path / "ids.txt", image_url="https://x.org/{id}.jp2")
    assert read(source)[0]["5"].access_uri == "https://x.org/5.jp2"
    with pytest.raises(ConfigurationError, match=r"must hold \{id\}"):
        build(BhlSource, {"path": tmp_path, "link": "https://x.org/"}, where="[source]")


def test_tens_of_thousands_of_pages_in_any_order_come_once_and_sorted(pages):
    numbers = random.Random(5).sample(range(3_000_000), 40_000)
    rows = [page_row(n, "Plate", "Drawing") for n in numbers]
    rows += [page_row(n, "Plate", "Illustration") for n in numbers[:9_000]]
    records, rejected = read(pages(rows))
    assert not rejected
    assert list(records) == [str(n) for n in sorted(numbers)]
    n_joined = sum("|" in one.terms["PageTypeName"] for one in records.values())
    assert n_joined == 9_000


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 6),
            st.sampled_from(["Plate", "pl. 3", "Page", ""]),
            st.sampled_from(["Illustration", "Drawing", "Text", ""]),
        ),
        max_size=30,
    ),
    exclusive=st.booleans(),
)
def test_pages_are_those_of_the_rule_told_with_sets(tmp_path, rows, exclusive):
    said = defaultdict(set)
    for page, prefix, page_type in rows:
        said[page].add(prefix.lower()[:2] == "pl" and page_type in {"Illustration", "Drawing"})
    wanted = {
        str(n) for n, some in said.items() if True in some and not (exclusive and False in some)
    }
    path = write_tabs(tmp_path / "page.txt", PAGE_COLUMNS, [page_row(*row) for row in rows])
    records, rejected = read(BhlSource(path=path, exclusive=exclusive))
    assert set(records) == wanted
    assert bool(rejected) == (any(False in some for some in said.values()))


def test_a_page_table_and_a_list_are_recognised_and_other_tables_not(pages, tmp_path):
    pages([page_row(1, "Plate", "Drawing")])
    (tmp_path / "ids.txt").write_text("1\n\nhttps://x.org/page/2\n3")
    (tmp_path / "other.txt").write_text("id\tname\n1\tx\n")
    (tmp_path / "empty").mkdir()
    (tmp_path / "no.zip").write_bytes(b"no zip")
    known = [path.name for path in sorted(tmp_path.iterdir()) if BhlSource.recognises(path)]
    assert known == ["ids.txt", "page.txt"]
    assert BhlSource.recognises(tmp_path)
    assert not BhlSource.recognises(tmp_path / "nowhere")


def test_an_empty_page_table_gives_nothing(tmp_path):
    path = write_tabs(tmp_path / "page.txt", PAGE_COLUMNS, [])
    assert list(BhlSource(path=path).records()) == []


def test_a_row_of_another_width_that_is_no_utf8_costs_itself_alone(tmp_path):
    rows = [page_row(n, "Plate", "Illustration") for n in (1, 2)]
    path = write_tabs(tmp_path / "page.txt", PAGE_COLUMNS, rows)
    path.write_bytes(path.read_bytes() + b"3\t77\tf\xfcnf\r\n" + b"4\t77\t3\t1896\tB\xe4nde\t\tPl")
    path.write_bytes(path.read_bytes() + b"ate\tIV\tIllustration\r\n")
    records, rejected = read(BhlSource(path=path))
    assert sorted(records) == ["1", "2", "4"]
    assert records["4"].terms["Volume"] == "B\xe4nde"
    assert "'3 | 77 | f\xfcnf' has 3 cells" in rejected["page.txt"].message
