"""Reviewing in a real browser: masks are drawn, specimens turned, and all of it is kept."""

import io
import math
import time
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image

import cabinet
import chromium
from wunderkammer.core import journal

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory):
    return cabinet.make(tmp_path_factory.mktemp("cabinets") / "cabinet")


@pytest.fixture(scope="module")
def ids(reviewed):
    return cabinet.ids(reviewed)


@pytest.fixture(scope="module")
def review(reviewed):
    with cabinet.reviewing(reviewed) as found:
        yield found


@pytest.fixture
def page(browser, review, screen):
    """Return a page whose errors and requests elsewhere fail the test."""
    with chromium.visiting(browser, urlsplit(review.address).netloc, screen) as found:
        yield found


def opened(page, review, tool, media_id=None):
    place = f"{review.address}?tool={tool}" + (f"&id={media_id}" if media_id else "")
    page.goto(place)
    if media_id:
        ready(page, media_id)
    else:
        page.wait_for_selector("html[data-ready]:not([data-ready=''])", timeout=30_000)


def ready(page, media_id):
    page.wait_for_selector(f"html[data-ready='{media_id}']", timeout=30_000)


def stated(page, n):
    page.wait_for_selector(f"html[data-statements='{n}']", timeout=30_000)


def said(collection, media_id):
    """Return what holds of a medium, by term."""
    rows = journal.read(collection.root).to_pylist()
    return {row["term"]: row["value"] for row in rows if row["media_id"] == media_id}


def drawn_mask(collection, media_id):
    return np.asarray(Image.open(collection.root / said(collection, media_id)["mask"]))


class Photograph:
    """The photograph as it lies in its pane: pixels of it to places on the screen."""

    def __init__(self, page, collection, media_id):
        self.page = page
        sql = f"SELECT width, height FROM image WHERE media_id = '{media_id}'"
        [size] = collection.query(sql).to_pylist()
        self.width, self.height = size["width"], size["height"]
        box = page.locator(".pane-photograph").bounding_box()
        self.scale = 0.94 * min(box["width"] / self.width, box["height"] / self.height)
        self.left = box["x"] + (box["width"] - self.width * self.scale) / 2
        self.top = box["y"] + (box["height"] - self.height * self.scale) / 2

    def at(self, x, y):
        return self.left + x * self.scale, self.top + y * self.scale

    def stroke(self, *points):
        self.page.mouse.move(*self.at(*points[0]))
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*self.at(*point), steps=8)
        self.page.mouse.up()


def test_a_mask_that_is_drawn_with_the_brush_is_kept_pixel_by_pixel(page, review, reviewed, ids):
    media_id = ids["a0"]
    opened(page, review, "cutout", media_id)
    photograph = Photograph(page, reviewed, media_id)
    page.keyboard.press("3")
    page.wait_for_selector("button.action:has-text('Save mask'):not([disabled])")
    photograph.stroke((60, 80), (140, 80), (140, 160))
    page.keyboard.press("m")
    stated(page, 1)
    mask = drawn_mask(reviewed, media_id)
    assert mask.shape == (photograph.height, photograph.width)
    rows, columns = np.mgrid[: mask.shape[0], : mask.shape[1]] + 0.5
    along = np.hypot(columns - np.clip(columns, 60, 140), rows - 80)
    down = np.hypot(columns - 140, rows - np.clip(rows, 80, 160))
    distance = np.minimum(along, down)
    assert mask[distance < 10.5].all(), "the brush is 24 pixels wide"
    assert not mask[distance > 13.5].any()
    opened(page, review, "cutout", media_id)
    assert "mask drawn by A. Curator" in page.inner_text(".medium")
    shown = page.evaluate(
        """async (id) => {
            const answer = await fetch(`api/cutout/${id}/drawn`);
            return Array.from(new Uint8Array(await answer.arrayBuffer()));
        }""",
        media_id,
    )
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(bytes(shown)))), mask)
    # what the editor begins with is that mask: saving a stroke on top of it adds to it
    photograph.stroke((20, 20), (24, 20))
    page.keyboard.press("m")
    stated(page, 1)
    more = drawn_mask(reviewed, media_id)
    assert (more & mask).sum() == mask.sum()
    assert more[20, 22]
    assert (more & ~mask).sum() == pytest.approx(math.pi * 12**2 + 4 * 24, rel=0.1)


def test_polygons_eraser_holes_and_undo(page, review, reviewed, ids):
    media_id = ids["a1"]
    opened(page, review, "cutout", media_id)
    photograph = Photograph(page, reviewed, media_id)
    page.keyboard.press("3")
    page.wait_for_selector("button.action:has-text('Save mask'):not([disabled])")
    page.keyboard.press("p")
    for corner in ((40, 60), (200, 60), (200, 200), (40, 200)):
        page.mouse.click(*photograph.at(*corner))
    page.keyboard.press("Enter")
    page.keyboard.press("o")
    for corner in ((80, 100), (140, 100), (140, 160), (80, 160), (80, 100)):
        page.mouse.click(*photograph.at(*corner))
    page.keyboard.press("e")
    photograph.stroke((40, 60), (200, 60))
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+Shift+Z")
    page.keyboard.press("m")
    stated(page, 1)
    mask = drawn_mask(reviewed, media_id)
    wanted = np.zeros_like(mask)
    wanted[60:200, 40:200] = True
    wanted[100:160, 80:140] = False
    assert (mask ^ wanted).sum() <= 2 * (2 * 300 + 4 * 60), "true but for a pixel at the edges"
    assert not mask[105:155, 85:135].any(), "the hole is there, the eraser was taken back"
    opened(page, review, "cutout", media_id)
    page.keyboard.press("f")
    page.keyboard.press("m")
    stated(page, 1)
    assert drawn_mask(reviewed, media_id)[60:200, 40:200].mean() > 0.98, "holes are filled"


def test_verdicts_by_keys_and_taking_them_back(page, review, reviewed, ids):
    opened(page, review, "cutout", ids["c"])
    page.keyboard.press("r")
    stated(page, 1)
    assert said(reviewed, ids["c"])["cutout"] == "rejected"
    page.wait_for_selector(f"html[data-ready]:not([data-ready='{ids['c']}'])")
    following = page.get_attribute("html", "data-ready")
    page.keyboard.press("a")
    stated(page, 2)
    assert said(reviewed, following)["cutout"] == "accepted"
    page.wait_for_selector(f"html[data-ready]:not([data-ready='{following}'])")
    for media_id in (following, ids["c"]):
        page.keyboard.press("u")
        ready(page, media_id)
        assert said(reviewed, media_id)["cutout"] is None
    page.keyboard.press("u")
    page.wait_for_selector("text=Nothing was stated in this visit.")


def test_strokes_that_were_not_saved_are_asked_about(page, review, reviewed, ids):
    media_id = ids["a2"]
    opened(page, review, "cutout", media_id)
    Photograph(page, reviewed, media_id).stroke((50, 50), (90, 50))
    page.keyboard.press("ArrowLeft")
    page.click("dialog[open] button[data-answer=stay]")
    ready(page, media_id)
    page.keyboard.press("ArrowLeft")
    page.click("dialog[open] button[data-answer=leave]")
    page.wait_for_selector(f"html[data-ready]:not([data-ready='{media_id}'])")
    assert said(reviewed, media_id) == {}


def test_an_empty_mask_says_after_asking_that_there_is_no_specimen(page, review, reviewed, ids):
    media_id = ids["a3"]
    opened(page, review, "cutout", media_id)
    page.keyboard.press("3")
    page.wait_for_selector("button.action:has-text('Save mask'):not([disabled])")
    page.keyboard.press("m")
    page.click("dialog[open] button[data-answer=reject]")
    stated(page, 1)
    assert said(reviewed, media_id) == {"cutout": "rejected"}


def test_the_result_shows_what_the_mask_leaves(page, review, ids):
    opened(page, review, "cutout", ids["a4"])
    page.click(".swatch.ground-white")
    count = """() => {
        const canvas = document.querySelector('.pane-result canvas');
        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        let n = 0;
        for (let i = 3; i < pixels.length; i += 4) if (pixels[i] > 128) n++;
        return n;
    }"""
    assert page.evaluate(count) > 500
    page.keyboard.press("3")
    # the page forbids eval, by which wait_for_function would ask again
    deadline = time.monotonic() + 30
    while page.evaluate(count) and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert page.evaluate(count) == 0


def test_a_specimen_is_turned_by_dragging_and_the_turn_is_kept(page, review, reviewed, ids):
    media_id = ids["a0"]
    opened(page, review, "upright", media_id)
    assert page.input_value(".degrees") == "30", "it begins as the machine turned it"
    box = page.locator(".dial").bounding_box()
    x, y, radius = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"] * 0.4
    page.mouse.move(x, y - radius)
    page.mouse.down()
    for degrees in range(0, 46, 5):
        angle = math.radians(degrees - 90)
        page.mouse.move(x + radius * math.cos(angle), y + radius * math.sin(angle))
    page.mouse.up()
    turned = float(page.input_value(".degrees"))
    assert turned == pytest.approx(75, abs=0.5), "clockwise by 45: it lay so much more to the left"
    transform = page.evaluate("getComputedStyle(document.querySelector('.dial-picture')).transform")
    cosine, sine = (float(one) for one in transform.removeprefix("matrix(").split(",")[:2])
    assert math.degrees(math.atan2(sine, cosine)) == pytest.approx(turned, abs=0.01)
    page.keyboard.press("Enter")
    stated(page, 1)
    assert float(said(reviewed, media_id)["angle_deg"]) == turned
    opened(page, review, "upright", media_id)
    assert float(page.input_value(".degrees")) == turned


def test_a_specimen_is_turned_by_keys_alone_and_the_turn_taken_back(page, review, reviewed, ids):
    media_id = ids["a2"]
    opened(page, review, "upright", media_id)
    dial = page.locator("[role=slider]")
    for key in ("0", "ArrowRight", "ArrowRight", "Shift+ArrowLeft", "ArrowUp", "e", "e"):
        page.keyboard.press(key)
    assert dial.get_attribute("aria-valuenow") == "82"
    assert dial.get_attribute("aria-valuetext") == "82 degrees anticlockwise"
    page.keyboard.press("Enter")
    stated(page, 1)
    assert said(reviewed, media_id)["angle_deg"] == "82"
    page.wait_for_selector(f"html[data-ready]:not([data-ready='{media_id}'])")
    page.keyboard.press("u")
    ready(page, media_id)
    assert said(reviewed, media_id)["angle_deg"] is None
    opened(page, review, "upright", media_id)
    assert page.input_value(".degrees") == "30"
    assert page.inner_text(".medium-judged") == ""


def test_the_queue_ends_with_what_to_do_next(page, review, ids):
    opened(page, review, "upright")
    for _ in range(12):
        page.keyboard.press("s")
        page.wait_for_selector("html[data-ready]")
        page.wait_for_selector("#page:not([data-working])")
    assert "That was the last one." in page.inner_text(".news")


def test_a_file_that_is_dropped_opens_its_medium(page, review, ids):
    opened(page, review, "cutout", ids["a0"])
    page.evaluate(
        """(name) => {
            const files = new DataTransfer();
            files.items.add(new File(['x'], name, { type: 'image/jpeg' }));
            window.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true }));
        }""",
        "a4.jpg",
    )
    ready(page, ids["a4"])
    page.fill(".find", f"scan of {ids['b']}.tif")
    page.press(".find", "Enter")
    ready(page, ids["b"])
    page.fill(".find", "zebra.jpg")
    page.press(".find", "Enter")
    page.wait_for_selector("text=/No medium is called .zebra.jpg/")


@pytest.mark.parametrize("screen", ["phone"])
@pytest.mark.parametrize("tool", ["cutout", "upright"])
def test_it_fits_a_phone(page, review, tool, tmp_path):
    opened(page, review, tool)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    content = page.screenshot(path=tmp_path / "phone.png")
    pixels = np.asarray(Image.open(io.BytesIO(content)).convert("L"), float)
    assert pixels.std() > 10, "something is shown"
    last = page.locator(".action").last.bounding_box()
    assert last["y"] + last["height"] <= 720
    assert last["x"] + last["width"] <= 360
    work = page.locator(".pane-photograph, .dial").first.bounding_box()
    assert min(work["width"], work["height"]) >= 180


@pytest.mark.parametrize("screen", ["phone"])
def test_a_finger_draws_and_two_zoom(page, review, reviewed, ids):
    media_id = ids["a2"]  # whose mask no other test changes
    opened(page, review, "cutout", media_id)
    save = page.locator("button.action:has-text('Save mask')")
    photograph = Photograph(page, reviewed, media_id)
    touch = page.context.new_cdp_session(page)

    def fingers(kind, *points):
        places = [dict(zip("xy", photograph.at(*point), strict=True)) for point in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    fingers("touchStart", (100, 150))
    fingers("touchStart", (100, 150), (140, 150))
    for apart in range(20, 100, 10):
        fingers("touchMove", (120 - apart, 150), (120 + apart, 150))
    fingers("touchEnd")
    assert save.is_disabled(), "two fingers zoom, and leave no stroke"
    page.get_by_role("button", name="Whole picture").click()
    fingers("touchStart", (100, 150))
    for x in range(100, 160, 10):
        fingers("touchMove", (x, 150))
    fingers("touchEnd")
    page.wait_for_selector("button.action:has-text('Save mask'):not([disabled])")
