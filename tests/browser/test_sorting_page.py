"""Labelling in a real browser: by keys, in the grid, by two people, through a crash, on a phone."""

import socket
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

import pytest

import chromium
import sorting_room
from sorters import Sorter, sorting
from wunderkammer.core import journal
from wunderkammer.curation.sorting import Sorting

pytestmark = pytest.mark.browser

N_MEDIA = 60
KEYS = {"good": "1", "bad": "b"}
LONGEST_MS = 120_000


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return sorting_room.make_room(tmp_path_factory.mktemp("rooms") / "room", N_MEDIA)


@pytest.fixture(scope="module")
def truth(made):
    return sorting_room.truth_of(Sorting(made))


@pytest.fixture
def room(made, tmp_path):
    """Return a room in which nobody has labelled anything."""
    return sorting_room.copy_of(made.root, tmp_path / "room")


@pytest.fixture
def server(room):
    with sorting(room) as running:
        yield running


def sitting(browser, address, who, screen="desk", *, crashes=False):
    """Return a page with its person; its errors and requests elsewhere fail the test."""
    home = urlsplit(address).netloc
    return chromium.visiting(browser, home, screen, who=who, loses_the_server=crashes)


@pytest.fixture
def page(browser, server):
    with sitting(browser, server.address, "Ada") as found:
        yield found


def opened(page, address, view="label", **asked):
    page.goto(f"{address}?{urlencode({'view': view, **asked})}")
    page.wait_for_selector("html[data-ready]", timeout=LONGEST_MS)


def shown(page):
    """Return the id of the medium whose picture is shown, once it is."""
    page.wait_for_selector("html[data-ready]:not([data-ready=''])", timeout=LONGEST_MS)
    return page.get_attribute("html", "data-ready")


def press(page, key, medium_id):
    """Press a key that leads away from a medium, and return the next one."""
    page.keyboard.press(key)
    page.wait_for_selector(f"html[data-ready]:not([data-ready='{medium_id}'])", timeout=LONGEST_MS)
    return page.get_attribute("html", "data-ready")


def saved(page):
    page.wait_for_selector("html[data-unsent='0']", timeout=LONGEST_MS)


def said(room, who="Ada", term="quality"):
    """Return what a person says of each medium now, as it stands on disk."""
    rows = journal.read(room.root).to_pylist()
    found = {r["media_id"]: r["value"] for r in rows if (r["term"], r["who"]) == (term, who)}
    return {media_id: value for media_id, value in found.items() if value is not None}


def cells(page):
    """Return the ids of the pictures in the page, in the order of the grid."""
    found = page.locator(".cell").evaluate_all(
        "cells => cells.map((one) => [Number(one.ariaPosInSet), one.dataset.id])"
    )
    return [media_id for _, media_id in sorted(found)]


def test_who_sits_there_is_asked_once(browser, server):
    context = browser.new_context()
    page = context.new_page()
    page.goto(server.address)
    page.wait_for_selector("dialog input", timeout=LONGEST_MS)
    assert page.input_value("dialog input") == "A. Curator", "the server proposes a name"
    page.fill("dialog input", "Ada")
    page.keyboard.press("Enter")
    shown(page)
    page.reload()
    shown(page)
    assert page.inner_text(".who") == "Ada"
    context.close()


def test_twenty_are_labelled_by_keys_and_three_taken_back(page, server, room, truth):
    opened(page, server.address)
    one = shown(page)
    labelled = []
    for _ in range(20):
        page.wait_for_selector("html[data-ahead]", timeout=LONGEST_MS)
        assert int(page.get_attribute("html", "data-ahead")) >= 5
        labelled.append(one)
        one = press(page, KEYS[truth[one]], one)
        assert page.get_attribute("html", "data-decoded") == "true", "it was decoded before"
    saved(page)
    assert said(room) == {media_id: truth[media_id] for media_id in labelled}
    assert page.inner_text(".sort-labelled").startswith(f"20 of {N_MEDIA}")
    assert "Next:" in page.inner_text(".news[role=status]")
    for wanted in labelled[:-4:-1]:
        one = press(page, "u", one)
        assert one == wanted, "the last one first"
    saved(page)
    assert said(room) == {media_id: truth[media_id] for media_id in labelled[:17]}
    one = press(page, "n", one)
    saved(page)
    assert said(room)[labelled[17]] == "unsure"
    assert press(page, "ArrowLeft", one) == labelled[17]
    assert page.inner_text(".label-said .badge-name") == "not sure"
    skipped = press(page, "s", labelled[17])
    assert press(page, "ArrowLeft", skipped) == labelled[17]
    page.reload()
    assert shown(page) == labelled[17], "the address says which one"
    assert page.inner_text(".label-said .badge-name") == "not sure"
    following = press(page, "s", labelled[17])
    assert following not in labelled[:18], "what has a label is not asked again"


def test_pictures_are_labelled_in_ranges_in_the_grid(page, server, room):
    opened(page, server.address, "grid", queue="lot")
    page.wait_for_selector(".cell >> nth=20", timeout=LONGEST_MS)
    ids = cells(page)
    cell = lambda place: page.locator(f".cell[data-id='{ids[place]}']")  # noqa: E731
    cell(0).click()
    cell(5).click(modifiers=["Shift"])
    cell(3).click(modifiers=["Control"])
    assert page.inner_text(".grid-selected") == "5 selected"
    page.keyboard.press("2")
    saved(page)
    first = {ids[place]: "bad" for place in (0, 1, 2, 4, 5)}
    assert said(room) == first
    assert cell(1).get_attribute("aria-label").endswith("bad")
    a, b = cell(9).bounding_box(), cell(11).bounding_box()
    page.mouse.move(a["x"] + 20, a["y"] + 20)
    page.mouse.down()
    page.mouse.move(b["x"] + 30, b["y"] + 30, steps=4)
    page.mouse.up()
    assert page.inner_text(".grid-selected") == "3 selected"
    page.keyboard.press("g")
    saved(page)
    assert said(room) == first | {ids[place]: "good" for place in (9, 10, 11)}
    cell(14).click()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("n")
    saved(page)
    near = [said(room).get(ids[place]) for place in (14, 15, 16, 17)]
    assert near == [None, "unsure", "unsure", None]
    for _ in range(3):
        page.keyboard.press("Control+z")
    saved(page)
    assert said(room) == {}
    page.keyboard.press("a")
    n_selected = int(page.inner_text(".grid-selected").split()[0])
    assert 15 <= n_selected <= N_MEDIA
    chosen = "n => document.querySelectorAll('[aria-selected=true]').length === n"
    page.wait_for_function(chosen, arg=n_selected)


def test_proposals_are_hidden_until_asked_for_and_confirmed_at_once(page, server, room, truth):
    ada = Sorter(server, "Ada")
    asked = ada.ids("lot", 16)
    ada.say({media_id: truth[media_id] for media_id in asked})
    opened(page, server.address, "label", queue="lot")
    page.click(".train")
    page.wait_for_selector(".sort-since:has-text('round 1')", timeout=LONGEST_MS)
    one = shown(page)
    one = press(page, "s", press(page, "s", one))
    assert page.locator(".likely").count() == 0, "the ensemble sways nobody in the lot"
    page.keyboard.press("o")
    page.wait_for_selector(".likely-one[aria-current=true]")
    assert page.locator(".vote").count() == 5
    page.click(".tab:has-text('Grid')")
    page.wait_for_selector("html[data-ready=grid]", timeout=LONGEST_MS)
    assert page.locator(".badge.proposed").count() == 0
    page.click(".grid-head .opinion-choice")
    page.wait_for_selector(".badge.proposed")
    page.select_option(".proposed-choice", "bad")
    page.wait_for_selector(".badge.proposed.class-0", state="detached")
    asked = cells(page)
    assert all(truth[media_id] == "bad" for media_id in asked[:3]), "the surest first"
    page.select_option(".proposed-choice", "")
    page.wait_for_selector(".badge.proposed.class-0")
    all_there = "pictures => Promise.all(pictures.map((one) => one.decode()))"
    page.locator(".cell img").evaluate_all(all_there)
    before = said(room)
    page.keyboard.press("c")
    saved(page)
    confirmed = said(room).keys() - before.keys()
    assert len(confirmed) >= 15
    wrong = [media_id for media_id in confirmed if said(room)[media_id] != truth[media_id]]
    assert len(wrong) <= len(confirmed) // 4, "warm and cold pictures are told apart"


def test_two_people_label_at_once_and_one_settles_what_they_disagree_on(browser, server, room):
    ids = Sorter(server, "Ada").ids("lot", 3)
    with (
        sitting(browser, server.address, "Ada") as ada,
        sitting(browser, server.address, "Bo") as bo,
    ):
        for place, media_id in enumerate(ids):
            for page, key in ((ada, "1"), (bo, "2" if place == 1 else "1")):
                opened(page, server.address, id=media_id)
                assert shown(page) == media_id
                press(page, key, media_id)
        for page in (ada, bo):
            saved(page)
        assert said(room, "Ada") == dict.fromkeys(ids, "good")
        assert said(room, "Bo") == dict.fromkeys(ids, "good") | {ids[1]: "bad"}
        assert Sorter(server, "Ada").state().n_conflicts == 1
        opened(bo, server.address, queue="conflicts")
        assert shown(bo) == ids[1]
        bo.keyboard.press("1")
        bo.wait_for_selector("html[data-ready='']", timeout=LONGEST_MS)
        saved(bo)
        assert said(room, "Bo", "quality/settled") == {ids[1]: "good"}
        assert said(room, "Bo")[ids[1]] == "bad", "a vote stays a vote"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def curating(room, port):
    """Run wk curate while a block runs, and kill it."""
    command = [sys.executable, "-m", "wunderkammer", "curate", "--no-open", "--port", str(port)]
    with subprocess.Popen(
        [*command, "-C", str(room.root)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert f":{port}/" in process.stdout.readline()
        yield f"http://127.0.0.1:{port}/"
        process.kill()


def test_nothing_is_lost_when_the_server_is_killed_and_started_again(browser, room):
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    labelled = {}

    def label(page, key, n):
        for _ in range(n):
            one = shown(page)
            labelled[one] = {"1": "good", "2": "bad"}[key]
            press(page, key, one)

    with sitting(browser, address, "Ada", crashes=True) as page:
        warnings = []

        def warned(dialog):
            warnings.append(dialog.type)
            dialog.accept()

        page.on("dialog", warned)
        with curating(room, port):
            opened(page, address, queue="lot")
            label(page, "1", 4)
            saved(page)
            page.wait_for_selector("html[data-ahead]", timeout=LONGEST_MS)
        label(page, "2", 3)
        page.wait_for_selector(".sort-saved.waits:has-text('3 not saved')", timeout=LONGEST_MS)
        assert len(said(room)) == 4
        with curating(room, port):
            saved(page)
            assert said(room) == labelled
            label(page, "1", 2)
            saved(page)
            page.wait_for_selector("html[data-ahead]", timeout=LONGEST_MS)
        label(page, "2", 2)
        page.wait_for_selector(".sort-saved.waits:has-text('2 not saved')", timeout=LONGEST_MS)
        page.goto("about:blank")
        assert warnings == ["beforeunload"], "leaving warns while something is not saved"
        with curating(room, port):
            opened(page, address, queue="lot")
            saved(page)
            assert said(room) == labelled
            assert len(labelled) == 11


def test_it_fits_a_phone_and_a_finger(browser, server, room):
    with sitting(browser, server.address, "Ada", "phone") as page:
        opened(page, server.address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        boxes = [box.bounding_box() for box in page.locator(".answer").all()]
        assert min(box["height"] for box in boxes) >= 44
        assert max(box["y"] + box["height"] for box in boxes) <= 720
        picture = page.locator(".pane-label").bounding_box()
        assert min(picture["width"], picture["height"]) >= 300
        first = shown(page)
        page.tap(".answer >> nth=1")
        page.wait_for_selector(f"html[data-ready]:not([data-ready='{first}'])", timeout=LONGEST_MS)
        second = shown(page)
        saved(page)
        assert said(room) == {first: "bad"}
        swiped(page, -200)
        page.wait_for_selector(f"html[data-ready]:not([data-ready='{second}'])", timeout=LONGEST_MS)
        assert shown(page) != first
        swiped(page, 200)
        page.wait_for_selector(f"html[data-ready='{second}']", timeout=LONGEST_MS)
        page.tap(".tab:has-text('Grid')")
        page.wait_for_selector(".cell >> nth=8", timeout=LONGEST_MS)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.tap(".cell >> nth=3")
        page.tap(".cell >> nth=5")
        assert page.inner_text(".grid-selected") == "2 selected"
        page.tap(".answer >> nth=0")
        saved(page)
        assert sorted(said(room).values()) == ["bad", "good", "good"]


def swiped(page, pixels):
    """Move a finger over the picture, quickly."""
    session = page.context.new_cdp_session(page)
    box = page.locator(".pane-label").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for kind, points in (
        ("touchStart", [{"x": x, "y": y}]),
        ("touchMove", [{"x": x + pixels / 2, "y": y}]),
        ("touchMove", [{"x": x + pixels * 0.8, "y": y}]),
        ("touchEnd", []),
    ):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
