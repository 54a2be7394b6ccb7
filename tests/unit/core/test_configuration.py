"""collection.toml."""

from typing import ClassVar, Literal

import pytest
from pydantic import Field

import toy
from wunderkammer.core.collection import Collection
from wunderkammer.core.column import Column
from wunderkammer.core.configuration import REFERS_TO, configure
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.stages import STAGES


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


def test_an_empty_reference_means_the_first_of_its_stage():
    both = [{"encoder": "colour-histogram"}, {"encoder": "efficientnet-lite0"}]
    found = configure({"features": both}, STAGES)
    assert found.stage("embedding").features == "colour-histogram"
    assert len(found.called("features")) == 2
    assert [one.label for one in found.called("features/efficientnet-lite0")] == [
        "efficientnet-lite0"
    ]
    chosen = configure({"features": both, "embedding": {"features": "efficientnet-lite0"}}, STAGES)
    assert chosen.stage("embedding").reads() == ("features/efficientnet-lite0",)


def test_a_reference_to_nothing_names_what_there_is():
    with pytest.raises(ConfigurationError, match="Did you mean 'efficientnet-lite0'"):
        configure({"embedding": {"features": "efficientnet-lite1"}}, STAGES)


class Third(toy.Few):
    name: Literal["third"] = "third"
    optional: ClassVar[bool] = False
    source: Literal["", "measure", "few"] = Field(
        "", json_schema_extra={REFERS_TO: ["few", "measure"]}
    )

    @property
    def floats(self):
        return False

    def writes(self):
        return ()


def test_an_empty_reference_to_one_of_several_stages_means_the_preferred_that_is_there():
    kinds = (toy.Few, toy.Measure, Third)
    assert configure({}, kinds).stage("third").source == "measure"
    assert configure({"few": {}}, kinds).stage("third").source == "few"
    said = configure({"few": {}, "third": {"source": "measure"}}, kinds)
    assert said.stage("third").source == "measure"
    with pytest.raises(ConfigurationError, match=r"source = 'few', and there is no \[few\]"):
        configure({"third": {"source": "few"}}, kinds)


class Early(toy.Few):
    name: Literal["early"] = "early"
    by: str = "chosen"

    def limits(self):
        return None

    def writes(self):
        return (Column("early", "text", "What was chosen, again."),)


def test_a_stage_that_floats_waits_for_another_that_floats_and_that_it_reads():
    kinds = (Early, toy.Few, toy.Measure)
    found = configure({"early": {}, "few": {"by": "length"}}, kinds)
    assert [stage.name for stage in found.stages] == ["measure", "few", "early"]
