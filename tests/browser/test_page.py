"""The page in a real browser: what a visitor does and sees."""

from urllib.parse import urlsplit

import pytest

import chromium
from wunderkammer.atlas.points import find_row, read_block
from wunderkammer.atlas.schemas import Atlas

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser, address):
    """Return a page whose errors and requests elsewhere fail the test."""
    with chromium.visiting(browser, urlsplit(address).netloc) as found:
        yield found


def opened(page, address, place=""):
    page.goto(address + place)
    page.wait_for_selector("html[data-ready=true]", timeout=30_000)


def a_medium(collection):
    return collection.query(
        'SELECT media_id, scientificName, "rightsHolder" AS holder, "catalogNumber" AS number '
        "FROM media WHERE scientificName IS NOT NULL ORDER BY media_id LIMIT 1"
    ).to_pylist()[0]


def test_a_visitor_zooms_to_a_specimen_clicks_it_and_reads_its_card(page, address, collection):
    opened(page, address)
    assert page.title().startswith("Small cabinet")
    page.locator("#map, .leaflet-container").first.hover()
    for _ in range(2):
        page.mouse.wheel(0, -240)
        page.wait_for_timeout(400)
    medium = a_medium(collection)
    opened(page, address, f"#card={medium['media_id']}")
    page.reload()
    page.wait_for_selector(f"html[data-card='{medium['media_id']}']")
    text = page.inner_text("body")
    assert medium["scientificName"].split(" (")[0].split()[0] in text
    assert medium["holder"] in text


def test_a_click_on_a_sprite_opens_its_own_card(page, address, collection):
    medium = a_medium(collection)["media_id"]
    folder = collection.artifacts("atlas")
    atlas = Atlas.model_validate_json((folder / "atlas.json").read_bytes())
    row = find_row(folder, atlas.ids, medium)
    x, y = (read_block(folder, atlas.points, axis)[row] for axis in "xy")
    opened(page, address, f"#v={atlas.tiles.max_zoom},{x},{y}")
    box = page.locator(".map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector(f"html[data-card='{medium}']")


def test_back_closes_the_card_and_forward_opens_it_again(page, address, collection):
    opened(page, address)
    medium = a_medium(collection)
    page.evaluate(f"location.hash = 'card={medium['media_id']}'")
    page.wait_for_selector(f"html[data-card='{medium['media_id']}']")
    page.go_back()
    page.wait_for_selector("html:not([data-card])")
    page.go_forward()
    page.wait_for_selector(f"html[data-card='{medium['media_id']}']")


def test_the_card_fits_a_small_phone(browser, address, collection):
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, has_touch=True, device_scale_factor=2
    )
    page = context.new_page()
    opened(page, address, f"#card={a_medium(collection)['media_id']}")
    page.wait_for_selector("html[data-card]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_an_unknown_id_is_said_and_the_map_still_works(page, address):
    opened(page, address, "#card=" + "0" * 20)
    page.wait_for_selector("text=This atlas has no image with the id 0000")
    assert page.locator(".leaflet-container").is_visible()


def most_frequent(collection, column):
    """Return the value of a column that most media have, and how many have it."""
    row = collection.query(
        f'SELECT "{column}" AS value, count(*) AS n FROM media WHERE "{column}" IS NOT NULL '
        "GROUP BY 1 ORDER BY n DESC, value LIMIT 1"
    ).to_pylist()[0]
    return row["value"], row["n"]


def test_a_name_with_a_slip_is_found_by_keyboard_and_its_card_opened(page, address, collection):
    genus, n = most_frequent(collection, "genus")
    assert n > 1
    opened(page, address)
    page.keyboard.press("/")
    page.keyboard.type(genus[:-2] + "q" + genus[-1])
    page.wait_for_selector(f"[role=option][aria-selected=true]:has-text('{genus}')")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"html[data-found='{n}']")
    assert page.locator(".map .marks canvas").count(), "what was not found is dimmed"
    page.wait_for_selector(f".row:has-text('{genus}')")
    page.locator(".row").first.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-card]")
    assert genus in page.inner_text(".panel-heading")


def test_a_facet_dims_the_rest_and_back_and_forward_follow(page, address, collection):
    family, n = most_frequent(collection, "family")
    opened(page, address)
    page.get_by_role("button", name="Filter").press("Enter")
    facet = page.locator(".facet[data-column=family]")
    if not facet.get_attribute("open"):
        facet.locator("summary").press("Enter")
    facet.get_by_role("checkbox", name=f"{family}, {n}").press("Space")
    page.wait_for_selector(f"html[data-found='{n}']")
    counted = page.locator(".facet[data-column=order] .facet-count").all_inner_texts()
    assert sum(map(int, counted)) == n, "other facets count what is left"
    page.go_back()
    page.wait_for_selector("html[data-found=all]")
    page.go_forward()
    page.wait_for_selector(f"html[data-found='{n}']")
    page.reload()
    page.wait_for_selector(f"html[data-found='{n}']")


def test_an_area_of_the_shares_is_asked_for_by_keyboard(page, address, collection):
    family, n = most_frequent(collection, "family")
    opened(page, address, "#pane=treemap")
    page.get_by_role("combobox", name="Share out by").select_option(label="Family")
    area = page.get_by_role("button", name=f"{family}, {n}")
    assert area.get_attribute("aria-pressed") == "false"
    page.locator(".treemap-box[tabindex='0']").press("Enter")
    page.wait_for_selector(f"html[data-found='{n}']")
    assert area.get_attribute("aria-pressed") == "true"
    page.keyboard.press("ArrowRight")
    assert page.locator(".treemap-box:focus").get_attribute("aria-pressed") == "false"


def test_a_class_of_the_legend_is_seen_alone(page, address, collection):
    family, n = most_frequent(collection, "family")
    opened(page, address, "#pane=colour")
    page.get_by_role("combobox", name="Colour by").select_option("family")
    page.wait_for_selector("html[data-colour=family]")
    entry = page.locator("button.legend-line", has_text=family)
    assert int(entry.locator(".legend-count").inner_text()) == n
    entry.press("Enter")
    page.wait_for_selector(f"html[data-found='{n}']")
    assert entry.get_attribute("aria-pressed") == "true"
    counts = page.locator("button.legend-line .legend-count").all_inner_texts()
    assert sum(map(int, counts)) > n, "the other classes keep their counts"
    page.get_by_role("button", name="Reset").press("Enter")
    page.wait_for_selector("html[data-found=all]")
