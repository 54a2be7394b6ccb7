"""Settings and what enters a key."""

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.registry import Registry, chosen_from
from wunderkammer.core.settings import Settings, build, digest_of
from wunderkammer.stages.tile import TileStage

methods: Registry[Settings] = Registry("layouts", "layout")
methods._loaded = True


class Base(Settings):
    name: str


@methods.register
class Fine(Base):
    name: Literal["fine"] = "fine"
    gap: float = 0.1
    where: Path = Field(Path(), json_schema_extra={"context": True})


@methods.register
class Coarse(Base):
    name: Literal["coarse"] = "coarse"
    steps: int = 3


class Example(Settings):
    name: Literal["example"] = "example"
    version: Literal["1"] = "1"
    method: Annotated[Base, chosen_from(methods)] = Field("fine")
    several: tuple[Fine, ...] = ()
    weights: dict[str, float] = Field(default_factory=dict)
    turned: float = Field(0.0, json_schema_extra={"later": True})


values = st.builds(
    dict,
    method=st.one_of(
        st.builds(dict, name=st.just("fine"), gap=st.sampled_from([0.1, 0.2, 0.3])),
        st.builds(dict, name=st.just("coarse"), steps=st.integers(1, 4)),
    ),
    several=st.lists(st.builds(dict, gap=st.sampled_from([0.1, 0.4])), max_size=2),
    weights=st.dictionaries(st.sampled_from("abc"), st.sampled_from([1.0, 2.0]), max_size=3),
    turned=st.sampled_from([0.0, 90.0]),
)


@given(values, values)
def test_settings_that_differ_anywhere_differ_in_digest(one, other):
    first, second = (build(Example, given, where="test") for given in (one, other))
    assert (first == second) == (first.settings_digest() == second.settings_digest())


@given(st.permutations(["a", "b", "c"]))
def test_the_order_of_a_table_does_not_matter(names):
    table = {name: ord(name) for name in names}
    assert digest_of(table) == digest_of(dict(sorted(table.items())))


def test_name_and_version_are_part_of_what_is_dumped():
    assert Example().settings()["name"] == "example"
    assert Example().settings()["version"] == "1"
    assert Example().settings()["method"] == {"name": "fine", "gap": 0.1}


def test_where_something_lies_stays_out_of_the_digest():
    here, there = Fine(where=Path("/here")), Fine(where=Path("/there"))
    assert here.settings_digest() == there.settings_digest()
    nested = [Example(method=one, several=(one,)).settings_digest() for one in (here, there)]
    assert nested[0] == nested[1]


@pytest.mark.parametrize(
    ("given_values", "message"),
    [
        ({"metod": "fine"}, "no setting 'metod'. Did you mean 'method'"),
        ({"method": "fin"}, "no layout is called 'fin'.*Did you mean 'fine'"),
        ({"method": {"name": "fine", "gab": 1}}, "no setting 'gab'. Did you mean 'gap'"),
        ({"method": {"gap": 1}}, "the layout has no name"),
        ({"weights": 3}, "weights = 3: input should be a valid dictionary"),
    ],
)
def test_mistakes_say_what_is_known(given_values, message):
    with pytest.raises(ConfigurationError, match=message):
        build(Example, given_values, where="collection.toml, [example]")


def test_a_setting_that_came_later_leaves_the_key_of_what_was_made_before():
    assert "turned" not in Example().settings()
    assert Example(turned=90).settings()["turned"] == 90


def test_settings_within_settings_are_dumped_in_a_process_that_got_them():
    """Up to pydantic 2.12 a model within another is dumped only if its class was built before."""
    code = (
        "import pickle, sys; found = pickle.load(sys.stdin.buffer); "
        "print(found.settings_digest(), found.style.settings())"
    )
    stage = TileStage()
    done = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps(stage), capture_output=True, check=True
    )
    assert done.stdout.decode().split(maxsplit=1) == [
        stage.settings_digest(), f"{stage.style.settings()}\n"
    ]  # fmt: skip
