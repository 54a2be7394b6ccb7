"""collection.toml."""

import pytest

import toy
from wunderkammer.core.collection import Collection
from wunderkammer.core.configuration import configure
from wunderkammer.core.errors import ConfigurationError


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[measur]\n", r"there is no table \[measur\]\. Did you mean 'measure'"),
        ("[measure]\nfactr = 2\n", r"no setting 'factr'\. Did you mean 'factor'"),
        (
            "[measure]\nfactor = 'x'\n",
            r"\[measure\]: factor = 'x': input should be a valid integer",
        ),
        ("[measure\n", "is not TOML"),
    ],
)
def test_mistakes_in_the_configuration_are_named(tmp_path, toml, message):
    root = tmp_path / "words"
    root.mkdir()
    with pytest.raises(ConfigurationError, match=message):
        Collection.create(root, toml, toy.pipeline())
    assert not (root / "collection.toml").exists()


def test_two_writers_of_one_column_are_refused():
    class Again(toy.Measure):
        name: str = "again"

    with pytest.raises(ConfigurationError, match="write the column 'length'"):
        configure({}, (toy.Measure, Again))


def test_a_stage_twice_with_the_same_name_is_refused():
    with pytest.raises(ConfigurationError, match="two stages are called 'measure'"):
        configure({"measure": [{}, {"factor": 2}]}, (toy.Measure,))
