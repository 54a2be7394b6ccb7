"""Sites that were copied in part, cut short or are older: what is said, and what still works."""

import json
import os
import shutil
from urllib.parse import urlsplit

import pytest

import chromium
from landscape import Plain, Ranged, hosted, write_site
from wunderkammer.atlas.paths import picture_path, picture_tiles_path

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound") / "site"
    return folder, write_site(folder)


@pytest.fixture
def site(sound, tmp_path):
    """Return a copy of a sound site, to be broken."""
    folder = tmp_path / "site"
    shutil.copytree(sound[0], folder)
    return folder, sound[1]


def said(browser, folder, place="", handler=Ranged, wait=".notice, .failure, .panel-failed"):
    """Open a site; return what it says, and whether the map still moves."""
    with hosted(folder, handler) as address, chromium.visiting(
        browser, urlsplit(address).netloc, loses_the_server=True
    ) as page:  # fmt: skip
        page.goto(address + place)
        page.wait_for_selector(wait, timeout=60_000)
        text = page.inner_text("body")
        if not page.locator(".failure").count():
            moves(page)
        return text


def moves(page):
    if page.locator("dialog.look").count():
        page.keyboard.press("Escape")
    page.locator(".map").focus()
    page.wait_for_timeout(500)
    before = page.evaluate("location.hash")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("before => location.hash !== before", arg=before)


def cut(path, share=0.5):
    os.truncate(path, int(path.stat().st_size * share))


def test_half_a_file_of_tiles(browser, site):
    folder, geometry = site
    cut(folder / "tiles.pmtiles")
    x, y = geometry.centres[-1]
    text = said(browser, folder, f"#v={geometry.max_zoom},{x},{y}")
    assert "tiles.pmtiles cannot be read: it ends too early" in text


def test_a_file_of_tiles_that_is_none(browser, site):
    folder, _ = site
    (folder / "tiles.pmtiles").write_text("<!doctype html><p>Not found</p>" * 99)
    assert "tiles.pmtiles cannot be read: it is not a whole file of tiles" in said(browser, folder)


def test_a_missing_file_of_points_and_names(browser, site):
    folder, geometry = site
    (folder / "points.bin").unlink()
    shutil.rmtree(folder / "names")
    both = "body:has(.notice):has(.card-body)"
    text = said(browser, folder, f"#card={geometry.media_ids[0]}", wait=both)
    assert ".json is not on the server" in text, "the names"
    assert "Specimen" in text, "the card is read without its place"


def test_missing_cards(browser, site):
    folder, geometry = site
    shutil.rmtree(folder / "cards")
    text = said(browser, folder, f"#card={geometry.media_ids[0]}")
    assert "0.json is not on the server" in text
    assert "Try again" in text


def test_broken_tiles_of_a_medium_leave_its_picture(browser, site):
    folder, geometry = site
    own = geometry.media_ids[0]
    (folder / picture_tiles_path(own)).write_bytes(b"PMTiles")
    text = said(
        browser,
        folder,
        f"#card={own}&look=1",
        wait="html[data-look=picture]",
    )
    assert f"{own}.pmtiles cannot be read" in text


def test_a_missing_picture(browser, site):
    folder, geometry = site
    (folder / picture_path(geometry.media_ids[1])).unlink()
    text = said(browser, folder, f"#card={geometry.media_ids[1]}", wait=".card-missing")
    assert "The picture could not be loaded" in text
    assert "Museum of the four families" in text


def test_a_newer_format_is_refused_and_an_older_one_read(browser, site):
    folder, _ = site
    atlas = json.loads((folder / "atlas.json").read_text())
    for part in ("names", "numbers", "neighbours", "search"):
        atlas.pop(part, None)
    atlas["dictionaries"] = [
        {name: one[name] for name in ("column", "label", "path", "n")}
        for one in atlas["dictionaries"]
    ]
    del atlas["points"]["representatives"]
    (folder / "atlas.json").write_text(json.dumps(atlas))
    older = said(browser, folder, wait="html[data-ready=true]")
    assert "Four families" in older
    (folder / "atlas.json").write_text(json.dumps({**atlas, "format": 2}))
    assert "This atlas is of format 2; this page reads up to 1." in said(browser, folder)
    (folder / "atlas.json").unlink()
    assert "atlas.json is not on the server." in said(browser, folder)


def test_a_host_without_ranges_shows_a_folder_of_tiles_and_refuses_a_huge_file(
    browser, site, tmp_path
):
    folder, _ = site
    os.truncate(folder / "tiles.pmtiles", 70 << 20)
    text = said(browser, folder, handler=Plain)
    assert "The server sends tiles.pmtiles (70 MB) only whole." in text
    assert "publish the tiles as a directory" in text
    other = tmp_path / "directory"
    write_site(other, container="directory")
    text = said(browser, other, handler=Plain, wait=".place-name")
    assert "only whole" not in text
