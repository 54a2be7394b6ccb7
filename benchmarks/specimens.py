"""How fast specimens are drawn on one core.

Run with ``python benchmarks/specimens.py [--n 400] [--kinds butterfly,moth,beetle]``.
"""

from __future__ import annotations

import argparse
import time

import cv2

from report import record, table
from wunderkammer.testing import SpecimenGenerator
from wunderkammer.testing.specimens.archive import jpeg


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=400)
    parser.add_argument("--size", type=int, default=800)
    parser.add_argument("--kinds", default="butterfly,moth,beetle")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    generator = SpecimenGenerator(1, size_px=chosen.size, kinds=tuple(chosen.kinds.split(",")))
    drawing = encoding = 0.0
    start = time.perf_counter()
    for i in range(chosen.n):
        before = time.process_time()
        image = generator.specimen(i).image
        middle = time.process_time()
        jpeg(image, 90)
        drawing += middle - before
        encoding += time.process_time() - middle
    wall = time.perf_counter() - start
    text = (
        f"{chosen.n} images of {chosen.size} px ({chosen.kinds.replace(',', ', ')}), one core, CPU "
        f"time, OpenCV {cv2.__version__} (asked: >= 40 images/s); all of it took {wall:.1f} s:"
    )
    rows = [
        ["drawing", f"{chosen.n / drawing:.1f}"],
        ["drawing and JPEG", f"{chosen.n / (drawing + encoding):.1f}"],
    ]
    record("specimens", "Synthetic specimens", f"{text}\n\n{table(['', 'images/s'], rows)}")


if __name__ == "__main__":
    main()
