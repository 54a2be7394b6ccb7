"""Options that several commands share, and options made from a stage's fields."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from pydantic import BaseModel

_Command = TypeVar("_Command", bound=Callable[..., Any])


def folder(command: _Command) -> _Command:
    """Add ``-C PATH``: the collection a command works on."""
    option = click.option(
        "-C",
        "path",
        type=click.Path(path_type=Path),
        default=Path(),
        metavar="PATH",
        help="The collection's folder; default: here.",
    )
    return option(command)


def settings(command: _Command) -> _Command:
    """Add ``--set NAME=VALUE``: a value of ``collection.toml``."""
    option = click.option(
        "--set",
        "assignments",
        multiple=True,
        metavar="NAME=VALUE",
        help="A setting by its dotted name, such as layout.method.name=grid; may be repeated.",
    )
    return option(command)


def stage_options(kind: type[BaseModel], families: dict[str, Any]) -> Iterator[click.Option]:
    """Yield an option a field of a stage, and one a setting of the plug-ins it may hold.

    Parameters
    ----------
    kind : type
        The stage.
    families : dict
        Registry by field name, for fields that hold a plug-in.
    """
    from pydantic import BaseModel

    for name, field in kind.model_fields.items():
        if name in {"name", "version"}:
            continue
        annotation = field.annotation
        if name in families:
            registry = families[name]
            yield _option(name, field, click.Choice(registry.names()))
            yield from _plugin_options(name, registry)
        elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
            for inner, inner_field in annotation.model_fields.items():
                yield _option(f"{name}.{inner}", inner_field)
        else:
            yield _option(name, field)


def plain_options(kind: type[BaseModel]) -> Iterator[click.Option]:
    """Yield an option a field of a model whose fields are texts, numbers, choices or flags."""
    from typing import Literal, get_args, get_origin

    for name, field in kind.model_fields.items():
        if name in {"name", "version"}:
            continue
        flags = f"--{name.replace('_', '-')}"
        default, text = field.get_default(), field.description or ""
        if field.annotation is bool:
            yield click.Option([f"{flags}/--no-{flags[2:]}", name], default=default, help=text)
            continue
        chosen = get_origin(field.annotation) is Literal
        choices = click.Choice(get_args(field.annotation)) if chosen else str
        yield click.Option(
            [flags, name],
            type=choices,
            required=field.is_required(),
            help=text if field.is_required() or default == "" else f"{text} Default: {default}.",
        )


def _plugin_options(name: str, registry: Any) -> Iterator[click.Option]:
    """Yield the settings of every plug-in of a family; those of one name are one option."""
    owners: dict[str, list[str]] = {}
    fields: dict[str, Any] = {}
    for plugin in registry:
        for inner, field in plugin.model_fields.items():
            if inner not in {"name", "version"}:
                owners.setdefault(inner, []).append(plugin.model_fields["name"].default)
                fields.setdefault(inner, field)
    for inner, field in fields.items():
        yield _option(f"{name}.{inner}", field, note=", ".join(owners[inner]))


def _option(name: str, field: Any, kind: Any = None, note: str = "") -> click.Option:
    default = field.get_default(call_default_factory=True)
    text = field.description or ""
    if note:
        text = f"[{note}] {text}"
    if isinstance(default, str | int | float | bool | list | tuple) and default != "":
        text += f" Default: {json.dumps(default)}."
    return click.Option([f"--{name}", name.replace(".", "__")], type=kind or str, help=text)
