import shutil
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.training.printing import fonts_in, print_behind


def specimen() -> tuple[np.ndarray, np.ndarray]:
    """Return a pale disc on white paper and its mask."""
    rows, columns = np.mgrid[:200, :200]
    mask = (rows - 100) ** 2 + (columns - 100) ** 2 < 45**2
    image = np.full((200, 200, 3), 250, np.uint8)
    image[mask] = 200
    return image, mask


def test_print_is_beside_the_specimen_and_at_most_shines_through_it() -> None:
    image, mask = specimen()
    beside, through = [], []
    for seed in range(40):
        printed = print_behind(image, mask, np.random.default_rng(seed)).astype(int)
        ink = (image - printed).max(2)
        beside.append((ink[~mask] > 60).mean())
        through.append((ink[mask] > 10).mean())
        assert ink.min() >= 0
        assert ink[mask].max() <= 0.6 * 200 + 1
    assert np.median(beside) > 0.01, "letters can be seen"
    assert 0.2 < np.mean(np.array(through) > 0.005) < 0.6, "some shine through"


def test_a_photograph_without_a_specimen_is_printed_on_too() -> None:
    image, mask = specimen()
    printed = print_behind(image, np.zeros_like(mask), np.random.default_rng(1))
    assert (printed != image).any()


def test_print_may_be_in_fonts_of_a_folder(tmp_path: Path) -> None:
    serif = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"
    (tmp_path / "below").mkdir()
    font = tmp_path / "below" / "serif.ttf"
    shutil.copy(serif, font)
    fonts = fonts_in(str(tmp_path))
    assert fonts == (font,)
    image, mask = specimen()
    nothing = np.zeros_like(mask)
    drawn = [print_behind(image, nothing, np.random.default_rng(n), fonts) for n in range(12)]
    strokes = [print_behind(image, nothing, np.random.default_rng(n)) for n in range(12)]
    assert all((one != image).any() for one in drawn)
    other = [not np.array_equal(*both) for both in zip(drawn, strokes, strict=True)]
    assert sum(other) >= 6, "most print is in them"


def test_a_folder_without_fonts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no fonts in"):
        fonts_in(str(tmp_path))
    assert fonts_in("") == ()
