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
    """Add ``-C PATH``: the collection a command changes, alone as long as it runs."""
    return _collection(command, _changed)


def folder_read(command: _Command) -> _Command:
    """Add ``-C PATH``: the collection a command looks at, its pictures too."""
    return _collection(command, _looked_at)


def tables_read(command: _Command) -> _Command:
    """Add ``-C PATH``: the collection of which a command needs no picture."""
    return _collection(command, _asked)


def place(value: str | Path) -> str | Path:
    """Return a folder, or an address such as ``s3://museum/moths`` as it is."""
    from wunderkammer.storage import is_address

    return value if is_address(value) else Path(value)


def _collection(command: _Command, opened: Callable[..., Path]) -> _Command:
    option = click.option(
        "-C",
        "path",
        type=place,
        default=Path(),
        metavar="PATH",
        callback=opened,
        help="The collection's folder, or its address such as s3://museum/moths; default: here.",
    )
    return option(command)


def _changed(ctx: click.Context, _: click.Parameter, given: str | Path) -> Path:
    """Return the folder of a collection; in a bucket nobody else changes it meanwhile."""
    from wunderkammer.storage import is_address, is_copy

    if ctx.resilient_parsing or not (is_address(given) or is_copy(Path(given))):
        return Path(given)
    from wunderkammer.storage.home import fetched, home_of

    home = home_of(fetched(str(given), whole=False) if is_address(given) else Path(given))
    ctx.with_resource(home.hold())
    ctx.call_on_close(home.settle)
    return home.copy.root


def _looked_at(ctx: click.Context, _: click.Parameter, given: str | Path) -> Path:
    return _fetched(ctx, given, whole=True)


def _asked(ctx: click.Context, _: click.Parameter, given: str | Path) -> Path:
    return _fetched(ctx, given, whole=False)


def _fetched(ctx: click.Context, given: str | Path, *, whole: bool) -> Path:
    """Return the folder of a collection; what is stated in it goes up at the end."""
    from wunderkammer.storage import is_address

    if ctx.resilient_parsing or not is_address(given):
        return Path(given)
    from wunderkammer.storage.home import fetched, home_of

    home = home_of(fetched(str(given), whole=whole))
    ctx.call_on_close(home.settle)
    return home.copy.root


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
