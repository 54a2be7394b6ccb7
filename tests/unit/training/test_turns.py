import pytest

from wunderkammer.core.errors import SourceError
from wunderkammer.training.turns import Turn, read_turns, write_turns


def written(tmp_path, text):
    path = tmp_path / "turns.csv"
    path.write_bytes(text.encode())
    return path


def test_two_columns_without_a_header_as_the_butterflies_have_them(tmp_path):
    turns, bad = read_turns(written(tmp_path, "BMNHE_1,12.5\r\nBMNHE_2,-90\r\n"))
    assert turns == [Turn("BMNHE_1", 12.5), Turn("BMNHE_2", -90.0)]
    assert bad == []


@pytest.mark.parametrize(
    "text",
    [
        "media_id,angle_deg\na,12.5\n",
        "Degrees;who;ID\n12,5;me;a\n",
        "\ufeffid\tdegrees\na\t12.5\n",
        "\n\nfile,turn\na,12.5",
    ],
)
def test_headers_delimiters_and_marks_are_understood(tmp_path, text):
    assert read_turns(written(tmp_path, text)) == ([Turn("a", 12.5)], [])


def test_a_medium_called_like_a_column_is_no_header(tmp_path):
    assert read_turns(written(tmp_path, "name,5\n"))[0] == [Turn("name", 5.0)]


def test_the_turn_to_apply_has_the_other_sign(tmp_path):
    path = written(tmp_path, "a,30\n")
    assert read_turns(path, "to-turn")[0] == [Turn("a", -30.0)]


def test_angles_are_brought_into_one_turn_and_the_last_row_counts(tmp_path):
    turns, _ = read_turns(written(tmp_path, "a,10\nb,270\na,-350.5\n"))
    assert turns == [Turn("b", -90.0), Turn("a", 9.5)]


def test_bad_rows_are_named_and_skipped(tmp_path):
    text = "id,degrees\na,ten\n,5\nb\nc,nan\nd,1e999\ne,7\n"
    turns, bad = read_turns(written(tmp_path, text))
    assert turns == [Turn("e", 7.0)]
    assert [row.line for row in bad] == [2, 3, 4, 5, 6]
    assert "a: 'ten' is no number of degrees." in bad[0].error.message
    assert "id is empty" in bad[1].error.message
    assert "1 columns" in bad[2].error.message


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00garbage\x81"])
def test_what_is_no_text_is_said(tmp_path, content):
    path = tmp_path / "turns.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=r"turns\.csv cannot be read"):
        read_turns(path)


def test_an_empty_file_has_no_turns(tmp_path):
    assert read_turns(written(tmp_path, "")) == ([], [])


def test_what_is_written_reads_back_and_replaces_what_was_there(tmp_path):
    path = written(tmp_path, "old")
    turns = [Turn('odd, "id"', 0.1), Turn("b;c", -179.99999999)]
    write_turns(path, turns)
    assert read_turns(path) == (turns, [])
    assert path.read_text().startswith("media_id,angle_deg\n")
