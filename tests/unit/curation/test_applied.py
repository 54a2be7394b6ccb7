"""What is applied."""

import numpy as np
import pytest

from sorting_board import TASK
from wunderkammer.core.errors import StageError
from wunderkammer.curation.applied import Applied, Foretold, read_applied, write_applied
from wunderkammer.curation.ensemble import fit_heads
from wunderkammer.curation.task import Task

MEDIUM = "0123456789abcdef0123"
RNG = np.random.default_rng(0)
CODES = RNG.integers(0, 2, 40)
ROWS = RNG.normal(size=(40, 6)) + 3 * CODES[:, None]


@pytest.fixture(scope="module")
def applied():
    return Applied(fit_heads(ROWS, CODES, TASK.classes), 0.75, 4, 0.99, False)


def test_it_comes_back_and_others_read_its_figures(tmp_path, applied):
    path = write_applied(tmp_path, TASK, applied)
    found = read_applied(tmp_path, TASK)
    assert found.figures() == applied.figures()
    assert found.told(MEDIUM, ROWS[0]) == applied.told(MEDIUM, ROWS[0])
    from safetensors import safe_open

    with safe_open(path, "numpy") as file:
        assert file.metadata()["round"] == "4"


def test_it_tells_the_class_and_how_sure_it_is(applied):
    told = [applied.told(MEDIUM, row) for row in ROWS]
    assert np.mean([TASK.classes.index(one) == code for (one, _), code in
                    zip(told, CODES, strict=True)]) > 0.9  # fmt: skip
    assert all(0.5 <= score <= 1 for _, score in told)


def test_the_same_is_written_in_the_same_bytes(tmp_path, applied):
    first = write_applied(tmp_path, TASK, applied).read_bytes()
    assert write_applied(tmp_path, TASK, applied).read_bytes() == first


def test_nothing_applied_is_none_and_other_classes_are_refused(tmp_path, applied):
    assert read_applied(tmp_path, TASK) is None
    write_applied(tmp_path, TASK, applied)
    with pytest.raises(StageError, match="the task now has good, partial") as caught:
        read_applied(tmp_path, Task("quality", ("good", "partial")))
    assert "wk curate apply quality" in caught.value.hint


def test_what_networks_said_is_applied_to_the_media_they_saw(tmp_path):
    chances = np.array([[0.8, 0.2]], np.float32)
    applied = Applied(Foretold((MEDIUM,), chances, TASK.classes), 0.5, 2, 0.95, True)
    write_applied(tmp_path, TASK, applied)
    found = read_applied(tmp_path, TASK)
    assert found.told(MEDIUM, ()) == (TASK.classes[0], pytest.approx(0.8))
    assert found.told("f" * 20, ()) is None


def test_a_damaged_file_is_named(tmp_path, applied):
    path = write_applied(tmp_path, TASK, applied)
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(StageError, match="cannot be read") as caught:
        read_applied(tmp_path, TASK)
    assert "wk curate apply" in caught.value.hint
