import numpy as np
import pytest
import torch

from wunderkammer.core.errors import ImageError, NotEnoughMediaError
from wunderkammer.training.encoder_settings import SimclrTraining
from wunderkammer.training.pictures import (
    PictureExample,
    Pictures,
    Store,
    channel_statistics,
    parted_places,
    preparation_of,
    prepare_pictures,
    without_label,
)

SETTINGS = SimclrTraining(side_px=16)


def flat(value, height=8, width=8):
    return lambda: np.full((height, width, 3), value, np.uint8)


def example(k, load=None, **more):
    return PictureExample(f"m{k:02}", more.pop("group", f"s{k}"), load or flat(k), **more)


def unreadable():
    raise ImageError("It is broken.", hint="Fetch it again.")


def test_pictures_are_padded_whole_or_their_middle_is_taken_as_asked(tmp_path):
    tall = np.zeros((40, 20, 3), np.uint8)
    tall[:10] = 200

    def stored(**how):
        training = SimclrTraining(side_px=16, **how)
        return prepare_pictures([example(1, lambda: tall)], tmp_path, training).pixels[0]

    padded = stored()
    assert (padded[:, :4] == 255).all()
    assert (padded[0, 8] == 200).all()
    assert (stored(padding="black")[:, :4] == 0).all()
    middle = stored(fit="crop")
    assert middle.shape == (16, 16, 3)
    assert (middle == 0).all(), "what lies above the middle is cut off"


def test_the_preparation_of_an_encoder_scales_by_its_colours():
    how = preparation_of(SETTINGS, (0.1, 0.2, 0.3), (0.4, 0.5, 0.6))
    assert (how.side_px, how.mean, how.std) == (16, (0.1, 0.2, 0.3), (0.4, 0.5, 0.6))


def test_pictures_are_stored_small_and_what_is_broken_is_named(tmp_path):
    some = [example(3), example(1), example(2, unreadable)]
    pictures = prepare_pictures(some, tmp_path, SETTINGS)
    assert [one.media_id for one in pictures.examples] == ["m01", "m03"]
    assert [int(pictures.pixels[row].mean()) for row in pictures.rows] == [1, 3]
    (skipped,) = pictures.skipped
    assert (skipped.media_id, skipped.error.message) == ("m02", "It is broken.")
    assert skipped.error.hint == "Fetch it again."


def test_pictures_are_prepared_once_where_their_content_is_known(tmp_path):
    looked_at = []

    def load():
        looked_at.append(1)
        return flat(7)()

    for content, times in (("a", 1), ("a", 1), ("b", 2), ("", 3), ("", 4)):
        pictures = prepare_pictures([example(1, load, content=content)], tmp_path, SETTINGS)
        assert len(looked_at) == times
        assert pictures.pixels[pictures.rows[0]].max() == 7
    other = SETTINGS.model_copy(update={"side_px": 32})
    again = prepare_pictures([example(1, load, content="a")], tmp_path, other)
    assert again.pixels.shape[1] == 32


def made(n, groups=None, labels=None):
    some = [
        PictureExample(
            f"m{k}", groups[k] if groups else f"s{k}", flat(k), (labels or {}).get(k, {})
        )
        for k in range(n)
    ]
    return Pictures(np.zeros((n, 4, 4, 3), np.uint8), some, np.arange(n))


def test_pictures_without_a_label_are_named():
    pictures = made(4, labels={0: {"genus": "A"}, 2: {"family": "F"}})
    places, skipped = without_label(pictures, ("genus",))
    assert places == [0]
    assert [one.media_id for one in skipped] == ["m1", "m2", "m3"]
    assert without_label(pictures, ("genus", "family"))[0] == [0, 2]
    assert without_label(pictures, ())[0] == [0, 1, 2, 3]


@pytest.mark.parametrize("n_groups", [3, 4, 20])
def test_a_specimen_is_never_parted_and_no_part_is_empty(n_groups):
    groups = [f"g{k % n_groups}" for k in range(40)]
    for seed in range(5):
        parts = parted_places(made(40, groups), range(40), seed)
        assert sorted(np.concatenate(list(parts.values())).tolist()) == list(range(40))
        assert all(len(some) for some in parts.values())
        where = {}
        for name, some in parts.items():
            for place in some:
                assert where.setdefault(groups[place], name) == name


def test_too_few_pictures_or_specimens_are_said():
    with pytest.raises(NotEnoughMediaError, match="5 pictures of 5 specimens"):
        parted_places(made(5), range(5), 0)
    with pytest.raises(NotEnoughMediaError, match="20 pictures of 2 specimens"):
        parted_places(made(20, [f"g{k % 2}" for k in range(20)]), range(20), 0)


def test_statistics_are_those_of_the_chosen_pixels():
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (700, 4, 4, 3), np.uint8)
    pixels[..., 2] = 51
    pictures = Pictures(pixels, [], np.arange(700)[::-1].copy())
    places = np.arange(0, 700, 2)
    mean, spread = channel_statistics(pictures, places)
    chosen = pixels[pictures.rows[places]].reshape(-1, 3) / 255
    assert mean == pytest.approx(chosen.mean(0))
    assert spread[:2] == pytest.approx(chosen.std(0)[:2])
    assert mean[2] == pytest.approx(0.2)
    assert spread[2] == 1, "a colour that never changes is not divided by nothing"


def test_batches_come_by_place_with_channels_first():
    pixels = np.arange(5, dtype=np.uint8)[:, None, None, None] * np.ones((1, 2, 2, 3), np.uint8)
    store = Store(Pictures(pixels, [], np.array([4, 2])), "cpu")
    batch = store.batch(torch.tensor([1, 0, 1]))
    assert batch.shape == (3, 3, 2, 2)
    assert batch[:, 0, 0, 0].tolist() == [2, 4, 2]
