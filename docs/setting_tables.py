"""Tables of settings: a row a field, with its type, default and meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import docstrings
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from wunderkammer.core.configuration import REFERS_TO
from wunderkammer.core.registry import Registry
from wunderkammer.core.settings import CONTEXT

_HIDDEN = frozenset({"name", "version"})

_TYPES = {bool: "true or false", float: "number", int: "integer", str: "text"}
"""Types of Python as a reader of TOML knows them."""

_BOUNDS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}


def fields_table(kind: type[BaseModel]) -> str:
    """Return a row a setting: name, type, default, meaning."""
    rows = []
    for name, field in kind.model_fields.items():
        inner = field.annotation
        registry = family(field)
        nested = isinstance(inner, type) and issubclass(inner, BaseModel)
        if name in _HIDDEN or (nested and registry is None):
            continue
        mark = _mark(field)
        meaning = docstrings.inline(field.description or "")
        if registry is not None:
            kind_text = f"[{registry.singular}](plugins.md#{registry.family})"
        else:
            kind_text = f"`{type_name(field.annotation, field.metadata)}`"
        rows.append([f"`{name}`", kind_text, _default(field), f"{meaning}{mark}"])
    return table(["setting", "type", "default", "meaning"], rows) if rows else ""


def _mark(field: Any) -> str:
    extra = field.json_schema_extra
    return " *Context.*" if isinstance(extra, dict) and extra.get(CONTEXT) else ""


def type_name(annotation: Any, marks: Sequence[Any] = ()) -> str:
    """Return a type as TOML knows it, with the bounds that are checked."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return type_name(inner[0], inner[1:])
    if origin is Literal:
        text = " or ".join(map(repr, inner))
    elif origin in {Union, UnionType}:
        text = " or ".join(type_name(one) for one in inner if one is not NoneType)
    elif origin in {tuple, list}:
        text = f"list of {type_name(inner[0])}"
    elif origin is dict:
        text = f"table of {type_name(inner[1])}"
    else:
        text = _TYPES.get(annotation, annotation.__name__.lower())
    return f"{text} {', '.join(_bounds(marks))}".strip()


def _bounds(marks: Sequence[Any]) -> Iterator[str]:
    for mark in marks:
        yield from _bounds(getattr(mark, "metadata", ()))
        for name, sign in _BOUNDS.items():
            bound = getattr(mark, name, None)
            if bound is not None:
                yield f"{sign} {bound:,}"


def _default(field: Any) -> str:
    value = field.get_default(call_default_factory=True)
    extra = field.json_schema_extra
    if value is PydanticUndefined:
        return "*required*"
    if isinstance(extra, dict) and REFERS_TO in extra:
        meant = extra[REFERS_TO]
        if isinstance(meant, list):
            return " or ".join(f"`{one}`" for one in meant)
        return f"the first `{meant}`"
    if value is None or value in ("", {}):
        return "none"
    if isinstance(value, tuple | list):
        return ", ".join(f"`{one}`" for one in value)
    text = getattr(value, "name", value)
    return f"`{str(text).lower() if isinstance(value, bool) else text}`"


def family(field: Any) -> Registry[Any] | None:
    """Return the registry of a field that holds a plug-in, or None."""
    for mark in field.metadata:
        found = getattr(getattr(mark, "func", None), "__self__", None)
        if isinstance(found, Registry):
            return found
    return None


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(cell(text) for text in row)} |" for row in rows]
    return "\n".join(lines)


def cell(text: str) -> str:
    """Return a text on one line, its bars escaped."""
    return re.sub(r"(?<!\\)\|", r"\|", re.sub(r"\s+", " ", text))
