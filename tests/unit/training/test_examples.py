from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from wunderkammer.core.errors import ImageError
from wunderkammer.imaging.masks import encode_mask
from wunderkammer.training.examples import MaskExample, fitted, prepare


def example(
    name: str, mask: bytes, shape: tuple[int, int] = (120, 80), *, empty: bool = False
) -> MaskExample:
    image = np.full((*shape, 3), 90, np.uint8)
    return MaskExample(name, name, lambda: image, lambda: mask, may_be_empty=empty)


def square_mask(shape: tuple[int, int] = (120, 80)) -> bytes:
    mask = np.zeros(shape, bool)
    mask[shape[0] // 4 : shape[0] // 2, shape[1] // 4 : shape[1] // 2] = True
    return encode_mask(mask)


def test_photograph_and_mask_are_stored_at_one_size(tmp_path: Path) -> None:
    (done,), skipped = prepare([example("a", square_mask())], tmp_path, 60)
    image, mask = done.read()
    assert not skipped
    assert image.shape == (60, 40, 3)
    assert mask.shape == (60, 40)
    assert mask.mean() == pytest.approx(1 / 16, rel=0.1)


def test_a_mask_of_another_size_but_the_same_shape_fits(tmp_path: Path) -> None:
    (done,), _ = prepare([example("a", square_mask((480, 320)))], tmp_path, 640)
    image, mask = done.read()
    assert image.shape[:2] == mask.shape == (120, 80)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (lambda: square_mask((80, 120)), "120 x 80 pixels, its photograph 80 x 120"),
        (lambda: encode_mask(np.zeros((120, 80), bool)), "The mask is empty"),
        (lambda: square_mask()[:40], ""),
        (lambda: b"not a picture", ""),
    ],
    ids=["another shape", "empty", "broken off", "no image"],
)
def test_a_mask_that_cannot_be_used_is_named_and_the_others_are(
    tmp_path: Path, content: Callable[[], bytes], message: str
) -> None:
    done, skipped = prepare(
        [example("bad", content()), example("good", square_mask())], tmp_path, 60
    )
    assert [one.media_id for one in done] == ["good"]
    assert [one.media_id for one in skipped] == ["bad"]
    assert isinstance(skipped[0].error, ImageError)
    assert message in skipped[0].error.message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    gone = MaskExample(
        "gone", "gone", lambda: np.zeros((9, 9, 3), np.uint8), (tmp_path / "no.png").read_bytes
    )
    done, skipped = prepare([gone], tmp_path, 60)
    assert not done
    assert "no.png" in skipped[0].error.message


def test_an_empty_mask_that_is_meant_is_kept() -> None:
    nothing = np.zeros((12, 8), bool)
    assert not fitted(nothing, (12, 8), may_be_empty=True).any()


def test_preparing_again_writes_nothing(tmp_path: Path) -> None:
    examples = [example("a", square_mask())]
    prepare(examples, tmp_path, 60)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    prepare(examples, tmp_path, 60)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
