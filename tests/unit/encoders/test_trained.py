import pytest

from tiny_encoders import stripes, tiny, trained_in
from wunderkammer.core.device import Device
from wunderkammer.core.errors import StageError
from wunderkammer.encoders import registry
from wunderkammer.encoders.trained import TrainedEncoder
from wunderkammer.training.networks import Scaling
from wunderkammer.training.trained_encoder import TrainedEncoder as Network


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("collection")
    trained_in(folder, tiny("vae", n_epochs=1), name="tiny")
    return folder


def test_vectors_are_those_of_the_network_that_was_trained(root):
    encoder = TrainedEncoder(weights="tiny", length=8)
    encoder.load(Device("cpu", 1), root)
    images = [stripes(k) for k in range(5)]
    network = Network.read(root / "weights" / "tiny")
    squares = network.squares(images)
    expected = network.features(squares).numpy()
    assert encoder.encode(images) == pytest.approx(expected, abs=1e-4)
    assert encoder.input_px == encoder.preparation().side_px == 32
    scaling = Scaling(encoder.preparation().mean, encoder.preparation().std)
    alone = encoder.network()(scaling(squares.float() / 255)).numpy()
    assert alone == pytest.approx(expected, abs=1e-4)


def test_weights_are_found_by_their_first_digits_and_decide_the_result(root):
    encoder = TrainedEncoder(weights="tin", length=8)
    (path,) = encoder.files(root).values()
    assert path == root / "weights" / "tiny" / "weights.safetensors"
    assert encoder.settings_digest() == TrainedEncoder(length=8).settings_digest()


def test_a_wrong_length_is_told_with_the_right_one(root):
    encoder = registry.parse({"name": "trained", "weights": "tiny"})
    with pytest.raises(StageError, match="vectors of 8, and length = 320") as error:
        encoder.load(Device(), root)
    assert error.value.hint == "Run 'wk config set features.encoder.length=8'."


def test_missing_weights_are_told(root):
    with pytest.raises(StageError, match="no weights are named"):
        TrainedEncoder().load(Device(), root)
    with pytest.raises(StageError, match="holds no weights"):
        TrainedEncoder(weights="other").load(Device(), root)
