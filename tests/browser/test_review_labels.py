"""Reviewing suspected labels in a real browser, by keys, by clicks and on a phone."""

from urllib.parse import urlencode, urlsplit

import pytest

import cabinet
import chromium
import suspected
from wunderkammer.core import journal

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def made(tmp_path_factory, archive):
    return suspected.examined(tmp_path_factory.mktemp("examined") / "cabinet", archive)


@pytest.fixture(scope="module")
def issues(made):
    return suspected.suspect(made)


@pytest.fixture(scope="module")
def review(made):
    with cabinet.reviewing(made) as found:
        yield found


@pytest.fixture
def page(browser, review, screen):
    """Return a page whose errors and requests elsewhere fail the test."""
    with chromium.visiting(browser, urlsplit(review.address).netloc, screen) as found:
        yield found


def opened(page, review, media_id, **asked):
    place = urlencode({"tool": "labels", "id": media_id, **asked})
    page.goto(f"{review.address}?{place}")
    ready(page, media_id)


def ready(page, media_id):
    page.wait_for_selector(f"html[data-ready='{media_id}']", timeout=120_000)


def stated(page, n):
    page.wait_for_selector(f"html[data-statements='{n}']", timeout=120_000)


def said(collection, media_id):
    """Return what holds of a medium, by term."""
    rows = journal.read(collection.root).to_pylist()
    found = {row["term"]: row["value"] for row in rows if row["media_id"] == media_id}
    return {term: value for term, value in found.items() if value is not None}


def test_labels_are_judged_by_keys_alone_undone_and_still_there_after_a_reload(
    page, review, made, issues
):
    first, second, third = (row["media_id"] for row in issues[:3])
    opened(page, review, first)
    assert page.inner_text(".claim-own .claim-name") == issues[0]["label"]
    assert page.inner_text(".claim-proposed .claim-name") == issues[0]["proposed"]
    near = page.locator(".part-near .beside")
    assert near.count() == len(issues[0]["neighbours"])
    assert near.first.locator(".beside-similarity").inner_text() == "0.95"
    page.keyboard.press("1")
    page.wait_for_selector(".pane-beside:visible")
    assert page.inner_text(".beside-caption") == issues[0]["neighbour_labels"][0]
    page.keyboard.press("a")
    stated(page, 1)
    assert said(made, first) == {"speciesLabel": "accepted"}
    ready(page, second)
    assert page.locator(".pane-beside").is_hidden()
    page.keyboard.press("p")
    stated(page, 2)
    ready(page, third)
    assert said(made, second)["scientificName"] == issues[1]["proposed"]
    page.keyboard.press("u")
    ready(page, second)
    assert said(made, second) == {}
    page.keyboard.press("e")
    page.keyboard.type("Nova")
    page.wait_for_selector("text=Not a name of this collection yet")
    page.keyboard.type(" species")
    page.keyboard.press("Enter")
    ready(page, third)
    assert said(made, second)["speciesLabel"] == "renamed"
    assert said(made, second)["specificEpithet"] == "species"
    page.keyboard.press("n")
    page.wait_for_selector(f"html[data-ready]:not([data-ready='{third}'])")
    assert said(made, third) == {"speciesLabel": "unsure"}
    opened(page, review, second)
    assert "renamed to Nova species by A. Curator" in page.inner_text(".medium-judged")
    assert "2 judged" in page.inner_text(".top-judged")
    opened(page, review, first, order="judged")
    assert "label accepted" in page.inner_text(".medium-judged")
    assert page.locator(".queue-item").count() == 2


def test_a_name_is_chosen_from_those_of_the_collection(page, review, made, issues):
    media_id, wanted = issues[3]["media_id"], issues[3]["neighbour_labels"][-1]
    opened(page, review, media_id)
    page.click(".name-input")
    page.fill(".name-input", wanted[:5].lower())
    page.locator(".name-option", has_text=wanted).click()
    page.click(".rename button")
    stated(page, 1)
    assert said(made, media_id)["scientificName"] == wanted


def test_another_rank_is_chosen_at_the_top(page, review, made, issues):
    opened(page, review, issues[4]["media_id"])
    with page.expect_navigation():
        page.select_option(".which-labels", label="genus · histogram · 3")
    page.wait_for_selector("html[data-ready]:not([data-ready=''])", timeout=120_000)
    genera = {row["media_id"] for row in suspected.suspect(made, 3, rank="genus")}
    assert page.get_attribute("html", "data-ready") in genera
    assert page.locator(".queue-item").count() == 3
    page.keyboard.press("r")
    stated(page, 1)


@pytest.mark.parametrize("screen", ["phone"])
def test_it_fits_a_phone(page, review, made, issues):
    media_id = issues[5]["media_id"]
    opened(page, review, media_id)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    last = page.locator(".action:visible").last.bounding_box()
    assert last["y"] + last["height"] <= 720
    assert last["x"] + last["width"] <= 360
    picture = page.locator(".pane-suspect").bounding_box()
    assert min(picture["width"], picture["height"]) >= 160
    page.tap(".part-near .beside")
    page.wait_for_selector(".pane-beside:visible")
    page.tap(".action.no")
    stated(page, 1)
    assert said(made, media_id)["speciesLabel"] == "rejected"
