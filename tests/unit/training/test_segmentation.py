from pathlib import Path

import numpy as np
import pytest
import torch

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.settings import build
from wunderkammer.imaging.masks import encode_mask
from wunderkammer.training.examples import MaskExample, Prepared, prepare
from wunderkammer.training.segmentation import Examples, Looks, SegmenterTraining, Whole


@pytest.fixture
def prepared(tmp_path: Path) -> list[Prepared]:
    rows, columns = np.mgrid[:60, :90]
    examples = []
    for n in range(6):
        mask = (rows - 30) ** 2 + (columns - 20 - 10 * n) ** 2 < 15**2
        image = np.where(mask[:, :, None], 40, 220).astype(np.uint8).repeat(3, 2)
        examples.append(
            MaskExample(f"m{n}", f"m{n}", lambda i=image: i, lambda m=mask: encode_mask(m))
        )
    return prepare(examples, tmp_path, 96)[0]


SMALL = SegmenterTraining(side_px=64, look_px=64, batch_size=2)


def test_a_look_depends_on_seed_epoch_and_place_alone(prepared: list[Prepared]) -> None:
    first, again = Looks(prepared, SMALL, 3), Looks(prepared, SMALL, 3)
    assert all(torch.equal(first[n][0], again[n][0]) for n in (5, 0, 3))
    assert not torch.equal(first[0][0], Looks(prepared, SMALL, 4)[0][0])
    other = SMALL.model_copy(update={"seed": 1})
    assert not torch.equal(first[0][0], Looks(prepared, other, 3)[0][0])


def test_an_epoch_shows_every_example_once_or_as_many_as_asked(prepared: list[Prepared]) -> None:
    once = Looks(prepared, SMALL, 0)
    assert sorted(one.media_id for one in once.examples) == [f"m{n}" for n in range(6)]
    assert len(Looks(prepared, SMALL.model_copy(update={"n_looks": 4}), 0)) == 4
    assert len(Looks(prepared, SMALL.model_copy(update={"n_looks": 15}), 0)) == 15


def test_what_is_held_out_is_shown_whole(prepared: list[Prepared]) -> None:
    pixels, truth = Whole(prepared, 64)[0]
    assert pixels.shape == (3, 64, 64)
    assert truth.shape == (1, 64, 64)
    dark = (pixels[0] < 100) & (torch.arange(64)[:, None] < 42)
    both = (dark & truth[0]).sum() / (dark | truth[0]).sum()
    assert both > 0.9


def test_batches_are_of_the_asked_size(prepared: list[Prepared]) -> None:
    data = Examples(prepared[:5], prepared[5:], SMALL)
    sizes = [len(pixels) for pixels, _ in data.train_dataloader()]
    assert sizes == [2, 2]
    assert len(list(data.val_dataloader())) == 1


def test_a_side_that_the_network_cannot_take_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="side_px = 100"):
        build(SegmenterTraining, {"side_px": 100}, where="here")


def test_only_what_started_from_the_shipped_weights_is_looked_at_in_two_sizes() -> None:
    assert SegmenterTraining().sizes_px == (512, 256)
    assert SegmenterTraining(start="nothing").sizes_px == (512,)
    assert SegmenterTraining(start="imagenet", look_px=320, n_sizes=2).sizes_px == (320, 160)
