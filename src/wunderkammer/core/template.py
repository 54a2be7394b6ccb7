"""The commented ``collection.toml`` that a new collection begins with, and edits to one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from tomlkit.exceptions import TOMLKitError

from wunderkammer.core.configuration import FILE, REFERS_TO, About, configure
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.files import write_bytes
from wunderkammer.core.stage import Stage

_ALREADY_SAID = frozenset({"name", "version"})
_WIDTH = 96


def template(kinds: Sequence[type[Stage]], chosen: Mapping[str, Any]) -> str:
    """Return the text of a ``collection.toml`` with every setting explained.

    Parameters
    ----------
    kinds : sequence of type
        The stages there are, in order.
    chosen : mapping
        Values by dotted name, such as ``{"layout.method.name": "grid"}``; they
        are written out, all others stand as comments with their defaults.

    Raises
    ------
    ConfigurationError
        If a chosen name or value is not allowed.
    """
    nested = _nested(chosen)
    configured = {stage.name: stage for stage in configure(nested, kinds).stages}
    lines = [
        "# The settings of this collection. A line that begins with '#' shows a default:",
        "# remove the '#' to change it. 'wk plan' tells what a change would redo.",
        "",
        "[collection]",
        *_fields(About, nested.get("collection", {}), About()),
    ]
    for kind in kinds:
        name = str(kind.model_fields["name"].default)
        if name in configured:
            lines += ["", *_comment(_summary(kind)), f"[{name}]"]
            lines += _table(kind, nested.get(name, {}), configured[name], name)
    return "\n".join(lines) + "\n"


def edit(root: Path, changes: Mapping[str, Any], kinds: Sequence[type[Stage]]) -> list[str]:
    """Change values in ``collection.toml``, keep its comments; return what was changed.

    Raises
    ------
    ConfigurationError
        If the result would not be allowed; the file is then left as it was.
    """
    path = root / FILE
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8"))
    except TOMLKitError as error:
        raise ConfigurationError(f"{path} is not TOML: {error}.") from None
    said = []
    for name, value in changes.items():
        *parents, last = name.split(".")
        table: Any = document
        for part in parents:
            if part not in table:
                table[part] = tomlkit.table()
            if isinstance(table[part], list):
                raise ConfigurationError(
                    f"{FILE} has several [[{part}]].", hint=f"Change the one you mean in {path}."
                )
            if not isinstance(table[part], dict):
                table[part] = {"name": table[part]}
            table = table[part]
        before = table.get(last)
        if before != value:
            table[last] = value
            said.append(f"{name} = {json.dumps(value)}" + _was(before))
    text = tomlkit.dumps(document)
    configure(tomlkit.parse(text).unwrap(), kinds)
    if said:
        write_bytes(path, text.encode())
    return said


def parse_assignment(text: str) -> tuple[str, Any]:
    """Return the name and value of ``name=value``; a value is TOML, or else text.

    Examples
    --------
    >>> parse_assignment("layout.method.columns=32")
    ('layout.method.columns', 32)
    >>> parse_assignment("collection.title=Moths of Kent")
    ('collection.title', 'Moths of Kent')
    """
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise ConfigurationError(
            f"'{text}' is not a setting.", hint="Write it as table.name=value."
        )
    try:
        return name.strip(), tomlkit.parse(f"x = {value}").unwrap()["x"]
    except TOMLKitError:
        return name.strip(), value.strip()


def _was(before: Any) -> str:
    return "" if before is None else f" (was {json.dumps(before)})"


def _nested(dotted: Mapping[str, Any]) -> dict[str, Any]:
    """Return dotted names as tables; a plug-in that is only named becomes a table too."""
    tree: dict[str, Any] = {}
    for name, value in sorted(dotted.items()):
        *parents, last = name.split(".")
        table = tree
        for part in parents:
            inner = table.setdefault(part, {})
            if not isinstance(inner, dict):
                inner = table[part] = {"name": inner}
            table = inner
        table[last] = value
    return tree


def _table(
    kind: type[BaseModel], given: Mapping[str, Any], model: BaseModel, path: str
) -> Iterator[str]:
    """Yield the fields of a model, then a table for each plug-in it holds."""
    yield from _fields(kind, given, model)
    for name in kind.model_fields:
        inner = getattr(model, name)
        if isinstance(inner, BaseModel):
            chosen = given.get(name, {})
            chosen = chosen if isinstance(chosen, dict) else {}
            description = kind.model_fields[name].description or ""
            yield from ("", *_comment(description), f"[{path}.{name}]")
            yield f'name = "{inner.name}"' if hasattr(inner, "name") else ""
            yield from _table(type(inner), chosen, inner, f"{path}.{name}")


def _fields(kind: type[BaseModel], given: Mapping[str, Any], model: BaseModel) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        value = getattr(model, name)
        if name in _ALREADY_SAID or isinstance(value, BaseModel):
            continue
        yield from _comment(field.description or "")
        extra = field.json_schema_extra
        refers = isinstance(extra, dict) and REFERS_TO in extra
        if name in given:
            yield f"{name} = {_toml(given[name])}"
        else:
            default = "" if refers else field.get_default(call_default_factory=True)
            unset = default is None or default is PydanticUndefined
            yield f"# {name} = {_toml('' if unset else default)}"


def _toml(value: Any) -> str:
    if isinstance(value, Path):
        value = value.as_posix()
    if isinstance(value, tuple):
        value = list(value)
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        table.update(value)
        value = table
    return str(tomlkit.item(value).as_string())


def _comment(text: str) -> Iterator[str]:
    line = "#"
    for word in text.split():
        if len(line) + len(word) > _WIDTH:
            yield line
            line = "#"
        line += f" {word}"
    if line != "#":
        yield line


def _summary(kind: type[BaseModel]) -> str:
    return (kind.__doc__ or "").strip().split("\n", 1)[0]
