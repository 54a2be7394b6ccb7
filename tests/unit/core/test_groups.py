"""Where the rows of a stage lie."""

from wunderkammer.core.groups import group_folder, group_parts, stage_state


def test_rows_lie_below_columns_and_their_state_beside_them(collection):
    stage = collection.configuration.stage("measure")
    folder = group_folder(collection.root, stage)
    assert folder == collection.root / "columns" / "measure"
    [path] = group_parts(collection.root, stage).finished()
    assert path.parent == folder
    assert stage_state(collection.root, stage)["stage"] == "measure"


def test_a_stage_that_never_ran_has_no_state(collection, tmp_path):
    assert stage_state(tmp_path, collection.configuration.stage("measure")) == {}
