"""What every segmenter promises, whatever the images."""

import pickle
import subprocess
import sys

import numpy as np
import pytest

from tiny_onnx import darkness
from wunderkammer.core.device import Device
from wunderkammer.segmenters import registry

SHAPES = [(64, 64), (300, 200), (50, 400), (7, 3), (1, 1), (1, 90), (513, 512), (90, 1)]
SETTINGS = {"onnx": {"path": "darkness.onnx"}}
"""What a segmenter cannot do without."""


def picture(height, width, seed):
    """Return a smooth ground with a dark figure in its middle."""
    draw = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width]
    ground = 190 + 40 * np.sin(rows / 90 + draw.uniform(0, 6)) * np.cos(columns / 120)
    figure = np.hypot((rows - height / 2) / (height / 3), (columns - width / 2) / (width / 4)) < 1
    grey = np.where(figure, 60, ground)[:, :, None]
    return np.clip(grey + draw.integers(-6, 7, (height, width, 3)), 0, 255).astype(np.uint8)


IMAGES = [picture(*shape, seed) for seed, shape in enumerate(SHAPES)]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("collection")
    (folder / "darkness.onnx").write_bytes(darkness(side=96))
    return folder


def loaded(name, root, device=None):
    segmenter = registry.get(name)(**SETTINGS.get(name, {}))
    segmenter.load(device or Device("cpu", 1), root)
    return segmenter


@pytest.fixture(scope="module", params=registry.names())
def segmenter(request, root):
    return loaded(request.param, root)


@pytest.fixture(scope="module")
def seen(segmenter):
    return segmenter.segment(IMAGES)


def as_bytes(found):
    return [(one.probability.tobytes(), one.probability.shape, one.confidence) for one in found]


def test_probabilities_are_float32_between_0_and_1(seen):
    assert len(seen) == len(IMAGES)
    for one in seen:
        assert one.probability.dtype == np.float32
        assert one.probability.ndim == 2
        assert np.isfinite(one.probability).all()
        assert 0 <= one.probability.min() <= one.probability.max() <= 1


def test_the_confidence_is_a_number_between_0_and_1(seen):
    for one in seen:
        assert isinstance(one.confidence, float)
        assert 0 <= one.confidence <= 1


@pytest.mark.parametrize("place", range(len(SHAPES)))
def test_the_aspect_is_kept_to_the_nearest_pixel(seen, place):
    height, width = seen[place].probability.shape
    scale = max(height, width) / max(SHAPES[place])
    assert abs(height - max(1, SHAPES[place][0] * scale)) <= 1
    assert abs(width - max(1, SHAPES[place][1] * scale)) <= 1


def test_it_looks_no_closer_than_it_says(segmenter, seen):
    longest = max(max(one.probability.shape) for one in seen)
    assert 1 <= longest <= segmenter.input_px


def test_the_same_images_give_the_same_bytes(segmenter, seen):
    assert as_bytes(segmenter.segment(IMAGES)) == as_bytes(seen)


def test_grouping_and_order_do_not_change_a_bit(segmenter, seen):
    alone = [segmenter.segment([image])[0] for image in IMAGES]
    assert as_bytes(alone) == as_bytes(seen)
    order = np.random.default_rng(0).permutation(len(IMAGES))
    shuffled = segmenter.segment([IMAGES[place] for place in order])
    assert as_bytes(shuffled) == as_bytes([seen[place] for place in order])


def test_the_number_of_threads_does_not_change_a_bit(segmenter, seen, root):
    other = loaded(segmenter.name, root, Device("cpu", 2))
    assert as_bytes(other.segment(IMAGES)) == as_bytes(seen)


def test_views_that_are_not_contiguous_are_taken(segmenter):
    turned = np.rot90(IMAGES[1])
    assert not turned.flags.c_contiguous
    same = segmenter.segment([np.ascontiguousarray(turned)])
    assert as_bytes(segmenter.segment([turned])) == as_bytes(same)


def test_images_are_left_as_they_were(segmenter):
    before = [image.copy() for image in IMAGES[:3]]
    segmenter.segment(IMAGES[:3])
    assert all((one == other).all() for one, other in zip(before, IMAGES[:3], strict=True))


def test_no_images_give_no_masks(segmenter):
    assert segmenter.segment([]) == []


def test_the_files_it_reads_are_there_and_their_place_is_no_setting(segmenter, root):
    for name, path in segmenter.files(root).items():
        assert name
        assert path.is_file()
        assert str(path) not in str(segmenter.settings())
        assert path.name not in str(segmenter.settings())


def test_a_loaded_segmenter_travels_to_another_process(segmenter, seen):
    there = pickle.loads(pickle.dumps(segmenter))
    assert there.settings_digest() == segmenter.settings_digest()
    assert as_bytes(there.segment(IMAGES[:2])) == as_bytes(seen[:2])


def test_segmenters_are_described_without_loading_a_network():
    code = (
        "import sys\n"
        "from wunderkammer.segmenters import registry\n"
        "for kind in registry: kind().settings(); kind.model_json_schema()\n"
        "print(sorted({'torch', 'cv2', 'onnxruntime', 'lightning'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
