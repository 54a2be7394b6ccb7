import numpy as np
import pytest

from wunderkammer.training.furniture import colour_card, label, paste_behind, ruler, scrap


@pytest.mark.parametrize("draw", [label, ruler, colour_card, scrap])
def test_a_piece_is_an_image_with_its_cover(draw) -> None:
    for seed in range(20):
        pixels, cover = draw(np.random.default_rng(seed), 300)
        assert pixels.dtype == cover.dtype == np.uint8
        assert pixels.shape == (*cover.shape, 3)
        assert cover.max() == 255


def test_a_label_has_dark_writing_on_light_paper() -> None:
    dark = light = 0.0
    for seed in range(30):
        pixels, _ = label(np.random.default_rng(seed), 600)
        dark += (pixels.max(2) < 130).mean() / 30
        light += (pixels.max(2) > 180).mean() / 30
    assert light > 0.6
    assert dark > 0.02


def test_pieces_lie_around_the_specimen_and_change_nothing_of_it() -> None:
    image = np.full((200, 300, 3), 120, np.uint8)
    mask = np.zeros((200, 300), bool)
    mask[60:140, 100:200] = True
    changed = 0
    for seed in range(20):
        pasted = paste_behind(image, mask, np.random.default_rng(seed), 3)
        assert (pasted[mask] == 120).all()
        changed += (pasted != image).any()
    assert changed == 20
    assert (image == 120).all()
