"""Predictions of other programs."""

import pytest

from sorting_room import truth_of
from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.curation.foreign import keep_logits


def keep(sorting, of_members):
    return keep_logits(
        sorting.collection, sorting.stage, sorting.media, sorting.votes(), of_members, who="ada"
    )


def test_networks_of_others_fill_the_queues_and_are_applied(sorting):
    truth = truth_of(sorting)
    ids = sorting.media.ids
    sorting.say({ids[0]: truth[ids[0]]}, "ada")
    name = {one: sorting.media.row(one)["file"] for one in ids}
    sure = {name[one]: (3.0, -3.0) if truth[one] == "good" else (-3.0, 3.0) for one in ids}
    other = sure | {name[ids[5]]: (0.1, 0.0), "of another collection": (1.0, 0.0)}
    other[name[ids[6]]] = tuple(-one for one in sure[name[ids[6]]])
    made = keep(sorting, [sure, other])
    assert sorting.latest() == made
    assert made.figures == ()
    assert made.measures.n_disagreeing == 1 + (truth[ids[5]] == "bad")
    assert ids[6] in {one.media_id for one in sorting.queue("D").media}
    [shown] = sorting.queue("labelled").media
    assert shown.proposed == truth[ids[0]]
    sorting.apply()
    assert sorting.applied()["round"] == made.number
    # a collection knows its files as they were when it was opened
    collection = Collection(sorting.collection.root, sorting.collection.pipeline)
    collection.run([sorting.stage.group])
    told = collection.query("SELECT media_id, quality, quality_by FROM media").to_pylist()
    found = {row["media_id"]: row["quality"] for row in told}
    assert found[ids[1]] == truth[ids[1]]
    assert {row["quality_by"] for row in told} == {"person", "ensemble"}


def test_what_is_named_in_one_file_only_is_left_out(sorting):
    one, two = sorting.media.ids[:2]
    made = keep(sorting, [{one: (1, 0), two: (0, 1)}, {one: (1, 0)}])
    assert made.predictions().ids == (one,)
    with pytest.raises(NotEnoughMediaError, match="all of 2 files"):
        keep(sorting, [{one: (1, 0)}, {two: (0, 1)}])
