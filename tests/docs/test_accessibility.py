"""The documentation can be read by keyboard and screen reader, in light and dark."""

import pytest

import axe
import chromium
from plain_host import hosting

PAGES = (
    "",
    "tutorials/butterflies/",
    "how-to/layouts/",
    "reference/performance/",
    "reference/cli/",
)

WRAPPED = "!document.querySelector('article table:not([class])')"
"""The theme's script has done its work."""


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_each_kind_hinders_anybody(site, scheme):
    found = {}
    with chromium.launched() as browser, hosting(site) as (address, _):
        page = browser.new_page(color_scheme=scheme)
        for name in PAGES:
            page.goto(address + name)
            page.wait_for_function(
                "!document.querySelector('table') ||"
                " document.querySelector('.md-typeset__scrollwrap')"
            )
            found[name] = axe.violations(page)
    assert not [said for said in found.values() if said], found
