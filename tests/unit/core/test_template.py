"""The commented collection.toml, and edits that keep its comments."""

import tomllib

import pytest

import toy
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.template import edit, parse_assignment, template

KINDS = toy.pipeline().stages


def test_a_new_file_explains_every_setting_and_changes_none(tmp_path):
    text = template(KINDS, {"collection.title": 'Moths "of" Kent', "ingest.path": "words.csv"})
    tables = tomllib.loads(text)
    assert tables["collection"] == {"title": 'Moths "of" Kent'}
    assert tables["ingest"] == {"path": "words.csv"}
    assert tables["measure"] == {}
    assert "# factor = 1" in text
    assert "# Count letters; fail on words that hold a '!'." in text


def test_an_edit_keeps_the_comments_and_says_what_it_did(tmp_path):
    path = tmp_path / "collection.toml"
    path.write_text(template(KINDS, {"ingest.path": "words.csv"}))
    assert edit(tmp_path, {"measure.factor": 3}, KINDS) == ["measure.factor = 3"]
    assert edit(tmp_path, {"measure.factor": 4}, KINDS) == ["measure.factor = 4 (was 3)"]
    assert edit(tmp_path, {"measure.factor": 4}, KINDS) == []
    text = path.read_text()
    assert "# factor = 1" in text
    assert tomllib.loads(text)["measure"] == {"factor": 4}


def test_an_edit_that_is_not_allowed_changes_nothing(tmp_path):
    path = tmp_path / "collection.toml"
    path.write_text(template(KINDS, {"ingest.path": "words.csv"}))
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match="no setting 'factr'"):
        edit(tmp_path, {"measure.factr": 3}, KINDS)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "value"),
    [("a.b=1", 1), ("a.b=1.5", 1.5), ("a.b=true", True), ('a.b=["x"]', ["x"]), ("a.b=x y", "x y")],
)
def test_assignments_are_toml_or_text(text, value):
    assert parse_assignment(text) == ("a.b", value)


def test_an_assignment_needs_a_name_and_a_value():
    with pytest.raises(ConfigurationError, match=r"Write it as table\.name=value"):
        parse_assignment("gap")
