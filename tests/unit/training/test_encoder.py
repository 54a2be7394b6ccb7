import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
import torch

from tiny_encoders import TINY, striped, stripes, tiny, trained_in
from wunderkammer.core.device import Device
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.training.encoder import train_encoder
from wunderkammer.training.trained_encoder import KIND, FeaturesOnly, TrainedEncoder
from wunderkammer.training.weights import read_weights

RUN = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[2])
    from tiny_encoders import tiny, trained_in

    def watch(figures):
        if figures["epoch"] == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    trained_in(Path(sys.argv[1]), tiny("triplet"), watch=watch)
    """
)


class StoppedError(Exception):
    pass


@pytest.fixture(scope="module", params=TINY)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def unbroken(kind, tmp_path_factory):
    """Return what a training came to that nobody stopped, and what it told."""
    told = []
    done = trained_in(tmp_path_factory.mktemp(kind), tiny(kind), watch=told.append)
    return done, told


def tensors(folder):
    return read_weights(Path(folder), KIND).tensors


def test_a_stopped_training_goes_on_and_ends_as_if_unbroken(kind, unbroken, tmp_path):
    def stop(figures):
        if figures["epoch"] == 1:
            raise StoppedError

    with pytest.raises(StoppedError):
        trained_in(tmp_path, tiny(kind), watch=stop)
    told = []
    again = trained_in(tmp_path, tiny(kind), watch=told.append)
    assert [figures["epoch"] for figures in told] == [2], "not from the beginning"
    one, other = tensors(unbroken[0].folder), tensors(again.folder)
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert again.metrics == unbroken[0].metrics
    assert told[-1] == unbroken[1][-1]


def test_weights_come_with_all_that_must_travel_with_them(kind, unbroken):
    done, told = unbroken
    weights = read_weights(done.folder, KIND)
    assert weights.settings["training"] == tiny(kind).settings()
    assert len(weights.settings["mean"]) == len(weights.settings["spread"]) == 3
    assert 0.2 < weights.settings["mean"][0] < 0.8, "measured, not assumed"
    assert weights.metrics["n_features"] == weights.settings["n_features"]
    assert np.isfinite(weights.metrics["loss"])
    split = weights.split().to_pylist()
    assert sorted(row["media_id"] for row in split) == [f"m{k:02}" for k in range(48)]
    assert {"loss", "held_out_loss", "epoch"} <= set(told[0])


def test_what_is_read_back_gives_vectors(kind, unbroken):
    encoder = TrainedEncoder.read(unbroken[0].folder)
    squares = encoder.squares([stripes(k) for k in range(4)])
    vectors = encoder.features(squares)
    scaled = squares / 255 - torch.tensor(encoder.preparation.mean).view(1, 3, 1, 1)
    scaled = scaled / torch.tensor(encoder.preparation.std).view(1, 3, 1, 1)
    assert torch.allclose(FeaturesOnly(encoder.network)(scaled), vectors, atol=1e-4)
    assert vectors.shape == (4, encoder.n_features)
    assert torch.isfinite(vectors).all()


def test_a_killed_training_goes_on_and_ends_as_if_unbroken(tmp_path):
    here = str(Path(__file__).parents[2])
    killed = subprocess.run([sys.executable, "-c", RUN, tmp_path, here], check=False)
    assert killed.returncode == -signal.SIGKILL
    told = []
    again = trained_in(tmp_path, tiny("triplet"), watch=told.append)
    assert [figures["epoch"] for figures in told] == [2]
    whole = trained_in(tmp_path / "whole", tiny("triplet"))
    one, other = tensors(whole.folder), tensors(again.folder)
    assert all(torch.equal(one[name], other[name]) for name in one)
    prepared = list((tmp_path / "work" / "pictures").iterdir())
    assert len(prepared) == 1, "pictures were prepared once"


def test_two_processes_share_the_batches_of_an_epoch_and_train_one_network(tmp_path):
    training = tiny("simclr", n_epochs=2, batch_size=8)
    steps = {}
    for n_devices in (1, 2):
        folder = tmp_path / str(n_devices)
        done = train_encoder(
            striped(48), training, folder / "work", folder / "weights",
            device=Device("cpu", 1, n_devices),
        )  # fmt: skip
        (last,) = (folder / "work").glob("*/last.ckpt")
        steps[n_devices] = torch.load(last, weights_only=False)["global_step"]
        assert np.isfinite(done.metrics["loss"])
    assert steps[2] == 2 * -(-steps[1] // 4)


def test_another_seed_trains_other_weights_and_splits_otherwise(tmp_path):
    some = [trained_in(tmp_path, tiny("simclr", n_epochs=1, seed=seed)) for seed in (1, 2)]
    one, other = (read_weights(done.folder, KIND) for done in some)
    assert any(not torch.equal(one.tensors[name], other.tensors[name]) for name in one.tensors)
    assert one.split() != other.split()


def apart(encoder):
    """Return how far two classes lie apart, in spreads within them (Fisher's criterion)."""
    vectors = encoder.features(encoder.squares([stripes(k) for k in range(100, 140)])).double()
    even, odd = vectors[::2], vectors[1::2]
    within = (even.var(0) + odd.var(0)).sum().sqrt()
    return ((even.mean(0) - odd.mean(0)).norm() / within).item()


@pytest.mark.parametrize("kind", ["triplet", "classifier"])
def test_training_parts_two_classes_that_it_has_never_seen_pictures_of(kind, tmp_path):
    before = trained_in(tmp_path, tiny(kind, n_epochs=1, learning_rate=1e-12))
    after = trained_in(tmp_path, tiny(kind, n_epochs=20, patience=20, learning_rate=3e-3))
    reached = [apart(TrainedEncoder.read(done.folder)) for done in (before, after)]
    assert reached[1] > 1.5 * reached[0]
    assert reached[1] > 1.5


def test_an_autoencoder_learns_to_make_pictures_again(tmp_path):
    told = []
    trained_in(tmp_path, tiny("autoencoder", n_epochs=12, learning_rate=3e-3), watch=told.append)
    errors = [figures["held_out_error"] for figures in told]
    assert min(errors) < 0.75 * errors[0]


def test_it_stops_when_nothing_gets_better(tmp_path):
    told = []
    training = tiny("simclr", n_epochs=40, patience=2, learning_rate=1e-12)
    trained_in(tmp_path, training, watch=told.append)
    assert len(told) < 40


def test_pictures_without_a_label_are_skipped_by_name(tmp_path):
    some = striped(24)
    bare = [type(one)(one.media_id + "x", one.group, one.load) for one in some[:3]]
    done = train_encoder(
        [*some, *bare], tiny("triplet", n_epochs=1), tmp_path, tmp_path, device=Device()
    )
    assert {one.media_id for one in done.skipped} == {one.media_id for one in bare}
    assert done.n_train + done.n_validation + done.n_test == 24


def test_too_few_are_said(tmp_path):
    with pytest.raises(NotEnoughMediaError, match="5 pictures of 5 specimens"):
        trained_in(tmp_path, tiny("vae"), n=5)
