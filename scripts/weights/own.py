"""Make training masks with a round of our own network, where a table says they are better.

    python scripts/weights/own.py PHOTOGRAPHS OUT --weights src/wunderkammer/segmenters/weights/unet

For each kept photograph whose rule in ``museum-masks.csv`` is ``own`` it writes the mask of the
finished cut-outs, after the keep rule and the soft alpha: 0 or 255, grey, the photograph's size.
Those in the table were drawn by the weights after the fourth phase of ``segmenter.py``.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import cv2
import numpy as np

from wunderkammer.core.device import Device
from wunderkammer.imaging.keeping import KeepRule
from wunderkammer.imaging.matting import soft_alpha
from wunderkammer.segmenters import Segmenter, registry
from wunderkammer.stages._cutting import found_specimens, no_larger

VERDICTS = Path(__file__).with_name("museum-masks.csv")


def names() -> list[str]:
    """Return the photographs whose masks our own network draws."""
    with VERDICTS.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row["file"] for row in rows if row["rule"] == "own" and row["verdict"] == "kept"]


def drawn(segmenter: Segmenter, image: np.ndarray) -> np.ndarray:
    """Return the mask of everything that would be cut out of a photograph."""
    (seen,) = segmenter.segment([image])
    chance = no_larger(seen.probability, image)
    mask = np.zeros(image.shape[:2], np.bool_)
    for one in found_specimens(chance, image, KeepRule()):
        mask |= soft_alpha(chance, image, one.mask) > 127
    return mask


def main() -> None:
    """Write the masks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photographs", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--weights", type=Path, required=True)
    given = parser.parse_args()
    segmenter = registry.parse({"name": "unet", "weights": str(given.weights.resolve())})
    segmenter.load(Device("cpu", 1), Path())
    given.out.mkdir(parents=True, exist_ok=True)
    for name in names():
        image = cv2.cvtColor(cv2.imread(str(given.photographs / name)), cv2.COLOR_BGR2RGB)
        mask = drawn(segmenter, image).astype(np.uint8) * 255
        cv2.imwrite(str(given.out / f"{Path(name).stem}.png"), mask)
    print(f"{len(names())} masks in {given.out}")


if __name__ == "__main__":
    main()
