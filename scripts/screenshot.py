"""Make the pictures of the README and the docs from the demo, in a real browser."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parents[1] / "docs" / "images"
DEMO = Path(__file__).parents[1] / "demo"
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def main() -> None:
    """Make the demo if need be, serve it, and take each picture."""
    wk = [sys.executable, "-m", "wunderkammer"]
    subprocess.run([*wk, "demo", DEMO, "--no-serve"], check=True)
    command = [*wk, "serve", "-C", DEMO, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        address = server.stdout.readline().split()[4] if server.stdout else ""
        try:
            take_all(address)
        finally:
            server.terminate()


def take_all(address: str) -> None:
    """Take the desktop and phone pictures."""
    import wunderkammer

    rows = wunderkammer.open(DEMO).query(
        "SELECT media_id FROM media WHERE \"order\" = 'Lepidoptera' ORDER BY media_id LIMIT 1"
    )
    card = rows.to_pylist()[0]["media_id"]
    IMAGES.mkdir(parents=True, exist_ok=True)
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        desktop = browser.new_page(viewport={"width": 1440, "height": 900})
        take(desktop, f"{address}#card={card}", "atlas.png")
        take(desktop, address, "atlas-whole.png")
        phone = browser.new_context(
            viewport={"width": 320, "height": 640}, device_scale_factor=2, has_touch=True
        ).new_page()
        take(phone, f"{address}#card={card}", "atlas-phone.png")
        browser.close()


def take(page: Page, address: str, name: str) -> None:
    """Open an address and keep what is seen."""
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("html[data-ready=true]")
    page.wait_for_timeout(1500)
    content = page.screenshot()
    # 256 colours: a third of the bytes, and no eye sees it at this size
    Image.open(io.BytesIO(content)).convert("RGB").quantize(256).save(IMAGES / name, optimize=True)


if __name__ == "__main__":
    main()
