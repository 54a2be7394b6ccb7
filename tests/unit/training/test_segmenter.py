from pathlib import Path

import numpy as np
import pytest

from wunderkammer.core.device import Device
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.imaging.masks import encode_mask
from wunderkammer.training.augmentation import Augmentation
from wunderkammer.training.examples import MaskExample
from wunderkammer.training.segmentation import SegmenterTraining
from wunderkammer.training.segmenter import Trained, parted, train_segmenter
from wunderkammer.training.weights import read_weights

QUICK = SegmenterTraining(
    start="nothing",
    n_epochs=2,
    batch_size=4,
    side_px=64,
    look_px=64,
    augmentation=Augmentation(furniture=0, new_background=0, photometric=0),
)


def examples(n: int) -> list[MaskExample]:
    rows, columns = np.mgrid[:64, :64]
    made = []
    for place in range(n):
        mask = (rows - 32) ** 2 + (columns - 16 - place % 32) ** 2 < 12**2
        image = np.where(mask[:, :, None], 40, 220).astype(np.uint8).repeat(3, 2)
        name = f"medium-{place}"
        made.append(MaskExample(name, name, lambda i=image: i, lambda m=mask: encode_mask(m)))
    return made


def train(folder: Path, some: list[MaskExample], training: SegmenterTraining = QUICK) -> Trained:
    return train_segmenter(
        some, training, folder / "work", folder / "weights", device=Device("cpu", 1)
    )


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    broken = MaskExample("broken", "broken", lambda: np.zeros((9, 9, 3), np.uint8), lambda: b"no")
    return train(tmp_path_factory.mktemp("trained"), [*examples(24), broken])


def test_weights_come_with_all_that_must_travel_with_them(trained: Trained) -> None:
    weights = read_weights(trained.folder, "unet")
    assert weights.settings["look_px"] == 64
    assert set(weights.settings["calibration"]) == {"expected", "measured"}
    assert weights.card["n_train"] == trained.n_train
    assert 0 <= weights.metrics["iou"] <= 1
    assert weights.metrics["n_held_out"] == trained.n_test


def test_the_split_names_every_medium_once_and_only_those_used(trained: Trained) -> None:
    split = read_weights(trained.folder, "unet").split().to_pylist()
    assert sorted(row["media_id"] for row in split) == sorted(f"medium-{n}" for n in range(24))
    assert {row["part"] for row in split} == {"train", "validation", "test"}


def test_what_could_not_be_used_is_named(trained: Trained) -> None:
    assert [one.media_id for one in trained.skipped] == ["broken"]


def test_the_same_seed_trains_the_same_weights(trained: Trained, tmp_path: Path) -> None:
    assert train(tmp_path, examples(24)).folder.name == trained.folder.name


def test_too_few_masks_are_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughMediaError, match="3 masks can be trained on, and 10 are needed"):
        train(tmp_path, examples(3))


def test_no_part_is_empty_however_few_there_are() -> None:
    class One:
        def __init__(self, n: int) -> None:
            self.group = f"g{n}"

    parts = parted([One(n) for n in range(10)], 0)
    assert all(parts.values())
    assert sum(map(len, parts.values())) == 10
