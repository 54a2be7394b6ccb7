"""``wk export FORMAT``: a command made from each format, with what all of them share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from wunderkammer.cli.options import folder_read, plain_options

_Command = TypeVar("_Command", bound=Callable[..., Any])


def format_names() -> list[str]:
    """Return the formats."""
    from wunderkammer.exports.formats import registry

    return registry.names()


def format_command(name: str) -> click.Command:
    """Return the command of a format: an option a field, and which media."""
    from wunderkammer.exports.formats import registry

    kind = registry.get(name)

    @_shared(sorted(kind.single))
    @folder_read
    def write(
        path: Path, target: Path, where: str, licence: str, rights_holder: str, **given: Any
    ) -> None:
        import wunderkammer
        from wunderkammer.core.settings import build
        from wunderkammer.exports.selection import Selection
        from wunderkammer.exports.writing import export

        told = {field: value for field, value in given.items() if value is not None}
        form = build(kind, told, where=f"wk export {name}")
        selection = Selection(where, licence, rights_holder)
        report = export(wunderkammer.open(path), form, target, selection)
        counts = ", ".join(f"{n:,} {what}" for what, n in report.written.items())
        click.echo(f"{target}: {report.n_media:,} media ({counts})")
        for why, n in report.left_out.most_common():
            click.echo(f"{n:>10,}  left out: {why}")

    shown = "\n".join(f"wk export {name} {example}" for example in kind.examples)
    text = f"{kind.__doc__}\n\n\b\n{shown}" if shown else str(kind.__doc__)
    summary = _dedented(str(kind.__doc__).strip().split("\n", 1)[0])
    made = click.command(name, help=_dedented(text), short_help=summary)(write)
    made.params += list(plain_options(kind))
    return made


def _dedented(text: str) -> str:
    """Return a docstring without its indent and without marks of code."""
    return "\n".join(line.removeprefix("    ") for line in text.splitlines()).replace("``", "")


def _shared(endings: list[str]) -> Callable[[_Command], _Command]:
    """Add the options that say where to and which media."""
    files = f", or a file that ends in {' or '.join([*endings, '.zip'])}"

    def add(command: _Command) -> _Command:
        for option in (
            click.option(
                "--to", "target", type=click.Path(path_type=Path), required=True, metavar="PATH",
                help=f"A new folder, one of an earlier export, which is replaced{files}.",
            ),
            click.option(
                "--where", default="", metavar="SQL",
                help="Only media that meet a condition, as after WHERE in 'wk query'; or those of "
                "a whole query that gives media_id.",
            ),
            click.option(
                "--licence", default="", metavar="TEXT",
                help="Licence of media whose record states none.",
            ),
            click.option(
                "--rights-holder", default="", metavar="NAME",
                help="Holder where the record names none.",
            ),
        ):  # fmt: skip
            command = option(command)
        return command

    return add
