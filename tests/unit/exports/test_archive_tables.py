"""Tables of an archive: what is written is read again, cell by cell."""

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from wunderkammer.exports.archive_tables import ArchiveTable, write_meta
from wunderkammer.sources import Record
from wunderkammer.sources.dwca import DwcaSource
from wunderkammer.vocab import term_addresses as addresses

CORE = {name: addresses.occurrence_address(name) for name in ("scientificName", "locality")}
MEDIA = {"accessURI": addresses.medium_address("accessURI")}
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20)


def archive(folder, rows):
    with (
        ArchiveTable(folder, "occurrence.txt", addresses.OCCURRENCE, CORE) as core,
        ArchiveTable(folder, "multimedia.txt", addresses.MULTIMEDIA, MEDIA) as media,
        ArchiveTable(folder, "empty.txt", addresses.IDENTIFICATION, CORE) as empty,
    ):
        for number, cells in enumerate(rows):
            core.write(f"id {number}", dict(zip(CORE, cells, strict=True)))
            media.write(f"id {number}", {"accessURI": f"https://x.org/{number}.jpg"})
    write_meta(folder, core, [media, empty])


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4))
def test_any_text_is_read_again_by_our_source(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("archive")
    archive(folder, rows)
    records = [one for one in DwcaSource(path=folder).records() if isinstance(one, Record)]
    assert len(records) == len(rows)
    for record, cells in zip(records, rows, strict=True):
        for name, text in zip(CORE, cells, strict=True):
            assert record.terms.get(name, "").strip() == text.strip()


def test_a_tab_or_line_end_in_a_cell_becomes_a_blank(tmp_path):
    archive(tmp_path, [("a\tb", "c\r\nd\u2028e")])
    [_, line] = (tmp_path / "occurrence.txt").read_text("utf-8").splitlines()
    assert line == "id 0\ta b\tc d e"


def test_a_table_without_rows_is_neither_there_nor_described(tmp_path):
    archive(tmp_path, [("a", "b")])
    assert {path.name for path in tmp_path.iterdir()} == {
        "meta.xml", "multimedia.txt", "occurrence.txt",
    }  # fmt: skip
    described = ET.parse(tmp_path / "meta.xml").getroot()
    kinds = [part.get("rowType") for part in described]
    assert kinds == [addresses.OCCURRENCE, addresses.MULTIMEDIA]
