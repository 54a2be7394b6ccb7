from wunderkammer.core.sums import SUMS, read_sums
from wunderkammer.evaluation.files import (
    FIGURES,
    ISSUES,
    Cell,
    cell_path,
    figures_path,
    issues_path,
    read_table,
    write_cell,
    write_table,
)
from wunderkammer.evaluation.gather import gather


def cell(encoder, task="issues", rank="genus", split=None):
    figures = {"n_media": 4, "n_suspected": 1}
    return Cell(task, "1", encoder, rank, split, "k", {}, figures, 0.1)


def issue(encoder, score):
    near = {"neighbours": [], "neighbour_labels": [], "neighbour_similarities": []}
    own = {"media_id": f"m-{encoder}", "rank": "genus", "encoder": encoder}
    return own | {"label": "A", "proposed": "B", "score": score} | near


def test_cells_become_one_table_and_one_list_and_what_is_no_longer_true_goes(tmp_path):
    for encoder, score in (("good", 0.2), ("better", 0.1), ("gone", 0.05)):
        write_cell(tmp_path, cell(encoder))
        write_table(issues_path(tmp_path, encoder, "genus"), [issue(encoder, score)], ISSUES)
    kept = gather(tmp_path, lambda one: one.encoder != "gone")
    assert {one.encoder for one in kept} == {"good", "better"}
    assert not cell_path(tmp_path, "gone", "issues", "genus").exists()
    assert not issues_path(tmp_path, "gone", "genus").exists()
    folders = [path.parent for path in tmp_path.rglob(SUMS)]
    noted = {below / name for below in folders for name in read_sums(below).expected}
    assert noted == {path for path in tmp_path.rglob("*.*") if path.is_file()}
    rows = read_table(issues_path(tmp_path), ISSUES).to_pylist()
    assert [row["encoder"] for row in rows] == ["better", "good"], "the most suspect first"
    figures = read_table(figures_path(tmp_path), FIGURES).to_pylist()
    assert {row["encoder"] for row in figures} == {"good", "better"}


def test_gathering_again_changes_no_byte(tmp_path):
    write_cell(tmp_path, cell("good"))
    gather(tmp_path, lambda _: True)
    before = figures_path(tmp_path).read_bytes()
    gather(tmp_path, lambda _: True)
    assert figures_path(tmp_path).read_bytes() == before
