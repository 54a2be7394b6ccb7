"""Names proposed for media that have none."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from drawn_cases import SPECIES
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.core.inputs import Inputs
from wunderkammer.core.stage import Context
from wunderkammer.stages.identify import IdentifyStage

N_EACH, N_UNNAMED = 12, 3


def inputs(stage, spread=5.0, said=None, changes=None, n_each=N_EACH):
    """Return species of known places; the last three specimens of each have no name."""
    rng = np.random.default_rng(3)
    rows, vectors = [], []
    for k, (_, _, species) in enumerate(SPECIES):
        centre = rng.normal(size=8) * spread
        for n in range(n_each):
            name = species if n < n_each - N_UNNAMED else None
            rows.append({"media_id": f"{k}{n:03}", "scientificName": name, "truth": species})
            vectors.append(centre + rng.normal(size=8))
    for row in rows:
        row |= {"specimen_id": row["media_id"], **(changes or {}).get(row["media_id"], {})}
        row[f"annotation/{stage.rank}Label"] = (said or {}).get(row["media_id"])
    names = [name for name in stage.reads() if not name.startswith("features/")]
    table = pa.table({name: [row.get(name) for row in rows] for name in names})
    ids = [row["media_id"] for row in rows]
    features = np.asarray(vectors, np.float32)
    return Inputs(ids, table, {stage.reads()[0]: features}, {}), [row["truth"] for row in rows]


def run(stage, *given, **how):
    some, truth = inputs(stage, *given, **how)
    result = stage.process(some, Context(Path()))
    columns = {name.rpartition("/")[2]: values for name, values in result.values.items()}
    return some.ids, truth, columns, result.quality


def test_media_without_a_name_get_the_right_one_and_the_others_none():
    _, truth, found, quality = run(IdentifyStage())
    asked = [one is not None for one in found["abstained"]]
    assert sum(asked) == len(SPECIES) * N_UNNAMED
    told = [(name, own) for name, own in zip(found["name"], truth, strict=True) if name]
    assert len(told) > 0.8 * sum(asked)
    assert all(name == own for name, own in told)
    assert quality["n_identified"] + quality["n_abstained"] == sum(asked)
    assert quality["accuracy_held_out"] >= 0.9


def test_likeliest_names_come_with_their_probabilities():
    _, _, found, _ = run(IdentifyStage(n_alternatives=3))
    place = next(n for n, name in enumerate(found["name"]) if name)
    told = json.loads(found["alternatives"][place])
    assert len(told) == 3
    assert told[0] == [found["name"][place], found["score"][place]]
    assert [score for _, score in told] == sorted((score for _, score in told), reverse=True)


def test_where_species_cannot_be_told_it_says_nothing():
    _, _, found, quality = run(IdentifyStage(accuracy=0.99), spread=0.0)
    assert quality["n_identified"] <= 2
    assert all(score <= 1 for score in found["score"] if score is not None)


def test_a_name_that_was_taken_away_is_not_learnt_and_is_asked_again():
    ids, _, found, quality = run(IdentifyStage(), said={"0000": "rejected"})
    assert found["abstained"][ids.index("0000")] is not None
    assert quality["n_named"] == len(SPECIES) * (N_EACH - N_UNNAMED) - 1


def test_a_wider_rank_has_names_where_the_species_is_unknown():
    stage = IdentifyStage(rank="genus")
    some = {"0011": {"genus": "Alba"}}
    ids, _, found, _ = run(stage, changes=some)
    assert found["abstained"][ids.index("0011")] is None, "its genus is known"
    assert found["name"][ids.index("0010")] == "Alba"


def test_too_few_names_are_refused_with_what_to_do():
    with pytest.raises(
        NotEnoughMediaError, match="identify/species: it takes at least 2"
    ) as caught:
        run(IdentifyStage(least=50))
    assert "wider rank" in caught.value.hint
