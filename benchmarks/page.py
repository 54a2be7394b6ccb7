"""The page of an atlas in Chromium without a GPU, on a slow line: what a visitor waits for.

Give sites of any sizes that ``wk publish`` wrote, such as those that benchmarks/million.py keeps;
without any, a collection of 10,000 media is made for it. The page itself is the one built here.

python benchmarks/page.py [<site> ...] [--seconds 120]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser

import million
import report
from page_host import served
from page_visit import LATENCY_MS, LINE_MBIT, SCREEN, Visit, chromium, drags, pace, visit, zooms
from report import record, table
from wunderkammer.atlas.points import read_block
from wunderkammer.atlas.schemas import Atlas
from wunderkammer.core.collection import Collection
from wunderkammer.stages.publish import PAGE

N_LOADS, N_GENERA, N_DRAWN_AROUND = 3, 5, 50_000
READY = "document.documentElement.dataset.ready"
PICTURE = (
    "[...document.querySelectorAll('img.leaflet-tile-loaded')].some((one) => one.naturalWidth)"
)
FOUND = "document.documentElement.dataset.found > 0"
SUGGESTED = "document.querySelector('.suggestion')"
NO_POPUP = "document.querySelector('.suggestions').hidden"

Figures = dict[str, str]


@dataclass(frozen=True)
class Served:
    """A site that is served, and what lies in it."""

    folder: Path
    address: str
    figures: Figures = field(default_factory=dict)

    @cached_property
    def atlas(self) -> Atlas:
        return Atlas.model_validate_json((self.folder / "atlas.json").read_bytes())

    def block_bytes(self, name: str) -> int:
        return next(one.n_bytes for one in self.atlas.points.blocks if one.name == name)

    def values(self, column: str) -> list[str]:
        """Return the values of a column, those with most media first."""
        path = next(one.path for one in self.atlas.dictionaries if one.column == column)
        listed = json.loads((self.folder / path).read_bytes())["values"]
        return [one["value"] for one in sorted(listed, key=lambda one: -one["count"])]

    def circle(self, n: int) -> tuple[float, float, float]:
        """Return centre and radius of a circle that holds n media, or half of fewer."""
        x, y = (read_block(self.folder, self.atlas.points, axis) for axis in "xy")
        n = min(n, len(x) // 2)
        across, down = float(np.median(x)), float(np.median(y))
        return across, down, float(np.partition(np.hypot(x - across, y - down), n)[n])


# --- what is measured -----------------------------------------------------------------


def first_picture(browser: Browser, site: Served) -> None:
    """Open the page some times with nothing cached."""
    times, sizes = [], []
    for _ in range(N_LOADS):
        with visit(browser) as one:
            picture = one.open(site.address, PICTURE)
            whole = one.until(READY)
            one.page.wait_for_timeout(500)
            times.append((picture, whole))
            sizes.append((one.n_bytes(picture), one.n_bytes(whole)))
    (picture, whole), (before, sum_of_all) = np.median(times, axis=0), np.median(sizes, axis=0)
    site.figures["first tile in the window"] = f"{picture / 1000:.2f} s, {before / 1e6:.2f} MB"
    site.figures["first picture: all tiles"] = f"{whole / 1000:.2f} s, {sum_of_all / 1e6:.2f} MB"


def motion(browser: Browser, site: Served) -> None:
    """Drag and zoom: the pictures alone, then with what is found and colours drawn on them."""
    genus = site.values("genus")[0]
    looks = {
        "pictures": "#",
        "a genus found": f"#is.genus={genus}",
        "coloured by family": "#colour=family",
        "both": f"#is.genus={genus}&colour=family",
    }
    for name, place in looks.items():
        with visit(browser) as one:
            one.open(site.address + place, READY)
            one.quiet(1500)
            panned = one.frames(drags(one.page))
            zoomed = one.frames(zooms(one.page, [1, 1, 1, 1, -1, 1, -1, -1, -1]))
        site.figures[f"frames/s, dragged: {name}"] = pace(panned)
        site.figures[f"frames/s, zoomed: {name}"] = pace(zoomed)


def filtered(browser: Browser, site: Served) -> None:
    """Tick genera in the panel, one at a time."""
    with visit(browser) as one:
        one.open(site.address, READY)
        one.page.get_by_role("button", name="Filter").click()
        facet = one.page.locator(".facet[data-column=genus]")
        facet.locator("summary").click()
        facet.locator(".facet-count").first.wait_for()
        one.quiet()
        found, drawn = [], []
        for genus in site.values("genus")[:N_GENERA]:
            facet.locator("input[type=search]").fill(genus)
            one.quiet()
            one.forget()
            one.expect(FOUND)
            facet.locator("input[type=checkbox]").first.click()
            found.append(one.met() - one.noted("pressed"))
            drawn.append(one.drawn() - one.noted("pressed"))
            one.page.get_by_role("button", name="Reset").click()
            one.until("document.documentElement.dataset.found === 'all'")
            one.quiet()
        site.figures["filter by a genus: counted"] = _ms(found)
        site.figures["filter by a genus: drawn"] = _ms(drawn)


def coloured(browser: Browser, site: Served) -> None:
    """Choose a column in the panel; the wait begins when its block has been read."""
    waits = []
    for _ in range(N_LOADS):
        with visit(browser) as one:
            one.open(site.address, READY)
            one.page.get_by_role("button", name="Colour").click()
            one.quiet()
            one.forget()
            one.page.get_by_role("combobox", name="Colour by").select_option("family")
            one.until("document.documentElement.dataset.colour")
            drawn = one.drawn()
            size = site.block_bytes("code:family")
            read = [end for name, end, n in one.read() if "points" in name and n >= size]
            pressed = one.noted("pressed")
            waits.append((read[0] - pressed, drawn - read[0]))
    block, drawn = zip(*waits, strict=True)
    site.figures["colour by family: its block"] = _ms(block)
    site.figures["colour by family: drawn after that"] = _ms(drawn)


def searched(browser: Browser, site: Served) -> None:
    """Type words of each kind, each for the first time."""
    name = site.values("genus")[7]
    kinds = {
        "a genus": name,
        "its beginning": site.values("genus")[11][:4],
        "a slip": name[:3] + name[4:],
        "two words": " ".join([name, site.values("country")[0]]),
    }
    with visit(browser) as one:
        one.open(site.address, READY)
        for number, (kind, typed) in enumerate(kinds.items()):
            one.page.locator(".search-input").focus()
            one.page.wait_for_timeout(500)
            one.forget()
            one.expect(SUGGESTED)
            one.page.locator(".search-input").fill(typed)
            took = one.met() - one.noted("typed")
            said = f"search, {kind}" + (", the first of a visit" if number == 0 else "")
            site.figures[said] = _ms([took])
            one.page.locator(".search-input").fill("")
            one.until(NO_POPUP)


READING = 500
"""Milliseconds in which a visitor reads what the menu of exports offers, and points at it."""

SAVED = (
    ("these as CSV", "Table", READING),
    ("these as CSV, chosen at once", "Table", 0),
    ("with all fields", "All fields", READING),
)


def drawn_around(browser: Browser, site: Served) -> None:
    """Draw a circle around 50,000 media and save them."""
    x, y, radius = site.circle(N_DRAWN_AROUND)
    zoom = float(np.floor(site.atlas.tiles.max_zoom + np.log2(300 / radius)))
    scale = 2.0 ** (zoom - site.atlas.tiles.max_zoom)
    with visit(browser) as one:
        one.open(f"{site.address}#v={zoom},{x},{y}", READY)
        one.page.get_by_role("button", name="Select").click()
        one.quiet()
        mouse, middle = one.page.mouse, np.array([SCREEN["width"], SCREEN["height"]]) / 2
        corners = np.exp(2j * np.pi * np.linspace(0, 1, 60)) * radius * scale
        for number, corner in enumerate(corners):
            mouse.move(middle[0] + corner.real, middle[1] + corner.imag)
            if number == 0:
                mouse.down()
        one.forget()
        one.expect(FOUND)
        mouse.up()
        found = one.met() - one.noted("released")
        site.figures["lasso around 50,000, or half of fewer: counted"] = _ms([found])
        for name, entry, pause in SAVED:
            one.page.wait_for_timeout(3000)
            site.figures[name] = saved(one, entry, pause)


def saved(one: Visit, entry: str, pause: float) -> str:
    """Open the menu, choose an entry after a pause in ms, and wait for the file."""
    before = one.n_bytes()
    one.forget()
    one.page.get_by_role("button", name="Export").click()
    one.page.wait_for_timeout(pause)
    with one.page.expect_download(timeout=300_000):
        one.page.get_by_role("menuitem", name=entry).click()
    one.until("seen.saved")
    wait = one.noted("saved") - one.noted("pressed")
    return f"{wait / 1000:.2f} s, {(one.n_bytes() - before) / 1e6:.1f} MB"


def used(browser: Browser, site: Served, seconds: float) -> None:
    """Use everything for a while; then look at what the tab holds."""
    rng = np.random.default_rng(0)
    with visit(browser) as one:
        one.open(site.address, READY)
        begin, rounds = time.monotonic(), 0
        while time.monotonic() - begin < seconds:
            for _ in use(one, site, rng):
                if time.monotonic() - begin > seconds:
                    break
            rounds += 1
        held = one.heap()
        site.figures[f"after {seconds:.0f} s of use: JS heap"] = (
            f"{held['objects'] + held['arrays']:.0f} MB ({held['arrays']:.0f} in typed arrays)"
        )
        site.figures["the whole tab"] = f"{held['tab']:.0f} MB"
        site.figures["read in that time"] = f"{one.n_bytes() / 1e6:.0f} MB, {rounds} rounds"


def use(one: Visit, site: Served, rng: np.random.Generator) -> Iterator[None]:
    """Do what visitors do, once: look around, search, filter, colour, list, read."""
    genera, columns = site.values("genus"), [ref.column for ref in site.atlas.dictionaries]
    column, genus = rng.choice(columns), rng.choice(genera[:200])
    x, y = (float(rng.uniform(0.2, 0.8)) for _ in range(2))
    atlas = site.atlas
    place = f"v={rng.integers(2, atlas.tiles.max_zoom)},{atlas.left + x * atlas.width:.0f},"
    place += f"{atlas.top + y * atlas.height:.0f}"
    for ask in (
        place,
        f"{place}&colour={column}",
        f"{place}&colour={column}&is.genus={genus}&pane=list",
        f"{place}&is.family={rng.choice(site.values('family'))}&in.year=1900,1950&pane=filters",
    ):
        one.page.evaluate("(hash) => { location.hash = hash; }", ask)
        one.page.wait_for_timeout(1500)
        yield
        yield from drags(one.page, 1)
        yield from zooms(one.page, [int(rng.choice([-1, 1]))])
    one.page.locator(".search-input").fill(str(genus)[:4])
    one.until(SUGGESTED)
    one.page.locator(".search-input").fill("")
    one.page.mouse.click(SCREEN["width"] * 0.6, SCREEN["height"] * 0.5)
    one.page.wait_for_timeout(1000)
    yield


def _ms(waits: list[float]) -> str:
    return f"{np.median(waits):.0f} ms"


# --- running it -----------------------------------------------------------------------


MEASURED = {
    "first": first_picture,
    "motion": motion,
    "filter": filtered,
    "colour": coloured,
    "search": searched,
    "lasso": drawn_around,
}


def measure(folder: Path, parts: list[str], seconds: float) -> tuple[int, Figures]:
    """Measure one site; return how many media it has, and the figures."""
    with served(PAGE, folder) as address, chromium() as browser:
        site = Served(folder, address)
        for name in parts:
            if name == "use":
                used(browser, site, seconds)
            else:
                MEASURED[name](browser, site)
            print(name, site.figures, flush=True)
        return site.atlas.n_media, site.figures


def a_site(folder: Path, n: int) -> Path:
    """Take n synthetic media through all stages; return their site."""
    million.make(folder, n)
    stages = Collection(folder, million.pipeline()).configuration.stages
    for step in [*(stage.group.partition("/")[0] for stage in stages), "publish"]:
        million.measured(folder, step)
    return folder / "site"


def told(found: list[tuple[int, Figures]]) -> str:
    """Return the table of all sites."""
    names = list(dict.fromkeys(name for _, figures in found for name in figures))
    rows = [[name, *(figures.get(name, "") for _, figures in found)] for name in names]
    return table(["", *(f"{n:,} media" for n, _ in found)], rows)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sites", type=Path, nargs="*")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--parts", nargs="+", default=[*MEASURED, "use"])
    parser.add_argument("--page", type=Path, default=report.PAGE)
    options = parser.parse_args()
    report.PAGE = options.page
    with tempfile.TemporaryDirectory() as name:
        sites = options.sites or [a_site(Path(name) / "collection", 10_000)]
        found = [measure(site, options.parts, options.seconds) for site in sites]
    about = (
        f"Debian's Chromium, {SCREEN['width']} x {SCREEN['height']}, software rendering; a plain "
        f"server on loopback, nothing compressed, behind {LINE_MBIT} Mbit/s and {LATENCY_MS} ms a "
        f"request as Chromium simulates them; nothing is cached when a page is opened (median of "
        f"{N_LOADS}). Frames a second are those of the median interval while the map is dragged "
        "and flung or zoomed by the wheel, in brackets those that 19 of 20 intervals keep. Waits "
        "are from the press or the last letter to the "
        "frame that shows the outcome. What is saved is chosen half a second after the menu "
        "opened, in which its beginning is read already, unless it is said otherwise."
    )
    record(
        "page", "The page of an atlas, without a GPU on a slow line", f"{about}\n\n{told(found)}"
    )


if __name__ == "__main__":
    main()
