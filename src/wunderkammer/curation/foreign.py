"""Foreign: what other programs' networks predict, kept as a round with its queues."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.core.stage import Stage
from wunderkammer.curation.calibration import fit_temperature
from wunderkammer.curation.changes import measures
from wunderkammer.curation.formats import Names
from wunderkammer.curation.learning import label_codes, logits_before
from wunderkammer.curation.lot import in_prefix
from wunderkammer.curation.media import MediaTable
from wunderkammer.curation.predictions import Predictions
from wunderkammer.curation.rounds import (
    Round,
    only_round,
    read_rounds,
    rounds_folder,
    write_round,
)
from wunderkammer.curation.stopping import advise
from wunderkammer.curation.task import task_settings
from wunderkammer.curation.votes import Votes


def keep_logits(
    collection: Collection,
    stage: Stage,
    media: MediaTable,
    votes: Votes,
    of_members: Sequence[Mapping[str, Sequence[float]]],
    *,
    who: str = "",
) -> Round:
    """Keep the logits of other programs as a round, with its queues.

    Parameters
    ----------
    collection : Collection
    stage : Stage
        The stage that sorts.
    media : MediaTable
    votes : Votes
    of_members : sequence of mapping
        Logits of each network by a name of the medium; see
        :func:`~wunderkammer.curation.formats.read_logits`.
    who : str, optional
        Who brings them.

    Raises
    ------
    NotEnoughMediaError
        If no medium is named in all of them.
    CollectionLockedError
        If a round of this task is being made.

    Notes
    -----
    Nobody knows which labels those networks learnt from. So no figure is told of them, and
    labelled media are judged by what was predicted, seen before or not.
    """
    settings = task_settings(stage)
    folder = rounds_folder(collection.root, settings.task)
    found = _predictions(media, votes, of_members)
    codes = label_codes(votes, found.ids)
    with only_round(folder, settings.task):
        history = read_rounds(collection.root, settings.task)
        temperature = fit_temperature(found.logits, codes)
        before = logits_before(history, found.ids, settings)
        measured = measures(found.logits, codes, before=before, temperature=temperature)
        past = [one.measures for one in history if one.task.classes == settings.classes]
        advice = advise([*past, measured], settings.stop).figures()
        number = history[-1].number + 1 if history else 1
        about = Round(
            number=number,
            when=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            who=who,
            seconds=0.0,
            task=votes.task,
            settings=stage.model_dump(mode="json"),
            n_by_class={
                name: int((codes == code).sum()) for code, name in enumerate(settings.classes)
            },
            n_unsure=votes.n_unsure,
            n_conflicts=len(votes.conflicts),
            n_random=int((found.is_random & (codes >= 0)).sum()),
            temperature=temperature,
            figures=(),
            measures=measured,
            advice=advice | {"criteria": list(advice["criteria"])},
            folder=folder / f"{number:04d}",
        )
        write_round(about, found)
    return about


def _predictions(
    media: MediaTable, votes: Votes, of_members: Sequence[Mapping[str, Sequence[float]]]
) -> Predictions:
    """Return the logits of the media that all members name, in the order of the lot."""
    names = Names(media)
    by_medium = [{names.find(name): row for name, row in one.items()} for one in of_members]
    ids = tuple(one for one in media.ids if all(one in each for each in by_medium))
    if not ids or not by_medium:
        raise NotEnoughMediaError(
            f"{votes.task.name}: no medium is named in all of {len(of_members)} files of logits.",
            hint="They name media by media_id, by the source's identifier such as a page id, or "
            "by file.",
        )
    logits = np.array([[each[one] for one in ids] for each in by_medium], np.float32)
    answered = np.array([votes.is_answered(one) for one in ids], np.bool_)
    return Predictions(
        ids,
        tuple(votes.labels.get(one) for one in ids),
        in_prefix(np.arange(len(ids)), answered),
        logits,
        np.full_like(logits, np.nan),
    )
