"""The commented ``collection.toml`` that a new collection begins with, and edits to one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, get_args

import tomlkit
from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Float, Integer

from wunderkammer.core.configuration import (
    FILE,
    MEND_TOML,
    REFERS_TO,
    About,
    Configuration,
    configure,
)
from wunderkammer.core.errors import ConfigurationError, nearest
from wunderkammer.core.files import write_bytes
from wunderkammer.core.formats import COMMENT, FORMAT, KEY
from wunderkammer.core.registry import family_of
from wunderkammer.core.resources import EngineSettings
from wunderkammer.core.settings import build
from wunderkammer.core.stage import Stage

_ALREADY_SAID = frozenset({"name", "version"})
_WIDTH = 96
_LABELLED = re.compile(r"([^\[]+)\[([^\]]*)\]")
"""``stage[label]``."""


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
    for name, value in chosen.items():
        *parents, last = _parts(name)
        if isinstance(value, Integer | Float) and parents:
            _table_of(nested, parents, kinds)[last] = _as_typed(nested, name, value, kinds)
    settled = configure(nested, kinds)
    configured = {stage.name: stage for stage in settled.stages}
    lines = [
        COMMENT,
        f"{KEY} = {FORMAT}",
        "",
        "# The settings of this collection. A line that begins with '#' shows a default:",
        "# remove the '#' to change it. 'wk plan' tells what a change would redo.",
        "",
        "[collection]",
        *_fields(About, nested.get("collection", {}), About()),
        "",
        *_comment(_summary(EngineSettings)),
        "[engine]",
        *_fields(EngineSettings, nested.get("engine", {}), settled.engine),
    ]
    for kind in kinds:
        name = str(kind.model_fields["name"].default)
        if name in configured:
            lines += ["", *_comment(_summary(kind)), f"[{name}]"]
            lines += _table(kind, nested.get(name, {}), configured[name], name)
    return "\n".join(lines) + "\n"


class Edited(NamedTuple):
    """What ``collection.toml`` would be after some changes.

    Attributes
    ----------
    text : str
        The file's new content.
    configuration : Configuration
        What it says.
    said : list of str
        What was changed, one line a value.
    """

    text: str
    configuration: Configuration
    said: list[str]


def edit(root: Path, changes: Mapping[str, Any], kinds: Sequence[type[Stage]]) -> list[str]:
    """Change values in ``collection.toml``, keep its comments; return what was changed.

    See :func:`edited` for how values are named.

    Raises
    ------
    ConfigurationError
        If the result would not be allowed; the file is then left as it was.
    """
    made = edited(root, changes, kinds)
    if made.said:
        write_bytes(root / FILE, made.text.encode())
    return made.said


def edited(root: Path, changes: Mapping[str, Any], kinds: Sequence[type[Stage]]) -> Edited:
    """Return what ``collection.toml`` would be after some changes, and change nothing.

    Parameters
    ----------
    root : Path
        The collection's folder.
    changes : mapping
        Values by dotted name. Of a stage that is there several times the label stands in
        brackets, such as ``sample[kew].seed``; one that is not there yet is added.
    kinds : sequence of type
        The stages there are.

    Raises
    ------
    ConfigurationError
        If the result would not be allowed.
    """
    path = root / FILE
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8"))
    except TOMLKitError as error:
        raise ConfigurationError(f"{path} is not TOML: {error}.", hint=MEND_TOML) from None
    before = {}
    for name, value in changes.items():
        *parents, last = _parts(name)
        table = _table_of(document, parents, kinds)
        before[name] = table.get(last)
        if before[name] != value:
            table[last] = value
    said = []
    for name, value in changes.items():  # all plug-ins are named now, and say what is a text
        typed = _as_typed(document, name, value, kinds)
        if typed is not value:
            *parents, last = _parts(name)
            _table_of(document, parents, kinds)[last] = typed
        if before[name] != typed:
            said.append(f"{name} = {json.dumps(typed, ensure_ascii=False)}" + _was(before[name]))
    text = tomlkit.dumps(document)
    configuration = configure(tomlkit.parse(text).unwrap(), kinds, root)
    for name in changes:
        found = _LABELLED.fullmatch(_parts(name)[0])
        if found:
            _refuse_unknown(configuration, *found.groups())
    return Edited(text, configuration, said)


def _refuse_unknown(configuration: Configuration, name: str, label: str) -> None:
    """Refuse a label that no table has after the change: a slip, or one that was to be added."""
    try:
        configuration.stage(f"{name}/{label}")
    except ConfigurationError as error:
        more = f"To add it, say {name}[{label}].called={label} too."
        raise ConfigurationError(error.message, hint=f"{error.hint} {more}") from None


def _parts(name: str) -> list[str]:
    """Return the words of a dotted name; a label in brackets keeps its dots."""
    return re.findall(r"[^.\[]+(?:\[[^\]]*\])?", name)


def _table_of(document: Any, parents: Sequence[str], kinds: Sequence[type[Stage]]) -> Any:
    """Return the table that holds a value; it is added if there is none."""
    table = document
    for part in parents:
        labelled = _LABELLED.fullmatch(part)
        if labelled and table is document:
            table = _instance(document, labelled[1], labelled[2], kinds)
            continue
        if part not in table:
            table[part] = tomlkit.table()
        if isinstance(table[part], list):
            raise ConfigurationError(
                f"{FILE} has several [[{part}]].",
                hint=f"Say which: {part}[LABEL], or change it in {FILE}.",
            )
        if not isinstance(table[part], dict):
            table[part] = {"name": table[part]}
        table = table[part]
    return table


def _instance(document: Any, name: str, label: str, kinds: Sequence[type[Stage]]) -> Any:
    """Return the table of the instance of a stage that has a label; it is added if need be."""
    kind = next((one for one in kinds if one.model_fields["name"].default == name), None)
    if kind is None:
        known = [str(one.model_fields["name"].default) for one in kinds]
        raise ConfigurationError(f"no stage is called '{name}'.", hint=nearest(name, known))
    if isinstance(document.get(name), dict):
        alone = document[name]
        if build(kind, alone.unwrap(), where=f"{FILE}, [{name}]").label == label:
            return alone
        document.remove(name)
        document[name] = tomlkit.aot()
        document[name].append(alone)
    for table in document.setdefault(name, tomlkit.aot()):
        if build(kind, table.unwrap(), where=f"{FILE}, [[{name}]]").label == label:
            return table
    document[name].append(tomlkit.table())
    made = document[name][-1]
    made.trivia.indent = "\n"  # an empty line before it
    return made


def _as_typed(document: Any, name: str, value: Any, kinds: Sequence[type[Stage]]) -> Any:
    """Return a number as it was typed, where its setting is a text: a name may be all digits."""
    *parents, last = _parts(name)
    if not isinstance(value, Integer | Float) or not parents:
        return value
    model = _model_at(document, parents, kinds)
    field = model.model_fields.get(last) if model else None
    types = {field.annotation, *get_args(field.annotation)} if field else set()
    return value.as_string() if types & {str, Path} and not types & {int, float} else value


def _model_at(
    document: Any, parents: Sequence[str], kinds: Sequence[type[Stage]]
) -> type[BaseModel] | None:
    """Return the model whose fields are the settings of a table; None if there is none."""
    models: dict[str, type[BaseModel]] = {"collection": About, "engine": EngineSettings}
    models |= {str(kind.model_fields["name"].default): kind for kind in kinds}
    model = models.get(parents[0].partition("[")[0])
    for depth, part in enumerate(parents[1:], 2):
        field = model.model_fields.get(part) if model else None
        if field is None:
            return None
        default = field.get_default(call_default_factory=True)
        model = type(default) if isinstance(default, BaseModel) else None
        family, called = family_of(field), _table_of(document, parents[:depth], kinds).get("name")
        if family and called:
            model = family.get(str(called), where=FILE)
    return model


def parse_assignment(text: str) -> tuple[str, Any]:
    """Return the name and value of ``name=value``; a value is TOML, or else text.

    A number remembers how it was written, for settings that turn out to be texts.

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
        read = tomlkit.parse(f"x = {value}")
    except TOMLKitError:
        return name.strip(), value.strip()
    found = read["x"]
    return name.strip(), found if isinstance(found, Integer | Float) else read.unwrap()["x"]


def _was(before: Any) -> str:
    return "" if before is None else f" (was {json.dumps(before, ensure_ascii=False)})"


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
