"""Nothing that others give ends in a stack trace, loses a good row, or lands outside."""

import pytest

from bad_inputs import CASES
from bad_inputs.collections import EVIDENCE
from bad_inputs.page import PAGE, line, picture_row, row, tried_pictures
from bad_inputs.pictures import PICTURES
from bad_inputs.trying import SECONDS, THROUGH_WK, tried


@pytest.fixture(scope="module")
def told():
    """Return the rows of the page."""
    return set(PAGE.read_text(encoding="utf-8").splitlines())


def test_there_are_hundreds_and_no_two_are_called_alike():
    names = [str(case) for case in CASES]
    assert len(names) > 150
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: str(CASES[n]))
def test_a_bad_input_is_told_in_words_and_costs_nothing_else(number, tmp_path, told):
    case = CASES[number]
    found = tried(case, tmp_path, by_library=number % THROUGH_WK > 0)
    assert "Traceback" not in found.printed
    assert (found.status, found.kept) == (case.status, case.kept), found.printed
    assert found.said or not found.status
    assert found.strangers == []
    assert not EVIDENCE.exists()
    assert found.seconds < SECONDS
    assert found.mib < case.most_mib or not case.most_mib
    assert line(row(case, found)) in told, "run scripts/bad_inputs.py"


def test_each_image_is_decoded_or_told_and_costs_no_other(tmp_path, told):
    said = tried_pictures(tmp_path)
    assert {name for name, text in said.items() if not text} == {
        one.name for one in PICTURES if one.decoded
    }
    assert len(said) == len(PICTURES)
    for one in PICTURES:
        assert line(picture_row(one.name, one.wrong, said[one.name])) in told
