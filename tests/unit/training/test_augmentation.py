import numpy as np
import pytest

from wunderkammer.training.augmentation import Augmentation, photographed

QUIET = Augmentation(
    any_angle=0,
    mirror=0,
    furniture=0,
    new_background=0,
    photometric=0,
    printing=0,
    smallest=0.999,
    largest=1.001,
)


def beetle() -> tuple[np.ndarray, np.ndarray]:
    """Return a red disc on white and its mask."""
    rows, columns = np.mgrid[:90, :120]
    mask = (rows - 40) ** 2 + (columns - 70) ** 2 < 25**2
    image = np.full((90, 120, 3), 250, np.uint8)
    image[mask] = (200, 20, 20)
    return image, mask


def is_red(image: np.ndarray) -> np.ndarray:
    return (image[:, :, 0] > 120) & (image[:, :, 1] < 90)


@pytest.mark.parametrize("seed", range(12))
def test_the_mask_goes_wherever_the_specimen_goes(seed: int) -> None:
    moved = QUIET.model_copy(
        update={"any_angle": 1.0, "mirror": 0.5, "smallest": 0.5, "largest": 1.4}
    )
    image, mask = moved.apply(*beetle(), 128, np.random.default_rng(seed))
    assert image.shape == (128, 128, 3)
    red = is_red(image)
    assert (red & mask).sum() > 0.95 * max(red.sum(), mask.sum())


@pytest.mark.parametrize("seed", range(8))
def test_furniture_and_backgrounds_never_cover_the_specimen(seed: int) -> None:
    busy = QUIET.model_copy(update={"furniture": 1.0, "new_background": 1.0})
    image, mask = busy.apply(*beetle(), 128, np.random.default_rng(seed))
    assert is_red(image)[mask].mean() > 0.93


def test_the_background_is_another_one() -> None:
    plain, _ = QUIET.apply(*beetle(), 128, np.random.default_rng(1))
    other, mask = QUIET.model_copy(update={"new_background": 1.0}).apply(
        *beetle(), 128, np.random.default_rng(1)
    )
    assert np.abs(plain.astype(int) - other)[~mask].mean() > 5


def test_the_same_generator_makes_the_same_look() -> None:
    looks = [Augmentation().apply(*beetle(), 96, np.random.default_rng(7)) for _ in range(2)]
    assert np.array_equal(looks[0][0], looks[1][0])
    assert np.array_equal(looks[0][1], looks[1][1])
    another, _ = Augmentation().apply(*beetle(), 96, np.random.default_rng(8))
    assert not np.array_equal(looks[0][0], another)


def test_light_changes_and_the_picture_stays() -> None:
    image, _ = beetle()
    looks = [photographed(image, np.random.default_rng(seed)).astype(int) for seed in range(20)]
    assert all(look.shape == image.shape for look in looks)
    assert all(
        np.corrcoef(look.mean(2).ravel(), image.mean(2).ravel())[0, 1] > 0.8 for look in looks
    )
    assert np.std([look.mean() for look in looks]) > 5


def test_a_photograph_without_a_specimen_stays_without() -> None:
    image, mask = beetle()
    _, found = Augmentation().apply(image, np.zeros_like(mask), 96, np.random.default_rng(0))
    assert not found.any()
