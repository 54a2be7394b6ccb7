"""What is selected on the page, taken away in files that other tools read."""

import csv
import io
import json
import zipfile
from urllib.parse import urlsplit

import pytest
from dwca.read import DwCAReader
from iiif_prezi3 import Manifest

import chromium
from wunderkammer.sources.dwca import DwcaSource

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser, address):
    """Return a page with all media in its list."""
    with chromium.visiting(browser, urlsplit(address).netloc) as found:
        found.goto(f"{address}#pane=list")
        found.wait_for_selector(".row[tabindex]")
        yield found


def exported(page, kind, folder):
    """Choose an entry of the menu by keyboard, and return the file."""
    page.get_by_role("button", name="Export").press("Enter")
    entry = page.get_by_role("menuitem", name=kind)
    page.wait_for_selector("[role=menuitem]:focus")
    for _ in range(5):
        if entry.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


FIRST_LISTED = ".rows-lines [aria-posinset='1'][data-id='{}']"


def test_the_table_has_every_medium_as_the_collection_has_it_in_the_list_s_order(
    page, collection, tmp_path
):
    path = exported(page, "Table", tmp_path)
    assert path.name == "small-cabinet-24.csv"
    rows = {
        row["media_id"]: row for row in csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))
    }
    wanted = collection.query(
        'SELECT media_id, scientificName, "catalogNumber" AS number, "rightsHolder" AS holder '
        "FROM media"
    ).to_pylist()
    assert len(rows) == len(wanted)
    for medium in wanted:
        row = rows[medium["media_id"]]
        assert row["scientificName"] == medium["scientificName"]
        assert row["catalogNumber"] == medium["number"]
        assert row["rightsHolder"] == medium["holder"]
        assert row["license"].startswith("http")
    page.wait_for_selector(FIRST_LISTED.format(next(iter(rows))))
    page.get_by_label("Sort by").select_option("year")
    page.get_by_role("button", name="other way round").click()
    years = [row["eventDate"][:4] for row in rows.values()]
    latest = list(rows)[years.index(max(years))]
    page.wait_for_selector(FIRST_LISTED.format(latest))
    ordered = list(csv.DictReader(exported(page, "Table", tmp_path).open(encoding="utf-8-sig")))
    assert [row["eventDate"][:4] for row in ordered] == sorted(years, reverse=True)
    assert {row["media_id"] for row in ordered} == set(rows)


def test_all_fields_are_there_for_who_wants_them(page, collection, tmp_path):
    [main, whole] = (
        {
            row.pop("media_id"): row
            for row in csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))
        }
        for path in (exported(page, kind, tmp_path) for kind in ("Table", "All fields"))
    )
    assert len(whole) == len(main)
    for media_id, row in whole.items():
        assert row.items() > main[media_id].items()
    wanted = collection.query('SELECT media_id, "recordedBy" AS who FROM media').to_pylist()
    assert {one["media_id"]: one["who"] or "" for one in wanted} == {
        media_id: row["recordedBy"] for media_id, row in whole.items()
    }


def test_the_archive_is_read_by_our_reader_and_by_another(page, collection, address, tmp_path):
    path = exported(page, "Darwin Core", tmp_path)
    assert zipfile.ZipFile(path).testzip() is None
    wanted = {
        row["media_id"]: row
        for row in collection.query(
            "SELECT media_id, scientificName, family FROM media"
        ).to_pylist()
    }
    records = [one for one in DwcaSource(path=path).records() if not hasattr(one, "where")]
    assert len(records) == len(wanted)
    for record in records:
        medium = wanted[record.terms["identifier"]]
        assert record.terms["scientificName"] == medium["scientificName"]
        assert record.terms["family"] == medium["family"]
        assert record.terms["license"].startswith("http")
        assert record.terms["accessURI"].startswith(address)
    with DwCAReader(path) as archive:
        assert archive.descriptor.core.type.endswith("Occurrence")
        rows = list(archive.rows)
        assert sum(len(row.extensions) for row in rows) == len(wanted)
        assert len({row.id for row in rows}) == len(rows)
        assert archive.metadata.find("dataset/title").text.startswith("Small cabinet")


def test_the_manifest_has_a_canvas_for_each_with_its_picture(page, collection, address, tmp_path):
    text = exported(page, "IIIF", tmp_path).read_text()
    manifest = json.loads(text)
    Manifest.model_validate_json(text)  # by the rules of Presentation 3
    assert len(manifest["items"]) == collection.query("SELECT media_id FROM media").num_rows
    for canvas in manifest["items"]:
        body = canvas["items"][0]["items"][0]["body"]
        assert body["id"].startswith(address)
        assert canvas["requiredStatement"]["value"]["none"][0]
        assert canvas["rights"].startswith("http://creativecommons.org/")
    picture = manifest["items"][0]["items"][0]["items"][0]["body"]["id"]
    assert page.request.get(picture).body()[:2] == b"\xff\xd8"
