"""Several layouts of one atlas in a real browser."""

import shutil
from urllib.parse import urlsplit

import pytest
from tests.conftest import serving

import axe
import chromium
import wunderkammer

pytestmark = pytest.mark.browser

KINDS = '[[layout]]\ncalled = "kinds"\nmethod = { name = "taxonomy", ranks = ["family"] }\n'


@pytest.fixture(scope="module")
def several(collection, tmp_path_factory):
    """Return a copy of the finished collection that is laid out by family too."""
    root = tmp_path_factory.mktemp("layouts") / "cabinet"
    shutil.copytree(collection.root, root, copy_function=shutil.copy)
    path = root / "collection.toml"
    before, _, rest = path.read_text("utf-8").partition("\n[layout]\n")
    _, tile, after = rest.partition("\n[tile]\n")
    path.write_text(f"{before}\n[[layout]]\n{KINDS}{tile}{after}", "utf-8")
    made = wunderkammer.open(root)
    made.run(["layout", "tile", "places"], n_workers=0)
    return made


def test_another_layout_filters_selects_and_goes_back(browser, several):
    family, n = (
        several.query(
            "SELECT family, count(*) AS n FROM media GROUP BY 1 ORDER BY n DESC, family LIMIT 1"
        )
        .to_pylist()[0]
        .values()
    )
    with (
        serving(several.root) as address,
        chromium.visiting(browser, urlsplit(address).netloc) as page,
    ):
        page.goto(address)
        page.wait_for_selector("html[data-ready=true]", timeout=30_000)
        page.get_by_role("button", name="Layout: By likeness").press("Enter")
        assert axe.violations(page) == []
        page.keyboard.press("ArrowDown")
        page.wait_for_selector("html[data-layout=kinds]")
        page.wait_for_selector(f".layout-mark:has-text('{family}')", state="attached")
        page.keyboard.press("Escape")
        page.wait_for_selector(".passage", state="detached")
        assert axe.violations(page) == [], "names and lines are on the map"
        assert "layout=kinds" in page.url
        # around the frame of the family lie its media, all of them and no others
        page.wait_for_selector(".passage", state="detached")
        mark = page.locator(".layout-mark", has_text=family)
        frames = page.locator(".layout-block").all()
        label = mark.bounding_box()
        boxes = [frame.bounding_box() for frame in frames]
        block = min(boxes, key=lambda box: abs(box["x"] - label["x"]) + abs(box["y"] - label["y"]))
        page.get_by_role("button", name="Select").click()
        page.get_by_role("button", name="Rectangle").click()
        page.mouse.move(block["x"] - 3, block["y"] - 3)
        page.mouse.down()
        page.mouse.move(block["x"] + block["width"] + 3, block["y"] + block["height"] + 3, steps=4)
        page.mouse.up()
        page.wait_for_selector(f"html[data-found='{n}']")
        page.locator(".row").first.click()
        page.wait_for_selector("html[data-card]")
        assert family in page.inner_text(".panel")
        # on the first layout the same media are selected, and the card is open
        page.get_by_role("button", name="Layout: Classification").press("Enter")
        page.get_by_role("radio", name="By likeness").check()
        page.wait_for_selector("html[data-layout='']")
        page.wait_for_selector(f"html[data-found='{n}'][data-card]")
        page.wait_for_selector(".frame-chosen", state="attached")
        assert not page.locator(".layout-mark").count()
        page.go_back()
        page.wait_for_selector("html[data-layout=kinds][data-card]")
        page.reload()
        page.wait_for_selector(f"html[data-layout=kinds][data-card][data-found='{n}']")
