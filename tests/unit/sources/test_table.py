import csv
import re
from datetime import UTC, date, datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wunderkammer.core.errors import ConfigurationError, SourceError
from wunderkammer.core.settings import build
from wunderkammer.sources import Record, Rejected
from wunderkammer.sources.table import TableSource
from wunderkammer.testing.archives import ONE_PIXEL


@pytest.fixture
def table(tmp_path):
    def write(text, name="t.csv", encoding="utf-8", **settings):
        (tmp_path / name).write_bytes(text.encode(encoding))
        return TableSource(path=tmp_path / name, **settings)

    return write


def records(source):
    found = list(source.records())
    assert all(isinstance(one, Record) for one in found), found
    return found


def write_images(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(ONE_PIXEL)


def test_values_stay_text_exactly_as_written(table):
    (one,) = records(table('file,Year,No,Note\na.jpg,1984,0042," x, ""y"" "\n'))
    assert one.terms == {"file": "a.jpg", "year": "1984", "No": "0042", "Note": ' x, "y" '}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac_roman"]
)
def test_encodings_are_found(table, encoding):
    text = "file;Collector;Place\na.jpg;Müller, Ö.;São Paulo\nb.jpg;Ångström;Málaga, Çeşme\n"
    text = text.replace("ş", "s")
    first, second = records(table(text, encoding=encoding))
    assert first.terms["recordedBy"] == "Müller, Ö."
    assert second.terms["Place"] == "Málaga, Çesme"


def test_stray_bytes_of_windows_in_utf_8_are_read_as_such(tmp_path):
    text = "file,Place\n" + "".join(f"{n}.jpg,Köln Zürich\n" for n in range(9))
    (tmp_path / "t.csv").write_bytes(text.encode() + b"x.jpg,M\xfcnchen\n")
    places = [one.terms["Place"] for one in records(TableSource(path=tmp_path / "t.csv"))]
    assert places == ["Köln Zürich"] * 9 + ["München"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(table, delimiter):
    text = "file,Name,x\na.jpg,A b,1\nb.jpg,C d,2\n".replace(",", delimiter)
    assert [one.terms["Name"] for one in records(table(text))] == ["A b", "C d"]


def test_quotation_marks_in_a_tab_table_are_text_unless_they_pair(table):
    text = 'file\tName\na.jpg\t"betta" splendens\nb.jpg\tx\n'
    assert records(table(text))[0].terms["Name"] == '"betta" splendens'
    text = 'file\tName\na.jpg\t"two\nlines"\nb.jpg\tx\n'
    assert records(table(text, name="u.tsv"))[0].terms["Name"] == "two\nlines"


def test_rows_of_the_wrong_width_and_stray_quotes_are_rejected_with_their_row(table):
    text = 'file,Name\na.jpg,A\nb.jpg,B,C\nc.jpg\nd.jpg,"x"y\ne.jpg,E\n'
    found = list(table(text).records())
    bad = {one.where: one.error.message for one in found if isinstance(one, Rejected)}
    assert bad.keys() == {"t.csv, row 3", "t.csv, row 4", "t.csv, row 5"}
    assert "3 cells, the header has 2" in bad["t.csv, row 3"]
    assert "1 cells" in bad["t.csv, row 4"]
    assert "quotation mark" in bad["t.csv, row 5"]
    assert len(found) == 5


def test_a_quote_that_is_never_closed_says_how_much_it_swallowed(table):
    found = list(table('file,Name\na.jpg,A\nb.jpg,"B\nc.jpg,C\n').records())
    assert isinstance(found[0], Record)
    assert "opened on line 3 is never closed; 2 lines" in found[1].error.message


def test_the_column_of_files_is_found_by_what_exists(table, tmp_path):
    write_images(tmp_path / "images", "sub/one.gif", "two.gif")
    text = "thumb,scan\nx.png,one.gif\ny.png,TWO.gif\n"
    found = records(table(text, images=tmp_path / "images"))
    assert [one.original_file for one in found] == ["sub/one.gif", "two.gif"]


def test_files_may_be_named_without_ending_or_with_a_foreign_path(table, tmp_path):
    write_images(tmp_path / "images", "K1.gif", "K2.gif")
    text = "catalogNumber,Picture\nA,K1\nB,C:\\scans\\K2.gif\n"
    found = records(table(text, images=tmp_path / "images", file_column="Picture"))
    assert [one.original_file for one in found] == ["K1.gif", "K2.gif"]


def test_addresses_are_found_and_pages_are_not_images(table):
    text = "Filename,Id,Url,Photo link\n,1,http://x.org/items/1,http://x.org/1.jpg\n"
    (one,) = records(table(text))
    assert one.access_uri == "http://x.org/1.jpg" == one.terms["accessURI"]
    text = "file,Url\na.jpg,http://x.org/items/1\n"
    (one,) = records(table(text, name="u.csv"))
    assert (one.original_file, one.access_uri) == ("a.jpg", "")
    text = "Id,Url\n1,https://media.x.org/1\n"
    (one,) = records(table(text, name="v.csv"))
    assert one.access_uri == "https://media.x.org/1"


def test_templates_take_several_columns_and_encode_addresses(table):
    text = "file,Id,Name,Year\na.jpg,A 1/ü,Map,1984\nb.jpg,B2,Globe,\n"
    source = table(
        text,
        title="{Name} ({Year})",
        link="http://x.org/{Id}/{Year}/",
        image_url="https://x.org/{Id}/{Name}.jpg",
    )
    first, second = records(source)
    assert first.terms["title"] == "Map (1984)"
    assert first.terms["references"] == "http://x.org/A%201/%C3%BC/1984/"
    assert first.access_uri == "https://x.org/A%201/%C3%BC/Map.jpg"
    assert second.terms["title"] == "Globe"
    assert "references" not in second.terms


def test_the_page_may_be_called_url(table):
    source = table("file,Id\na.jpg,7\n", url="http://x.org/{Id}/")
    assert records(source)[0].terms["references"] == "http://x.org/7/"
    assert "link" in source.settings()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"title": "{Nmae}"}, "no column 'Nmae'.*Did you mean 'Name'"),
        ({"image_url": "http://x/{Idd}"}, "image_url.*no column 'Idd'.*Did you mean 'Id'"),
        ({"file_column": "Fille"}, "file_column.*Did you mean 'file'"),
        ({"id_column": "identity"}, "id_column.*no column 'identity'"),
        ({"columns": {"Nme": "title"}}, "columns.*Did you mean 'Name'"),
    ],
)
def test_a_column_that_is_not_there_is_named_with_the_nearest(table, settings, message):
    with pytest.raises(ConfigurationError) as caught:
        list(table("file,Id,Name\na.jpg,1,A\n", **settings).records())
    assert re.search(message, str(caught.value))


def test_an_encoding_that_nobody_knows_is_refused(table):
    source = table("file,Id\na.jpg,1\n").model_copy(update={"encoding": "utf-9"})
    with pytest.raises(ConfigurationError, match="encoding = 'utf-9'"):
        list(source.records())


def test_a_mapping_to_no_term_is_refused(tmp_path):
    values = {"path": tmp_path, "columns": {"Subjects": "subjekt"}}
    with pytest.raises(ConfigurationError, match="no term is called 'subjekt'"):
        build(TableSource, values, where="[source]")


def test_columns_become_terms_as_stated_then_by_header_and_none_is_lost(table):
    text = "file,Topics,Title,Caption text,Title (old),sex,Sex \na.jpg,a|b,T,C,O,f,m\n"
    source = table(text, columns={"Topics": "subject", "Title (old)": "title"})
    (one,) = records(source)
    assert one.terms == {
        "file": "a.jpg",
        "subject": "a|b",
        "title": "O",
        "Title_2": "T",
        "Caption text": "C",
        "sex": "f",
        "Sex_2": "m",
    }


def test_a_table_that_names_no_image_says_which_columns_it_has(table):
    with pytest.raises(ConfigurationError, match="Name, Year") as caught:
        list(table("Name,Year\nA,1984\n").records())
    assert "file_column" in caught.value.hint


def test_the_same_id_with_other_images_is_one_specimen_with_several_media(table):
    text = "file,occurrenceID\na.jpg,X\nb.jpg,X\nc.jpg,Y\n"
    a, b, c = records(table(text))
    assert a.specimen_id == b.specimen_id != c.specimen_id
    assert len({a.media_id, b.media_id, c.media_id}) == 3


def test_catalogue_numbers_of_two_institutions_are_two_specimens(table):
    text = "file,institutionCode,catalogNumber\na.jpg,AM,1\nb.jpg,YPM,1\n"
    a, b = records(table(text))
    assert a.specimen_id != b.specimen_id


def test_the_id_of_a_medium_does_not_depend_on_whether_its_file_is_here(table, tmp_path):
    text = "file,Name\nsub/a.gif,A\n"
    (away,) = records(table(text))
    write_images(tmp_path / "images", "sub/a.gif")
    (here,) = records(table(text, images=tmp_path / "images"))
    assert away.media_id == here.media_id
    assert away.original_file == here.original_file == "sub/a.gif"


def test_several_images_in_a_cell_are_several_records(table):
    found = records(table("file,Id\na.jpg|b.jpg,1\nc.jpg,2\n"))
    assert [one.original_file for one in found] == ["a.jpg", "b.jpg", "c.jpg"]
    assert found[0].specimen_id == found[1].specimen_id
    assert found[0].terms["file"] == "a.jpg|b.jpg"


def test_a_row_on_an_image_described_before_is_rejected_or_merged(table):
    text = "file,Part,sex\na.jpg,head,f\na.jpg,wing,f\n"
    first, second = table(text).records()
    assert isinstance(first, Record)
    assert second.where == "t.csv, row 3"
    assert "already" in second.error.message
    (one,) = records(table(text, repeated="merge"))
    assert one.terms == {"file": "a.jpg", "Part": "head | wing", "sex": "f"}


@pytest.mark.parametrize("name", ["../secret.gif", "/etc/secret.gif"])
def test_files_outside_the_images_folder_are_rejected(table, name):
    (one,) = table(f"file,Id\n{name},1\n", file_column="file").records()
    assert "outside the images folder" in one.error.message


def test_a_folder_of_tables_describes_the_images_named_alike(tmp_path):
    write_images(tmp_path / "images", "K1.gif", "K2.gif")
    for name, sex in (("K1", "male"), ("K2", "female")):
        (tmp_path / "tables").mkdir(exist_ok=True)
        (tmp_path / "tables" / f"{name}.csv").write_text(f"dwc:sex,x\n{sex},1\n")
    source = TableSource(path=tmp_path / "tables", images=tmp_path / "images")
    found = [(one.original_file, one.terms["sex"]) for one in records(source)]
    assert found == [("K1.gif", "male"), ("K2.gif", "female")]
    assert len(source.inputs()) == 2


def test_workbooks_are_read_as_people_see_them(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["file", "Number", "Day", "When", "Weight", "Yes", None])
    book.active.append(
        ["a.jpg", 42, date(1979, 2, 3), datetime(1979, 2, 3, 10, 30), 2.5, True]  # noqa: DTZ001
    )
    book.active.append([])
    book.active.append(["b.jpg", 1984.0])
    book.active["B2"].number_format = "00000"
    book.create_sheet("other").append(["x"])
    book.save(tmp_path / "t.xlsx")
    first, second = records(TableSource(path=tmp_path / "t.xlsx"))
    assert first.terms == {
        "file": "a.jpg",
        "Number": "00042",
        "day": "1979-02-03",
        "When": "1979-02-03T10:30:00",
        "Weight": "2.5",
        "Yes": "true",
    }
    assert second.terms == {"file": "b.jpg", "Number": "1984"}
    with pytest.raises(ConfigurationError, match="Did you mean 'other'"):
        list(TableSource(path=tmp_path / "t.xlsx", sheet="othr").records())


def test_what_stands_above_the_header_is_passed_over(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Inventory"], ["changed", "12.3."], [], ["No", "Photo", "Sex", "Place", "Day"]):
        book.active.append(row)
    book.active.append([1, "a.jpg", "male", None, 1901])
    book.active.append([2, "b.jpg", "female", "Ulm", 1902])
    book.active.append([3, "c.jpg", "female", "Ulm", 1903])
    book.active.append(["Total", None])
    book.save(tmp_path / "t.xlsx")
    first, second, _, total = TableSource(path=tmp_path / "t.xlsx").records()
    assert first.terms == {"No": "1", "Photo": "a.jpg", "sex": "male", "day": "1901"}
    assert second.terms["sex"] == "female"
    assert total.where == "t.xlsx, row 8"  # counted as the spreadsheet counts, blank rows too


def test_a_title_above_a_text_table_is_passed_over(table):
    rows = "Inventory,,,\nfile,sex,n,x\na.jpg,male,1,1\nb.jpg,,2,\n"
    first, second = records(table(rows))
    assert (first.terms["sex"], second.original_file) == ("male", "b.jpg")


def test_a_sparse_table_keeps_its_header(table):
    (one, two) = records(table("file,a,b,c,d\na.jpg,,,,\nb.jpg,1,2,3,4\n"))
    assert two.terms == {"file": "b.jpg", "a": "1", "b": "2", "c": "3", "d": "4"}
    assert one.terms == {"file": "a.jpg"}


def test_a_workbook_without_images_names_its_sheets(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    book.active.append(["see", "the next sheet"])
    book.active.append(["x", "y"])
    book.create_sheet("Moths").append(["file"])
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(ConfigurationError, match="sheet 'Read me', names images") as refused:
        list(TableSource(path=tmp_path / "t.xlsx").records())
    assert refused.value.hint.endswith("or sheet to one of Moths.")


def test_parquet_is_read_as_text(tmp_path):
    moment = datetime(1979, 2, 3, tzinfo=UTC)
    columns = {
        "file": ["a.jpg", "b.jpg"],
        "n": [1, None],
        "year": [1984.0, float("nan")],
        "subject": [["x", "y"], []],
        "at": [moment, None],
    }
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    first, second = records(TableSource(path=tmp_path / "t.parquet"))
    at = "1979-02-03T00:00:00+00:00"
    assert first.terms == {"file": "a.jpg", "n": "1", "year": "1984", "subject": "x|y", "at": at}
    assert second.terms == {"file": "b.jpg"}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.csv", b"", "empty"),
        ("t.csv", b"PK\x03\x04rest", "not text"),
        ("t.xlsx", b"no workbook", "Excel"),
        ("t.parquet", b"no parquet at all", "Parquet"),
        ("t.xls", b"\xd0\xcf\x11\xe0", "not read"),
    ],
)
def test_what_is_no_table_says_what_it_is(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=message):
        list(TableSource(path=tmp_path / name).records())


def test_a_missing_table_names_its_neighbour(tmp_path):
    (tmp_path / "records.csv").write_text("x")
    with pytest.raises(SourceError, match="Did you mean 'records"):
        list(TableSource(path=tmp_path / "record.csv").records())


def cells_of(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("path", "images", "n"),
    [
        ("photo-wall/photographs.csv", "photo-wall/images", 1000),
        ("plates-and-text/plates-manifest.csv", "plates-and-text/plates", 1313),
        ("herbarium-sheets/labels.csv", None, 156),
        ("butterflies-with-masks/labels.csv", "butterflies-with-masks/images", 300),
    ],
)
def test_real_tables_lose_no_cell(shared_data, path, images, n):
    images = images and shared_data / images
    found = records(TableSource(path=shared_data / path, images=images))
    rows = cells_of(shared_data / path)
    assert len(found) == len(rows) == n
    assert len({one.media_id for one in found}) == n
    for one, row in zip(found, rows, strict=True):
        kept = list(one.terms.values())
        for cell in row.values():
            assert not cell.strip() or cell in kept
            if cell.strip():
                kept.remove(cell)


@pytest.mark.shared_data
def test_the_photo_wall_is_read_with_its_files_titles_and_subjects(shared_data):
    wall = shared_data / "photo-wall"
    source = TableSource(path=wall / "photographs.csv", images=wall / "images", title="{Name}")
    found = records(source)
    assert all((wall / "images" / one.original_file).is_file() for one in found)
    subjects = {s for one in found for s in one.terms.get("subject", "").split("|") if s}
    assert len(subjects) == 332
    assert all(one.terms["title"] for one in found)


@pytest.mark.shared_data
def test_wasp_records_are_merged_by_image_and_lose_nothing(shared_data):
    wasps = shared_data / "wasps"
    source = TableSource(path=wasps / "records", images=wasps / "images", repeated="merge")
    found = {one.original_file.removesuffix(".jpg"): one for one in records(source)}
    assert len(found) == 100
    for path in source.inputs():
        kept = " | ".join(found[path.stem].terms.values())
        for row in cells_of(path):
            assert all(cell in kept for cell in row.values() if cell and cell.strip())


def test_an_address_that_is_none_costs_no_table(tmp_path):
    text = "name,url\na,https://x.org/a.jpg\nb,http://[x.org/b.jpg\nc,https://x.org/c.jpg\n"
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    found = list(TableSource(path=tmp_path / "t.csv").records())
    assert [one.terms["name"] for one in found if isinstance(one, Record)][::2] == ["a", "c"]
