"""No page breaks the policy it is sent with: the browser says nothing of a refused script."""

import pytest

import cabinet
import curated
from sorters import sorted_copy, sorting

pytestmark = pytest.mark.browser

WATCH = """
window.broken = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.broken.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture
def opened(browser):
    """Return a function that opens a page and gives what its policy refused, and its errors."""

    def look(address, selector):
        page = browser.new_context().new_page()
        said = []
        page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda one: said.append(str(one)))
        page.add_init_script(WATCH)
        page.goto(address)
        page.wait_for_selector(selector, timeout=60_000)
        page.wait_for_load_state("networkidle")
        refused = page.evaluate("window.broken")
        page.evaluate(
            "() => { const one = document.createElement('script');"
            "one.textContent = 'window.ran = true'; document.head.append(one); }"
        )
        ran = page.evaluate("window.ran === true")
        caught = page.evaluate("window.broken.length")
        page.context.close()
        assert not ran, "a script that is written into the page is not run"
        assert caught > len(refused), "and the browser tells of it"
        told = [one for one in said if "Content Security Policy" in one]
        return refused, told[: len(told) - 1]

    return look


def test_the_atlas_that_is_looked_at_keeps_its_policy(opened, address):
    assert opened(address, "#page canvas, #page .leaflet-container, #page img") == ([], [])


def test_the_atlas_that_curates_and_takes_photographs_keeps_its_policy(opened, cabinet_to_curate):
    with curated.serving(cabinet_to_curate.root, "--curate", "--photos") as server:
        for path, selector in (("", "#page > *"), ("curate/?tool=upright", "#page > *"),
                               ("sort/?task=quality", "#page > *")):  # fmt: skip
            assert opened(server.address + path, selector) == ([], []), path


def test_the_pages_for_reviewing_and_sorting_keep_their_policy(opened, collection, tmp_path):
    made = cabinet.make(tmp_path / "cabinet", ("a0", "d"))
    with cabinet.reviewing(made) as review:
        for tool in ("cutout", "upright"):
            assert opened(f"{review.address}?tool={tool}", "#page img, #page canvas") == ([], [])
    with sorting(sorted_copy(collection, tmp_path / "sorted")) as running:
        # it asks who sits there before it shows a picture
        assert opened(f"{running.address}?task=quality", "#page > *") == ([], [])
