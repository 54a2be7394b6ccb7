from pathlib import Path

import cv2
import numpy as np
import pytest

from wunderkammer.core.device import Device
from wunderkammer.core.errors import StageError
from wunderkammer.imaging.mask_agreement import iou
from wunderkammer.segmenters.unet import SHIPPED, UNetSegmenter
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
    assert (SHIPPED / TENSORS).stat().st_size <= 6_000_000


def test_weights_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="holds no weights"):
        UNetSegmenter(weights="nowhere").load(Device(), tmp_path)
