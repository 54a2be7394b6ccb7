"""What stages need, and where that is said."""

import pytest

import toy
from mortal import MortalEngine
from toy import WORDS
from wunderkammer.core.engine import Needs
from wunderkammer.core.errors import ConfigurationError, StageError
from wunderkammer.core.resources import (
    EngineSettings,
    Resources,
    device_of,
    in_words,
    memory_gb,
    needs_of,
    threads_of,
)

ENGINE = """
[engine]
workers = 1
[engine.stages.measure]
cores = 2
memory_gb = 0.5
at_once = 1
[engine.stages.order]
cores = 3
"""


def test_a_group_goes_before_a_name():
    own, shared = Resources(cores=2), Resources(cores=3)
    settings = EngineSettings(stages={"vector": shared, "measure": own})
    assert settings.of(toy.Measure()) is own
    assert settings.of(toy.Split()) == Resources()


def test_resources_change_no_key_and_make_nothing_stale(tmp_path):
    collection = toy.make(tmp_path / "words", WORDS)
    collection.run(n_workers=0)
    with (collection.root / "collection.toml").open("a") as file:
        file.write(ENGINE)
    again = toy.core.Collection(collection.root, toy.pipeline())
    assert again.configuration.engine.stages["measure"].at_once == 1
    assert again.plan().nothing_to_do


def test_results_are_the_same_with_them(tmp_path):
    one = toy.make(tmp_path / "one", WORDS)
    two = toy.make(tmp_path / "two", WORDS, toy.TOML + ENGINE)
    for collection in (one, two):
        collection.run(engine=MortalEngine())
        (collection.root / "collection.toml").unlink()
    assert toy.content(one.root) == toy.content(two.root)


def test_resources_of_a_stage_nobody_knows_are_refused(tmp_path):
    with pytest.raises(ConfigurationError, match=r"no stage is called 'mesure'.*'measure'"):
        toy.make(tmp_path / "words", WORDS, toy.TOML + "[engine.stages.mesure]\ncores = 2\n")


@pytest.mark.parametrize(
    ("resources", "device", "wanted"),
    [
        (Resources(), "cuda", Needs()),
        (Resources(gpus=0.5, cores=4), "cuda", Needs(4, 0.5)),
        (Resources(gpus=1, memory_gb=8), "cpu", Needs(1, 0, 8)),
    ],
)
def test_a_gpu_is_needed_where_it_computes(resources, device, wanted):
    assert needs_of(resources, device) == wanted


def test_a_stage_without_gpu_computes_on_the_cpu():
    assert device_of(Resources(gpus=0), "cuda") == "cpu"
    assert device_of(Resources(), "cuda") == "cuda"
    assert device_of(Resources(gpus=1), "cpu") == "cpu"


def test_a_table_stage_is_not_begun_where_memory_is_too_small():
    assert threads_of(toy.Order(), Resources(), 8) == 8
    assert threads_of(toy.Order(), Resources(cores=2), 8) == 2
    assert memory_gb() > 0.1
    with pytest.raises(StageError, match="declared to need 1e\\+06 GB"):
        threads_of(toy.Order(), Resources(memory_gb=1_000_000), 8)


def test_what_was_given_is_told():
    assert in_words(Resources(at_once=1), 1) == "1 batch at once"
