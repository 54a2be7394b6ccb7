"""The front page of one atlas: the built page, with what this atlas is in its head.

The page's script says it too; who makes a preview of a link, or lists pages for a search,
runs none.
"""

from __future__ import annotations

import re
from html import escape

_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_LANGUAGE = re.compile(r'(<html\b[^>]*\blang=")[^"]*')
_NO_SCRIPT = "<noscript>"
_WITHOUT_SCRIPT = {"title": "h1", "description": "p"}
"""Elements that are read where no script runs, before the sentence that says so."""


def front_page(page: str, *, title: str = "", description: str = "", language: str = "") -> bytes:
    """Return the page's HTML with what an atlas is; what is empty stays as it was.

    Parameters
    ----------
    page : str
        HTML of the built page, the same for all atlases.
    title, description : str, optional
        Plain text.
    language : str, optional
        Code of the page's language, such as ``en``.
    """
    texts = {"title": title, "description": description}
    told = {name: escape(" ".join(text.split())) for name, text in texts.items() if text.strip()}
    head = [f'<meta property="og:{name}" content="{text}" />' for name, text in told.items()]
    if "description" in told:
        head.append(f'<meta name="description" content="{told["description"]}" />')
    own = f"<title>{told['title']}</title>" if "title" in told else ""
    page = _TITLE.sub(lambda found: "\n    ".join([own or found[0], *head]), page, count=1)
    if language:
        page = _LANGUAGE.sub(rf"\g<1>{language}", page, count=1)
    read = "".join(
        f"<{_WITHOUT_SCRIPT[name]}>{told[name]}</{_WITHOUT_SCRIPT[name]}>" for name in told
    )
    return page.replace(_NO_SCRIPT, _NO_SCRIPT + read, 1).encode()
