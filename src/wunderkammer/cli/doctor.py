"""``wk doctor``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from wunderkammer.doctor import Finding

TITLES = {
    "machine": "This machine",
    "gpu": "Graphics processor",
    "disk": "The disk",
    "libraries": "Libraries",
    "images": "Images",
    "package": "Wunderkammer itself",
    "network": "Network (nothing is sent)",
    "collection": "The collection",
}
_MARKS = {"ok": "  ok     ", "note": "  note   ", "problem": "  PROBLEM"}
_COLOURS = {"ok": "green", "note": "yellow", "problem": "red"}


@click.command(short_help="Look at this machine and say what is missing.")
@click.option(
    "-C",
    "path",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A collection's folder, or where one would be made; default: here.",
)
@click.option("--json", "as_json", is_flag=True, help="Print all findings as JSON.")
def command(path: Path | None, as_json: bool) -> None:
    """Look at this machine, its disk, the libraries and a collection; say what to do.

    A note may stay as it is; a problem will stop or spoil work, and ends the command with
    exit code 1. Nothing is changed, and no other computer is asked.
    """
    from wunderkammer import __version__
    from wunderkammer.doctor import examined

    sections = examined(path or Path(), collection=path is not None and path.is_dir())
    counts = {"ok": 0, "note": 0, "problem": 0}
    listed = []
    if not as_json:
        click.echo(f"Wunderkammer {__version__}")
    for section, findings in sections:
        if not as_json:
            click.echo(f"\n{TITLES[section]}")
        for one in findings:
            counts[one.level] += 1
            listed.append(_as_json(section, one))
            if not as_json:
                _show(one)
    if as_json:
        said = {"version": __version__, "counts": counts, "findings": listed}
        click.echo(json.dumps(said, indent=1, ensure_ascii=False))
    else:
        click.echo(f"\n{_summary(counts)}")
    if counts["problem"]:
        click.get_current_context().exit(1)


def _as_json(section: str, one: Finding) -> dict[str, str]:
    return {
        "section": section,
        "about": one.about,
        "level": str(one.level),
        "message": one.message,
        "hint": one.hint,
    }


def _show(one: Finding) -> None:
    click.secho(_MARKS[one.level], fg=_COLOURS[one.level], nl=False)
    click.echo(f" {one.about}: {one.message}")
    if one.hint:
        click.echo(f"           {one.hint}")


def _summary(counts: dict[str, int]) -> str:
    n_problems, n_notes = counts["problem"], counts["note"]
    notes = f"{n_notes} {'note' if n_notes == 1 else 'notes'}"
    if not n_problems:
        return f"No problem was found; {notes}."
    return f"{n_problems} {'problem' if n_problems == 1 else 'problems'} to mend; {notes}."
