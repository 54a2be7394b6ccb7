"""Stages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import toy
from wunderkammer.core.settings import build
from wunderkammer.stages import STAGES

choices = {
    toy.Measure: st.fixed_dictionaries({}, optional={"factor": st.integers(1, 5)}),
    toy.Vector: st.fixed_dictionaries({}, optional={"shift": st.sampled_from([0.0, 0.5, 1.0])}),
    toy.Order: st.fixed_dictionaries({}, optional={"descending": st.booleans()}),
}
stages = st.sampled_from(list(choices)).flatmap(
    lambda kind: choices[kind].map(lambda given_values: build(kind, given_values, where="test"))
)


@given(stages, stages)
def test_two_stages_share_a_digest_only_if_they_are_equal(one, other):
    assert (one == other) == (one.digest() == other.digest())


def test_a_new_version_is_another_stage():
    class Newer(toy.Measure):
        version: str = "2"

    assert Newer().digest() != toy.Measure().digest()


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_says_what_it_is(stage):
    assert stage.__doc__.split("\n", 1)[0].endswith(".")
    for name, field in stage.model_fields.items():
        assert name in {"name", "version"} or field.description, name


def test_stages_and_their_fields_are_frozen():
    with pytest.raises(ValueError, match="frozen"):
        toy.Measure().factor = 2
