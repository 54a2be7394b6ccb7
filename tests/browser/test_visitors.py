"""Everybody can use the page: by key, by touch, by screen reader, at 320 px, in the dark.

All on a cabinet whose every text is an attack, which must stay a text.
"""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.conftest import serving

import axe
import chromium
import hostile

pytestmark = pytest.mark.browser

PANES = ("filters", "colour", "list")
SMALL = {"viewport": {"width": 320, "height": 568}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def cabinet(tmp_path_factory):
    return hostile.make(tmp_path_factory.mktemp("hostile") / "cabinet")


@pytest.fixture(scope="module")
def home(cabinet):
    with serving(cabinet.root) as found:
        yield found


@pytest.fixture(scope="module")
def medium(cabinet):
    """Return the id of a medium of which there is a second one."""
    rows = cabinet.query(
        "SELECT media_id FROM media WHERE occurrenceID = 'specimen 1' ORDER BY media_id"
    )
    return rows.to_pylist()[0]["media_id"]


@pytest.fixture
def page(browser, home):
    """Return a page whose errors and requests elsewhere fail the test."""
    with chromium.visiting(browser, urlsplit(home).netloc) as found:
        yield found


def opened(page, address):
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("html[data-ready=true]", timeout=60_000)


def states(page, home, medium):
    """Bring the page to one state after another; yield the name of each."""
    opened(page, home)
    page.wait_for_selector(".welcome:not([hidden])")
    yield "welcome"
    page.get_by_role("button", name="Explore").click()
    yield "map"
    for pane in PANES:
        opened(page, f"{home}#pane={pane}&colour={'genus' if pane == 'colour' else ''}")
        page.wait_for_selector(f".pane[data-pane={pane}]")
        if pane == "list":
            page.wait_for_selector(".row img")
        page.wait_for_timeout(500)
        yield pane
    page.evaluate("location.hash = 'pane=treemap'")
    page.wait_for_selector(".treemap-box")
    yield "treemap"
    opened(page, home)
    page.keyboard.press("/")
    page.keyboard.type("Idea")
    page.wait_for_selector("[role=option][aria-selected=true]:has-text('Idea')")
    yield "search"
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-found='6']")
    yield "found"
    opened(page, home)
    page.get_by_role("button", name="Select", exact=True).click()
    page.wait_for_selector(".select-bar")
    yield "select"
    opened(page, f"{home}#card={medium}")
    page.wait_for_selector("html[data-card] .world-map")
    page.wait_for_selector(".card-similar:not([hidden])")
    page.wait_for_timeout(500)
    yield "card"
    opened(page, home)
    page.get_by_role("button", name="About this atlas").first.click()
    page.wait_for_selector("dialog[open]")
    page.wait_for_timeout(400)
    yield "about"
    opened(page, home + "#card=" + "0" * 20)
    page.wait_for_selector(".panel-failed")
    yield "unknown card"


def test_axe_finds_nothing_amiss_in_any_state(browser, home, medium):
    looks = (
        {"viewport": {"width": 1280, "height": 800}},
        {**SMALL, "color_scheme": "dark"},
    )
    found = {}
    for look in looks:
        context = browser.new_context(reduced_motion="reduce", **look)
        page = context.new_page()
        for state in states(page, home, medium):
            for line in axe.violations(page):
                found.setdefault(line, f"{state}, {look['viewport']['width']} px")
        page.route("**/atlas.json", lambda route: route.abort())
        page.goto(f"{home}?lang=de")
        page.wait_for_selector(".failure")
        for line in axe.violations(page):
            found.setdefault(line, "error page")
        context.close()
    assert found == {}


OVERLAPS = (Path(__file__).parent / "overlaps.js").read_text("utf-8")
"""Tells which controls stick out of the window, or lie below another one."""


def test_at_320_px_nothing_sticks_out_or_covers_a_control(browser, home, medium):
    context = browser.new_context(reduced_motion="reduce", **SMALL)
    page = context.new_page()
    found = {}
    for state in states(page, home, medium):
        problems = page.evaluate(OVERLAPS)
        if problems:
            found[state] = problems
    context.close()
    assert found == {}


def test_all_of_it_is_done_by_key(page, home, cabinet):
    opened(page, home)
    press = page.keyboard.press
    press("/")
    page.keyboard.type("Idea")
    page.wait_for_selector("[role=option][aria-selected=true]:has-text('Idea')")
    press("Enter")
    page.wait_for_selector("html[data-found='6']")
    page.locator(".row").first.focus()
    press("ArrowDown")
    press("Enter")
    page.wait_for_selector("html[data-card]")
    first = page.evaluate("document.documentElement.dataset.card")
    assert page.evaluate("document.activeElement.id") == "card-heading"
    press("ArrowRight")
    page.wait_for_selector(f"html[data-card]:not([data-card='{first}'])")
    press("ArrowLeft")
    page.wait_for_selector(f"html[data-card='{first}']")
    tab_to(page, ".similar")
    press("Enter")
    page.wait_for_selector(f"html[data-card]:not([data-card='{first}'])")
    tab_to(page, "button.asking")
    press("Enter")
    page.wait_for_selector(".chip >> nth=0")
    press("Escape")
    page.wait_for_selector("html:not([data-card])")
    page.get_by_role("button", name="Reset").press("Enter")
    page.wait_for_selector("html[data-found=all]")
    page.get_by_role("button", name="Filter").press("Enter")
    facet = page.locator(".facet[data-column=genus]")
    if facet.get_attribute("open") is None:
        facet.locator("summary").press("Enter")
    facet.locator("input[type=checkbox]").first.press("Space")
    page.wait_for_selector("html[data-found='6']")
    page.get_by_role("button", name="Select", exact=True).press("Enter")
    page.get_by_role("button", name="All in sight").press("Enter")
    page.wait_for_selector(".chip:has-text('Drawn area')")
    page.wait_for_selector(".pane[data-pane=list] .row")
    page.get_by_role("button", name="Export").press("Enter")
    page.wait_for_selector("[role=menuitem]:focus")
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Table").press("Enter")
    assert "media_id" in download.value.path().read_text("utf-8")
    page.get_by_role("button", name="About this atlas").first.press("Enter")
    page.wait_for_selector("dialog[open]")
    press("Escape")
    page.wait_for_selector("dialog:not([open])", state="attached")
    page.go_back()
    page.wait_for_selector(".chip:has-text('Drawn area')", state="detached")


def tab_to(page, selector):
    """Press the tabulator until an element is reached; each on the way shows that it is."""
    for _ in range(60):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "(wanted) => { const one = document.activeElement, look = getComputedStyle(one);"
            " return [one.matches(wanted), one === document.body || look.outlineStyle !== 'none'"
            " || look.boxShadow !== 'none', one.outerHTML.slice(0, 80)]; }",
            selector,
        )
        assert here[1], f"the focus is not seen on {here[2]}"
        if here[0]:
            return
    pytest.fail(f"{selector} is not reached by the tabulator")


def test_whatever_a_text_holds_is_shown_as_text(page, home, medium):
    attack, seen = hostile.ATTACK, []
    for state in states(page, home, medium):
        assert page.locator("img[src=x]").count() == 0, state
        if attack not in page.inner_text("body"):
            assert state == "unknown card"
        assert attack in page.title()
        seen.append(state)
    assert "card" in seen
    opened(page, f"{home}#card={medium}&pane=colour&colour={hostile.COLUMN}")
    page.wait_for_selector(".world-map")
    page.wait_for_selector(".legend-line")
    card = page.inner_text(".panel")
    shown = set(hostile.TERMS) - {"verbatimEventDate", "license"}
    assert [term for term in sorted(shown) if f"{attack} {term}" not in card] == []
    assert page.locator(".panel a[href^='javascript']").count() == 0
    for text in hostile.ABOUT:
        assert f"{attack} {text}" in page.locator("dialog").text_content()


def test_the_page_speaks_german_where_it_is_asked_to(page, home, medium):
    opened(page, f"{home}?lang=de#card={medium}&pane=filters")
    page.wait_for_selector("html[lang=de][data-card]")
    assert page.title().endswith("title auf Deutsch")
    assert page.locator(".facet[data-column=genus] summary").inner_text().startswith("Gattung")
    assert "W" in page.inner_text(".card-found")
    page.get_by_role("button", name="Über diesen Atlas").first.click()
    page.get_by_label("Erscheinungsbild").select_option("Dunkel")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(29, 26, 23)"
    page.get_by_label("Sprache").select_option("English")
    page.wait_for_selector("html[lang=en][data-theme=dark][data-ready=true]")
    assert page.evaluate("location.hash").startswith("#v=")


def test_a_citation_is_copied_and_that_is_said(page, home, medium):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, f"{home}#card={medium}")
    page.wait_for_selector("html[data-card]")
    page.get_by_role("button", name="Copy the citation").first.press("Enter")
    page.wait_for_selector(".panel .copying [role=status]:has-text('Copied')", state="attached")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"{hostile.ATTACK} bibliographicCitation" in copied
    assert copied.endswith(f"#card={medium}")


def test_a_finger_swipes_to_the_next_card_and_back(browser, home, medium):
    context = browser.new_context(**SMALL)
    page = context.new_page()
    opened(page, f"{home}#card={medium}")
    page.wait_for_selector("html[data-card] .card-picture img")
    drag = (
        "([from, to]) => { const one = document.querySelector('.card-picture');"
        " const say = (kind, x) => one.dispatchEvent(new PointerEvent(kind, {bubbles: true,"
        " isPrimary: true, pointerType: 'touch', clientX: x, clientY: 400}));"
        " say('pointerdown', from); say('pointerup', to); }"
    )
    page.evaluate(drag, [240, 80])
    page.wait_for_selector(f"html[data-card]:not([data-card='{medium}'])")
    page.evaluate(drag, [80, 240])
    page.wait_for_selector(f"html[data-card='{medium}']")
    context.close()
