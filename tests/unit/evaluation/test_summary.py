from wunderkammer.evaluation.files import Cell
from wunderkammer.evaluation.summary import summary


def cell(encoder, task, rank, split, figures):
    return Cell(task, "1", encoder, rank, split, "", {}, figures, 0.0)


def told(value):
    return {"train_to_test": {"accuracy": {"value": value, "low": 0.0, "high": 1.0}}}


CELLS = [
    cell("weak", "identification", "genus", "test", told(0.9)),
    cell("weak", "identification", "species", "test", told(0.5)),
    cell("strong", "identification", "species", "test", told(0.8)),
    cell("strong", "leakage", "institutionCode", "test", {"accuracy": {"value": 0.4}}),
    cell("strong", "learning-curve", "species", "test",
         {"points": [{"n_each": 5, "scores": {"accuracy": 0.61}}]}),
]  # fmt: skip


def test_the_best_encoder_comes_first_at_the_finest_rank_and_gaps_are_dashes():
    found = summary(CELLS, ("weak", "strong"), "test")
    assert found.heads == ("encoder", "named", "from 5", "leak")
    assert found.rows == (("strong", "0.800", "0.610", "0.400"), ("weak", "0.500", "-", "-"))
    assert any(line.startswith("leak: ") and "institutionCode" in line for line in found.legend)


def test_a_column_that_nobody_has_a_figure_for_is_left_out():
    assert summary(CELLS, ("weak",), "other").heads == ("encoder",)
