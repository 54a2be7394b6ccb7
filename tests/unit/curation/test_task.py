"""Tasks and how they are set."""

import pytest

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.settings import build
from wunderkammer.curation.task import UNSURE, Task, TaskSettings, applied_path

TASK = Task("quality", ("good", "bad"))


def test_a_person_may_answer_a_class_or_that_they_are_not_sure():
    assert [one for one in ("good", "bad", UNSURE, "ugly", "") if TASK.allows(one)] == [
        "good", "bad", "unsure",
    ]  # fmt: skip
    assert [TASK.code(one) for one in ("good", "bad", UNSURE)] == [0, 1, -1]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"classes": "good"}, "2 to 9 classes"),
        ({"classes": "a,b,c,d,e,f,g,h,i,j"}, "2 to 9 classes"),
        ({"classes": "good,good"}, "one name"),
        ({"classes": "good,unsure"}, "always there"),
        ({"classes": "good,../bad"}, "cannot be a folder"),
        ({"classes": "good,bad", "keep": "ugly"}, "'ugly' is none of the classes"),
        ({"task": "image quality"}, "pattern"),
    ],
)
def test_what_cannot_be_sorted_is_refused_with_its_reason(values, words):
    with pytest.raises(ConfigurationError, match=words):
        build(TaskSettings, values, where="here")


def test_what_only_later_rounds_depend_on_makes_no_column_stale():
    task = TaskSettings()
    later = {"seed": 7, "batch": 3, "acquisition": "bald", "n_members": 9, "precision": 0.5}
    assert TaskSettings(**later).settings_digest() == task.settings_digest()
    assert TaskSettings(keep="good").settings_digest() != task.settings_digest()


def test_what_is_applied_lies_with_its_task(tmp_path):
    place = applied_path(tmp_path, "quality")
    assert place.relative_to(tmp_path).parts == ("curation", "quality", "applied.safetensors")
