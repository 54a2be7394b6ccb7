"""How fast specimens are drawn on one core: prints one JSON object.

Run with ``python benchmarks/specimens.py [--n 400] [--kinds butterfly,moth,beetle]``.
"""

from __future__ import annotations

import argparse
import json
import time

import cv2

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
    result = {
        "n_images": chosen.n,
        "size_px": chosen.size,
        "kinds": chosen.kinds,
        "images_per_s_drawing": round(chosen.n / drawing, 1),
        "images_per_s_with_jpeg": round(chosen.n / (drawing + encoding), 1),
        "wall_s": round(time.perf_counter() - start, 2),
        "opencv": cv2.__version__,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
