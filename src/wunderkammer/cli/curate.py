"""``wk curate``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from wunderkammer.cli._browser import open_browser
from wunderkammer.cli.options import folder

if TYPE_CHECKING:
    from wunderkammer.curation.sorting import Sorting

_Command = TypeVar("_Command", bound=Callable[..., Any])

_WHO = click.option(
    "--as", "who", default="", metavar="NAME", help="Who says it; default: the user."
)
_QUANTILE = click.option(
    "--quantile", type=click.FloatRange(0, 1), default=0.9, show_default=True,
    help="Share of the media without a label that count as sure.",
)  # fmt: skip
_CONFIDENCE = click.option(
    "--confidence", type=click.FloatRange(0, 1), default=0.9, show_default=True,
    help="Probability from which on a class is proposed although members disagree.",
)  # fmt: skip
_PRECISION = click.option(
    "--precision", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=None,
    help="Share that shall be right of what is kept without a person; default: as set.",
)  # fmt: skip


def _task(command: _Command) -> _Command:
    return click.argument("task", default="")(command)


@click.group(invoke_without_command=True, short_help="Sort good from bad with little labelling.")
@click.option("--port", default=8001, show_default=True, help="Port; 0 takes a free one.")
@click.option("--as", "who", default="", metavar="NAME", help="The name that the page proposes.")
@click.option("--task", default="", metavar="TASK", help="The task to begin with.")
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
@folder
@click.pass_context
def command(
    context: click.Context, path: Path, port: int, who: str, task: str, no_open: bool
) -> None:
    """Sort media into classes in a browser: label a few, train, look, label again.

    \b
    wk curate new quality --classes good,bad
    wk curate
    wk curate round quality
    wk curate status quality
    wk curate apply quality
    The page is there until Ctrl-C, for this machine only. Each answer is kept at once, as an
    annotation. All that the page does, the commands below do too.
    """  # noqa: D301 - \b keeps click from joining the lines
    if context.invoked_subcommand is not None:
        return
    import wunderkammer
    from wunderkammer.curation.sorting import Sorting
    from wunderkammer.web.server import serve_sorting

    collection = wunderkammer.open(path)
    first = Sorting(collection, task).task.name

    def started(address: str) -> None:
        place = f"{address}?task={first}"
        click.echo(f"The sorting is at {place} (Ctrl-C stops it).")
        if not no_open:
            open_browser(place)

    serve_sorting(collection, who=who, port=port, started=started)


@command.command(short_help="Begin a task.")
@click.argument("task")
@click.option(
    "--classes", default="good,bad", show_default=True, metavar="NAMES",
    help="What media are sorted into, separated by commas; 'not sure' is always there.",
)  # fmt: skip
@click.option(
    "--features", default="", metavar="NAME",
    help="Features that tell the classes apart; default: those of the photographs.",
)  # fmt: skip
@click.option(
    "--keep", default="", metavar="NAMES",
    help="Classes that later stages see, such as good; default: all media go on.",
)  # fmt: skip
@_PRECISION
@click.option(
    "--measure/--no-measure", "measured", default=True, show_default=True,
    help="Whether sharpness and light are measured, so that bad pictures are proposed at once.",
)  # fmt: skip
@folder
def new(path: Path, task: str, measured: bool, **given: Any) -> None:
    """Begin the task TASK: write it into collection.toml.

    \b
    wk curate new quality --classes good,bad --keep good
    wk curate new view --classes dorsal,ventral,lateral
    'wk run' then makes the features that the machine looks at; 'wk curate' labels.
    """  # noqa: D301 - \b keeps click from joining the lines
    import wunderkammer
    from wunderkammer.core.settings import build
    from wunderkammer.curation.beginning import begin_task
    from wunderkammer.curation.task import TaskSettings

    values = {name: value for name, value in given.items() if value not in {None, ""}}
    settings = build(TaskSettings, {"task": task, **values}, where="wk curate new")
    for line in begin_task(wunderkammer.open(path), settings, measured=measured):
        click.echo(f"collection.toml: {line}")
    measure = " and 'wk run measure'" if measured else ""
    click.echo(f"Now 'wk run sort/{task}'{measure} look at all media; then 'wk curate' asks you.")


@command.command(short_help="How far a task is, and how good.")
@_task
@_QUANTILE
@_CONFIDENCE
@folder
def status(path: Path, task: str, quantile: float, confidence: float) -> None:
    """Print labels, people, the last round, queues and advice of TASK, or of all tasks."""
    import wunderkammer
    from wunderkammer.cli._sorted import status_lines
    from wunderkammer.curation.sorting import Sorting

    collection = wunderkammer.open(path)
    names = [task] if task else [one.name for one in Sorting.tasks_of(collection)] or [""]
    for name in names:
        sorting = Sorting(collection, name)
        for line in status_lines(sorting, quantile, confidence):
            click.echo(line)


@command.command("round", short_help="Train a round from the labels there are.")
@_task
@_WHO
@click.option("--workers", type=int, help="Processes that make features; default: one a core.")
@click.option(
    "--networks", type=click.Choice(["trunk", "alexnet"]),
    help="Fine-tune networks on the pictures in place of heads on features: minutes, not seconds. "
    "They go on from the last such round. trunk: the last blocks of EfficientNet-lite0; alexnet: "
    "AlexNets from scratch.",
)  # fmt: skip
@click.option("--device", type=click.Choice(["cpu", "cuda"]), default="cpu",
              help="Where networks compute.")  # fmt: skip
@folder
def round_(
    path: Path, *, task: str, who: str, workers: int | None, networks: str | None, device: str
) -> None:
    """Train a round of TASK, keep it, and print what changed.

    Features that are missing are made first. Labels may be given meanwhile; what is stopped
    before its end leaves nothing behind. A round of networks is applied like one of heads, but
    says nothing of media that come later.
    """
    from wunderkammer.cli._sorted import networks_of, ready, round_lines
    from wunderkammer.curation.hearing import user

    sorting = ready(_sorting(path, task), workers)
    learner = networks_of(sorting, networks, device) if networks else None
    made = sorting.train(
        lambda _fraction, message: click.echo(message, err=True), who=who or user(),
        learner=learner,
    )  # fmt: skip
    for line in round_lines(made):
        click.echo(line)


@command.command(short_help="List a queue.")
@click.argument("task")
@click.argument("name")
@click.option("-n", "limit", default=20, show_default=True, help="How many; 0: all.")
@click.option("--csv", "as_csv", is_flag=True, help="Write a table, all of it unless -n is given.")
@click.option("--ids", is_flag=True, help="Write ids alone, one a line; all unless -n is given.")
@_QUANTILE
@_CONFIDENCE
@_WHO
@folder
def queue(
    path: Path,
    *,
    task: str,
    name: str,
    limit: int,
    as_csv: bool,
    ids: bool,
    **limits: Any,
) -> None:
    """List the media that wait in the queue NAME of TASK.

    \b
    wk curate queue quality next
    wk curate queue quality D --csv > d.csv
    'wk curate status' names the queues and says what each is for.
    """  # noqa: D301 - \b keeps click from joining the lines
    from wunderkammer.cli._sorted import queue_lines, queue_table

    source = click.get_current_context().get_parameter_source("limit")
    is_given = source is click.core.ParameterSource.COMMANDLINE
    wanted = limit if limit and (is_given or not (as_csv or ids)) else sys.maxsize // 2
    page = _sorting(path, task).queue(name, limit=wanted, **limits)
    if ids:
        click.echo("".join(f"{one.media_id}\n" for one in page.media), nl=False)
    elif as_csv:
        click.echo(queue_table(page), nl=False)
    else:
        for line in queue_lines(page):
            click.echo(line)


@command.command(short_help="State the class of some media.")
@click.argument("task")
@click.argument("label", required=False)
@click.argument("media_ids", nargs=-1)
@click.option(
    "--from", "file", type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="FILE",
    help="State what a file says: a label file or update list (JSON), or a table with columns id "
    "and label.",
)  # fmt: skip
@click.option("--take-back", is_flag=True, help="Take back what was said of the media.")
@click.option("--settle", is_flag=True, help="Settle a conflict for everybody, beside all votes.")
@_WHO
@folder
def label(
    path: Path,
    *,
    task: str,
    label: str | None,
    media_ids: tuple[str, ...],
    file: Path | None,
    take_back: bool,
    settle: bool,
    who: str,
) -> None:
    """State that media are of the class LABEL of TASK, or 'unsure'.

    \b
    wk curate label quality good db3d448e228f599435d6 43aaf6d5a7e2d6c8012f
    wk curate label quality --from labels.json
    wk curate label quality --take-back db3d448e228f599435d6
    Media are named by media_id, by the source's identifier, or by their file.
    """  # noqa: D301 - \b keeps click from joining the lines
    from wunderkammer.cli._sorted import say_file, say_media

    if file is not None:
        if label or media_ids or take_back:
            raise click.UsageError("name media and a class, or a file with --from; not both.")
        say_file(_sorting(path, task), file, who, settled=settle)
        return
    named = [*([label] if take_back and label else []), *media_ids]
    if not named or not (label or take_back):
        raise click.UsageError("name a class and at least one medium, or a file with --from.")
    say_media(_sorting(path, task), None if take_back else label, named, who, settled=settle)


@command.command(short_help="What a random sample proves.")
@_task
@_PRECISION
@folder
def audit(path: Path, task: str, precision: float | None) -> None:
    """Print what the labels drawn at random say of the sorting of TASK.

    More of them come from 'wk curate queue TASK lot', or the queue Random in the browser.
    """
    from wunderkammer.cli._sorted import audit_lines

    for line in audit_lines(_sorting(path, task).audit(precision)):
        click.echo(line)


@command.command(short_help="Let the last round sort what nobody has labelled.")
@_task
@_PRECISION
@click.option("--run/--no-run", default=True, show_default=True, help="Whether to sort at once.")
@click.option("--workers", type=int, help="Processes; default: one a core.")
@folder
def apply(path: Path, task: str, precision: float | None, run: bool, workers: int | None) -> None:
    """Apply the last round of TASK: classes, scores and review flags become columns.

    The columns are TASK, TASK_score, TASK_review and TASK_by; 'wk query' reads them.
    """
    from wunderkammer.cli._sorted import applied_lines, ready

    sorting = _sorting(path, task)
    sorting.apply(precision=precision)
    if run:
        ready(sorting, workers)
    for line in applied_lines(sorting, has_run=run):
        click.echo(line)


@command.command(short_help="Write labels, lists, a table, folders or collages.")
@click.argument("task")
@click.argument("kind")
@click.option(
    "--to", "target", type=click.Path(path_type=Path), default=None, metavar="PATH",
    help="The file or folder; default: a file of that name here.",
)  # fmt: skip
@click.option(
    "--licence", default="", metavar="TEXT", help="Licence of media whose record states none."
)
@click.option(
    "--rights-holder", default="", metavar="NAME", help="Holder where the record names none."
)
@folder
def export(
    path: Path, task: str, kind: str, target: Path | None, licence: str, rights_holder: str
) -> None:
    """Write what was sorted as files for others.

    \b
    wk curate export quality table.csv
    wk curate export quality ids-good.txt
    wk curate export quality labels.json
    wk curate export quality folders --to sorted
    wk curate export quality collages --to collages
    KIND is labels.json, update.json, images.txt, logits.json, table.csv, ids-CLASS.txt, folders
    (the pictures, a folder for each class) or collages (a sheet of each class).
    """  # noqa: D301 - \b keeps click from joining the lines
    from wunderkammer.cli._sorted import export_pictures, export_text

    sorting = _sorting(path, task)
    if kind in {"folders", "collages"}:
        if target is None:
            raise click.UsageError(f"name the folder of the {kind} with --to.")
        export_pictures(sorting, kind, target, licence, rights_holder)
        return
    export_text(sorting, kind, target)


@command.command("import", short_help="Read labels from files of other tools.")
@click.argument("task")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False, exists=True)
)
@click.option(
    "--logits", is_flag=True,
    help="FILES are predictions of networks, one file each: they become a round with its queues.",
)  # fmt: skip
@_WHO
@folder
def import_(path: Path, task: str, files: tuple[Path, ...], *, logits: bool, who: str) -> None:
    """State what FILES say of media: label files and update lists (JSON), or tables (CSV).

    Later files overwrite what earlier ones say. Numbers are classes in their order from 0, the
    number after the last means 'not sure'.
    """
    from wunderkammer.cli._sorted import keep_files, say_file

    sorting = _sorting(path, task)
    if logits:
        keep_files(sorting, files, who)
        return
    for file in files:
        say_file(sorting, file, who)


@command.command(short_help="Media on which people disagree.")
@_task
@folder
def conflicts(path: Path, task: str) -> None:
    """List the media of TASK on which people disagree, and how far they agree in all.

    Settle one with 'wk curate label TASK CLASS ID --settle'.
    """
    from wunderkammer.cli._sorted import conflict_lines

    for line in conflict_lines(_sorting(path, task)):
        click.echo(line)


def _sorting(path: Path, task: str) -> Sorting:
    """Return a task of the collection in a folder."""
    import wunderkammer
    from wunderkammer.curation.sorting import Sorting

    return Sorting(wunderkammer.open(path), task)
