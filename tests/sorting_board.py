"""Media, votes and predictions for tests of sorting, without a collection."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from wunderkammer.core.identity import stable_id
from wunderkammer.curation.acquisition import uncertainty
from wunderkammer.curation.learning import label_codes
from wunderkammer.curation.lot import lot_ranks
from wunderkammer.curation.media import MediaTable
from wunderkammer.curation.predictions import Predictions
from wunderkammer.curation.queues import Standing, Told
from wunderkammer.curation.task import Task
from wunderkammer.curation.votes import Ballot

TASK = Task("quality", ("good", "bad"))


def ids_of(n):
    """Return n ids in the order of the lot."""
    ids = [stable_id("medium", str(place)) for place in range(n)]
    return [ids[place] for place in np.argsort(lot_ranks(ids, 0, TASK.name))]


def media_of(ids, **columns):
    """Return a table of media, the columns given in the order of the ids."""
    own = {"width": [640] * len(ids), "height": [480] * len(ids), "caption": list(ids)}
    return MediaTable(pa.table({"id": ids, **own, **columns}))


def votes_of(*said, task=TASK):
    """Return votes from (medium, who, value) or (medium, who, value, term), in order."""
    ballot = Ballot(task)
    ballot.add(
        {"media_id": one[0], "who": one[1], "value": one[2], "term": (*one, task.term)[3]}
        for one in said
    )
    return ballot.votes()


def sure_of(chances, n_members=3):
    """Return logits (n_members, n, 2) by which the second class has these probabilities.

    A chance may be a list: then each member has its own.
    """
    own = np.array([one if isinstance(one, list) else [one] * n_members for one in chances]).T
    logits = np.zeros((*own.shape, 2), np.float32)
    logits[..., 1] = np.log(own) - np.log1p(-own)
    return logits


def predictions_of(ids, chances, labels=None, held_out=None):
    """Return predictions; ``held_out`` gives other chances for labelled media."""
    logits = sure_of(chances)
    apart = np.full_like(logits, np.nan)
    for place, chance in (held_out or {}).items():
        apart[:, place] = sure_of([chance])[:, 0]
    return Predictions(
        tuple(ids),
        tuple(labels or [None] * len(ids)),
        np.zeros(len(ids), np.bool_),
        logits,
        apart,
    )


def standing_of(ids, votes, predictions=None, chosen=(), proposals=None, media=None):
    """Return all that queues are made of."""
    known = None
    if predictions is not None:
        known = Told(predictions, uncertainty(predictions.honest))
    codes = label_codes(votes, () if predictions is None else predictions.ids)
    return Standing(media or media_of(ids), votes, known, codes, proposals or {}, tuple(chosen))
