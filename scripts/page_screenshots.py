"""Make the docs' pictures of every panel of the page, at the size of a desk and of a phone.

    python scripts/page_screenshots.py [COLLECTION]

Without a collection the demo is drawn, with the texts of a museum, into a folder that is removed.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import wunderkammer
from chromium import FLAGS, executable

IMAGES = Path(__file__).parents[1] / "docs" / "images" / "page"
TOLD = {
    "collection.publisher": "The Museum of Invented Nature",
    "collection.website": "https://example.org/",
    "collection.citation": "The Museum of Invented Nature (2026). Cabinet of synthetic specimens.",
    "collection.introduction": "Six hundred butterflies, moths, beetles and leaves, each where its "
    "likeness puts it. Move closer, or look for a name.",
    "collection.disclaimer": "Names, places and dates are invented. Nobody should rely on them.",
    "neighbours.k": "30",
}
DESK = {"viewport": {"width": 1400, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 720}, "device_scale_factor": 2, "has_touch": True}
QUALITY = 82
WK = [sys.executable, "-m", "wunderkammer"]
GAP_PX = 48


def main() -> None:
    """Take each picture of a collection, or of the demo."""
    if len(sys.argv) > 1:
        take(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder) / "demo"
        told = [part for name, value in TOLD.items() for part in ("--set", f"{name}={value}")]
        subprocess.run([*WK, "demo", demo, "--no-serve", *told], check=True)
        take(demo)


def take(root: Path) -> None:
    """Serve a collection, and take each picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    command = [*WK, "serve", "-C", root, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        address = server.stdout.readline().split()[4] if server.stdout else ""
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
                take_all(browser, address, states(root))
                browser.close()
        finally:
            server.terminate()


def states(root: Path) -> dict[str, str]:
    """Return the part of the address behind # that leads to each panel."""
    rows = wunderkammer.open(root).query(
        "SELECT media_id, family FROM media WHERE \"order\" = 'Lepidoptera' "
        'AND "decimalLatitude" IS NOT NULL ORDER BY media_id LIMIT 1'
    )
    one = rows.to_pylist()[0]
    return {
        "map": "",
        "card": f"card={one['media_id']}",
        "filters": f"is.family={one['family']}&pane=filters",
        "colour": "pane=colour&colour=family",
        "list": f"is.family={one['family']}&pane=list",
    }


def take_all(browser: Browser, address: str, places: dict[str, str]) -> None:
    """Take the pictures of the desk, of the phone side by side, and of the dark."""
    desk = browser.new_context(reduced_motion="reduce", **DESK).new_page()
    for name, place in places.items():
        visit(desk, f"{address}#{place}")
        keep(desk.screenshot(), name)
    visit(desk, f"{address}#{places['card']}")
    desk.locator(".card-found").evaluate("one => one.scrollIntoView()")
    desk.wait_for_timeout(400)
    keep(desk.screenshot(), "card-more")
    visit(desk, address)
    open_about(desk)
    keep(desk.screenshot(), "about")
    dark = browser.new_context(reduced_motion="reduce", color_scheme="dark", **DESK).new_page()
    visit(dark, f"{address}#{places['card']}")
    keep(dark.screenshot(), "dark")
    phone = browser.new_context(reduced_motion="reduce", **PHONE).new_page()
    shots = []
    for name in ("map", "card", "filters", "list"):
        visit(phone, f"{address}#{places[name]}")
        shots.append(phone.screenshot())
    visit(phone, address)
    open_about(phone)
    shots.append(phone.screenshot())
    keep(side_by_side(shots), "phone")


def visit(page: Page, address: str) -> None:
    """Open an address afresh, and wait until all of it is there."""
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("html[data-ready=true]")
    if "card=" in address:
        page.wait_for_selector("html[data-card]")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(800)


def open_about(page: Page) -> None:
    """Open what is told about the atlas."""
    page.get_by_role("button", name="About this atlas").first.click()
    page.wait_for_selector("dialog[open]")
    page.wait_for_timeout(400)


def side_by_side(shots: list[bytes]) -> bytes:
    """Return pictures in one row on white."""
    images = [Image.open(io.BytesIO(shot)).convert("RGB") for shot in shots]
    width = sum(image.width for image in images) + GAP_PX * (len(images) - 1)
    row = Image.new("RGB", (width, images[0].height), "#ffffff")
    left = 0
    for image in images:
        row.paste(image, (left, 0))
        left += image.width + GAP_PX
    buffer = io.BytesIO()
    row.resize((row.width // 2, row.height // 2)).save(buffer, "PNG")
    return buffer.getvalue()


def keep(content: bytes, name: str) -> None:
    """Write a picture as small as no eye minds."""
    image = Image.open(io.BytesIO(content)).convert("RGB")
    image.save(IMAGES / f"{name}.webp", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()
