"""``wk report``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wunderkammer.cli.options import folder_read

if TYPE_CHECKING:
    from wunderkammer.core.collection import Collection
    from wunderkammer.reports.cutout import CutoutReport
    from wunderkammer.reports.encoder import EncoderReport
    from wunderkammer.reports.links import LinkReport
    from wunderkammer.reports.upright import UprightReport

_MOST = 20
_PARTS = {"held_out": "held out", "trained_on": "trained on, flatters"}

_output = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a page (.html) with its figures (.json) and a row a medium (.csv) beside it, or "
    "one of these two alone, in place of a summary.",
)
_pictures = click.option(
    "--pictures", type=click.IntRange(0, 200), default=24, show_default=True, metavar="N",
    help="Pictures of the worst and of the least sure, at most so many of each.",
)  # fmt: skip


@click.group(short_help="Report faults of records, how good cut-outs, turns and encoders are.")
def command() -> None:
    """Report what is wrong with the records, and how good cut-outs, turns and encoders are."""


@command.command(short_help="Dead links, wrong types, missing licences, by publisher.")
@folder_read
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


@command.command(short_help="How well specimens were cut out, against people's masks.")
@folder_read
@_output
@_pictures
@click.option(
    "--masks",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="Measure against these masks: PNG named by medium or by original file, white on the "
    "specimen. Default: those that people drew in this collection.",
)
def cutout(path: Path, output: Path | None, pictures: int, masks: Path | None) -> None:
    """Report how well specimens were cut out: agreement with people, confidence, worst cases.

    \b
    wk report cutout
    wk report cutout -o cutout.html
    wk report cutout --masks truth/ -o cutout.json
    """  # noqa: D301 - \b keeps click from joining the lines
    import wunderkammer
    from wunderkammer.reports import cutout as module

    _check_output(output)
    collection = wunderkammer.open(path)
    report = module.cutout_report(collection, masks)
    if output is None:
        _cutout_summary(report)
        return
    _write(module, collection, report, output, pictures)


@command.command(short_help="How well specimens were turned upright, against people's angles.")
@folder_read
@_output
@_pictures
def upright(path: Path, output: Path | None, pictures: int) -> None:
    """Report how well specimens were turned: errors in degrees, upside down, worst cases.

    \b
    wk report upright
    wk report upright -o upright.html
    """  # noqa: D301 - \b keeps click from joining the lines
    import wunderkammer
    from wunderkammer.reports import upright as module

    _check_output(output)
    collection = wunderkammer.open(path)
    report = module.upright_report(collection)
    if output is None:
        _upright_summary(report)
        return
    _write(module, collection, report, output, pictures)


@command.command(short_help="What a trained encoder has learned, in pictures.")
@folder_read
@click.option(
    "--weights",
    required=True,
    metavar="NAME",
    help="The encoder: name of a folder below weights/, of which the first digits suffice, or "
    "its path.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a page (.html) in place of a summary.",
)
@click.option(
    "--pictures",
    type=click.IntRange(0, 200),
    default=12,
    show_default=True,
    metavar="N",
    help="Reconstructions that are shown.",
)
@click.option(
    "--pairs",
    type=click.IntRange(0, 50),
    default=4,
    show_default=True,
    metavar="N",
    help="Interpolations between two media.",
)
@click.option(
    "--channels",
    type=click.IntRange(0, 64),
    default=6,
    show_default=True,
    metavar="N",
    help="Channels and latents that vary most.",
)
@click.option(
    "--steps",
    type=click.IntRange(0, 4096),
    default=256,
    show_default=True,
    metavar="N",
    help="Steps of the optimised pictures; 0 leaves them out.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    metavar="N",
    help="Of the media that are chosen and of the optimised pictures.",
)
def encoder(
    path: Path,
    weights: str,
    output: Path | None,
    pictures: int,
    pairs: int,
    channels: int,
    steps: int,
    seed: int,
) -> None:
    """Show what an encoder has learned: reconstructions, interpolations, traversals, channels.

    \b
    wk report encoder --weights 3f2a
    wk report encoder --weights 3f2a --steps 1024 -o encoder.html
    """  # noqa: D301 - \b keeps click from joining the lines
    import wunderkammer
    from wunderkammer.reports import encoder as module

    if output is not None and output.suffix.lower() not in {".html", ".htm"}:
        raise click.UsageError(f"{output}: this report is written as .html.")
    show = module.Show(pictures, pairs, channels, steps if output else 0, seed)
    report = module.encoder_report(wunderkammer.open(path), weights, show)
    if output is None:
        _encoder_summary(report)
        return
    module.write_page(report, output, show)
    click.echo(f"{output}: {len(report.names):,} media, {len(report.channels)} channels")


def _check_output(output: Path | None) -> None:
    if output is not None and output.suffix not in {".html", ".json", ".csv"}:
        raise click.UsageError(f"{output}: this report is written as .html, .json or .csv.")


def _write(
    module: Any,
    collection: Collection,
    report: CutoutReport | UprightReport,
    output: Path,
    n_pictures: int,
) -> None:
    """Write a report by the functions of its module, and say what each file holds."""
    for one in _files(output):
        if one.suffix == ".json":
            module.write_json_file(report, one)
        elif one.suffix == ".csv":
            module.write_csv(collection, report, one)
        else:
            module.write_page(collection, report, one, n_pictures=n_pictures)
        click.echo(f"{one}: {report.counts.n_media:,} media, {len(report.measured):,} measured")


def _files(output: Path) -> list[Path]:
    """Return what is written: figures and rows go beside a page."""
    if output.suffix != ".html":
        return [output]
    return [output, output.with_suffix(".json"), output.with_suffix(".csv")]


def _cutout_summary(report: CutoutReport) -> None:
    counts = report.counts
    click.echo(
        f"{counts.n_photographs:,} photographs, {counts.n_cut:,} cut out, "
        f"{counts.n_rejected:,} rejected, {counts.n_failed:,} failed, "
        f"{counts.n_for_a_person:,} for a person to look at"
    )
    for why, number in counts.reasons.items():
        click.echo(f"{number:>10,}  {why}")
    for part, words in _PARTS.items():
        found = report.estimates(part)
        if found["iou"].n:
            means = ", ".join(f"{name} {one.value:.3f}" for name, one in found.items())
            click.echo(f"{words} ({found['iou'].n:,}): {means}")
    if not report.of("held_out"):
        click.echo("nothing was held out: no mask of a person that the weights had not seen")
    if report.left_out:
        click.echo(f"{len(report.left_out):,} masks not measured (-o cutout.html says why)")


def _upright_summary(report: UprightReport) -> None:
    counts = report.counts
    click.echo(
        f"{counts.n_media:,} media, {counts.n_by_machine:,} turned by the machine, "
        f"{counts.n_by_person:,} by a person, {counts.n_failed:,} failed, "
        f"{counts.n_for_a_person:,} for a person to look at"
    )
    for part, words in _PARTS.items():
        if report.of(part):
            found = report.summary(part)
            click.echo(
                f"{words} ({len(report.of(part)):,}): median {found.median_deg:.1f}°, 95th "
                f"percentile {found.p95_deg:.1f}°, upside down {found.upside_down:.1%}"
            )
    if not report.of("held_out"):
        click.echo("nothing was held out: no angle of a person that the weights had not seen")


def _encoder_summary(report: EncoderReport) -> None:
    seen = "held out" if report.held_out else "trained on, flatters"
    click.echo(
        f"{report.weights.folder}: {report.settings['kind']}, {report.n_features:,} features, "
        f"looked at {len(report.names):,} media ({seen})"
    )
    if report.painted:
        error, alike = report.painted.error(), report.painted.similarity()
        click.echo(
            f"reconstructions: structural similarity {alike.value:.3f} ({alike.low:.3f} to "
            f"{alike.high:.3f}), absolute difference {error.value:.3f}"
        )
    numbers = ", ".join(f"{one.number} ({one.variance:.3g})" for one in report.channels)
    click.echo(f"channels that vary most, and their variance: {numbers}")


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
