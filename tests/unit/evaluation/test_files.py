from wunderkammer.evaluation.files import (
    FIGURES,
    ISSUES,
    Cell,
    cell_path,
    figure_rows,
    figures_path,
    flat,
    read_cell,
    read_cells,
    read_table,
    write_cell,
    write_table,
)

FIGURES_OF_ONE = {
    "mean": {"value": 0.5, "low": 0.4, "high": 0.6},
    "n_media": 20,
    "curve": [0.1, 0.2],
    "within": {"f1": 0.25, "top5": None, "calibration": {"error": 0.1, "n_media": [15, 5]}},
    "points": [{"n_each": 5, "n_media": 40, "scores": {"accuracy": 0.75}}],
    "pairs": [{"first": "Aa", "second": "Ba", "scores": {"accuracy": 1.0}}],
}


def cell(**values):
    own = {"task": "silhouette", "version": "1", "encoder": "x", "rank": "genus", "split": "test",
           "key": "k", "settings": {}, "figures": FIGURES_OF_ONE, "seconds": 0.5}  # fmt: skip
    return Cell(**own | values)


def test_a_cell_comes_back_as_it_was_written(tmp_path):
    write_cell(tmp_path, cell())
    path = cell_path(tmp_path, "x", "silhouette", "genus", "test")
    assert path.name == "silhouette-genus-test.json"
    assert read_cell(path) == cell()
    write_cell(tmp_path, cell(figures={"mean": float("nan")}))
    assert read_cell(path).figures == {"mean": None}, "JSON knows no NaN"


def test_cells_stand_in_the_order_of_the_tasks_and_what_was_cut_short_is_no_cell(tmp_path):
    for task in ("identification", "silhouette", "embedding"):
        write_cell(tmp_path, cell(task=task))
    broken = cell_path(tmp_path, "x", "silhouette").with_name(".tmp-1-silhouette.json")
    broken.write_text("{")
    cell_path(tmp_path, "x", "older").write_text('{"task": "older"}')
    assert [one.task for one in read_cells(tmp_path)] == [
        "silhouette", "identification", "embedding"
    ]  # fmt: skip


def test_every_number_is_a_row_with_its_interval_and_its_media():
    found = {one.figure: one for one in flat(FIGURES_OF_ONE)}
    assert (found["mean"].low, found["mean"].high, found["mean"].n) == (0.4, 0.6, 20)
    assert found["within.f1"].value == 0.25
    assert found["within.calibration.error"].n == 20, "media of its bins are no number of media"
    assert found["points.5.scores.accuracy"].n == 40
    assert found["pairs.Aa and Ba.scores.accuracy"].value == 1
    assert not any("curve" in name or "top5" in name for name in found)


def test_tables_are_read_with_their_columns_even_before_they_are_there(tmp_path):
    assert read_table(figures_path(tmp_path), FIGURES).schema == FIGURES
    assert read_table(tmp_path / "issues.parquet", ISSUES).num_rows == 0
    write_table(figures_path(tmp_path), figure_rows([cell()]), FIGURES)
    rows = read_table(figures_path(tmp_path), FIGURES).to_pylist()
    assert {(row["encoder"], row["rank"], row["split"]) for row in rows} == {("x", "genus", "test")}
