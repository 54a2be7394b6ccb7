"""Training a segmenter on a processor: minutes and held-out overlap from 200 masks.

python benchmarks/training.py [--n 200] [--start nothing] [--threads 2]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

import report
from wunderkammer.core.device import Device
from wunderkammer.imaging.mask_agreement import iou
from wunderkammer.imaging.masks import encode_mask
from wunderkammer.segmenters import registry
from wunderkammer.segmenters.unet import SHIPPED
from wunderkammer.testing import SpecimenGenerator
from wunderkammer.training.examples import MaskExample
from wunderkammer.training.segmentation import SegmenterTraining
from wunderkammer.training.segmenter import train_segmenter

KINDS = ("butterfly", "moth", "beetle")
TRAINED_ON, HELD_OUT, N_HELD_OUT = 4242, 77001, 100
"""Seeds of the specimens that are drawn, and how many it is measured on."""


def examples(n: int) -> Iterator[MaskExample]:
    """Yield drawn specimens with their exact masks."""
    generator = SpecimenGenerator(TRAINED_ON, size_px=640, kinds=KINDS, bad_share=0)
    for i in range(n):
        specimen = generator.specimen(i)
        yield MaskExample(
            f"{i:05}", f"{i:05}", lambda s=specimen: s.image,
            lambda s=specimen: encode_mask(s.mask),
        )  # fmt: skip


def held_out(weights: Path, n_sizes: int) -> np.ndarray:
    """Return the overlap on specimens of another seed, with two looks or one."""
    segmenter = registry.parse({"name": "unet", "weights": str(weights), "n_sizes": n_sizes})
    segmenter.load(Device("cpu", 1), Path())
    generator = SpecimenGenerator(HELD_OUT, size_px=640, kinds=KINDS, bad_share=0)
    reached = []
    for i in range(N_HELD_OUT):
        specimen = generator.specimen(i)
        (seen,) = segmenter.segment([specimen.image])
        size = specimen.mask.shape[::-1]
        mask = cv2.resize(seen.probability, size, interpolation=cv2.INTER_LINEAR) > 0.5
        reached.append(iou(mask, specimen.mask))
    return np.array(reached)


def main() -> None:
    """Train, measure, write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--start", default="nothing")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=40)
    given = parser.parse_args()
    training = SegmenterTraining(
        start=given.start, n_epochs=given.epochs, side_px=192, look_px=256, patience=15,
        learning_rate=3e-3,
    )  # fmt: skip
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        start = time.perf_counter()
        trained = train_segmenter(
            examples(given.n), training, Path(scratch) / "work", Path(scratch) / "weights",
            device=Device("cpu", given.threads), start=SHIPPED,
            watch=lambda figures: lines.append(f"{figures}") or print(figures, flush=True),
        )  # fmt: skip
        minutes = (time.perf_counter() - start) / 60
        reached = held_out(trained.folder, n_sizes=0)
        twice = held_out(trained.folder, n_sizes=2)
    rows = [
        ["masks (train, validation and test together)", given.n],
        ["start", {"nothing": "random weights"}.get(given.start, given.start)],
        ["epochs", len(lines)],
        ["minutes, drawing and measuring included", f"{minutes:.1f}"],
        [
            f"mean IoU on the held-out {trained.metrics['n_held_out']} of these",
            f"{trained.metrics['iou']:.3f}",
        ],
        [
            f"mean IoU on {N_HELD_OUT} specimens of another seed: other species, other museums",
            f"{reached.mean():.3f}",
        ],
        ["IoU that 10 % of them miss", f"{np.quantile(reached, 0.1):.3f}"],
        ["the same looked at in two sizes (`n_sizes = 2`)", f"{twice.mean():.3f}"],
    ]
    report.record(
        f"training.{given.start}",
        f"Training a segmenter ({'from nothing' if given.start == 'nothing' else given.start})",
        f"Drawn insects, `side_px = {training.side_px}`, `look_px = {training.look_px}`, "
        f"{given.threads} threads.\n\n" + report.table(["", ""], rows),
    )


if __name__ == "__main__":
    main()
