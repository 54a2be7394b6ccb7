"""What goes with the map in a real browser: names, small map, gestures, a closer look."""

import re
from math import cos, pi, sin
from urllib.parse import urlsplit

import pytest

import axe
import chromium
from landscape import FAMILIES, hosted, write_site

pytestmark = pytest.mark.browser

VIEW = re.compile(r"v=([\d.]+),(-?\d+),(-?\d+)")


@pytest.fixture(scope="module")
def land(tmp_path_factory):
    """Return the address of a site of four families, and where its media lie."""
    folder = tmp_path_factory.mktemp("land") / "site"
    geometry = write_site(folder)
    with hosted(folder) as found:
        yield found, geometry


@pytest.fixture
def page(browser, land, screen):
    with chromium.visiting(browser, urlsplit(land[0]).netloc, screen) as found:
        yield found


def opened(page, land, place=""):
    page.goto(land[0] + place)
    page.wait_for_selector("html[data-ready=true]", timeout=60_000)


def view(page):
    """Return zoom, x and y that the address tells."""
    page.wait_for_function("location.hash.includes('v=')")
    return tuple(map(float, VIEW.search(page.url).groups()))


def moved(page, before):
    page.wait_for_function("before => !location.hash.startsWith(before)", arg=before)
    return view(page)


def hash_of(page):
    return page.evaluate("location.hash")


def middle_of(geometry):
    return geometry.left + geometry.width // 2, geometry.top + geometry.height // 2


def whole(land):
    """Return the part of an address that shows all of the land."""
    return "#v=1.75,{},{}".format(*middle_of(land[1]))


def test_names_are_written_and_a_click_on_one_goes_there(page, land):
    opened(page, land, whole(land))
    page.wait_for_selector(".place-name")
    names = page.locator("[role=navigation][aria-label='Names on the map'] button")
    assert set(names.all_inner_texts()) <= set(FAMILIES)
    before, start = hash_of(page), view(page)
    name = page.locator(".place-name", has_text="Nymphalidae").first
    name.click()
    zoom, x, y = moved(page, before)
    _, geometry = land
    assert zoom > start[0]
    assert x < middle_of(geometry)[0], "their quarter is at the left"
    assert y > middle_of(geometry)[1], "and below"
    assert not page.locator("html[data-card]").count(), "a name is not a sprite"


def test_names_are_walked_by_keyboard_and_can_be_turned_off(page, land):
    opened(page, land, whole(land))
    page.wait_for_selector(".place-name")
    page.locator(".place-name[tabindex='0']").focus()
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") != first
    assert axe.violations(page) == []
    before = hash_of(page)
    page.keyboard.press("Enter")
    moved(page, before)
    toggle = page.get_by_role("button", name="Names on the map")
    assert toggle.get_attribute("aria-pressed") == "true"
    toggle.click()
    page.wait_for_function("!document.querySelector('.place-name')")
    page.wait_for_function("location.hash.includes('names=off')")


def test_the_small_map_shows_where_we_are_and_moves_the_large_one(page, land):
    _, geometry = land
    x, y = middle_of(geometry)
    opened(page, land, f"#v={geometry.max_zoom},{x},{y}")
    page.wait_for_selector(".mini-map:not(.whole)")
    box = page.locator(".mini-map canvas").bounding_box()
    before = hash_of(page)
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.75)
    _, x, y = moved(page, before)
    assert abs(x - geometry.left - geometry.width * 0.25) < geometry.width * 0.02
    assert abs(y - geometry.top - geometry.height * 0.75) < geometry.height * 0.02
    drawn = page.evaluate(
        "() => { const c = document.querySelector('.mini-map canvas');"
        "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        "return d.some((v, i) => i % 4 === 0 && d[i + 3] && v < 200); }"
    )
    assert drawn, "the small map shows the pictures"


def test_arrows_plus_minus_and_home_move_the_map(page, land):
    _, geometry = land
    x, y = middle_of(geometry)
    opened(page, land, f"#v=3,{x},{y}")
    page.locator(".map").focus()
    for key, changes in {"ArrowRight": (0, 1, 0), "ArrowUp": (0, 0, -1), "+": (1, 0, 0)}.items():
        start, before = view(page), hash_of(page)
        page.keyboard.press(key)
        steps = [b - a for a, b in zip(start, moved(page, before), strict=True)]
        for step, wished in zip(steps, changes, strict=True):
            assert step * wished > 0 or (wished == 0 and abs(step) < 40)
    before = hash_of(page)
    page.keyboard.press("Home")
    zoom, *_ = moved(page, before)
    assert zoom < 3


def touch(client, kind, *points):
    client.send("Input.dispatchTouchEvent", {
        "type": kind, "touchPoints": [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)],
    })  # fmt: skip


@pytest.mark.parametrize("screen", ["phone"])
def test_two_fingers_zoom(page, land):
    place = "#v=2.5,{},{}".format(*middle_of(land[1]))
    opened(page, land, place)
    client = page.context.new_cdp_session(page)
    touch(client, "touchStart", (160, 330), (200, 330))
    for spread in range(10, 90, 10):
        touch(client, "touchMove", (160 - spread, 330), (200 + spread, 330))
    touch(client, "touchEnd")
    zoom, *_ = moved(page, place)
    assert zoom > 3


def gesture(page, *places):
    """Put two fingers down, move them from place to place, and lift them."""
    client = page.context.new_cdp_session(page)
    touch(client, "touchStart", *places[0])
    for place in places[1:]:
        touch(client, "touchMove", *place)
    touch(client, "touchEnd")
    client.detach()
    page.evaluate("new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))")
    page.wait_for_function("!document.querySelector('.leaflet-zoom-anim')")


def spread(to_px):
    """Return where two fingers are that move apart around the middle of a phone."""
    return [((180 - far, 360), (180 + far, 360)) for far in range(20, to_px + 1, 10)]


@pytest.mark.parametrize("screen", ["phone"])
def test_two_fingers_that_turn_do_nothing_and_past_the_last_zoom_they_look_closer(page, land):
    _, geometry = land
    x, y = map(int, geometry.centres[1])
    opened(page, land, f"#v={geometry.max_zoom},{x},{y}")
    start = view(page)
    turned = [
        tuple((180 + side * 60 * cos(turn), 360 + side * 60 * sin(turn)) for side in (-1, 1))
        for turn in (step * pi / 18 for step in range(10))
    ]
    gesture(page, *turned)
    now = view(page)
    assert now[0] == start[0]
    assert max(abs(a - b) for a, b in zip(now[1:], start[1:], strict=True)) <= 2
    # one pinch ends at the last zoom, however far it goes
    before = hash_of(page)
    gesture(page, *spread(150))
    assert moved(page, before)[0] == geometry.max_zoom + 1
    page.wait_for_selector(".leaflet-tile-loaded")
    assert not page.locator("html[data-look]").count()
    # the next one there is a wish to see more
    gesture(page, *spread(100))
    page.wait_for_selector("html[data-look]")
    assert geometry.media_ids[1] in page.url
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.look", state="detached")
    page.locator(".panel-close").tap()
    page.wait_for_selector("html:not([data-card])")
    # and the map is as it was: one finger moves it
    before = hash_of(page)
    gesture(page, *(((180, 360 - far),) for far in range(0, 100, 10)))
    assert moved(page, before)[0] == geometry.max_zoom + 1


def test_full_screen_is_turned_on_and_off_and_the_map_stays_where_it_is(page, land):
    opened(page, land, "#v=3,{},{}".format(*middle_of(land[1])))
    start, button = view(page), page.get_by_role("button", name="Full screen")
    for on in (True, False):
        button.click()
        page.wait_for_selector(f".fullscreen[aria-pressed={str(on).lower()}]")
        assert page.evaluate("document.fullscreenElement === document.documentElement") is on
        assert page.locator(".map").bounding_box()["width"] == page.evaluate("innerWidth")
        now = view(page)
        assert now[0] == start[0]
        assert max(abs(a - b) for a, b in zip(now[1:], start[1:], strict=True)) <= 2


FLING = """() => {
    const at = (type, x) => new MouseEvent(type, {
        bubbles: true, cancelable: true, button: 0, clientX: x, clientY: 400,
    });
    const map = document.querySelector(".map");
    const RealDate = Date;
    let now = RealDate.now();
    // 20 px every 7 ms by the page's clock, however busy the machine is
    window.Date = class extends RealDate {
        constructor(...given) { super(...(given.length ? given : [now])); }
        static now() { return now; }
    };
    map.dispatchEvent(at("mousedown", 900));
    for (let step = 1; step <= 6; step++) {
        now += 7;
        map.dispatchEvent(at("mousemove", 900 - 20 * step));
    }
    map.dispatchEvent(at("mouseup", 780));
    window.Date = RealDate;
}"""


def test_a_fling_goes_on_but_not_where_motion_is_unwanted(page, land):
    x, y = middle_of(land[1])
    far = {}
    for motion in ("no-preference", "reduce"):
        page.emulate_media(reduced_motion=motion)
        page.goto("about:blank")
        opened(page, land, f"#v=4,{x},{y}")
        page.evaluate(FLING)
        far[motion] = moved(page, f"#v=4,{x},{y}")[1] - x
    assert abs(far["reduce"] - 120) <= 2, "as far as the hand went"
    assert far["no-preference"] > 200, "it goes on when the hand has left"


EDGES = """() => [...document.querySelectorAll(".map img.leaflet-tile")].flatMap((tile) => {
  const { left, top, right, bottom } = tile.getBoundingClientRect();
  return [left, top, right, bottom];
})"""


@pytest.mark.parametrize("zoom", [1, 1.25, 1.5, 1.75, 2.25])
def test_tiles_end_at_whole_pixels_between_whole_zooms(page, land, zoom):
    x, y = middle_of(land[1])
    opened(page, land, f"#v={zoom},{x + 13},{y - 7}")
    # by the wheel, too, which leaves the zoom it came from in Leaflet's books
    page.mouse.move(531, 377)
    for _ in range(2):
        edges = page.evaluate(EDGES)
        assert edges
        assert max(abs(edge - round(edge)) for edge in edges) < 0.01
        before = hash_of(page)
        page.mouse.wheel(0, -25)
        moved(page, before)
        page.wait_for_function("!document.querySelector('.leaflet-zoom-anim')")


def test_tiles_are_not_blended(page, land):
    # each tile would be drawn into a picture of its own first, in every frame of a drag
    opened(page, land)
    blends = page.evaluate(
        "() => [...document.querySelectorAll('.map img.leaflet-tile')]"
        ".map((tile) => getComputedStyle(tile).mixBlendMode)"
    )
    assert set(blends) == {"normal"}


def test_a_card_leads_to_the_whole_picture_and_escape_back(page, land):
    _, geometry = land
    media_id = geometry.media_ids[0]
    opened(page, land, f"#card={media_id}")
    page.wait_for_selector(f"html[data-card='{media_id}']")
    page.get_by_role("button", name="Look closer").press("Enter")
    page.wait_for_selector("html[data-look=tiles]")
    page.wait_for_function("location.hash.includes('look=1')")
    assert "Museum of the four families" in page.inner_text(".look-caption")
    shown = page.locator(".look-map img.leaflet-tile").all()
    assert shown
    assert all(tile.get_attribute("src") for tile in shown)
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.look", state="detached")
    assert page.locator(f"html[data-card='{media_id}']").count(), "the card stays"
    page.go_back()
    page.wait_for_selector("dialog.look")
    page.reload()
    page.wait_for_selector("html[data-look=tiles]")


def test_zooming_past_the_end_of_the_map_looks_into_the_picture(page, land):
    _, geometry = land
    x, y = geometry.centres[1]
    opened(page, land, f"#v={geometry.max_zoom + 1},{x},{y}")
    box = page.locator(".map").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, -240)
    page.wait_for_selector("html[data-look=picture]")
    assert geometry.media_ids[1] in page.url
    assert "no larger picture" in page.inner_text(".look-caption")
