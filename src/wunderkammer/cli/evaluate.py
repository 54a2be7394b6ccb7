"""``wk evaluate``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wunderkammer.cli.options import folder

if TYPE_CHECKING:
    from wunderkammer.evaluation.examine import Examined
    from wunderkammer.evaluation.settings import Examination

_SEVERAL = "several with commas, or the option again."


@click.command(short_help="Examine encoders: what their features are good for.")
@click.option(
    "--encoder", "encoders", multiple=True, metavar="NAMES",
    help="Features that the collection has, an encoder, or a kind that is trained first "
    f"(autoencoder, vae, triplet, classifier, simclr); {_SEVERAL} Default: all features there are.",
)  # fmt: skip
@click.option(
    "--split", "--sample", default=None, metavar="NAME",
    help="A sample, or a column, that says 'train' and the names of tests. Default: one fifth of "
    "the specimens are the test.",
)  # fmt: skip
@click.option(
    "--rank", "ranks", multiple=True, metavar="NAMES",
    help=f"Ranks that are told; {_SEVERAL} Default: family, genus, species.",
)  # fmt: skip
@click.option(
    "--task", "tasks", multiple=True, metavar="NAMES",
    help=f"What is measured, such as silhouette, identification, mislabels; {_SEVERAL} "
    "Default: everything.",
)  # fmt: skip
@click.option(
    "--set", "assignments", multiple=True, metavar="NAME=VALUE",
    help="A setting, such as mislabels.fractions=[0.02] or training.triplet.n_epochs=20; may be "
    "repeated.",
)  # fmt: skip
@click.option("--device", type=click.Choice(["cpu", "cuda"]), default="cpu",
              help="Where it computes.")  # fmt: skip
@click.option("--threads", type=click.IntRange(1), default=None, help="Default: one a core.")
@click.option("--workers", type=int, help="Processes that make features; default: one a core.")
@click.option("--quiet", is_flag=True, help="Do not tell each figure that is measured.")
@folder
def command(
    path: Path, device: str, threads: int | None, workers: int | None, quiet: bool, **asked: Any
) -> None:
    """Put encoders through the same examination, and write a report.

    \b
    wk evaluate
    wk evaluate --encoder simclr,triplet,efficientnet-lite0
    wk evaluate --split herbarium --rank genus --task identification
    Images of one specimen never face each other. Figures are measured on specimens that were
    held out, and kept in evaluation/; only what is new or has changed is measured again.
    """  # noqa: D301 - \b keeps click from joining the lines
    import wunderkammer
    from wunderkammer.cli.progress import watching
    from wunderkammer.core.device import Device
    from wunderkammer.core.limits import cores_allowed
    from wunderkammer.evaluation.examine import Conduct, examine

    examination = _examination(**asked)
    where = Device(device, threads or cores_allowed())
    with watching() as progress:
        conduct = Conduct(where, workers, progress)
        if not quiet:
            conduct = replace(conduct, say=click.echo)
        found = examine(wunderkammer.open(path), examination, conduct)
    _tell(found)


def _examination(
    *, split: str | None, assignments: Sequence[str], **lists: Sequence[str]
) -> Examination:
    """Return what is asked, from the options."""
    from wunderkammer.core.settings import build
    from wunderkammer.evaluation.settings import Examination

    values = _nested(assignments)
    for name, given in lists.items():
        if given:
            values[name] = [one for text in given for one in text.split(",") if one]
    if split is not None:
        values["split"] = split
    return build(Examination, values, where="wk evaluate")


def _nested(assignments: Sequence[str]) -> dict[str, Any]:
    """Return NAME=VALUE as tables."""
    from wunderkammer.core.template import parse_assignment

    values: dict[str, Any] = {}
    for text in assignments:
        name, value = parse_assignment(text)
        *parents, last = name.split(".")
        table = values
        for parent in parents:
            table = table.setdefault(parent, {})
        table[last] = value
    return values


def _tell(found: Examined) -> None:
    """Print the table, what the columns mean, and where the rest is."""
    from wunderkammer.evaluation.files import read_cells
    from wunderkammer.evaluation.summary import summary
    from wunderkammer.reports.examination import write_examination

    root = found.collection.root
    click.echo(f"measured {found.n_found:,}, up to date {found.n_fresh:,}")
    sizes = ", ".join(f"{name} {n:,}" for name, n in found.sizes.items())
    for split in found.tests:
        table = summary(read_cells(root), found.encoders, split)
        click.echo(f"\n{split} (media: {sizes})")
        _print([table.heads, *table.rows])
    click.echo()
    for line in (*table.legend, *found.notes):
        click.echo(f"  {line}")
    if found.n_found or found.n_gone or not (root / "evaluation" / "report.html").exists():
        write_examination(found.collection)
    click.echo(f"\n{root / 'evaluation' / 'report.html'}")


def _print(rows: Sequence[Sequence[str]]) -> None:
    """Print names to the left and numbers to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for first, *others in rows:
        cells = [text.rjust(width) for text, width in zip(others, widths[1:], strict=True)]
        click.echo("  ".join([first.ljust(widths[0]), *cells]))
