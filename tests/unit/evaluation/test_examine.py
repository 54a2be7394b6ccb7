from drawn_cases import case_of
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.evaluation.examine import answered
from wunderkammer.evaluation.files import SILHOUETTES, read_cell, read_cells, read_table
from wunderkammer.evaluation.tasks.separation import Silhouette


def test_an_answer_is_written_with_its_tables_and_its_key(tmp_path):
    case, task = case_of(root=tmp_path), Silhouette(n_resamples=5)
    question = next(iter(task.questions(case)))
    cell = answered(case, task, question, "the key")
    assert read_cells(tmp_path) == [cell]
    assert (cell.key, cell.rank, cell.split) == ("the key", "family", "train")
    (path,) = task.files(case, question)
    assert read_table(path, SILHOUETTES).num_rows == len(case.of("train"))


class _Helpless(Silhouette):
    def answer(self, case, question):
        raise NotEnoughMediaError("there are too few.")


def test_what_cannot_be_measured_is_a_cell_that_says_why(tmp_path):
    case, task = case_of(root=tmp_path), Silhouette(n_resamples=5)
    question = next(iter(task.questions(case)))
    answered(case, task, question, "k")
    (path,) = task.files(case, question)
    cell = answered(case, _Helpless(), question, "k2")
    assert (cell.figures, cell.note) == ({}, "there are too few.")
    assert not path.exists(), "no table is left of what was true before"
    assert read_cell(tmp_path / "evaluation/cells/drawn/silhouette-family-train.json") == cell
