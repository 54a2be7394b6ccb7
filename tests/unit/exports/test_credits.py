"""No picture without its licence and its holder."""

import pytest

from wunderkammer.exports.credits import licences_text, rights_of, what_is_missing


@pytest.mark.parametrize(
    ("record", "missing"),
    [
        ({"license": "CC BY 4.0", "rightsHolder": "The Museum"}, ""),
        ({"UsageTerms": "CC BY 4.0", "Owner": "The Museum"}, ""),
        ({"license": "see our policy", "rightsHolder": "The Museum"}, ""),
        ({"license": "CC0"}, ""),
        ({"license": "CC BY 4.0"}, "no rights holder is stated"),
        ({"license": "CC BY 4.0", "rightsHolder": "  "}, "no rights holder is stated"),
        ({"rightsHolder": "The Museum"}, "no licence is stated"),
        ({"license": "unknown", "rightsHolder": "The Museum"}, "no licence is stated"),
        ({}, "no licence is stated"),
    ],
)
def test_what_is_missing_is_said(record, missing):
    assert what_is_missing(rights_of(record)) == missing


def test_what_is_stated_for_all_stands_only_where_nothing_is():
    assert what_is_missing(rights_of({}, "CC BY 4.0", "Us")) == ""
    stated = rights_of({"license": "CC BY-NC 4.0", "rightsHolder": "They"}, "CC0", "Us")
    assert (stated.licence, stated.holder) == ("CC BY-NC 4.0", "They")


def test_the_credit_is_the_one_stated_or_says_who_and_under_which_licence():
    record = {"license": "CC-BY", "rightsHolder": "The Museum", "creator": "A. Wallace"}
    assert rights_of(record).credit == "A. Wallace, The Museum, CC BY 4.0"
    assert rights_of({**record, "Credit": "© Us"}).credit == "© Us"


def test_the_text_names_each_licence_and_how_many_of_whom():
    rights = [rights_of({"license": "CC BY 4.0", "rightsHolder": name}) for name in "AAB"]
    text = licences_text("Moths", [*rights, rights_of({"license": "CC0"})])
    assert "CC BY 4.0: 3 pictures\n  https://creativecommons.org/licenses/by/4.0/\n  2  A\n" in text
    assert "CC0 1.0: 1 pictures" in text
