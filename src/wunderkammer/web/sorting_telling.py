"""What the page for sorting is told of tasks, media, rounds and audits: no path travels."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from wunderkammer.curation import pages
from wunderkammer.curation.task import UNSURE, Task
from wunderkammer.curation.votes import Votes, agreements
from wunderkammer.web.pictures import own_size
from wunderkammer.web.sorting_schemas import (
    Advice,
    Applied,
    ClassAudit,
    Counts,
    CoveragePoint,
    Criterion,
    Figure,
    KeepChoice,
    PairAgreement,
    Person,
    QueueList,
    QueueSummary,
    Round,
    RoundFigure,
    SortAudit,
    SortClass,
    SortMedium,
    SortTask,
    Vote,
)
from wunderkammer.web.telling import base_name

if TYPE_CHECKING:
    from wunderkammer.curation import audit, rounds, stopping
    from wunderkammer.curation.sorting import Sorting
    from wunderkammer.metrics.intervals import Interval

Group = Literal["order", "unlabelled kinds", "labelled kinds", "labels", "looks"]

_GROUPS: Mapping[str, Group] = {
    "next": "order", "lot": "order",
    "A": "unlabelled kinds", "B": "unlabelled kinds",
    "C": "unlabelled kinds", "D": "unlabelled kinds",
    "NOTSURE": "labelled kinds", "MISPREDICTION": "labelled kinds", "UNCERTAIN": "labelled kinds",
    "unsure": "labels", "conflicts": "labels", "labelled": "labels", "unlabelled": "labels",
    "blurred": "looks", "dark": "looks", "tiny": "looks", "duplicates": "looks",
    "odd-aspect": "looks",
}  # fmt: skip


def classes_of(task: Task, n_by_class: Mapping[str, int]) -> list[SortClass]:
    """Return the classes of a task with their keys, 'unsure' last."""
    keys = {name: str(n) for n, name in enumerate(task.classes, 1)} | {UNSURE: "0"}
    return [SortClass(name=one, key=key, n=n_by_class.get(one, 0)) for one, key in keys.items()]


def counts_of(sorting: Sorting) -> Counts:
    """Return how far a task is, in short."""
    votes = sorting.votes()
    n_by_class = votes.n_by_class
    return Counts(
        n_labelled=sum(n_by_class.values()),
        n_unsure=votes.n_unsure,
        n_conflicts=len(votes.conflicts),
        n_since=sorting.n_since(),
        classes=classes_of(sorting.task, {**n_by_class, UNSURE: votes.n_unsure}),
    )


def task_of(sorting: Sorting) -> SortTask:
    """Return what the page is told of a task."""
    counts = counts_of(sorting)
    return SortTask(
        name=sorting.task.name,
        classes=counts.classes,
        n_media=len(sorting.media),
        n_labelled=counts.n_labelled,
    )


def people_of(votes: Votes) -> dict[str, Any]:
    """Return who labels, the busiest first, and how far each two agree."""
    busiest = sorted(votes.people.items(), key=lambda one: (-one[1], one[0]))
    pairs = [
        PairAgreement(
            one=pair.one,
            other=pair.other,
            n=pair.n,
            kappa=_finite(pair.kappa),
            low=_finite(pair.low),
            high=_finite(pair.high),
        )
        for pair in agreements(votes)
    ]
    return {"people": [Person(who=who, n=n) for who, n in busiest], "agreement": pairs}


def medium_of(one: pages.Shown, row: Mapping[str, Any], task: Task) -> SortMedium:
    """Return what the page is told of a medium."""
    width, height = own_size(row)
    told = len(set(one.others.values()) | ({one.said} if one.said else set()))
    return SortMedium(
        id=one.media_id,
        version=version_of(row),
        caption=base_name(one.caption) or one.media_id,
        width=width,
        height=height,
        said=one.said,
        others=[Vote(who=who, value=value) for who, value in sorted(one.others.items())],
        settled=one.settled,
        label=one.label,
        conflict=told > 1 and one.settled is None,
        proposed=one.proposed,
        score=_finite(one.score),
        probabilities=[one.probabilities[name] for name in task.classes if one.probabilities],
        entropy=_finite(one.entropy),
        votes=list(one.votes),
        reason=one.reason,
    )


def version_of(row: Mapping[str, Any]) -> str:
    """Return what stands for all that a medium's pictures are made of."""
    made_of = [row["thumbnail"], row.get("original"), row.get("content_path"), row["cutouts"]]
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:16]


def queues_of(found: pages.Counts, task: Task, limits: Mapping[str, float]) -> QueueList:
    """Return all queues with what they are for and how long they are."""
    return QueueList(
        quantile=limits["quantile"],
        confidence=limits["confidence"],
        entropy=_finite(found.entropy),
        max_entropy=math.log(len(task.classes)),
        queues=[
            QueueSummary(
                name=one.name,
                title=one.title,
                sentence=one.sentence,
                group=_GROUPS[one.name],
                n=one.n,
            )
            for one in found.queues
        ],
    )


def round_of(one: rounds.Round) -> Round:
    """Return what the page is told of a round."""
    measures = one.measures
    return Round(
        number=one.number,
        when=one.when,
        who=one.who,
        seconds=one.seconds,
        n_media=measures.n_media,
        n_labelled=one.n_labelled,
        n_random=one.n_random,
        classes=classes_of(one.task, {**one.n_by_class, UNSURE: one.n_unsure}),
        figures=[
            RoundFigure(
                name=figure.name,
                held_out=_figure(figure.held_out),
                audited=_figure(figure.audited),
                members=[_finite(value) for value in figure.members],
                random=_finite(figure.by_lot),
            )
            for figure in one.figures
        ],
        changed=measures.ensemble_changed,
        members_changed=list(measures.members_changed),
        kappa=_finite(measures.kappa),
        mean_entropy=measures.mean_entropy,
        n_disagreeing=measures.n_disagreeing,
    )


def advice_of(found: stopping.Advice) -> Advice:
    """Return whether to stop, and why."""
    criteria = [
        Criterion(
            name=one.name,
            met=one.met,
            value=_finite(one.value),
            wanted=_finite(one.wanted),
            sentence=one.sentence,
        )
        for one in found.criteria
    ]
    return Advice(stop=found.stop, reason=found.reason, criteria=criteria)


def audit_of(found: audit.Audit | None, wanted: float) -> SortAudit:
    """Return what media drawn at random say of the sorting."""
    if found is None:
        return SortAudit(
            n=0, n_unsure=0, n_more=None, precision=wanted, promised=False, accuracy=None,
            classes=[], curve=[], choice=None,
            sentence="Train a first round: then the labels drawn at random tell how good it is.",
        )  # fmt: skip
    return SortAudit(
        n=found.n,
        n_unsure=found.n_unsure,
        n_more=found.n_more,
        precision=found.wanted,
        promised=found.promised,
        accuracy=_figure(found.accuracy),
        classes=[
            ClassAudit(
                name=one.name,
                n=one.n_true,
                precision=_figure(one.precision),
                recall=_figure(one.recall),
            )
            for one in found.classes
        ],
        curve=[_point(one) for one in found.curve],
        choice=_choice(found),
        sentence=found.sentence,
    )


def applied_of(applied: Mapping[str, Any], found: audit.Audit | None) -> Applied:
    """Return what was handed to the pipeline, and what that means."""
    number, n_media, n_person = applied["round"], 0, 0
    if found is not None:
        n_media, n_person = found.n_media, found.n_person
    return Applied(
        round=number,
        threshold=_finite(applied["threshold"]),
        n_media=n_media,
        n_person=n_person,
        sentence=f"Round {number} is applied: {n_media - n_person:,} of {n_media:,} media are "
        f"sorted, {n_person:,} are left for a person. 'wk run' writes the columns.",
    )


def _point(one: audit.Point) -> CoveragePoint:
    """Return one point of the curve; at least one audited medium is kept at each."""
    low, high = _finite(one.accuracy.low), _finite(one.accuracy.high)
    accuracy = Figure(value=one.accuracy.value, low=low, high=high)
    return CoveragePoint(threshold=one.threshold, coverage=one.coverage, accuracy=accuracy)


def _choice(found: audit.Audit) -> KeepChoice | None:
    if found.choice is None:
        return None
    point = _point(found.choice)
    return KeepChoice(
        threshold=point.threshold,
        coverage=point.coverage,
        accuracy=point.accuracy,
        n_kept=found.n_kept,
        n_person=found.n_person,
    )


def _figure(one: Interval | None) -> Figure | None:
    if one is None or not math.isfinite(one.value):
        return None
    return Figure(value=one.value, low=_finite(one.low), high=_finite(one.high))


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value
