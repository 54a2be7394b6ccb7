"""Predictions as a file."""

import duckdb
import numpy as np
import pytest

from sorting_board import ids_of, predictions_of
from wunderkammer.core.errors import StageError
from wunderkammer.curation.predictions import read_predictions, write_predictions

IDS = ids_of(4)


@pytest.fixture
def known():
    labels = [None, "bad", "unsure", None]
    return predictions_of(IDS, [0.1, 0.9, 0.5, [0.2, 0.4, 0.6]], labels, held_out={1: 0.3})


def test_what_was_written_is_read(tmp_path, known):
    write_predictions(tmp_path / "p.parquet", known)
    found = read_predictions(tmp_path / "p.parquet", 2)
    assert (found.ids, found.labels) == (known.ids, known.labels)
    np.testing.assert_array_equal(found.logits, known.logits)
    np.testing.assert_array_equal(found.held_out, known.held_out)


def test_others_read_it_without_us(tmp_path, known):
    path = tmp_path / "p.parquet"
    write_predictions(path, known)
    rows = duckdb.sql(f"SELECT media_id, label, len(logits), held_out FROM '{path}'").fetchall()
    assert [row[:3] for row in rows] == [
        (one, label, 6) for one, label in zip(IDS, known.labels, strict=True)
    ]
    assert [row[3] is None for row in rows] == [True, False, True, True]


def test_a_medium_is_judged_by_members_that_did_not_see_it(known):
    assert known.honest[:, 1].argmax(axis=1).tolist() == [0, 0, 0]
    np.testing.assert_array_equal(known.honest[:, [0, 2, 3]], known.logits[:, [0, 2, 3]])


def test_a_round_is_compared_by_medium_not_by_place(known):
    other = [IDS[2], "f" * 20, IDS[0]]
    found = known.in_order(other, known.logits)
    np.testing.assert_array_equal(found[:, [0, 2]], known.logits[:, [2, 0]])
    assert np.isnan(found[:, 1]).all()


def test_a_damaged_file_says_what_to_do(tmp_path):
    (tmp_path / "p.parquet").write_bytes(b"PAR1")
    with pytest.raises(StageError, match="cannot be read") as caught:
        read_predictions(tmp_path / "p.parquet", 2)
    assert "labels are not lost" in caught.value.hint
