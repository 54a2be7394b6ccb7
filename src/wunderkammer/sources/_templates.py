"""Templates with ``{placeholders}``: texts made from columns, terms read out of paths."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from wunderkammer.core.errors import ConfigurationError, nearest
from wunderkammer.vocab import audiovisual_core, darwin_core

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_URL_SAFE = "/:@!$&'()*+,;=~-._%"

Filled = Callable[[Sequence[str]], str]
"""Makes a text from the cells of a row; empty where it lacks what it needs."""


def text_template(template: str, header: Sequence[str], *, where: str) -> Filled:
    """Return what fills a template such as ``{Name} ({Year})`` from a row.

    Parameters
    ----------
    template : str
        Any number of columns in braces; other text stays.
    header : sequence of str
        The columns. A name matches exactly, else without regard to case.
    where : str
        Begins the message, such as ``"[source], title"``.

    Returns
    -------
    callable
        Takes the cells of a row. Brackets that remain empty are left out; the
        text is empty if every placeholder is.

    Raises
    ------
    ConfigurationError
        If no column has the name.
    """
    parts = _parts(template, header, where)

    def fill(cells: Sequence[str]) -> str:
        values = [cells[part].strip() if isinstance(part, int) else part for part in parts]
        named = [cells[part].strip() for part in parts if isinstance(part, int)]
        if named and not any(named):
            return ""
        text = re.sub(r"\(\s*\)|\[\s*\]", "", "".join(values))
        return re.sub(r" {2,}", " ", text).strip() if not all(named) else "".join(values)

    return fill


def address_template(template: str, header: Sequence[str], *, where: str) -> Filled:
    """Return what fills an address such as ``https://example.org/{Id}/`` from a row.

    As :func:`text_template`, but values are percent-encoded where an address
    needs it, and the address is empty if any placeholder is.
    """
    parts = _parts(template, header, where)

    def fill(cells: Sequence[str]) -> str:
        values = []
        for position, part in enumerate(parts):
            value = cells[part].strip() if isinstance(part, int) else part
            if isinstance(part, int) and not value:
                return ""
            begins = position == 0 and "://" in value
            literal = begins or not isinstance(part, int)
            values.append(value if literal else quote(value, safe=_URL_SAFE))
        return "".join(values)

    return fill


def _parts(template: str, header: Sequence[str], where: str) -> list[str | int]:
    """Return the template as texts and positions of columns."""
    parts: list[str | int] = []
    for piece in re.split(r"(\{[^{}]+\})", template):
        if _PLACEHOLDER.fullmatch(piece):
            parts.append(column(piece[1:-1], header, where=f"{where} = '{template}'"))
        elif piece:
            parts.append(piece)
    return parts


def column(name: str, header: Sequence[str], *, where: str) -> int:
    """Return the position of a column.

    Raises
    ------
    ConfigurationError
        If no column, or more than one but for case, has the name.
    """
    if name in header:
        return list(header).index(name)
    alike = [n for n, other in enumerate(header) if other.casefold() == name.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    raise ConfigurationError(
        f"{where}: the table has no column '{name}'.", hint=nearest(name, header)
    )


def known_terms() -> set[str]:
    """Return the names of every Darwin Core, Dublin Core and Audiovisual Core term."""
    return set(darwin_core.TERMS) | set(audiovisual_core.TERMS)


def path_pattern(template: str) -> re.Pattern[str]:
    """Return a pattern that reads terms out of a path without its ending.

    Parameters
    ----------
    template : str
        Such as ``{family}/{genus}/{scientificName}_{n}``, anchored at the end
        of the path: ``{n}`` stands for digits and ``{_}`` for anything, both
        dropped; every other name is a term. Each stays within one folder name.

    Raises
    ------
    ValueError
        If a name is no term, stands twice, or two stand side by side.
    """
    out = ""
    seen: set[str] = set()
    if "}{" in template:
        raise ValueError("two placeholders need something between them")
    for piece in re.split(r"(\{[^{}]+\})", template):
        name = piece[1:-1]
        if not _PLACEHOLDER.fullmatch(piece):
            out += re.escape(piece)
        elif name == "n":
            out += r"\d+"
        elif name == "_":
            out += "[^/]*"
        elif name in seen:
            raise ValueError(f"'{name}' stands twice")
        elif name in known_terms():
            seen.add(name)
            out += f"(?P<{name}>[^/]+)"
        else:
            raise ValueError(f"no term is called '{name}'. {_near(name)}")
    return re.compile(f"(?:.*/)?{out}")


def _near(name: str) -> str:
    hint = nearest(name, known_terms())
    return hint.split(" Known:")[0] if hint.startswith("Did") else "See the terms of Darwin Core."


def read_path(pattern: re.Pattern[str], path: str) -> Mapping[str, str]:
    """Return the terms in a path without ending; underscores in them become spaces.

    Examples
    --------
    >>> read_path(path_pattern("{family}/{scientificName}_{n}"), "x/Pieridae/Pieris_rapae_2")
    {'family': 'Pieridae', 'scientificName': 'Pieris rapae'}
    """
    found = pattern.fullmatch(path)
    if found is None:
        return {}
    terms = {name: value.replace("_", " ").strip() for name, value in found.groupdict().items()}
    return {name: value for name, value in terms.items() if value}
