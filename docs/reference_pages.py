"""The reference, made from commands, settings, columns, plug-ins, errors and docstrings."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from typing import Any

import click
import docstrings
from pydantic import BaseModel
from setting_tables import cell, family, fields_table, table

import wunderkammer
from wunderkammer import cli
from wunderkammer.cli.main import wk
from wunderkammer.core import answer, collection, errors, journal, plan, provenance, stage, status
from wunderkammer.core.configuration import About, configure
from wunderkammer.core.registry import Registry
from wunderkammer.core.resources import EngineSettings, Resources
from wunderkammer.core.stage import RecordStage, Stage
from wunderkammer.stages import STAGES

_WIDTH = 76

COMMANDS_INTRO = """\
The console scripts `wk` and `wunderkammer` are the same. `-h` after any command explains it."""

SETTINGS_INTRO = """\
`collection.toml` holds one table a stage. `wk new` writes it with every setting explained;
`wk config show` prints what is in force. An unknown name is refused, and the nearest known one is
named. A stage that is wanted several times is an array of tables, such as `[[features]]` with one
encoder each.

A setting marked *context* says where something lies or how to work. It never makes anything stale.
Every other setting is part of the [key](../explanation/how-freshness-works.md) of what the stage
makes."""

PLUGINS_INTRO = """\
One file each; chosen by name in `collection.toml`. Your own go into a package with an entry point
in the group `wunderkammer.<family>`; see [the recipes](../contributing.md#recipes). `wk plugins`
prints this list."""

COLUMNS_INTRO = """\
One row per medium; each column has one writer. `wk query` sees all of them but vectors in the table
`media`; every stage's own rows are a table called after the stage. Where a name holds a plug-in's
name (`layout/relax/x`), it is the default's here.

The columns that [every row begins with](on-disk.md#rows-of-a-stage) and those of [the
records](on-disk.md#records) are described with the files that hold them."""

ERRORS_INTRO = """\
An error says what was wanted, what was found, and what to do next. The command line prints message
and hint and ends with the exit code below; a medium that failed keeps class, message and hint in
its row (`wk failures`)."""


def commands_page() -> str:
    """Return every command with its options, and the exit codes."""
    parts = [
        "# Commands",
        COMMANDS_INTRO,
        "## Exit codes",
        table(["code", "meaning"], [[code, text] for code, text in exit_codes()]),
    ]
    context = click.Context(wk, info_name="wk")
    for name in wk.list_commands(context):
        command = wk.get_command(context, name)
        parts += _command(f"wk {name}", command, context, level=2)
    return _page(parts)


def exit_codes() -> list[tuple[str, str]]:
    """Return the exit codes as ``wk --help`` states them."""
    return re.findall(r"(\d+) ([^,.]+(?:\([^)]*\))?)", wk.epilog or "")


def _command(name: str, command: Any, parent: click.Context, *, level: int) -> Iterator[str]:
    context = click.Context(command, info_name=name.rsplit(" ", 1)[1], parent=parent)
    yield f"{'#' * level} {name}"
    yield f"```text\n{command.get_usage(context).removeprefix('Usage: ')}\n```"
    yield _help(command.help or "")
    shared = {option for parameter in parent.command.params for option in parameter.opts}
    rows = []
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if record and record[1] and not shared & set(parameter.opts):
            rows.append([f"`{cell(record[0])}`", cell(record[1])])
    if shared & {option for parameter in command.params for option in parameter.opts}:
        rows.append([f"options of `{name.rsplit(' ', 1)[0]}`", "As above."])
    if rows:
        yield table(["option", "meaning"], rows)
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            yield from _command(f"{name} {inner}", found, context, level=level + 1)


def _help(text: str) -> str:
    """Return a help text; paragraphs that click keeps as they are become code."""
    parts = []
    for paragraph in inspect.cleandoc(docstrings.inline(text)).split("\n\n"):
        kept = paragraph.removeprefix("\b\n")
        parts.append(f"```text\n{kept}\n```" if kept != paragraph else cell(paragraph))
    return "\n\n".join(parts)


def settings_page() -> str:
    """Return every table of ``collection.toml``, every setting a row."""
    parts = [
        "# Settings",
        SETTINGS_INTRO,
        "## [collection]",
        docstrings.summary(About),
        fields_table(About),
        "## [engine]",
        docstrings.summary(EngineSettings),
        fields_table(EngineSettings),
        "## [engine.stages.STAGE]",
        docstrings.summary(Resources),
        fields_table(Resources),
    ]
    for kind in STAGES:
        parts += _model(kind, str(kind.model_fields["name"].default))
    return _page(parts)


def _model(kind: type[BaseModel], path: str) -> Iterator[str]:
    yield f"## [{path}]"
    yield docstrings.markdown(kind)
    rows = fields_table(kind)
    if rows:
        yield rows
    for name, field in kind.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel) and not family(field):
            yield from _model(inner, f"{path}.{name}")


def plugins_page() -> str:
    """Return every plug-in of every family with its settings."""
    parts = [
        "# Plug-ins",
        PLUGINS_INTRO,
    ]
    for registry in families():
        module = importlib.import_module(f"wunderkammer.{registry.family}")
        parts += [f"## {registry.family.capitalize()}", docstrings.summary(module)]
        for plugin in registry:
            parts += [f"### {plugin.model_fields['name'].default}", docstrings.markdown(plugin)]
            parts.append(fields_table(plugin) or "It has no settings.")
    return _page(parts)


def families() -> list[Registry[Any]]:
    """Return the registry of each family that has a plug-in, in the order data flows."""
    found = []
    for module in pkgutil.iter_modules(wunderkammer.__path__):
        package = importlib.import_module(f"wunderkammer.{module.name}")
        registry = getattr(package, "registry", None)
        if isinstance(registry, Registry) and registry.names():
            found.append(registry)
    order = ["sources", "sampling", "segmenters", "orienters", "encoders", "projections", "layouts"]
    return sorted(found, key=lambda one: order.index(one.family))


def columns_page() -> str:
    """Return the columns that each stage reads and writes, with the default plug-ins."""
    parts = [
        "# Columns",
        COLUMNS_INTRO,
    ]
    for one in default_stages():
        reads = ", ".join(f"`{name}`" for name in one.reads()) or "nothing"
        parts += [f"## {one.group}", docstrings.summary(type(one)), f"Reads {reads}."]
        if one.looks_up():
            looks_up = ", ".join(f"`{name}`" for name in one.looks_up())
            parts.append(f"Is also told {looks_up}: where something lies, never part of a key.")
        rows = [[f"`{column.name}`", _kind(column), column.description] for column in one.writes()]
        parts.append(
            table(["column", "kind", "meaning"], rows) if rows else "Writes files, no columns."
        )
    return _page(parts)


def default_stages() -> list[Stage]:
    """Return every stage that writes rows, as it is set by default."""
    optional: dict[str, Any] = {
        str(kind.model_fields["name"].default): {} for kind in STAGES if kind.optional
    }
    found = configure(optional, STAGES).stages
    return [one for one in found if not isinstance(one, RecordStage)]


def _kind(column: Any) -> str:
    return f"vector of {column.length}" if column.length else column.kind


def errors_page() -> str:
    """Return every error a user can meet."""
    for module in pkgutil.walk_packages(wunderkammer.__path__, "wunderkammer."):
        if not module.name.startswith(("wunderkammer.nets", "wunderkammer.training")):
            importlib.import_module(module.name)
    parts = [
        "# Errors",
        ERRORS_INTRO,
        docstrings.markdown(errors.WunderkammerError),
    ]
    rows = [
        [f"`{one.__name__}`", f"`{one.__base__.__name__}`", docstrings.summary(one), exit_code(one)]
        for one in error_classes()
    ]
    parts.append(table(["class", "is a", "meaning", "exit code"], rows))
    return _page(parts)


def error_classes() -> list[type[errors.WunderkammerError]]:
    """Return the classes below WunderkammerError that are defined in the package."""
    found: list[type[errors.WunderkammerError]] = []
    waiting = [errors.WunderkammerError]
    while waiting:
        inner = sorted(waiting.pop().__subclasses__(), key=lambda one: one.__name__)
        waiting += inner
        found += [one for one in inner if one.__module__.startswith("wunderkammer.")]
    return sorted(set(found), key=lambda one: one.__name__)


def exit_code(kind: type[errors.WunderkammerError]) -> str:
    """Return the exit code of ``wk`` when this error ends it."""
    if issubclass(kind, errors.RecordError | errors.ImageError):
        return "none: it costs one row"
    if issubclass(kind, errors.ConfigurationError):
        return str(cli.USAGE)
    unusable = (errors.NotACollectionError, errors.CollectionLockedError)
    return str(cli.UNUSABLE if issubclass(kind, unusable) else cli.FAILED)


def python_page() -> str:
    """Return the public Python interface."""
    parts = ["# Python", docstrings.markdown(wunderkammer)]
    for name in ("open", "create"):
        parts += _function(f"wunderkammer.{name}", getattr(wunderkammer, name))
    parts += _class(collection.Collection)
    parts += [*_class(answer.Answer), *_class(answer.ContactSheet)]
    results = (plan.Plan, plan.StagePlan, provenance.RunReport, provenance.StageRun)
    for kind in (*results, status.StageStatus, journal.Annotation):
        parts += _class(kind)
    parts += ["## Writing a stage", "See [the recipe](../contributing.md#a-stage)."]
    for kind in (stage.Stage, stage.RowStage, stage.TableStage, stage.Inputs, stage.Context):
        parts += _class(kind)
    return _page(parts)


def _class(kind: type) -> Iterator[str]:
    yield f"## {kind.__name__}"
    yield docstrings.markdown(kind)
    for name, member in vars(kind).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property) and member.__doc__:
            yield from (f"### {kind.__name__}.{name}", docstrings.markdown(member))
        elif inspect.isfunction(member) or isinstance(member, classmethod):
            function = getattr(kind, name)
            yield from _function(f"{kind.__name__}.{name}", function, level=3)


def _function(name: str, function: Callable[..., Any], *, level: int = 2) -> Iterator[str]:
    yield f"{'#' * level} {name}"
    yield f"```python\n{signature(name, function)}\n```"
    yield docstrings.markdown(function)


def signature(name: str, function: Callable[..., Any]) -> str:
    """Return how a function is called, one parameter a line where one line is too long."""
    text = re.sub(r"<function .+?>", "...", str(inspect.signature(function)))
    text = re.sub(r"(: |-> )'(.*?)'", r"\1\2", text).replace("'", '"')
    text = text.replace("(self, ", "(").replace("(self)", "()")
    if len(name + text) <= _WIDTH:
        return name + text
    inner, _, answer = text[1:].rpartition(") -> ")
    lines = re.split(r", (?=\*|\w+(?:: |=))", inner)
    return "\n".join([f"{name}(", *(f"    {line}," for line in lines), f") -> {answer}"])


def _page(parts: list[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "reference/cli.md": commands_page,
    "reference/settings.md": settings_page,
    "reference/plugins.md": plugins_page,
    "reference/columns.md": columns_page,
    "reference/errors.md": errors_page,
    "reference/python.md": python_page,
}
"""Each generated page and what makes it."""
