"""What mkdocs calls: pages made from the code, and the files of the root shown as pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import reference_pages
from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ROOT_PAGES = {"contributing.md": "CONTRIBUTING.md", "changelog.md": "CHANGELOG.md"}
"""Pages that are files of the project's root, which a checkout shows first."""

SEARCH = '<div class="md-search" data-md-component="search" role="dialog">'
ICON_LABEL = re.compile(
    r'(<label class="md-nav__link " for="__nav_\d+" id="__nav_\d+_label"[^>]*)>'
)
"""Where a section has a page of its own, what opens it is an arrow without a word."""

EMPTY_HEADING = re.compile(r"<th( [^>]*)?></th>")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that nobody writes by hand."""
    root = Path(config.config_file_path).parent
    made = {name: page() for name, page in reference_pages.PAGES.items()}
    for name, source in ROOT_PAGES.items():
        made[name] = as_page((root / source).read_text(encoding="utf-8"))
    for name, content in made.items():
        files.append(File.generated(config, name, content=content))
    return files


def as_page(text: str) -> str:
    """Return a file of the root with its links as a page below ``docs/`` needs them."""
    for source, page in (("docs/", ""), ("CONTRIBUTING.md", "contributing.md")):
        text = text.replace(f"]({source}", f"]({page}")
    return text.replace("](CHANGELOG.md", "](changelog.md")


def on_post_page(output: str, **_: object) -> str:
    """Return a page with what screen readers miss in the theme's."""
    output = output.replace(SEARCH, f'{SEARCH[:-1]} aria-label="Search">')
    output = ICON_LABEL.sub(r'\1 aria-label="Pages of this section">', output)
    # the corner of a table whose first column needs no heading
    return EMPTY_HEADING.sub(r"<td\1></td>", output)
