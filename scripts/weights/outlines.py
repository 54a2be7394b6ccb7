"""Masks drawn by hand, from the outlines in ``museum-outlines.csv``.

    python scripts/weights/outlines.py PHOTOGRAPHS OUT

A row is one shape of one photograph, its points in the photograph's pixels, origin at the top
left: a ``part`` is a closed curve through its points and is filled (body, wings), a ``line`` is
a stroke of a width along its points (legs, antennae). OUT gets each photograph with its outline
in red, to look at.

The rule that takes print away from cut-outs was tried on these photographs, and the look at what
lies on print was trained on most of them (``museum-print.csv``). The segmenter's own weights were
trained before they were drawn.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

OUTLINES = Path(__file__).with_name("museum-outlines.csv")
PIECES = 10
"""Straight pieces from one point of a curve to the next."""

SHIFT = 4
"""Places are given to OpenCV in sixteenths of a pixel."""

Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shape:
    """A closed curve that is filled, or, with a width, a line."""

    points: Points
    width_px: float | None


def outlines(table: Path = OUTLINES) -> Mapping[str, Sequence[Shape]]:
    """Return the shapes of each photograph that was drawn by hand."""
    found: dict[str, list[Shape]] = {}
    with table.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            pairs = [tuple(map(float, pair.split(","))) for pair in row["points"].split()]
            width = float(row["width_px"]) if row["shape"] == "line" else None
            found.setdefault(row["file"], []).append(Shape(np.array(pairs), width))
    return found


def drawn_by_hand(shapes: Sequence[Shape], height: int, width: int) -> npt.NDArray[np.bool_]:
    """Return the mask of a photograph, True inside its shapes."""
    mask = np.zeros((height, width), np.uint8)
    for shape in shapes:
        if shape.width_px is None:
            cv2.fillPoly(mask, [_fixed(curve(shape.points))], 1, cv2.LINE_8, SHIFT)
        else:
            thick = max(1, round(shape.width_px))
            cv2.polylines(mask, [_fixed(shape.points)], False, 1, thick, cv2.LINE_8, SHIFT)
    return mask > 0


def curve(points: Points) -> Points:
    """Return a closed Catmull-Rom curve through points, as many short pieces."""
    before, after, next_but_one = (np.roll(points, by, axis=0) for by in (1, -1, -2))
    t = (np.arange(PIECES) / PIECES)[:, None, None]
    straight = (after - before) * t
    square = (2 * before - 5 * points + 4 * after - next_but_one) * t**2
    cube = (3 * points - before - 3 * after + next_but_one) * t**3
    along = 0.5 * (2 * points + straight + square + cube)
    return np.asarray(along.transpose(1, 0, 2).reshape(-1, 2), np.float64)


def _fixed(points: Points) -> npt.NDArray[np.int32]:
    return np.asarray(np.rint(points * 2**SHIFT), np.int32)


def main() -> None:
    """Write each photograph with its outline."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photographs", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for name, shapes in outlines().items():
        picture = np.asarray(cv2.imread(str(given.photographs / name), cv2.IMREAD_COLOR), np.uint8)
        mask = drawn_by_hand(shapes, *picture.shape[:2]).astype(np.uint8)
        edges, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(picture, edges, -1, (0, 0, 255), 1)
        cv2.imwrite(str(given.out / f"{Path(name).stem}.png"), picture)
    print(f"{len(outlines())} photographs in {given.out}")


if __name__ == "__main__":
    main()
