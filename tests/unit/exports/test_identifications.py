import csv

import pytest

from drawn_cases import drawn_collection
from wunderkammer.core.errors import ConfigurationError, StageError
from wunderkammer.core.template import edit
from wunderkammer.exports.identifications import COLUMNS, write_identifications


@pytest.fixture(scope="module")
def identified(tmp_path_factory):
    import wunderkammer

    made = drawn_collection(tmp_path_factory.mktemp("identified"), n_unnamed=8)
    edit(made.root, {"identify[family].rank": "family"}, made.pipeline.stages)
    made = wunderkammer.open(made.root)
    with pytest.raises(StageError, match="'identify/family' has not run"):
        write_identifications(made, "family", made.root / "none.csv")
    made.run(made.upstream("identify/family"), n_workers=0)
    return made


def test_each_medium_without_a_name_is_a_row_in_darwin_core(identified, tmp_path):
    n_named, n_silent = write_identifications(identified, "family", tmp_path / "found.csv")
    with (tmp_path / "found.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert n_named + n_silent == len(rows) > 0
    assert sum(bool(row["scientificName"]) for row in rows) == n_named
    for row in rows:
        assert row["dateIdentified"] == identified.runs(1)[0]["started"][:10]
        assert row["identifiedBy"].endswith("features of colour-histogram)")
        assert bool(row["taxonRank"]) is bool(row["scientificName"])


def test_a_rank_that_nobody_identified_is_refused(identified, tmp_path):
    with pytest.raises(ConfigurationError, match="no stage is called 'identify/genus'"):
        write_identifications(identified, "genus", tmp_path / "found.csv")
