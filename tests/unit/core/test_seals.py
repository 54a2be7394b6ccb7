"""What was appended to a journal stays as it was, or is told by its lines."""

import os

import pytest

from wunderkammer.core.seals import Broken, Sealed, check, seal

WHOLE = Sealed([], 0, True)


@pytest.fixture
def journal(tmp_path):
    """Return a journal of six lines that were appended two by two."""
    path = tmp_path / "2026-11.jsonl"
    for n in range(0, 6, 2):
        append(path, f"line {n}\nline {n + 1}\n")
    return path


def append(path, text):
    with path.open("a") as file:
        file.write(text)
    seal(path)


def test_a_journal_is_what_was_appended(journal):
    assert check(journal) == WHOLE
    seal(journal)
    assert len(journal.with_suffix(".seals").read_text().splitlines()) == 3, "nothing is new"


def test_a_changed_line_is_told_and_no_other(journal):
    journal.write_text(journal.read_text().replace("line 3", "line E"))
    assert check(journal).broken == [Broken(3, 4)]


def test_lines_that_are_gone_stay_gone_though_others_are_appended(journal):
    size = journal.stat().st_size
    os.truncate(journal, size - 7)
    assert check(journal).n_missing == 7
    append(journal, "x\n")
    found = check(journal)
    assert found.n_missing == 5
    assert found.broken == [Broken(5, 6)]


def test_what_a_killed_program_appended_is_sealed_with_what_comes_next(journal):
    with journal.open("a") as file:
        file.write("line 6\n")
    assert check(journal) == WHOLE
    append(journal, "line 7\n")
    assert check(journal) == WHOLE
    journal.write_text(journal.read_text().replace("line 6", "line G"))
    assert check(journal).broken == [Broken(7, 8)]


def test_a_torn_seal_is_no_damage_and_a_changed_one_is(journal):
    seals = journal.with_suffix(".seals")
    os.truncate(seals, seals.stat().st_size - 9)
    assert check(journal) == WHOLE
    append(journal, "line 6\n")
    assert check(journal) == WHOLE
    seals.write_text(seals.read_text().replace(" ", "_", 1))
    assert check(journal) == Sealed([], 0, False)


def test_a_journal_without_seals_may_be_anything(tmp_path):
    path = tmp_path / "2026-11.jsonl"
    path.write_text("line 0\n")
    assert check(path) == WHOLE
