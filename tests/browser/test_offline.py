"""An atlas that is kept for offline use, on a plain host beside another."""

import shutil
from urllib.parse import urlsplit

import pytest

import axe
import chromium
import wunderkammer
from plain_host import hosting

pytestmark = pytest.mark.browser

FRAME = """<!doctype html><title>A museum</title><link rel=icon href="data:,">
<iframe src="museum/second/" width=900 height=600></iframe>"""


@pytest.fixture(scope="module")
def published(collection, tmp_path_factory):
    """Return a folder with two atlases in folders of their own, and a page that frames one."""
    root = tmp_path_factory.mktemp("host")
    for name in ("first", "second"):
        collection.publish(root / "museum" / name)
    (root / "frame.html").write_text(FRAME)
    return root


def opened(page, address):
    page.goto(address)
    page.wait_for_selector("html[data-ready=true]", timeout=60_000)


def switch(page, on):
    page.get_by_role("button", name="About this atlas", exact=True).first.click()
    page.get_by_role("switch", name="Keep for offline use").click()
    page.wait_for_selector(f"html[data-kept={str(on).lower()}]", timeout=60_000)
    assert axe.violations(page) == []
    page.keyboard.press("Escape")


def caches_of(page):
    return page.evaluate("caches.keys()")


def editions_of(page):
    return [name for name in caches_of(page) if " edition " in name]


def page_title_changed(collection, tmp_path, title):
    """Return a copy of the collection of another title."""
    root = tmp_path / "copy"
    shutil.copytree(collection.root, root, copy_function=shutil.copy)
    path = root / "collection.toml"
    path.write_text(path.read_text("utf-8").replace("Small cabinet", title), "utf-8")
    return wunderkammer.open(root)


def test_without_its_server_a_kept_atlas_is_moved_searched_and_read(
    browser, published, collection, tmp_path
):
    medium = collection.query(
        "SELECT media_id, genus FROM media WHERE genus IS NOT NULL ORDER BY media_id LIMIT 1"
    ).to_pylist()[0]
    with (
        hosting(published) as (address, stop),
        chromium.visiting(browser, urlsplit(address).netloc, loses_the_server=True) as page,
    ):
        first, second = f"{address}museum/first/", f"{address}museum/second/"
        opened(page, first)
        assert caches_of(page) == [], "nothing is kept unasked"
        switch(page, on=True)
        assert all(f"{first} " in name for name in caches_of(page))
        opened(page, f"{first}#card={medium['media_id']}")
        page.wait_for_selector("html[data-card]")
        opened(page, second)
        assert page.evaluate("navigator.serviceWorker.controller") is None
        # published anew, it is kept anew at the next visit, also what nobody looks at
        before = editions_of(page)
        newer = page_title_changed(collection, tmp_path, "Newer cabinet")
        newer.publish(published / "museum" / "first")
        opened(page, first)
        page.wait_for_selector("html[data-kept=true]")
        assert "Newer cabinet" in page.inner_text("h1")
        assert len(editions_of(page)) == 1
        assert editions_of(page) != before
        stop()
        opened(page, first)
        assert "Newer cabinet" in page.inner_text("h1")
        page.locator(".map").press("+")
        page.keyboard.press("/")
        page.keyboard.type(medium["genus"].lower())
        page.wait_for_selector(f"[role=option]:has-text('{medium['genus']}')")
        page.keyboard.press("Escape")
        page.evaluate(f"location.hash = 'card={medium['media_id']}'")
        page.wait_for_selector(f"html[data-card='{medium['media_id']}']")
        assert page.locator(".notice").count() == 0
        switch(page, on=False)
        assert caches_of(page) == []


def test_where_storage_is_short_a_kept_atlas_is_read_from_its_server(browser, published):
    with (
        hosting(published) as (address, _),
        chromium.visiting(browser, urlsplit(address).netloc) as page,
    ):
        second = f"{address}museum/second/"
        client = page.context.new_cdp_session(page)
        opened(page, second)
        # a disk with room for the page and little else
        origin = {"origin": address.rstrip("/")}
        client.send("Storage.overrideQuotaForOrigin", {**origin, "quotaSize": 600_000})
        switch(page, on=True)
        opened(page, second)
        page.locator(".map").press("+")
        assert page.locator(".notice").count() == 0
        # a browser that is short of storage takes all of it away
        client.send("Storage.overrideQuotaForOrigin", origin)
        client.send(
            "Storage.clearDataForOrigin",
            {**origin, "storageTypes": "cache_storage,service_workers"},
        )
        opened(page, second)
        assert caches_of(page) == []
        page.get_by_role("button", name="About this atlas", exact=True).first.click()
        box = page.get_by_role("switch", name="Keep for offline use", disabled=False)
        box.wait_for()
        assert not box.is_checked()


def test_an_atlas_works_in_the_frame_of_another_page(browser, published):
    with (
        hosting(published) as (address, _),
        chromium.visiting(browser, urlsplit(address).netloc) as page,
    ):
        page.goto(f"{address}frame.html")
        frame = page.frame_locator("iframe")
        frame.locator("html[data-ready=true]").wait_for(timeout=60_000)
        assert "Small cabinet" in frame.locator("h1").inner_text()
