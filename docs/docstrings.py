"""Docstrings in the numpy style as Markdown."""

from __future__ import annotations

import inspect
import re
from typing import Any

_ROLE = re.compile(r":(?:meth|func|class|mod|data):`[.~]*([^`]+)`")
_SECTIONS = ("Parameters", "Attributes", "Returns", "Yields", "Raises", "Notes", "Examples",
             "References")  # fmt: skip


def markdown(thing: Any) -> str:
    """Return the docstring of a class or function as Markdown, sections as bold words."""
    text = inspect.cleandoc(thing.__doc__ or "")
    if not text:
        raise ValueError(f"{thing!r} has no docstring")
    found: list[str] = []
    for title, lines in sections(text):
        if title:
            found.append(f"**{title}**")
        found.append(_body(title, lines))
    return "\n\n".join(part for part in found if part)


def summary(thing: Any) -> str:
    """Return the first line of a docstring."""
    return inline(inspect.cleandoc(thing.__doc__ or "").split("\n", 1)[0])


def sections(text: str) -> list[tuple[str, list[str]]]:
    """Return the lines of a docstring by section; the first has no title."""
    found: list[tuple[str, list[str]]] = [("", [])]
    lines = text.split("\n")
    skip = False
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if skip:
            skip = False
        elif line in _SECTIONS and set(below) == {"-"}:
            found.append((line, []))
            skip = True
        else:
            found[-1][1].append(line)
    return found


def inline(text: str) -> str:
    """Return reStructuredText within a line as Markdown."""
    text = re.sub(r"\[(\d+)\]_", r"[\1]", _ROLE.sub(r"`\1`", text))
    return re.sub(r"``([^`]+)``", r"`\1`", text)


def _body(title: str, lines: list[str]) -> str:
    if title == "Examples":
        return _examples(lines)
    if title in {"Parameters", "Attributes", "Raises", "Returns", "Yields"}:
        return _entries(lines)
    if title == "References":
        text = re.sub(r"\s+", " ", " ".join(lines)).strip()
        return re.sub(r"\s*\.\. \[(\d+)\]", r"\n\1.", text).strip()
    return inline("\n".join(lines).strip())


def _examples(lines: list[str]) -> str:
    text = "\n".join(line.split("  # doctest:")[0] for line in lines).strip()
    return f"```pycon\n{text}\n```" if text.startswith(">>>") else inline(text)


def _entries(lines: list[str]) -> str:
    """Return ``name : type`` and what is indented below it as a list."""
    found = []
    for line in lines:
        if not line.strip():
            continue
        if not line.startswith(" "):
            name, colon, kind = line.partition(" : ")
            found.append(f"- `{name}`{f' ({kind})' if colon else ''}:")
        else:
            found[-1] += f" {inline(line.strip())}"
    return "\n".join(entry.removesuffix(":") for entry in found)
