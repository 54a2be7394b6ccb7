"""Texts of IIIF resources: language maps, HTML in values, ids and types of either version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

_NO_LANGUAGE = frozenset({"", "none", "@none", "und"})
_BREAKS = frozenset({"br", "p", "li", "div", "tr"})


def id_of(resource: Any) -> str:
    """Return the id of a resource of Presentation 2 or 3; a text is its own id."""
    if isinstance(resource, str):
        return resource.strip()
    if not isinstance(resource, Mapping):
        return ""
    found = resource.get("id") or resource.get("@id") or ""
    return found.strip() if isinstance(found, str) else ""


def type_of(resource: Any) -> str:
    """Return the type of a resource without its prefix, such as ``Manifest``."""
    if not isinstance(resource, Mapping):
        return ""
    found = resource.get("type") or resource.get("@type") or ""
    found = found[0] if isinstance(found, list) and found else found
    return found.rpartition(":")[2] if isinstance(found, str) else ""


def several(value: Any) -> list[Any]:
    """Return a value that may stand alone or in a list as a list."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def by_language(value: Any) -> dict[str, list[str]]:
    """Return the texts of a value by language code, lower-case; empty for none.

    Parameters
    ----------
    value : JSON value
        A text; ``{"@value": …, "@language": …}``; a map of languages to lists
        of texts; or a list of these.
    """
    found: dict[str, list[str]] = {}
    for language, text in _texts(value, ""):
        shown = plain(text)
        if shown:
            code = language.casefold()
            found.setdefault("" if code in _NO_LANGUAGE else code, []).append(shown)
    return found


def _texts(value: Any, language: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield language, value
    elif isinstance(value, bool | int | float):
        yield language, str(value)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, language)
    elif isinstance(value, Mapping):
        if "@value" in value:
            yield from _texts(value["@value"], str(value.get("@language") or ""))
        elif not id_of(value):
            for code, one in value.items():
                yield from _texts(one, str(code))


def said(value: Any, language: str) -> list[str]:
    """Return the texts of a value in a language, or in the one that is nearest to it.

    Notes
    -----
    In this order: the language itself, another kind of it (``de-CH`` for
    ``de``), texts of no language, English, whatever comes first.

    Examples
    --------
    >>> said({"de": ["Blatt"], "en": ["Leaf"]}, "en-GB")
    ['Leaf']
    >>> said([{"@value": "Blatt", "@language": "de"}, {"@value": "Leaf", "@language": "en"}], "fr")
    ['Leaf']
    """
    found = by_language(value)
    if not found:
        return []
    code = language.casefold()
    stem = code.split("-")[0]
    alike = [other for other in found if other.split("-")[0] == stem]
    english = [other for other in found if other.split("-")[0] == "en"]
    chosen = [code] if code in found else [*alike, *([""] if "" in found else []), *english]
    return found[chosen[0] if chosen else next(iter(found))]


def one_line(value: Any, language: str) -> str:
    """Return the texts of a value in a language side by side."""
    return " | ".join(dict.fromkeys(said(value, language)))


class _Words(HTMLParser):
    """Collects the text of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.words.append(" ")


def plain(text: str) -> str:
    """Return a text without HTML, which values may hold if they begin with ``<``.

    Examples
    --------
    >>> plain("<p>Plate <i>IV</i> &amp; V</p>")
    'Plate IV & V'
    >>> plain("length < 3 mm")
    'length < 3 mm'
    """
    text = text.strip()
    if not (text.startswith("<") and text.endswith(">")) and "</" not in text:
        return text
    reader = _Words()
    reader.feed(text)
    reader.close()
    return " ".join("".join(reader.words).split())
