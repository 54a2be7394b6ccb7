"""Make the picture of a contact sheet for the documentation, light and dark.

python scripts/notebook_screenshot.py COLLECTION [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

import wunderkammer

ROOT = Path(__file__).parents[1]
SQL = """select media_id, "scientificName", sex, "eventDate" from media
where sex = 'female' order by "scientificName" """
LOOKS = {"notebook.png": "#fff;color:#111", "notebook-dark.png": "#111318;color:#e8e8e8"}


def main() -> None:
    """Show a sheet as a notebook would, and keep the first look."""
    collection = wunderkammer.open(sys.argv[1])
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "docs/images"
    answer = collection.query(SQL)
    html = "".join(one._repr_html_() for one in (answer[:3], answer.show(12)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 980, "height": 640})
        for name, look in LOOKS.items():
            page.set_content(f'<body style="margin:16px;background:{look}">{html}</body>')
            page.screenshot(path=folder / name, full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
