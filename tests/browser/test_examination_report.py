"""The map of an examination's report in a real browser."""

import shutil

import pytest

import chromium
import examined
import wunderkammer
from wunderkammer.reports.examination import write_examination

pytestmark = pytest.mark.browser

_INK = """() => {
  const pixels = document.getElementById("map-canvas").getContext("2d")
    .getImageData(0, 0, 4000, 4000).data;
  const seen = {};
  for (let k = 0; k < pixels.length; k += 4)
    if (pixels[k + 3] > 120) seen[[pixels[k], pixels[k + 1], pixels[k + 2]]] = true;
  return Object.keys(seen).length;
}"""


@pytest.fixture(scope="module")
def report(collection, tmp_path_factory):
    root = tmp_path_factory.mktemp("examined") / "c"
    shutil.copytree(collection.root, root)
    made = wunderkammer.open(root)
    examined.examine(made)
    return write_examination(made)


@pytest.fixture(params=["desk", "phone"])
def page(request, browser, report):
    with chromium.visiting(browser, "", request.param) as found:
        found.goto(report.as_uri())
        yield found


def test_the_map_is_coloured_by_what_is_chosen_and_says_what_a_point_is(page):
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    legend = page.locator("#map-legend")
    page.select_option("#map-colour", label="family")
    families = legend.locator("li").count()
    assert families > 1
    assert page.evaluate(_INK) > families
    page.select_option("#map-colour", label="institutionCode")
    assert legend.locator("li").count() != families
    first = legend.locator("button").first
    first.click()
    assert first.get_attribute("aria-pressed") == "true"
    sheet = page.locator("#map-canvas")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    tip = page.locator("#map-tip")
    for share in range(2, 49):
        x = box["x"] + box["width"] * share / 50
        page.mouse.move(x, box["y"] + box["height"] / 2)
        if tip.is_visible():
            break
    assert "sees" not in tip.inner_text()
    assert "train" in tip.inner_text() or "random" in tip.inner_text()


def test_sets_can_be_left_out(page):
    before = page.evaluate(_INK)
    for box in page.locator("#map-parts input").all():
        box.uncheck()
    assert before > 0
    assert page.evaluate(_INK) == 0
