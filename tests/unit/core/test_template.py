"""The commented collection.toml, and edits that keep its comments."""

import tomllib
from typing import ClassVar, Literal

import pytest

import toy
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.stage import TableStage
from wunderkammer.core.template import edit, edited, parse_assignment, template

KINDS = toy.pipeline().stages


class Pick(TableStage):
    """Pick words; there may be several."""

    optional: ClassVar[bool] = True
    name: Literal["pick"] = "pick"
    version: Literal["1"] = "1"
    called: str = "first"
    n: int = 0

    @property
    def label(self):
        return self.called


SEVERAL = (*KINDS, Pick)


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


def test_what_was_edited_is_told_in_the_letters_it_is_written_in(tmp_path):
    (tmp_path / "collection.toml").write_text(template(KINDS, {"ingest.path": "words.csv"}))
    told = edit(tmp_path, {"collection.title": "Käfer"}, KINDS)
    assert told[0].startswith('collection.title = "Käfer"')
    assert edit(tmp_path, {"collection.title": "Wörter"}, KINDS)[0].endswith('(was "Käfer")')


def test_an_edit_that_is_not_allowed_changes_nothing(tmp_path):
    path = tmp_path / "collection.toml"
    path.write_text(template(KINDS, {"ingest.path": "words.csv"}))
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match="no setting 'factr'"):
        edit(tmp_path, {"measure.factr": 3}, KINDS)
    assert path.read_bytes() == before


def test_an_instance_is_meant_by_its_label_and_added_where_there_is_none(tmp_path):
    path = tmp_path / "collection.toml"
    path.write_text("[ingest]\n")
    edit(tmp_path, {"pick[a.b].called": "a.b", "pick[a.b].n": 3}, SEVERAL)
    edit(tmp_path, {"pick[c].called": "c", "pick[c].n": 4, "pick[a.b].n": 5}, SEVERAL)
    assert tomllib.loads(path.read_text())["pick"] == [
        {"called": "a.b", "n": 5},
        {"called": "c", "n": 4},
    ]
    assert "\n\n[[pick]]\n" in path.read_text()


def test_a_single_table_becomes_one_of_several_and_keeps_its_comments(tmp_path):
    path = tmp_path / "collection.toml"
    path.write_text("[ingest]\n\n[pick]\n# so few\nn = 2 # why\n")
    assert edit(tmp_path, {"pick[first].n": 3}, SEVERAL) == ["pick[first].n = 3 (was 2)"]
    assert "[pick]\n# so few\nn = 3 # why\n" in path.read_text()
    edit(tmp_path, {"pick[second].called": "second"}, SEVERAL)
    assert "[[pick]]\n# so few\nn = 3 # why\n" in path.read_text()
    assert tomllib.loads(path.read_text())["pick"] == [{"n": 3}, {"called": "second"}]


def test_a_label_nobody_has_and_a_stage_without_label_are_refused(tmp_path):
    path = tmp_path / "collection.toml"
    path.write_text('[ingest]\n\n[[pick]]\ncalled = "a"\n\n[[pick]]\ncalled = "b"\n')
    before = path.read_bytes()
    for name, said in (
        ("pick[bb].n", r"'pick/bb'\. Did you mean 'pick/b'"),
        ("pick.n", r"several \[\[pick\]\]\. Say which: pick\[LABEL\]"),
        ("pikc[a].n", r"'pikc'\. Did you mean 'pick'"),
    ):
        with pytest.raises(ConfigurationError, match=said) as caught:
            edit(tmp_path, {name: 1}, SEVERAL)
        if name == "pick[bb].n":
            assert "To add it, say pick[bb].called=bb too." in caught.value.hint
    assert path.read_bytes() == before


def test_what_an_edit_would_make_can_be_had_without_making_it(tmp_path):
    path = tmp_path / "collection.toml"
    path.write_text("[ingest]\n")
    made = edited(tmp_path, {"pick[a].called": "a"}, SEVERAL)
    assert made.configuration.stage("pick/a").label == "a"
    assert made.said == ['pick[a].called = "a"']
    assert path.read_text() == "[ingest]\n"


@pytest.mark.parametrize(
    ("text", "value"),
    [("a.b=1", 1), ("a.b=1.5", 1.5), ("a.b=true", True), ('a.b=["x"]', ["x"]), ("a.b=x y", "x y")],
)
def test_assignments_are_toml_or_text(text, value):
    assert parse_assignment(text) == ("a.b", value)


def test_an_assignment_needs_a_name_and_a_value():
    with pytest.raises(ConfigurationError, match=r"Write it as table\.name=value"):
        parse_assignment("gap")


def test_a_text_that_looks_like_a_number_stays_as_it_was_typed(tmp_path):
    path = tmp_path / "collection.toml"
    changes = dict(map(parse_assignment, ["collection.title=2026", "measure.factor=3"]))
    path.write_text(template(KINDS, changes))
    assert tomllib.loads(path.read_text())["collection"] == {"title": "2026"}
    assert tomllib.loads(path.read_text())["measure"] == {"factor": 3}
    typed = ["pick[x].called=x", "collection.title=5e1234567890", "ingest.path=007"]
    edit(tmp_path, dict(map(parse_assignment, typed)), SEVERAL)
    tables = tomllib.loads(path.read_text())
    assert tables["collection"] == {"title": "5e1234567890"}
    assert tables["ingest"] == {"path": "007"}


def test_the_settings_of_a_plug_in_are_known_by_the_one_that_is_named(tmp_path):
    from wunderkammer.stages import STAGES

    path = tmp_path / "collection.toml"
    path.write_text("[features]\n")
    typed = ["features.encoder.weights=412345678901", "features.encoder.name=trained"]
    typed += ["features.encoder.length=64", "collection.title=1.50"]
    edit(tmp_path, dict(map(parse_assignment, typed)), STAGES)
    tables = tomllib.loads(path.read_text())
    assert tables["features"]["encoder"] == {
        "name": "trained", "weights": "412345678901", "length": 64,
    }  # fmt: skip
    assert tables["collection"]["title"] == "1.50"
