import pyarrow as pa

from wunderkammer.sampling.classes import classes_of
from wunderkammer.sampling.counting import COUNTS, STEPS, count_sets, step_table
from wunderkammer.sampling.pool import Step


def test_each_set_counts_its_media_and_different_values():
    split = pa.array(["train", "test", None, "train"])
    classes = {
        name: classes_of(pa.chunked_array([values], pa.string()))
        for name, values in {
            "specimens": ["s", "t", "u", "s"],
            "species": ["a", "a", "b", None],
            "genera": ["g", "g", "g", "g"],
            "families": [None] * 4,
            "institutions": ["K", "K", "K", "NY"],
        }.items()
    }
    counts = count_sets(split, ("train", "validation", "test"), classes)
    assert counts.schema == COUNTS
    assert [list(row.values()) for row in counts.to_pylist()] == [
        ["train", 2, 1, 1, 1, 0, 2],
        ["validation", 0, 0, 0, 0, 0, 0],
        ["test", 1, 1, 1, 1, 0, 1],
        ["left out", 1, 1, 1, 1, 0, 1],
    ]


def test_steps_stay_in_order():
    table = step_table([Step("all", 9), Step("cap", 4)])
    assert table.schema == STEPS
    assert table.to_pylist() == [{"step": "all", "media": 9}, {"step": "cap", "media": 4}]
    assert step_table([]).schema == STEPS
