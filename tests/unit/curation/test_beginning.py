"""A new task in collection.toml."""

import pytest

import wunderkammer
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.curation.beginning import begin_task
from wunderkammer.curation.sorting import Sorting
from wunderkammer.curation.task import TaskSettings

SOURCE = '# mine\n[ingest.source]\nname = "folder"\npath = "source"\n'


@pytest.fixture
def plain(tmp_path):
    (tmp_path / "collection.toml").write_text(SOURCE)
    return wunderkammer.open(tmp_path)


def test_it_is_written_beside_what_is_there(plain):
    task = TaskSettings(task="view", classes="dorsal,ventral", keep="dorsal")
    said = begin_task(plain, task)
    text = (plain.root / "collection.toml").read_text()
    assert text.startswith(SOURCE)
    assert any("dorsal" in line for line in said)
    found = wunderkammer.open(plain.root)
    assert Sorting(found).settings.keep == ("dorsal",)
    assert found.configuration.stage("measure")


def test_several_tasks_stand_side_by_side_and_none_twice(plain):
    begin_task(plain, TaskSettings())
    found = wunderkammer.open(plain.root)
    begin_task(found, TaskSettings(task="view", classes="dorsal,ventral"), measured=False)
    again = wunderkammer.open(plain.root)
    assert [one.name for one in Sorting.tasks_of(again)] == ["quality", "view"]
    before = (plain.root / "collection.toml").read_bytes()
    with pytest.raises(ConfigurationError, match="'view' is there already"):
        begin_task(again, TaskSettings(task="view"))
    assert (plain.root / "collection.toml").read_bytes() == before


def test_where_specimens_are_cut_out_bad_photographs_are_sorted_before(tmp_path):
    (tmp_path / "collection.toml").write_text(SOURCE + "[cutout]\n")
    begin_task(wunderkammer.open(tmp_path), TaskSettings(keep="good"))
    order = [stage.group for stage in wunderkammer.open(tmp_path).configuration.stages]
    assert order.index("features/photographs") < order.index("sort/quality")
    assert order.index("sort/quality") < order.index("cutout")
    assert "features/efficientnet-lite0" in order[order.index("cutout") :]


def test_a_task_that_cannot_be_leaves_the_file_as_it_was(plain):
    with pytest.raises(ConfigurationError, match="width"):
        begin_task(plain, TaskSettings(task="width"))
    assert (plain.root / "collection.toml").read_text() == SOURCE
