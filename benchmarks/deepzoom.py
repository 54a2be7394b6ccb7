"""What a picture's own pyramid takes for each of its pixels, by kind of picture and format.

python benchmarks/deepzoom.py [--n 12]

``wk plan`` foretells the room of deep zoom by the range this finds. The pictures are those of
the collections kept beside the project; a kind that is not there is left out.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from report import record, table
from wunderkammer.atlas.medium_tiles import medium_pyramid
from wunderkammer.atlas.style import TileStyle
from wunderkammer.stages.deepzoom import BYTES_PER_PIXEL

DATA = Path(__file__).resolve().parents[2] / "shared/data"
KINDS = {
    "pinned insects": "museum-insects/images",
    "moths": "moths/images",
    "live butterflies": "butterflies-with-masks/images",
    "herbarium sheets": "herbarium-sheets/images",
    "herbarium sheets, 20 megapixels": "big-sheets",
    "plates of books": "plates-and-text/plates",
    "pages of books": "plates-and-text/text",
    "old photographs": "photo-wall/images",
}
TILE_PX = 512


def pictures(n: int) -> Iterator[tuple[str, list[np.ndarray]]]:
    """Yield n pictures of each kind, drawn by seed."""
    rng = np.random.default_rng(0)
    for kind, folder in KINDS.items():
        found = sorted(path for path in (DATA / folder).rglob("*") if path.suffix != ".csv")
        drawn = [cv2.imread(str(found[i])) for i in rng.permutation(len(found))[:n]]
        if drawn:
            yield kind, [cv2.cvtColor(one, cv2.COLOR_BGR2RGB) for one in drawn if one is not None]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=12)
    n = parser.parse_args().n
    styles = {form: TileStyle.model_validate({"format": form}) for form in BYTES_PER_PIXEL}
    rows: list[list[object]] = []
    for kind, drawn in pictures(n):
        sizes = statistics.median(one.shape[0] * one.shape[1] for one in drawn)
        cells = []
        for style in styles.values():
            took = [
                len(medium_pyramid(one, style, TILE_PX)) / (one.shape[0] * one.shape[1])
                for one in drawn
            ]
            cells.append(f"{statistics.median(took):.2f} ({min(took):.2f} to {max(took):.2f})")
        rows.append([f"{kind}, {len(drawn)}", f"{sizes / 1e6:.1f}", *cells])
        print(rows[-1], file=sys.stderr, flush=True)
    if not rows:
        raise SystemExit(f"there are no pictures in {DATA}")
    told = ", ".join(f"{form} {low:g} to {high:g}" for form, (low, high) in BYTES_PER_PIXEL.items())
    about = (
        f"Bytes for each pixel of whole pyramids with tiles of {TILE_PX} px at the usual quality: "
        f"median, least and most of up to {n} pictures a kind, drawn by seed 0. `wk plan` "
        f"foretells by these ranges: {told}. Kinds of less than a megapixel are smaller than "
        "what is tiled; small pictures take more for each pixel."
    )
    head = ["", "megapixels", *styles]
    record("deepzoom", "Room for deep zoom", f"{about}\n\n{table(head, rows)}")


if __name__ == "__main__":
    main()
