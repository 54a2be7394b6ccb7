"""The pages on folders, tables and archives work as written, as far as the images."""

import csv
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

import wunderkammer
from wunderkammer.cli.main import wk
from wunderkammer.testing import ImageHost
from wunderkammer.testing.archives import write_dwca, write_images
from wunderkammer.testing.fake_archive import SPECIMENS

PAGES = Path(__file__).parents[2] / "docs" / "how-to"
HERE, THERE = SPECIMENS[:2], SPECIMENS[2:]
"""Specimens whose photographs are on this machine, and those whose are not."""


def begin(page, then=""):
    """Type the first block of a page; its 'wk run' goes as far as the images."""
    text = (PAGES / page).read_text(encoding="utf-8")
    new, run = re.search(r"```sh\n(.*?)```", text, re.DOTALL)[1].splitlines()
    assert run.startswith("wk run -C ")
    for line in (f"{new} {then}", run.replace("wk run", "wk run image")):
        done = CliRunner().invoke(wk, shlex.split(line)[1:], catch_exceptions=False)
        assert done.exit_code == 0, f"{line}\n{done.output}"
    return wunderkammer.open(run.split()[-1])


POLITE = "--set fetch.allow_private=127.0.0.1 --set fetch.requests_per_second=0"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Stand in a folder with some photographs."""
    monkeypatch.chdir(tmp_path)
    write_images(tmp_path / "photographs", HERE)


@pytest.fixture(scope="module")
def site():
    with ImageHost(in_thread=True) as host:
        yield host


def check(collection, site):
    """Photographs that were here came from here, the others from the host."""
    rows = {row["catalogNumber"]: row for row in collection.query("FROM media").to_pylist()}
    assert len(rows) == len(SPECIMENS)
    for one in HERE:
        assert rows[one.catalog_number]["fetched_from"] is None
        assert rows[one.catalog_number]["file_format"] == "GIF"
    for one in THERE:
        assert rows[one.catalog_number]["sha256"] == site.sha256(one.file)
    assert collection.failures("fetch").num_rows == 0


def test_the_page_on_folders():
    collection = begin("folder.md")
    assert collection.query("SELECT count(*) AS n FROM media").to_pylist() == [{"n": len(HERE)}]


def test_the_page_on_tables(site):
    with Path("photographs.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["catalogNumber", "file", "accessURI"])
        writer.writerows((one.catalog_number, one.file, "") for one in HERE)
        writer.writerows((one.catalog_number, "", site.address(one.file)) for one in THERE)
    check(begin("table.md", POLITE), site)


def test_the_page_on_archives(site):
    core = [(one.catalog_number,) * 2 for one in SPECIMENS]
    media = [(one.catalog_number, site.address(one.file), "StillImage") for one in SPECIMENS]
    terms = (
        "http://rs.tdwg.org/dwc/terms/occurrenceID",
        "http://rs.tdwg.org/dwc/terms/catalogNumber",
    )
    kinds = "http://purl.org/dc/terms/identifier", "http://purl.org/dc/terms/type"
    write_dwca(Path("dwca.zip"), core, media, core_terms=terms, media_terms=kinds)
    check(begin("darwin-core-archive.md", POLITE), site)
