import pytest

from wunderkammer.core.errors import ConfigurationError, UnknownNameError
from wunderkammer.training.encoder_settings import (
    KINDS,
    PRESETS,
    EncoderTraining,
    encoder_training,
    labelled,
)

HERBARIUM = {
    "seed": 89, "side_px": 256, "batch_size": 32, "n_epochs": 25, "patience": 25,
    "fit": "crop", "normalise": False, "schedule": "constant", "weight_decay": 0.0,
}  # fmt: skip
HERBARIUM_VIEWS = {
    "crop": 0.75, "mirror": 0.5, "turn_deg": 10.0, "zoom": 1.1, "warp": 0.2, "light": 0.2,
    "share": 0.75, "colour": 0.0, "grey": 0.0, "shift": 0.0,
}  # fmt: skip
PUBLISHED = {
    # Walker, Tucker & Nicolson (2022), and the scripts archived with it: one table for all
    # three networks, then what each has of its own
    "kew-ae": {
        **HERBARIUM, "kind": "autoencoder", "network": "resnet18", "n_latent": 256,
        "error": "squared", "sigmoid": True, "features": "trunk", "learning_rate": 1e-4,
        "ssim": 0.0,
    },
    "kew-triplet": {
        **HERBARIUM, "kind": "triplet", "network": "resnet18", "label": "genus",
        "sampler": "random", "margin": 1.0, "unit_length": False, "learning_rate": 1e-3,
        "start": "imagenet",
    },
    "kew-classifier": {
        **HERBARIUM, "kind": "classifier", "network": "resnet18", "labels": ["genus"],
        "n_hidden": 512, "drop": 0.5, "learning_rate": 1e-3, "start": "imagenet",
    },
    # the map of butterflies of the Natural History Museum, London
    "butterflies": {
        "kind": "vae", "side_px": 128, "n_latent": 128, "width": 32, "n_residual": 2,
        "network": "convolutional", "error": "absolute", "ssim": 0.0, "beta": 1.0, "warm_up": 0,
        "learning_rate": 5e-5, "batch_size": 32, "schedule": "constant", "weight_decay": 0.0,
        "normalise": False, "sigmoid": False, "features": "code",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", PUBLISHED)
def test_presets_are_the_published_settings(name):
    settings = encoder_training(preset=name).settings()
    assert {key: settings[key] for key in PUBLISHED[name]} == PUBLISHED[name]
    if name.startswith("kew"):
        assert settings["views"] == HERBARIUM_VIEWS
    else:
        assert settings["views"]["share"] == settings["views"]["mirror"] == 0
        assert settings["views"]["crop"] == 1
        assert settings["views"]["grey"] == 0


def test_every_preset_is_checked():
    assert set(PRESETS) == set(PUBLISHED)


def test_the_butterflies_were_also_tried_with_a_plain_autoencoder():
    plain = encoder_training("autoencoder", "butterflies").settings()
    varied = encoder_training("vae", "butterflies").settings()
    assert plain == {
        **{name: value for name, value in varied.items() if name not in {"beta", "warm_up"}},
        "kind": "autoencoder",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_settings_read_back_are_the_same(kind):
    training = encoder_training(kind, values={"seed": 3})
    assert training.settings()["kind"] == kind
    assert KINDS[kind].model_validate(training.settings()) == training


def test_what_is_set_wins_over_the_preset_and_leaves_the_rest():
    training = encoder_training("", "kew-triplet", {"n_epochs": 2, "views": {"warp": 0.0}})
    assert training.n_epochs == 2
    assert training.views.warp == 0
    assert training.views.crop == 0.75


def test_unknown_names_are_told_with_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'simclr'"):
        encoder_training("simcrl")
    with pytest.raises(UnknownNameError, match="Did you mean 'kew-triplet'"):
        encoder_training("", "kew-triplets")
    with pytest.raises(ConfigurationError, match="'butterflies' is of the kind vae or autoenc"):
        encoder_training("triplet", "butterflies")
    with pytest.raises(ConfigurationError, match="Did you mean 'n_epochs'"):
        encoder_training("vae", values={"n_epoch": 3})


def test_labels_go_where_they_can_be_used():
    assert labelled(encoder_training("triplet"), ["family"]).ranks() == ("family",)
    both = labelled(encoder_training("classifier"), ["family", "genus"])
    assert both.ranks() == ("family", "genus")
    assert encoder_training("vae").ranks() == ()
    untouched: EncoderTraining = encoder_training("vae")
    assert labelled(untouched, []) is untouched
    with pytest.raises(ConfigurationError, match="'vae' learns from no labels"):
        labelled(untouched, ["genus"])
    with pytest.raises(ConfigurationError, match="'triplet' learns from one column"):
        labelled(encoder_training("triplet"), ["genus", "family"])
