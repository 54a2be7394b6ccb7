import pytest

from wunderkammer.sampling.presets import PRESETS
from wunderkammer.stages.sample import SampleStage


def set_to(preset):
    settings, split = {}, {}
    for name, value in PRESETS[preset].items():
        head, _, inner = name.partition(".")
        if inner:
            split[inner] = value
        else:
            settings[head] = value
    return SampleStage.model_validate({**settings, "split": split})


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_preset_is_a_valid_sample(name):
    assert set_to(name).name == "sample"


def test_kew_is_set_as_published():
    stage = set_to("kew")
    assert (stage.seed, stage.unit, stage.split.name) == (89, "medium", "kew")
    assert (stage.split.cap, stage.split.species_share, stage.split.random_share) == (25, 0.1, 0.1)
    assert "New York Botanical Garden" in stage.split.train_institutions
