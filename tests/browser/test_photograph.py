"""A visitor's photograph: what is like it is marked on the map, listed, and not in the address."""

from urllib.parse import urlsplit

import pytest

import chromium
import curated
from plain_host import hosting
from wunderkammer.web.app import SECURITY

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


@pytest.fixture(scope="module")
def published(photographed, tmp_path_factory):
    root = tmp_path_factory.mktemp("host")
    photographed.publish(root / "museum" / "atlas")
    return root


def own_photograph(collection):
    sql = "SELECT media_id, original FROM image WHERE status = 'done' ORDER BY 1 LIMIT 1"
    [row] = collection.query(sql).to_pylist()
    return row["media_id"], collection.root / row["original"]


@pytest.mark.parametrize("screen", ["desk", "phone"])
def test_a_page_of_a_plain_host_looks_at_a_photograph_by_itself(
    browser, published, photographed, tmp_path, screen
):
    media_id, photograph = own_photograph(photographed)
    letter = tmp_path / "letter.txt"
    letter.write_text("no photograph")
    with (
        hosting(published, SECURITY) as (address, _),
        chromium.visiting(browser, urlsplit(address).netloc, screen) as page,
    ):
        asked = []
        page.on("request", lambda request: asked.append((request.method, request.url)))
        page.goto(f"{address}museum/atlas/")
        page.wait_for_selector("html[data-ready=true]", timeout=60_000)
        page.get_by_role("button", name="Find by a photograph").click()
        assert page.get_by_text("stays on this device").is_visible()
        assert page.get_by_text("loads 11 MB").is_visible(), "it says so before it loads them"
        page.locator("input[type=file]").last.set_input_files(letter)
        page.wait_for_selector("[role=alert]:has-text('no photograph')")
        assert not any("runtime/" in url or ".onnx" in url for _, url in asked)
        page.locator("input[type=file]").last.set_input_files(photograph)
        page.wait_for_selector(".photo-like", timeout=120_000)
        assert {method for method, _ in asked} == {"GET"}, "the photograph is sent nowhere"
        page.locator(".photo-like").first.click()
        page.wait_for_selector(f"html[data-card='{media_id}']")


def test_a_kept_page_looks_at_photographs_without_a_network(browser, published, photographed):
    media_id, photograph = own_photograph(photographed)
    with (
        hosting(published, SECURITY) as (address, stop),
        chromium.visiting(browser, urlsplit(address).netloc, loses_the_server=True) as page,
    ):
        page.goto(f"{address}museum/atlas/?lang=de")
        page.wait_for_selector("html[data-ready=true]", timeout=60_000)
        page.get_by_role("button", name="Über diesen Atlas", exact=True).first.click()
        page.get_by_role("switch").click()
        page.wait_for_selector("html[data-kept=true]", timeout=60_000)
        stop()
        page.goto(f"{address}museum/atlas/?lang=de")
        page.get_by_role("button", name="Mit einem Foto suchen").click()
        page.locator("input[type=file]").last.set_input_files(photograph)
        page.wait_for_selector(".photo-like", timeout=120_000)
        assert page.get_by_text("Das ganze Foto wurde verglichen.").is_visible()
        page.locator(".photo-like").first.click()
        page.wait_for_selector(f"html[data-card='{media_id}']")
