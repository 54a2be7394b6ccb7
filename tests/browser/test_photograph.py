"""A visitor's photograph: what is like it is marked on the map, listed, and not in the address."""

from urllib.parse import urlsplit

import pytest

import chromium
import curated

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(cabinet_to_curate):
    with curated.serving(cabinet_to_curate.root, "--photos") as found:
        yield found


@pytest.mark.parametrize("screen", ["desk", "phone"])
def test_a_photograph_finds_its_specimen_on_the_map(
    browser, server, cabinet_to_curate, tmp_path, screen
):
    sql = (
        "SELECT c.media_id, i.original FROM cutout c JOIN image i USING (media_id) "
        "WHERE c.n_cutouts = 1 AND c.status = 'done' ORDER BY 1 LIMIT 1"
    )
    [row] = cabinet_to_curate.query(sql).to_pylist()
    photograph = cabinet_to_curate.root / row["original"]
    letter = tmp_path / "letter.txt"
    letter.write_text("no photograph")
    with chromium.visiting(browser, urlsplit(server.address).netloc, screen) as page:
        page.goto(server.address)
        page.wait_for_selector("html[data-ready=true]", timeout=60_000)
        page.get_by_role("button", name="Find by a photograph").click()
        cameras = page.locator("input[type=file][capture]").count()
        assert cameras == (1 if screen == "phone" else 0)
        choose = page.locator("input[type=file]").last
        choose.set_input_files(letter)
        page.wait_for_selector("[role=alert]:has-text('no photograph')")
        page.locator("input[type=file]").last.set_input_files(photograph)
        page.wait_for_selector(".photo-like", timeout=120_000)
        n = int(page.get_attribute("html", "data-found"))
        assert n == 24, "as many are marked on the map as are listed"
        assert page.locator(".photo-list li").count() == n
        asked = {part.partition("=")[0] for part in urlsplit(page.url).fragment.split("&")}
        assert asked <= {"", "v"}, "the address holds what of the map is seen, and no more"
        page.locator(".photo-like").first.click()
        page.wait_for_selector(f"html[data-card='{row['media_id']}']")
        page.locator(".panel-close").click()  # on a phone the card lies over the list
        page.locator(".photo").get_by_role("button", name="Close").click()
        page.wait_for_selector("html[data-found='all']")
