"""Rounds, people and the map in a real browser: queues, plots, conflicts and the lasso."""

from urllib.parse import urlencode, urlsplit

import pytest

import chromium
import sorting_room
from sorters import Sorter, sorting
from wunderkammer.core import journal
from wunderkammer.curation.sorting import Sorting

pytestmark = pytest.mark.browser

N_MEDIA = 48
N_FIRST = 16
LONGEST_MS = 120_000
WHO = "A. Curator"
OTHER = {"good": "bad", "bad": "good"}


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """Return a collection with an atlas whose first media of the lot are labelled, and a round."""
    made = sorting_room.make_room(tmp_path_factory.mktemp("rooms") / "room", N_MEDIA)
    made.run(n_workers=0)
    found = Sorting(made)
    truth = sorting_room.truth_of(found)
    found.say({one: truth[one] for one in found.media.ids[:N_FIRST]}, "Ada")
    assert found.train().number == 1
    return made


@pytest.fixture(scope="module")
def truth(room):
    return sorting_room.truth_of(Sorting(room))


@pytest.fixture(scope="module")
def server(room):
    with sorting(room) as found:
        yield found


@pytest.fixture
def page(browser, server, screen):
    """Return a page whose errors and requests elsewhere fail the test."""
    with chromium.visiting(browser, urlsplit(server.address).netloc, screen, who=WHO) as found:
        found.set_default_timeout(LONGEST_MS)
        yield found


def opened(page, server, view, **asked):
    place = urlencode({"task": "quality", "view": view, **asked})
    page.goto(f"{server.address}?{place}")
    page.wait_for_selector(f"html[data-view={view}]")


def said(room, term="quality"):
    """Return what each person says of each medium, as it holds now."""
    rows = journal.read(room.root).to_pylist()
    found = {(row["media_id"], row["who"]): row["value"] for row in rows if row["term"] == term}
    return {key: value for key, value in found.items() if value is not None}


def lengths(page, names):
    """Return the counts on the cards of some queues."""
    cards = [page.locator(f".queue-card[data-queue='{name}']") for name in names]
    return {
        name: int(card.get_attribute("data-n")) for name, card in zip(names, cards, strict=True)
    }


def saved(page):
    page.wait_for_selector("html[data-unsent='0']")


def test_a_round_is_trained_and_queues_and_plots_follow(page, server, truth):
    sorter = Sorter(server, "Ada")
    opened(page, server, "rounds")
    kinds = "ABCD"
    page.wait_for_selector(".queue-card[data-queue=A]")
    before, n_before = lengths(page, kinds), sorter.state().n_labelled
    assert sum(before.values()) == N_MEDIA - n_before
    assert page.locator(".chart").count() >= 5
    n_rounds = sorter.state().round.number
    more = sorter.ids("lot", 6)
    sorter.say({one: truth[one] for one in more})
    page.click(".advice-train button")
    row = f".plots > .chart:first-child tbody tr:nth-child({n_rounds + 1})"
    page.wait_for_selector(row, state="attached")
    n_now = sorter.state().n_labelled
    assert n_now == n_before + len(more)
    page.wait_for_selector(f".queue-card[data-queue=unlabelled][data-n='{N_MEDIA - n_now}']")
    assert sum(lengths(page, kinds).values()) == N_MEDIA - n_now
    assert page.locator(".criterion").count() >= 3
    assert "drawn at random" in page.inner_text(".audit-basis")


def test_the_slider_moves_media_from_sure_to_unsure_at_once(page, server):
    opened(page, server, "rounds")
    page.wait_for_selector(".queue-card[data-queue=A]")
    before = lengths(page, "ABCD")
    slider = page.locator(".slider input").first
    assert "10 %" in page.inner_text(".slider >> nth=0")
    slider.focus()
    page.keyboard.press("End")
    page.wait_for_selector(f".queue-card[data-queue=A]:not([data-n='{before['A']}'])")
    after = lengths(page, "ABCD")
    assert after["A"] < before["A"]
    assert after["B"] + after["D"] > before["B"] + before["D"]
    assert sum(after.values()) == sum(before.values())
    # the way into a queue keeps what the slider says
    wanted = "B" if after["B"] else "D"
    page.click(f"[data-queue={wanted}] >> text=In the grid")
    page.wait_for_selector("html[data-view=grid]")
    assert f"queue={wanted}" in page.url


def test_a_rectangle_on_the_map_labels_all_inside_and_is_undone(page, server, room):
    opened(page, server, "map")
    page.wait_for_selector(f".sort-map[data-media='{N_MEDIA}']")
    page.wait_for_selector(".map[data-ready=true]")
    held = said(room)
    box = page.locator(".map").bounding_box()
    page.keyboard.down("Shift")
    page.mouse.move(box["x"] + 4, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] - 4, steps=5)
    page.mouse.up()
    page.keyboard.up("Shift")
    page.wait_for_selector(f".sort-map[data-selected='{N_MEDIA}']")
    assert page.inner_text(".bar-n") == f"{N_MEDIA} selected"
    page.keyboard.press("1")
    page.wait_for_selector(".map-bar", state="hidden")
    saved(page)
    now = said(room)
    assert sum(who == WHO and value == "good" for (_, who), value in now.items()) == N_MEDIA
    page.keyboard.press("u")
    saved(page)
    page.wait_for_selector(f".sort-map[data-selected='{N_MEDIA}']")
    assert said(room) == held


def test_a_lasso_takes_only_what_it_encloses(page, server, room):
    opened(page, server, "map")
    page.wait_for_selector(f".sort-map[data-media='{N_MEDIA}']")
    page.wait_for_selector(".map[data-ready=true]")
    page.keyboard.press("l")
    assert page.locator(".map-tools [aria-pressed=true]").count() == 1
    box = page.locator(".map").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    # a triangle left of the middle
    corners = [(-box["width"] / 2 + 4, -box["height"] / 2 + 4), (0, 0),
               (-box["width"] / 2 + 4, box["height"] / 2 - 4)]  # fmt: skip
    places = [(middle[0] + dx, middle[1] + dy) for dx, dy in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()
    page.wait_for_selector(".map-bar:visible")
    n = int(page.get_attribute(".sort-map", "data-selected"))
    assert 0 < n < N_MEDIA / 2
    assert page.locator(".map-tools [aria-pressed=true]").count() == 0
    held = said(room)
    page.click(".map-bar [data-class=bad]")
    saved(page)
    mine = {key for key, value in said(room).items() if key[1] == WHO and value == "bad"}
    assert len(mine) == n
    page.keyboard.press("u")
    saved(page)
    assert said(room) == held
    page.keyboard.press("Escape")
    assert page.locator(".map-bar").is_hidden()


def test_a_conflict_is_settled_by_a_key_and_counts_as_a_label(page, server, room, truth):
    ada, ben = Sorter(server, "Ada"), Sorter(server, "Ben")
    shared = sorted(one for (one, who) in said(room) if who == "Ada")[:8]
    ben.say({one: truth[one] if k > 1 else OTHER[truth[one]] for k, one in enumerate(shared)})
    assert ada.state().n_conflicts == 2
    opened(page, server, "people")
    assert page.inner_text(".conflicts h2") == "2 conflicts"
    assert "8 in common" in page.inner_text(".pairs")
    words = page.inner_text(".conflict-votes")
    assert "Ada" in words
    assert "Ben" in words
    settled = page.get_attribute(".conflict-list [aria-current]", "data-id")
    page.keyboard.press("1")
    page.wait_for_selector(".conflict-list li:only-child")
    saved(page)
    assert said(room, "quality/settled") == {(settled, WHO): "good"}
    page.wait_for_selector("text=1 conflict")
    assert ada.state().n_conflicts == 1
    page.keyboard.press("u")
    saved(page)
    page.wait_for_selector(".conflict-list li:nth-child(2):last-child")
    assert said(room, "quality/settled") == {}
    ben.say(dict.fromkeys(shared))


@pytest.mark.parametrize("screen", ["phone"])
def test_every_view_fits_a_phone(page, server):
    for view in ("rounds", "people", "map"):
        opened(page, server, view)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.evaluate(
            "Math.max(...[...document.querySelectorAll('.stage *:not(.leaflet-container *)')]"
            ".filter((one) => !one.closest('svg, .queue-strip, .bar-strip, .conflict-list'))"
            ".filter((one) => !one.closest('.figures-room'))"
            ".map((one) => one.getBoundingClientRect().right))"
        ) <= 391  # fmt: skip
    page.wait_for_selector(f".sort-map[data-media='{N_MEDIA}']")
    page.tap(".map-tools button >> nth=0")
    assert page.locator(".map.lassoing").count() == 1
