"""What ``wk curate`` prints and writes, in words for those who sort."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from wunderkammer.curation.audit import Audit
    from wunderkammer.curation.learners import Networks
    from wunderkammer.curation.pages import Page
    from wunderkammer.curation.rounds import Round
    from wunderkammer.curation.sorting import Sorting
    from wunderkammer.curation.votes import Agreement
    from wunderkammer.metrics.intervals import Interval

_COLUMNS = (
    "media_id", "caption", "label", "proposed", "score", "entropy", "votes", "reason",
)  # fmt: skip
_UNKNOWN_SHOWN = 5


def status_lines(sorting: Sorting, quantile: float, confidence: float) -> Iterator[str]:
    """Yield how far a task is."""
    from wunderkammer.curation.votes import agreements

    votes, latest = sorting.votes(), sorting.latest()
    n_labelled = sum(votes.n_by_class.values())
    yield f"{sorting.task.name}: {n_labelled:,} of {len(sorting.media):,} media have a label"
    for name, n in {**votes.n_by_class, "not sure": votes.n_unsure}.items():
        yield f"{n:>10,}  {name}"
    for value, n in votes.strangers.items():
        yield f"{n:>10,}  answers '{value}', which is no class of this task and counts for nothing"
    for who, n in votes.people.items():
        yield f"{n:>10,}  by {who}"
    for pair in agreements(votes):
        yield f"  {_agreement(pair)}"
    yield ""
    if latest is None:
        yield f"No round yet: label some media, then 'wk curate round {sorting.task.name}'."
    else:
        yield from round_lines(latest)
        yield f"{sorting.n_since():>10,}  labels given, changed or taken back since then"
    yield ""
    counts = sorting.counts(quantile=quantile, confidence=confidence)
    for one in counts.queues:
        yield f"{one.n:>10,}  {one.name:<13} {one.sentence}"
    if counts.entropy is not None:
        yield f"            (entropy counts as high above {counts.entropy:.3f} nats)"
    yield from _advice_lines(sorting)


def _advice_lines(sorting: Sorting) -> Iterator[str]:
    """Yield whether to stop, why, and what is applied."""
    advice, applied = sorting.advice(), sorting.applied()
    if advice is not None:
        yield ""
        yield advice.reason
        for one in advice.criteria:
            yield f"  {'yes' if one.met else 'no ':<4} {one.name}: {one.sentence}"
    if applied is not None:
        yield ""
        yield (
            f"Applied: round {applied['round']}; what is less than {applied['threshold']:.1%} "
            "sure is for a person."
            if applied["threshold"] <= 1
            else f"Applied: round {applied['round']}; all that nobody labelled is for a person."
        )


def ready(sorting: Sorting, workers: int | None) -> Sorting:
    """Bring the features and the columns of a task up to date; return it as it is then."""
    import wunderkammer
    from wunderkammer.cli import INTERRUPTED
    from wunderkammer.cli.progress import watching
    from wunderkammer.curation.sorting import Sorting as Again

    collection = wunderkammer.open(sorting.collection.root)
    groups = collection.upstream(sorting.stage.group)
    if "measure" in {stage.name for stage in collection.configuration.stages}:
        groups += collection.upstream("measure")
    with watching() as progress:
        report = collection.run(groups, n_workers=workers, progress=progress)
    if report.status == "interrupted":
        click.echo("Stopped. What was finished is kept; the same command goes on.", err=True)
        click.get_current_context().exit(INTERRUPTED)
    return Again(collection, sorting.task.name)


def networks_of(sorting: Sorting, preset: str, device: str) -> Networks:
    """Return networks of a preset that learn a round."""
    from wunderkammer.core.device import Device
    from wunderkammer.core.limits import cores_allowed
    from wunderkammer.curation.learners import Networks
    from wunderkammer.curation.presets import PRESETS

    where = Device("cuda" if device == "cuda" else "cpu", cores_allowed())
    how = PRESETS[preset]()
    return Networks(sorting.collection, sorting.settings, sorting.media, how, where)


def round_lines(made: Round) -> Iterator[str]:
    """Yield what a round learnt, how good it is, and what changed."""
    found = made.measures
    by_class = ", ".join(f"{n:,} {name}" for name, n in made.n_by_class.items())
    yield (
        f"Round {made.number}, {made.when}, {made.seconds:.1f} s: learnt from {made.n_labelled:,} "
        f"labels ({by_class}), predicted {found.n_media:,} media"
    )
    for figure in made.figures:
        audited = f"{_interval(figure.audited)} drawn at random" if figure.audited else ""
        held_out = f"{_interval(figure.held_out)} all labelled" if figure.held_out else ""
        if audited or held_out:
            shown = "; ".join(one for one in (audited, held_out) if one)
            yield f"  {figure.name}, on media it had not seen: {shown}"
    if found.ensemble_changed is not None:
        members = ", ".join(f"{n:,}" for n in found.members_changed) or "not comparable"
        kappa = "" if found.kappa is None else f", κ {found.kappa:.3f}"
        yield (
            f"  changed its mind on {found.ensemble_changed:,} of {found.n_compared:,} media "
            f"(members: {members}){kappa}"
        )
    yield (
        f"  members disagree on {found.n_disagreeing:,} media; mean entropy "
        f"{found.mean_entropy:.4f} nats"
    )


def audit_lines(found: Audit | None) -> Iterator[str]:
    """Yield what a random sample proves."""
    if found is None:
        yield "No round yet: label some media, then 'wk curate round'."
        return
    yield found.sentence
    yield (
        f"{found.n:,} audited media, {found.n_unsure:,} more not sure; right: "
        f"{_interval(found.accuracy)}"
    )
    for one in found.classes:
        yield (
            f"  {one.name}: precision {_interval(one.precision)} of {one.n_predicted:,}, recall "
            f"{_interval(one.recall)} of {one.n_true:,}"
        )


def queue_lines(page: Page) -> Iterator[str]:
    """Yield a queue for eyes."""
    from wunderkammer.curation.queues import described

    title, sentence = described(page.name)
    yield f"{title}: {page.n:,} media. {sentence}"
    for one in page.media:
        told = f"{one.proposed} {one.score:.0%}" if one.proposed and one.score is not None else ""
        parts = (one.media_id, one.label or "", told, one.caption, one.reason)
        yield "  ".join(part for part in parts if part)


def queue_table(page: Page) -> str:
    """Return a queue as CSV."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in page.media:
        score, entropy = (
            "" if value is None else f"{value:.4f}" for value in (one.score, one.entropy)
        )
        writer.writerow(
            [
                one.media_id, one.caption, one.label or "", one.proposed or "", score, entropy,
                " ".join(one.votes), one.reason,
            ]
        )  # fmt: skip
    return buffer.getvalue()


def say_media(
    sorting: Sorting, label: str | None, named: Sequence[str], who: str, *, settled: bool
) -> None:
    """Write down what somebody says of media that they name."""
    from wunderkammer.core.errors import UnknownNameError
    from wunderkammer.curation.formats import Names

    names = Names(sorting.media)
    found = {one: names.find(one) for one in named}
    missing = [one for one, media_id in found.items() if media_id is None]
    if missing:
        raise UnknownNameError(
            f"{sorting.task.name}: no medium, or more than one, is called '{missing[0]}'.",
            hint="Name it by its media_id; 'wk query' finds it.",
        )
    media = [media_id for media_id in found.values() if media_id is not None]
    saved = sorting.say(dict.fromkeys(media, label), who, settled=settled)
    said = label or "(taken back)"
    click.echo(f"{sorting.task.name} = {said}: {_said(saved.n, len(media))}")


def say_file(sorting: Sorting, file: Path, who: str, *, settled: bool = False) -> None:
    """Write down what a file says, and tell what it calls by no known name."""
    from wunderkammer.curation.formats import Names, match, read_statements

    text = file.read_text(encoding="utf-8-sig", errors="replace")
    found = match(read_statements(text, sorting.task, str(file)), Names(sorting.media))
    saved = sorting.say(found.labels, who, settled=settled)
    click.echo(f"{file}: {_said(saved.n, len(found.labels))}")
    if found.unknown:
        shown = ", ".join(found.unknown[:_UNKNOWN_SHOWN])
        more = len(found.unknown) - _UNKNOWN_SHOWN
        click.echo(
            f"  {len(found.unknown):,} names belong to no medium, or to several: {shown}"
            + (f" and {more:,} more" if more > 0 else ""),
            err=True,
        )


def keep_files(sorting: Sorting, files: Sequence[Path], who: str) -> None:
    """Keep the logits of other programs' networks as a round."""
    from wunderkammer.curation.foreign import keep_logits
    from wunderkammer.curation.formats import read_logits
    from wunderkammer.curation.hearing import user

    of_members = [
        read_logits(file.read_text(encoding="utf-8-sig"), sorting.task, str(file)) for file in files
    ]
    made = keep_logits(
        sorting.collection, sorting.stage, sorting.media, sorting.votes(), of_members,
        who=who or user(),
    )  # fmt: skip
    for line in round_lines(made):
        click.echo(line)


def applied_lines(sorting: Sorting, *, has_run: bool) -> Iterator[str]:
    """Yield what was applied, and what follows."""
    from wunderkammer.curation.audit import NEVER

    applied = sorting.applied()
    audit = sorting.audit(applied["precision"]) if applied else None
    if applied is None or audit is None:
        return
    yield f"Applied round {applied['round']}. {audit.sentence}"
    outcomes = sorting.outcomes()
    n_review = sum(one.review for one in outcomes)
    if applied["threshold"] < NEVER:
        yield f"What is less than {applied['threshold']:.1%} sure is marked for a person."
    for name in sorting.task.classes:
        yield f"{sum(one.label == name for one in outcomes):>10,}  {name}"
    yield f"{n_review:>10,}  of them marked for a person ({sorting.task.name}_review)"
    if not has_run:
        yield f"'wk run sort/{sorting.task.name}' writes the columns."


def export_text(sorting: Sorting, kind: str, target: Path | None) -> None:
    """Write a file of labels, ids or figures."""
    from wunderkammer.core.files import write_bytes
    from wunderkammer.web.sorting_files import export_of

    made = export_of(sorting, kind)
    path = target or Path(made.name)
    write_bytes(path, made.content)
    click.echo(f"{path}: {len(made.content):,} bytes")


def export_pictures(
    sorting: Sorting, kind: str, target: Path, licence: str, rights_holder: str
) -> None:
    """Write pictures into a folder for each class, or sheets of them."""
    from wunderkammer.exports.sorted import Otherwise, export_collages, export_folders

    labels = {one.media_id: one.label for one in sorting.outcomes() if one.label is not None}
    otherwise = Otherwise(licence, rights_holder)
    export = export_folders if kind == "folders" else export_collages
    report = export(sorting.collection, sorting.stage, target, labels, otherwise)
    for name in sorting.task.classes:
        click.echo(f"{report.n_by_class.get(name, 0):>10,}  {name}")
    click.echo(f"{target}: {sum(report.n_by_class.values()):,} pictures")
    for why, n in report.left_out.most_common():
        click.echo(f"{n:>10,}  left out: {why}")


def conflict_lines(sorting: Sorting) -> Iterator[str]:
    """Yield media on which people disagree, and how far they agree."""
    from wunderkammer.curation.votes import agreements

    page = sorting.queue("conflicts", limit=len(sorting.media))
    yield f"{page.n:,} conflicts"
    for one in page.media:
        yield f"{one.media_id}  {one.caption}  {one.reason}"
    for pair in agreements(sorting.votes()):
        yield _agreement(pair)


def _agreement(pair: Agreement) -> str:
    both = f"{pair.one} and {pair.other} share {pair.n:,} media"
    if pair.kappa is None:
        return f"{both}, too much alike to measure their agreement"
    return f"{both}: κ {pair.kappa:.2f} ({pair.low:.2f} to {pair.high:.2f})"


def _said(n: int, of: int) -> str:
    held = f", {of - n:,} said so already" if of > n else ""
    return f"{n:,} labels kept{held}"


def _interval(one: Interval | None) -> str:
    if one is None or not math.isfinite(one.value):
        return "not known"
    if not math.isfinite(one.low):
        return f"{one.value:.3f}"
    return f"{one.value:.3f} ({one.low:.3f} to {one.high:.3f})"
