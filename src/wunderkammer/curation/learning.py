"""Learning: one round, from the labels there are to figures and advice."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.core.stage import Stage
from wunderkammer.curation.calibration import mean_probabilities
from wunderkammer.curation.changes import Measures, measures
from wunderkammer.curation.figures import Figure, held_out_figures
from wunderkammer.curation.kinds import NO_LABEL, UNSURE_LABEL
from wunderkammer.curation.learners import Heads, Learner, Learnt, Lesson
from wunderkammer.curation.lot import in_prefix
from wunderkammer.curation.media import MediaTable
from wunderkammer.curation.predictions import Logits, Predictions
from wunderkammer.curation.rounds import (
    Progress,
    Round,
    only_round,
    read_rounds,
    rounds_folder,
    silent,
    write_round,
)
from wunderkammer.curation.stopping import advise
from wunderkammer.curation.task import UNSURE, TaskSettings, task_settings
from wunderkammer.curation.votes import Votes


def run_round(
    collection: Collection,
    stage: Stage,
    media: MediaTable,
    votes: Votes,
    *,
    learner: Learner | None = None,
    who: str = "",
    progress: Progress = silent,
) -> Round:
    """Learn from the labels there are, predict all media, measure, and keep it.

    Parameters
    ----------
    collection : Collection
    stage : Stage
        The stage that sorts, with the settings of its task.
    media : MediaTable
    votes : Votes
    learner : Learner, optional
        Who learns; default: heads on the task's features.
    who : str, optional
        Who asked for it.
    progress : callable, optional

    Returns
    -------
    Round
        On disk as a whole when it returns; a process that is killed before leaves nothing.

    Raises
    ------
    NotEnoughMediaError
        If nothing is labelled, or no medium has features.
    CollectionLockedError
        If a round of this task is being trained.
    """
    start = time.perf_counter()
    settings = task_settings(stage)
    folder = rounds_folder(collection.root, settings.task)
    with only_round(folder, settings.task):
        history = read_rounds(collection.root, settings.task)
        number = history[-1].number + 1 if history else 1
        progress(0.0, "reading features")
        chosen = learner or Heads(collection, settings, media)
        lesson = _lesson(chosen, settings, media, votes)
        learnt = chosen.learn(lesson, progress)
        found = _predictions(lesson, learnt, media, votes)
        progress(0.9, "measuring")
        made = _measured(lesson, learnt, found, history, settings)
        about = Round(
            number=number,
            when=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            who=who,
            seconds=round(time.perf_counter() - start, 3),
            task=votes.task,
            settings=stage.model_dump(mode="json"),
            **_counted(lesson, found, votes),
            temperature=learnt.temperature,
            figures=made.figures,
            measures=made.measures,
            advice=made.advice,
            folder=folder / f"{number:04d}",
        )
        write_round(about, found, lambda place: learnt.members.save(place / learnt.file))
    progress(1.0, "done")
    return about


class _Measured(NamedTuple):
    figures: tuple[Figure, ...]
    measures: Measures
    advice: dict[str, Any]


def label_codes(votes: Votes, ids: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return the class of each medium's label; -1 for none, -2 for "not sure", shape (n,)."""
    of_label = {name: code for code, name in enumerate(votes.task.classes)}
    of_label[UNSURE] = UNSURE_LABEL
    said = votes.labels
    return np.array([of_label[said[one]] if one in said else NO_LABEL for one in ids], np.int64)


def _lesson(learner: Learner, settings: TaskSettings, media: MediaTable, votes: Votes) -> Lesson:
    """Find the media that can be looked at, and what people said of them."""
    places = learner.places()
    codes = label_codes(votes, [media.ids[place] for place in places])
    (labelled,) = np.nonzero(codes >= 0)
    if not len(labelled):
        raise NotEnoughMediaError(
            f"{settings.task}: none of {len(places):,} media with features has a label.",
            hint=f"Label some first: 'wk curate', or 'wk curate label {settings.task} "
            f"{settings.classes[0]} ID'.",
        )
    groups = media.groups()
    own = [groups[places[one]] for one in labelled]
    answered = np.array([votes.is_answered(media.ids[place]) for place in places], np.bool_)
    is_random = in_prefix(np.arange(len(places)), answered)
    return Lesson(places, codes, labelled, own, is_random, settings.classes)


def _predictions(lesson: Lesson, learnt: Learnt, media: MediaTable, votes: Votes) -> Predictions:
    """Return what the members say of all media, by id."""
    ids = tuple(media.ids[place] for place in lesson.places)
    held_out = np.full_like(learnt.logits, np.nan)
    held_out[:, lesson.labelled] = learnt.held_out
    labels = tuple(votes.labels.get(one) for one in ids)
    return Predictions(ids, labels, lesson.is_random, learnt.logits, held_out)


def _measured(
    lesson: Lesson,
    learnt: Learnt,
    found: Predictions,
    history: Sequence[Round],
    settings: TaskSettings,
) -> _Measured:
    """Measure a round, compare it with the one before, and say whether to stop."""
    known = np.isfinite(learnt.held_out).all(axis=(0, 2))
    held_out, rows = learnt.held_out[:, known], lesson.labelled[known]
    codes, is_random = lesson.codes[rows], found.is_random[rows]
    chances = mean_probabilities(held_out, learnt.temperature)
    of_members = [mean_probabilities(one[None], learnt.temperature) for one in held_out]
    lone = None
    if learnt.by_lot is not None and known.all():
        lone = mean_probabilities(learnt.by_lot, learnt.temperature)
    figures = held_out_figures(
        chances, of_members, codes, is_random, seed=settings.seed, by_lot=lone
    )
    measured = measures(
        found.logits,
        lesson.codes,
        before=logits_before(history, found.ids, settings),
        temperature=learnt.temperature,
        n_audited=int(is_random.sum()),
        n_right=int((chances.argmax(axis=1) == codes)[is_random].sum()),
    )
    past = [one.measures for one in history if one.task.classes == settings.classes]
    advice = advise([*past, measured], settings.stop).figures()
    return _Measured(figures, measured, advice | {"criteria": list(advice["criteria"])})


def logits_before(
    history: Sequence[Round], ids: Sequence[str], settings: TaskSettings
) -> Logits | None:
    """Return what the round before said of the same media, if it had the same classes."""
    if not history or history[-1].task.classes != settings.classes:
        return None
    before = history[-1].predictions()
    return before.in_order(ids, before.logits)


def _counted(lesson: Lesson, found: Predictions, votes: Votes) -> dict[str, Any]:
    """Return how many labels there were of each sort."""
    classes = votes.task.classes
    counts = np.bincount(lesson.codes[lesson.labelled], minlength=len(classes))
    return {
        "n_by_class": dict(zip(classes, counts.tolist(), strict=True)),
        "n_unsure": votes.n_unsure,
        "n_conflicts": len(votes.conflicts),
        "n_random": int((found.is_random & (lesson.codes >= 0)).sum()),
    }
