"""Curating from the map: what is stated on a card, and of all that lies in the lasso, is kept."""

from urllib.parse import urlsplit

import pytest

import chromium
import curated
from wunderkammer.core import journal

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def curating(cabinet_to_curate):
    with curated.serving(cabinet_to_curate.root, "--curate", "--as", "A. Curator") as server:
        yield server


@pytest.fixture
def page(browser, curating):
    with chromium.visiting(browser, urlsplit(curating.address).netloc) as found:
        yield found


def ids(collection):
    return collection.query("SELECT media_id FROM media ORDER BY 1").to_pydict()["media_id"]


def stated(collection, media_id):
    rows = journal.read(collection.root).to_pylist()
    return {r["term"]: (r["value"], r["who"]) for r in rows if r["media_id"] == media_id}


def opened(page, address, media_id):
    page.goto(f"{address}#card={media_id}")
    page.wait_for_selector(f"html[data-card='{media_id}']", timeout=30_000)
    page.wait_for_selector(".card-curating .class")


def test_a_specimen_is_turned_named_and_sorted_from_its_card(page, curating, cabinet_to_curate):
    one = ids(cabinet_to_curate)[-1]
    opened(page, curating.address, one)
    page.get_by_role("button", name="Turn").click()
    page.get_by_role("spinbutton", name="Degrees").fill("12.5")
    page.get_by_role("button", name="Keep").click()
    # who it is, is asked once
    page.get_by_role("textbox", name="Name").fill("Ada Lovelace")
    page.get_by_role("button", name="Start").click()
    page.wait_for_selector(".curating-note:has-text('wk run')")
    assert stated(cabinet_to_curate, one)["angle_deg"] == ("12.5", "Ada Lovelace")
    page.locator(".card-curating .class", has_text="bad").click()
    page.wait_for_selector(".class[data-class=bad][aria-pressed=true]")
    page.get_by_role("button", name="Name", exact=True).click()
    page.locator("dialog input[name=name]").fill("Vanessa atalanta")
    page.keyboard.press("Enter")
    page.wait_for_selector(".curating-note:has-text('Vanessa atalanta')")
    said = stated(cabinet_to_curate, one)
    assert said["specificEpithet"] == ("atalanta", "Ada Lovelace")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_selector(".curating-note:has-text('Taken back')")
    assert stated(cabinet_to_curate, one)["specificEpithet"][0] is None
    assert stated(cabinet_to_curate, one)["angle_deg"][0] == "12.5", "only the last is taken back"
    with page.context.expect_page() as editor:
        page.get_by_role("button", name="Mask").click()
    editor.value.wait_for_selector(f"html[data-ready='{one}']", timeout=30_000)
    assert "Ada Lovelace" in editor.value.url.replace("+", " ")


def test_all_that_was_found_is_labelled_at_once_and_taken_back(
    browser, curating, cabinet_to_curate
):
    host = urlsplit(curating.address).netloc
    with chromium.visiting(browser, host, who="Grace") as page:
        page.goto(curating.address)
        page.wait_for_selector("html[data-ready=true]", timeout=30_000)
        assert not page.locator(".label-bar").is_visible()
        page.get_by_role("button", name="Select").click()
        page.get_by_role("button", name="All in sight").click()
        page.wait_for_selector(".label-bar .class")
        page.locator(".label-bar .class", has_text="good").click()
        n = len(ids(cabinet_to_curate))
        page.wait_for_selector(f".label-bar:has-text('{n} images labelled good')")
        labels = [stated(cabinet_to_curate, one) for one in ids(cabinet_to_curate)]
        assert all(("good", "Grace") in said.values() for said in labels)
        page.locator(".label-bar").get_by_role("button", name="Undo").click()
        page.wait_for_selector(".label-bar:has-text('Taken back')")
        labels = [stated(cabinet_to_curate, one) for one in ids(cabinet_to_curate)]
        assert not any(("good", "Grace") in said.values() for said in labels)
