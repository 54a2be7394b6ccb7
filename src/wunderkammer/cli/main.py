"""``wk`` itself: its commands, imported when they are called or asked for help."""

from __future__ import annotations

import importlib
from typing import Any

import click

COMMANDS = {
    "new": "Make a collection from a folder, a table, a Darwin Core archive, an export.",
    "harvest": "Write what an online search or manifest holds into files to begin from.",
    "run": "Bring every stage up to date, or one stage and what it needs.",
    "fetch": "Fetch the images that are not on this machine, politely.",
    "sample": "Draw a subset or a split, as a column.",
    "plan": "Say what a run would do, and why, without doing it.",
    "status": "Show how far each stage has come.",
    "verify": "Hold every stored file against its digest, and set damaged ones aside.",
    "failures": "List what failed, why, and what to do about it.",
    "report": "Report faults of the records, and how good cut-outs and turns are.",
    "query": "Answer one SQL SELECT over the collection.",
    "annotate": "State something about a medium; the source's word is kept.",
    "curate": "Sort good from bad with little labelling, in a browser or here.",
    "review": "Look at cut-outs, or turn specimens upright, in a browser.",
    "train": "Train a segmenter, an orienter or an encoder.",
    "evaluate": "Examine encoders: what their features are good for, in one report.",
    "identify": "Propose names for media that have none.",
    "serve": "Show the atlas in a browser.",
    "publish": "Write the atlas as static files for any web host.",
    "export": "Write media as archives, manifests, data sets; pictures, features, tiles.",
    "bucket": "Look after collections that live in a bucket, such as s3://museum/moths.",
    "config": "Show or change the settings of a collection.",
    "plugins": "List sources, encoders, projections and layouts.",
    "demo": "Make synthetic specimens and take them all the way to an atlas.",
    "doctor": "Look at this machine and say what is missing, and how to get it.",
    "completion": "Print what a shell needs to complete wk's words.",
}
"""Name and help of each command, in the order of a first hour."""


class Commands(click.Group):
    """Imports a command only when it is used, so that ``wk --help`` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of a first hour."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"wunderkammer.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command where there is none."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from wunderkammer.core.errors import nearest

            ctx.fail(f"there is no command '{args[0]}'. {nearest(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, _parameter: Any, value: bool) -> None:
    if value:
        from wunderkammer import __version__

        click.echo(f"wunderkammer {__version__}")
        ctx.exit()


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 could not be done, 2 wrong words or settings, 3 no usable "
    "collection, 4 done but some media failed (with --strict), 5 damaged files were found "
    "(wk verify), 130 stopped by Ctrl-C.",
)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_version,
    help="Print the version.",
)  # fmt: skip
def wk() -> None:
    """Turn a natural-history image collection into a clean, measured, explorable atlas.

    \b
    wk new moths --from archive.zip --images photographs/
    wk run -C moths
    wk serve -C moths
    """  # noqa: D301 - \b keeps click from joining the lines
