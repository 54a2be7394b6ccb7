"""What mkdocs calls: pages made from the code, and the files of the root shown as pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import reference_pages
from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ROOT_PAGES = {"contributing.md": "CONTRIBUTING.md", "changelog.md": "CHANGELOG.md"}
"""Pages that are files of the project's root, which a checkout shows first."""


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
