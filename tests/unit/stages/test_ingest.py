"""Ingest: which source, where its files lie, what becomes a row."""

from pathlib import Path

import pyarrow as pa
import pytest

import wunderkammer
from wunderkammer.core.digests import SourceDigest
from wunderkammer.core.errors import SourceError
from wunderkammer.core.files import file_sha256
from wunderkammer.core.stage import Rejection
from wunderkammer.sources.folder import FolderSource
from wunderkammer.stages.ingest import IngestStage, located, source_settings
from wunderkammer.testing.archives import ONE_PIXEL, make_dwca, make_folder


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("export.zip", "dwca"),
        ("export.tar.gz", "dwca"),
        ("moths.CSV", "table"),
        ("moths.xlsx", "table"),
        ("moths.tab", "table"),
        ("moths.parquet", "table"),
        ("photographs", "folder"),
        ("archive", "dwca"),
    ],
)
def test_the_source_is_guessed_from_what_is_there(tmp_path, name, source):
    path = tmp_path / name
    if "." in name:
        path.write_bytes(b"")
    else:
        path.mkdir()
    if name == "archive":
        (path / "meta.xml").write_text("<archive/>")
    found = source_settings(path, None, None, base=tmp_path / "collection")
    assert found["ingest.source.name"] == source


@pytest.mark.parametrize(
    ("name", "said", "hint"),
    [
        ("x.dat", "nothing tells what", "--source: bhl, coco, dwca"),
        ("x.docx", "x.docx is a text document: not read", "Save its table as .xlsx"),
        ("book.pdf", "book.pdf is a PDF: not read", "pdftoppm"),
        ("old.XLS", "a workbook of another kind: not read", "Save it as .xlsx"),
        ("one.jpg", "one.jpg is one image", "Name the folder it lies in: --from {folder}"),
    ],
)
def test_a_file_of_no_known_kind_says_what_to_begin_from(tmp_path, name, said, hint):
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(SourceError, match=said) as refused:
        source_settings(tmp_path / name, None, None, base=tmp_path)
    assert hint.format(folder=tmp_path) in refused.value.hint


def test_paths_beside_the_collection_are_relative_and_others_absolute(tmp_path):
    beside = tmp_path / "shelf" / "images"
    beside.mkdir(parents=True)
    near = source_settings(beside, None, None, base=tmp_path / "shelf" / "collection")
    assert near["ingest.source.path"] == "../images"
    far = source_settings(beside, None, None, base=tmp_path / "other" / "collection")
    assert far["ingest.source.path"] == str(beside)


def test_relative_paths_start_at_the_collection(tmp_path):
    source = located(FolderSource(path=Path("images")), tmp_path)
    assert source.path == tmp_path / "images"


def test_where_a_source_lies_is_no_part_of_the_key(tmp_path):
    one, other = (IngestStage(source=FolderSource(path=Path(name))) for name in ("a", "b"))
    assert one.digest() == other.digest()


def test_a_row_carries_the_digest_of_its_image(tmp_path):
    make_folder(tmp_path / "images")
    stage = IngestStage(source=FolderSource(path=tmp_path / "images"))
    files = stage.input_files(tmp_path)
    digests = SourceDigest(tmp_path).of_files(files.values())
    batches = list(stage.records(tmp_path, digests))
    records = [row for one in batches if isinstance(one, pa.Table) for row in one.to_pylist()]
    assert records
    assert all(
        isinstance(row, Rejection) for one in batches if isinstance(one, list) for row in one
    )
    for row in records:
        assert row["original_sha256"] == file_sha256(tmp_path / row["original_path"])


def test_an_image_added_beside_an_archive_is_an_input(tmp_path):
    path = make_dwca(tmp_path / "source").source.path
    images = tmp_path / "pictures"
    images.mkdir()
    stage = IngestStage.model_validate({"source": {"name": "dwca", "path": path, "images": images}})
    before = SourceDigest(tmp_path).of(stage)
    (images / "new.png").write_bytes(ONE_PIXEL)
    assert SourceDigest(tmp_path).of(stage) != before


def test_what_holds_for_all_records_fills_what_they_leave_empty(tmp_path):
    (tmp_path / "moths.csv").write_text(
        "id,accessURI,license\n1,https://a.example/1.jpg,CC0\n2,https://a.example/2.jpg,\n"
    )
    made = wunderkammer.create(
        tmp_path / "c",
        {
            "ingest.source.name": "table",
            "ingest.source.path": str(tmp_path / "moths.csv"),
            "ingest.terms.license": "CC BY 4.0",
            "ingest.terms.rightsHolder": "A Museum",
        },
    )
    made.run(["ingest"])
    rows = made.query("select license, rightsHolder from records order by id").to_pylist()
    assert rows == [
        {"license": "CC0", "rightsHolder": "A Museum"},
        {"license": "CC BY 4.0", "rightsHolder": "A Museum"},
    ]


def test_what_is_no_term_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(ValueError, match=r"'licence' is no term .* nearest is 'license'"):
        IngestStage(source=FolderSource(path=tmp_path), terms={"licence": "CC0"})


def test_failures_tell_of_a_source_that_gave_nothing(tmp_path):
    from click.testing import CliRunner

    import wunderkammer
    from wunderkammer.cli.failures import command

    (tmp_path / "empty").mkdir()
    given = {"ingest.source.name": "folder", "ingest.source.path": "../empty"}
    made = wunderkammer.create(tmp_path / "made", given)
    asked = ["-C", str(made.root)]
    assert CliRunner().invoke(command, asked).output == "nothing has failed\n"
    with pytest.raises(SourceError, match="holds no image"):
        made.run(["ingest"], n_workers=0)
    said = CliRunner().invoke(command, asked).output
    assert said.startswith("no row has failed; the last run could not be done:\nthe folder")
    (tmp_path / "empty" / "a.gif").write_bytes(ONE_PIXEL)
    made.run(["ingest"], n_workers=0)
    assert CliRunner().invoke(command, asked).output == "nothing has failed\n"


@pytest.mark.parametrize("name", ["a.jfif", "a.jpe", "a.J2K"])
def test_an_image_of_any_ending_that_is_read_has_its_digest(tmp_path, name):
    (tmp_path / name).write_bytes(ONE_PIXEL)
    (tmp_path / "t.csv").write_text(f"file,sex\n{name},male\n")
    made = wunderkammer.create(
        tmp_path / "made", {"ingest.source.name": "table", "ingest.source.path": "../t.csv"}
    )
    made.run(["ingest"], n_workers=0)
    found = made.query("select original_sha256 from records").to_pylist()
    assert found == [{"original_sha256": file_sha256(tmp_path / name)}]
