import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from printed import INK, card
from wunderkammer.core.device import Device
from wunderkammer.core.errors import StageError
from wunderkammer.imaging.mask_agreement import iou
from wunderkammer.segmenters.unet import BESIDE_PRINT, SHIPPED, UNetSegmenter
from wunderkammer.testing import SpecimenGenerator
from wunderkammer.training.weights import TENSORS


def test_the_shipped_weights_find_specimens_they_were_never_shown() -> None:
    segmenter = UNetSegmenter()
    segmenter.load(Device(), Path())
    generator = SpecimenGenerator(77001, size_px=480, kinds=("moth", "beetle"), bad_share=0)
    reached = []
    for i in range(6):
        specimen = generator.specimen(i)
        (seen,) = segmenter.segment([specimen.image])
        found = cv2.resize(seen.probability, specimen.mask.shape[::-1]) > 0.5
        reached.append(iou(found, specimen.mask))
    assert np.mean(reached) > 0.93


def test_the_shipped_weights_are_small() -> None:
    files = [folder / TENSORS for folder in (SHIPPED, BESIDE_PRINT)]
    assert sum(path.stat().st_size for path in files) <= 6_000_000


def test_weights_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="holds no weights"):
        UNetSegmenter(weights="nowhere").load(Device(), tmp_path)


def test_the_weights_say_in_how_many_sizes_an_image_is_looked_at(tmp_path: Path) -> None:
    image = SpecimenGenerator(77001, size_px=320, kinds=("moth",), bad_share=0).specimen(1).image
    once, twice, measured = (
        UNetSegmenter(n_sizes=n, mirrored=False).segment([image])[0].probability for n in (1, 2, 0)
    )
    assert not np.array_equal(once, twice)
    assert np.array_equal(measured, twice), "the shipped weights were measured with both"
    copied = shutil.copytree(SHIPPED, tmp_path / "copied")
    stated = (copied / "settings.toml").read_text().replace("n_sizes = 2", "n_sizes = 1")
    (copied / "settings.toml").write_text(stated)
    own = UNetSegmenter(weights=str(copied), mirrored=False)
    assert np.array_equal(own.segment([image])[0].probability, once)


def test_a_small_specimen_is_looked_at_from_nearby() -> None:
    generator = SpecimenGenerator(77001, size_px=320, kinds=("beetle",), bad_share=0)
    specimen = generator.specimen(3)
    image = np.tile(np.median(specimen.image, axis=(0, 1)).astype(np.uint8), (2000, 2000, 1))
    mask = np.zeros(image.shape[:2], bool)
    rows, columns = specimen.mask.shape
    image[900 : 900 + rows, 700 : 700 + columns] = specimen.image
    mask[900 : 900 + rows, 700 : 700 + columns] = specimen.mask
    overlap = {}
    for closer in (False, True):
        (seen,) = UNetSegmenter(closer=closer).segment([image])
        assert max(seen.probability.shape) == (2000 if closer else 512)
        overlap[closer] = iou(cv2.resize(seen.probability, mask.shape) > 0.5, mask)
    assert overlap[True] > max(0.93, overlap[False] + 0.02)


def test_a_closer_look_does_not_depend_on_the_others_of_a_call() -> None:
    specimen = SpecimenGenerator(77001, size_px=320, kinds=("moth",), bad_share=0).specimen(1)
    small = np.pad(specimen.image, ((600, 600), (700, 700), (0, 0)), mode="edge")
    segmenter = UNetSegmenter(mirrored=False)
    alone = segmenter.segment([small])[0].probability
    among = segmenter.segment([specimen.image, small, specimen.image])[1].probability
    assert np.array_equal(alone, among)
    assert alone.shape[0] > 512


def on_a_card(kind: str, number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a specimen on three lines of print, its mask, and the ink beside it."""
    specimen = SpecimenGenerator(77001, size_px=420, kinds=(kind,), bad_share=0).specimen(number)
    image, line = card(height=600)
    ink = line | np.roll(line, 60, 0) | np.roll(line, -60, 0)
    image[ink] = INK
    rows, columns = specimen.mask.shape
    top = 250 - rows // 2
    place = np.s_[top : top + rows, 120 : 120 + columns]
    mask = np.zeros(ink.shape, bool)
    mask[place] = specimen.mask
    image[mask] = specimen.image[specimen.mask]
    near = cv2.dilate(mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return image, mask, ink & ~near


def test_print_beside_a_specimen_is_not_seen_as_part_of_it() -> None:
    letters, overlap = {}, {}
    cases = [on_a_card(kind, n) for kind in ("moth", "beetle", "herbarium") for n in (0, 1, 3)]
    for look in (False, True):
        segmenter = UNetSegmenter(beside_print=look)
        seen = segmenter.segment([image for image, _, _ in cases])
        found = [cv2.resize(one.probability, (800, 600)) > 0.5 for one in seen]
        pairs = list(zip(found, cases, strict=True))
        letters[look] = sum((one & ink).sum() for one, (_, _, ink) in pairs)
        overlap[look] = np.mean([iou(one, mask) for one, (_, mask, _) in pairs])
    assert letters[True] < 0.3 * letters[False]
    assert overlap[True] > overlap[False] + 0.02


def test_the_look_beside_print_leaves_others_as_they_are() -> None:
    image = SpecimenGenerator(77001, size_px=320, kinds=("moth",), bad_share=0).specimen(1).image
    on, off = (UNetSegmenter(beside_print=look) for look in (True, False))
    assert np.array_equal(on.segment([image])[0].probability, off.segment([image])[0].probability)
    assert set(on.files(Path())) == {"weights", "print"}
    assert set(off.files(Path())) == {"weights"}
