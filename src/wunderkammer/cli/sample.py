"""``wk sample``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wunderkammer.cli.options import folder, stage_options
from wunderkammer.sampling import registry
from wunderkammer.sampling.presets import PRESETS
from wunderkammer.stages.sample import SampleStage

if TYPE_CHECKING:
    import pyarrow as pa

    from wunderkammer.core.collection import Collection

_SPLIT = {"split": registry}


@click.command(short_help="Draw a subset or a split, as a column.")
@click.argument("name", required=False)
@click.option(
    "--preset",
    type=click.Choice(sorted(PRESETS)),
    help="Settings of a published sample; options given beside it come first.",
)
@click.option(
    "--only-show", is_flag=True, help="Show what would be drawn from what is there; change nothing."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv"]),
    default="table",
    show_default=True,
    help="How the counts are written.",
)
@folder
def command(
    path: Path, name: str | None, preset: str | None, only_show: bool, form: str, **given: str
) -> None:
    """Draw the sample NAME, write its settings to collection.toml, and print its counts.

    \b
    wk sample moths --taxa Noctuidae --n 500
    wk sample modern --where "year_from >= 1950" --split shares
    wk sample herbarium --preset kew
    Without NAME: list the samples there are. The columns are sample/NAME/split and
    sample/NAME/why. Nothing is copied, and the same settings draw the same again.
    """  # noqa: D301 - \b keeps click from joining the lines
    import wunderkammer
    from wunderkammer.core.template import edit
    from wunderkammer.stages.sample import counts_of, preview, settings_kept_if_drawn

    collection = wunderkammer.open(path)
    if name is None:
        _list(collection, form)
        return
    changes = _changes(name, preset, given)
    if only_show:
        made = preview(collection, name, changes)
        _show({name: (made.counts, made.steps)}, form)
        return
    with settings_kept_if_drawn(collection.root):
        for line in edit(collection.root, changes, collection.pipeline.stages):
            click.echo(f"collection.toml: {line}", err=form == "csv")
        collection = wunderkammer.open(path)
        _draw(collection, name, form)
    _show({name: counts_of(collection, name)}, form)


command.params += [
    option for option in stage_options(SampleStage, _SPLIT) if option.name != "sample"
]


def _changes(name: str, preset: str | None, given: dict[str, str]) -> dict[str, Any]:
    """Return what is to stand in collection.toml, by dotted name."""
    from wunderkammer.core.settings import build
    from wunderkammer.core.template import parse_assignment

    build(SampleStage, {"sample": name}, where="wk sample")
    chosen: dict[str, Any] = {"sample": name, **(PRESETS[preset] if preset else {})}
    for key, text in given.items():
        if text is not None:
            setting = "split.name" if key == "split" else key.replace("__", ".")
            chosen[setting] = text if key == "where" else parse_assignment(f"x={text}")[1]
    return {f"sample[{name}].{setting}": value for setting, value in chosen.items()}


def _draw(collection: Collection, name: str, form: str) -> None:
    """Run the stage with what it needs."""
    import contextlib

    from wunderkammer.cli import INTERRUPTED
    from wunderkammer.cli.progress import watching

    silent = contextlib.nullcontext(None)
    with silent if form == "csv" else watching() as progress:
        report = collection.run(collection.upstream(f"sample/{name}"), progress=progress)
    if report.status == "interrupted":
        click.echo("Stopped. What was finished is kept; the same command goes on.", err=True)
        click.get_current_context().exit(INTERRUPTED)


def _list(collection: Collection, form: str) -> None:
    """Print the counts of every sample that was drawn, and name those that were not."""
    from wunderkammer.core.errors import StageError
    from wunderkammer.stages.sample import counts_of, samples_of

    found = {}
    for stage in samples_of(collection.configuration):
        try:
            found[stage.label] = counts_of(collection, stage.label)
        except StageError:
            click.echo(f"{stage.label}: not drawn yet ('wk sample {stage.label}')", err=True)
    _show(found, form)
    if not samples_of(collection.configuration):
        click.echo("There is no sample yet: 'wk sample NAME --n 500' draws one.", err=True)


def _show(samples: dict[str, tuple[pa.Table, pa.Table]], form: str) -> None:
    """Print the counts of samples, for eyes or for programs."""
    if form == "csv":
        _csv(samples)
        return
    for name, (counts, steps) in samples.items():
        click.echo(f"\n{name}")
        _print(counts)
        click.echo()
        _print(steps)


def _print(table: pa.Table) -> None:
    """Print names to the left and numbers to the right."""
    rows = [table.column_names]
    rows += [[_cell(value) for value in row.values()] for row in table.to_pylist()]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for first, *numbers in rows:
        cells = [text.rjust(width) for text, width in zip(numbers, widths[1:], strict=True)]
        click.echo("  ".join([first.ljust(widths[0]), *cells]))


def _cell(value: str | int) -> str:
    return f"{value:,}" if isinstance(value, int) else value


def _csv(samples: dict[str, tuple[pa.Table, pa.Table]]) -> None:
    """Print one row a set and one a step; a step has media only."""
    import csv
    import sys

    from wunderkammer.sampling.counting import COUNTS

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["sample", "kind", "name", *COUNTS.names[1:]])
    for name, tables in samples.items():
        for kind, table in zip(("set", "step"), tables, strict=True):
            for row in table.to_pylist():
                cells = list(row.values())
                writer.writerow([name, kind, *cells, *[""] * (len(COUNTS) - len(cells))])
