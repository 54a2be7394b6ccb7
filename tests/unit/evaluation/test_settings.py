import pytest

from wunderkammer.core.errors import UnknownNameError
from wunderkammer.core.settings import build
from wunderkammer.evaluation.files import TASKS
from wunderkammer.evaluation.settings import Examination, task_of


def test_every_task_is_asked_in_order_with_the_seed_of_the_examination():
    tasks = Examination(seed=5).chosen()
    assert tuple(task.name for task in tasks) == TASKS
    assert {task.seed for task in tasks} == {5}


def test_tasks_are_chosen_by_name_and_a_wrong_one_is_told_the_nearest():
    found = build(Examination, {"tasks": "mislabels, silhouette"}, where="here")
    assert [task.name for task in found.chosen()] == ["silhouette", "mislabels"]
    with pytest.raises(UnknownNameError) as caught:
        build(Examination, {"tasks": ["silhouettes"]}, where="here")
    assert "Did you mean 'silhouette'" in caught.value.hint


def test_a_task_comes_back_from_its_settings():
    for task in Examination().chosen():
        assert task_of(task.settings()) == task
    assert task_of({"name": "silhouette", "version": "0"}) is None
    assert task_of({"name": "phrenology"}) is None
