"""``wk identify``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from wunderkammer.cli.options import folder, stage_options
from wunderkammer.stages.identify import IdentifyStage


@click.command(short_help="Propose names for media that have none.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE", help="The table of proposals; default: identifications.csv in the collection.",
)  # fmt: skip
@click.option("--workers", type=int, help="Processes; default: one a core.")
@folder
def command(path: Path, output: Path | None, workers: int | None, **given: str | None) -> None:
    """Propose a name for each medium without one, or say nothing where unsure.

    \b
    wk identify
    wk identify --rank genus --features simclr --accuracy 0.99
    It learns from the media that have a name. Settings given are written to collection.toml;
    names are written to a table and as columns identify/RANK, and no record is changed.
    """  # noqa: D301 - \b keeps click from joining the lines
    import wunderkammer
    from wunderkammer.cli import INTERRUPTED
    from wunderkammer.cli.progress import watching
    from wunderkammer.core.template import edit
    from wunderkammer.exports.identifications import write_identifications

    rank = given["rank"] or IdentifyStage().rank
    collection = wunderkammer.open(path)
    for line in edit(collection.root, _changes(rank, given), collection.pipeline.stages):
        click.echo(f"collection.toml: {line}")
    collection = wunderkammer.open(path)
    with watching() as progress:
        report = collection.run(
            collection.upstream(f"identify/{rank}"), n_workers=workers, progress=progress
        )
    if report.status == "interrupted":
        click.echo("Stopped. What was finished is kept; the same command goes on.", err=True)
        click.get_current_context().exit(INTERRUPTED)
    output = output or collection.root / "identifications.csv"
    n_named, n_silent = write_identifications(collection, rank, output)
    click.echo(f"{output}: {n_named:,} named, {n_silent:,} too unsure to say")


command.params += list(stage_options(IdentifyStage, {}))


def _changes(rank: str, given: dict[str, str | None]) -> dict[str, Any]:
    """Return what is to stand in collection.toml, by dotted name."""
    from wunderkammer.core.template import parse_assignment

    chosen: dict[str, Any] = {"rank": rank}
    for name, text in given.items():
        if text is not None:
            chosen[name] = parse_assignment(f"x={text}")[1]
    return {f"identify[{rank}].{name}": value for name, value in chosen.items()}
