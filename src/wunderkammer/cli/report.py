"""``wk report``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wunderkammer.cli.options import folder

if TYPE_CHECKING:
    from wunderkammer.reports.links import LinkReport

_MOST = 20


@click.group(short_help="Report faults of the records to their publishers.")
def command() -> None:
    """Report what is wrong with the records to those who publish them."""


@command.command(short_help="Dead links, wrong types, missing licences, by publisher.")
@folder
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a page (.html) or a table of every problem (.csv) in place of a summary.",
)
@click.option(
    "--publisher", default="", metavar="NAME", help="Only this one, as the report names it."
)
def links(path: Path, output: Path | None, publisher: str) -> None:
    """Report dead links, wrong types, redirects and missing licences, by publisher.

    \b
    wk report links
    wk report links -o links.html --publisher "Natural History Museum"
    wk report links -o links.csv
    """  # noqa: D301 - \b keeps click from joining the lines
    import wunderkammer
    from wunderkammer.reports.links import link_report, write_csv, write_page

    if output is not None and output.suffix.lower() not in {".html", ".htm", ".csv"}:
        raise click.UsageError(f"{output}: a report is written as .html or .csv.")
    collection = wunderkammer.open(path)
    report = link_report(collection, publisher)
    if output is None:
        _summary(report)
    elif output.suffix.lower() == ".csv":
        n_rows = write_csv(collection, report, output)
        click.echo(f"{output}: {n_rows:,} problems of {report.n_with_problem:,} media")
    else:
        write_page(collection, report, output)
        click.echo(f"{output}: {report.n_with_problem:,} media with a problem")


def _summary(report: LinkReport) -> None:
    from wunderkammer.reports.problems import BY_CODE

    untried = f", {report.n_untried:,} not tried yet" if report.n_untried else ""
    click.echo(
        f"{report.n_media:,} media, {report.n_fetched:,} fetched{untried}, "
        f"{report.n_with_problem:,} with a problem"
    )
    for code, number in report.problems.items():
        click.echo(f"{number:>10,}  {BY_CODE[code].title}")
    faulty = [one for one in report.publishers if one.n_problems]
    if faulty:
        click.echo("by publisher:")
    for one in faulty[:_MOST]:
        click.echo(f"{one.n_problems:>10,}  {one.name} ({one.n_media:,} media)")
    if len(faulty) > _MOST:
        click.echo(f"            … and {len(faulty) - _MOST:,} more (-o links.html lists them)")
