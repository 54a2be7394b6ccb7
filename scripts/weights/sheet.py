"""Make sheets of photographs beside their cut-outs, to judge a segmenter one by one by eye.

    python scripts/weights/sheet.py SHEETS unet --set weights=weights/abc --folder PHOTOGRAPHS \
        --table benchmarks/verdicts/held-out.csv
    python scripts/weights/sheet.py SHEETS onnx --set path=u2netp.onnx one.jpg two.jpg

A row holds two photographs, each with its outline in red, enlarged around what was found, and
every specimen cut out on mid-grey. Below a photograph's name stand the segmenter's confidence
and the number of specimens. What the eye says goes into ``benchmarks/verdicts/cutouts.csv``.
"""

from __future__ import annotations

import argparse
import csv
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from wunderkammer.core.device import Device
from wunderkammer.imaging.cutting import cut
from wunderkammer.imaging.decoding import decode
from wunderkammer.imaging.keeping import KeepRule, specimens
from wunderkammer.imaging.matting import soft_alpha
from wunderkammer.imaging.turning import on_colour
from wunderkammer.segmenters import Segmenter, registry

Picture = npt.NDArray[np.uint8]

GREY = (128, 128, 128)
DARK = 30
HEAD_PX = 18
COLUMNS = 2
MOST_PIXELS = 500_000_000


def chosen(name: str, settings: Sequence[str]) -> Segmenter:
    """Return a segmenter from its name and settings such as ``threshold=0.4``."""
    table: dict[str, Any] = {"name": name}
    for one in settings:
        key, _, value = one.partition("=")
        try:
            table[key] = tomllib.loads(f"value = {value}")["value"]
        except tomllib.TOMLDecodeError:
            table[key] = value
    plugin: Segmenter = registry.parse(table)
    return plugin


def fitted(picture: Picture, side: int) -> Picture:
    """Return a picture in the corner of a grey square, as large as goes in."""
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = cv2.resize(picture, size, interpolation=way)
    frame = np.full((side, side, 3), GREY, np.uint8)
    frame[: small.shape[0], : small.shape[1]] = small
    return frame


def tiled(pictures: Sequence[Picture], side: int) -> Picture:
    """Return pictures side by side in a square."""
    across = int(np.ceil(np.sqrt(len(pictures)))) or 1
    frame = np.full((side, side, 3), GREY, np.uint8)
    cell = side // across
    for index, picture in enumerate(pictures):
        top, left = index // across * cell, index % across * cell
        frame[top : top + cell, left : left + cell] = fitted(picture, cell)
    return frame


def window(alpha: Picture) -> tuple[slice, slice]:
    """Return the rows and columns of what an alpha shows, with some room around."""
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    if not rows.size:
        return slice(None), slice(None)
    room = 4 + round(0.1 * max(np.ptp(rows), np.ptp(columns)))
    return (
        slice(max(0, int(rows[0]) - room), int(rows[-1]) + room),
        slice(max(0, int(columns[0]) - room), int(columns[-1]) + room),
    )


def row(path: Path, segmenter: Segmenter, side: int) -> Picture:
    """Return one photograph with its outline, enlarged, and cut out."""
    image = decode(path.read_bytes(), max_pixels=MOST_PIXELS).pixels
    seen = segmenter.segment([image])[0]
    chance = seen.probability
    if max(chance.shape) > max(image.shape[:2]):
        chance = cv2.resize(chance, image.shape[1::-1], interpolation=cv2.INTER_AREA)
    small = cv2.resize(image, chance.shape[::-1], interpolation=cv2.INTER_AREA)
    kept = specimens(chance, small, KeepRule())
    alphas = [soft_alpha(chance, image, mask) for mask in kept.masks]
    cutouts = [on_colour(cut(image, alpha, 0.05)[0], GREY) for alpha in alphas if alpha.any()]
    alpha = np.maximum.reduce([np.zeros(image.shape[:2], np.uint8), *alphas])
    outlined = image.copy()
    edges, _ = cv2.findContours(
        (alpha > 127).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE
    )
    cv2.drawContours(outlined, edges, -1, (255, 0, 0), max(2, max(image.shape) // 400))
    cells = [fitted(outlined, side), fitted(image[window(alpha)], side), tiled(cutouts, side)]
    body = np.hstack(cells)
    head = np.full((HEAD_PX, body.shape[1], 3), DARK, np.uint8)
    text = f"{path.stem}  {seen.confidence:.2f}  {len(cutouts)}"
    cv2.putText(head, text, (3, 13), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255, 255, 255), 1)
    return np.vstack([head, body])


def photographs(arguments: argparse.Namespace) -> list[Path]:
    """Return the files that were named, and those of the table."""
    named = [Path(one) for one in arguments.files]
    if arguments.table:
        with arguments.table.open(encoding="utf-8", newline="") as text:
            rows: list[Mapping[str, str]] = list(csv.DictReader(text))
        named += [arguments.folder / one["file"] for one in rows]
    return named


def main() -> None:
    """Write the sheets, so many photographs a sheet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sheets", type=Path, help="folder for the sheets")
    parser.add_argument("segmenter", help="its name, such as unet or contrast")
    parser.add_argument("files", nargs="*", help="photographs")
    parser.add_argument("--set", action="append", default=[], help="a setting: name=value")
    parser.add_argument("--table", type=Path, help="table with a column file")
    parser.add_argument("--folder", type=Path, default=Path(), help="where the table's files lie")
    parser.add_argument("--each", type=int, default=12, help="photographs a sheet")
    parser.add_argument("--side", type=int, default=260, help="side of a picture in pixels")
    arguments = parser.parse_intermixed_args()
    segmenter = chosen(arguments.segmenter, arguments.set)
    segmenter.load(Device(), Path())
    arguments.sheets.mkdir(parents=True, exist_ok=True)
    files = photographs(arguments)
    for start in range(0, len(files), arguments.each):
        rows = [
            row(one, segmenter, arguments.side) for one in files[start : start + arguments.each]
        ]
        rows += [np.zeros_like(rows[0])] * (-len(rows) % COLUMNS)
        bands = [np.hstack(rows[i : i + COLUMNS]) for i in range(0, len(rows), COLUMNS)]
        path = arguments.sheets / f"{arguments.segmenter}-{start // arguments.each:02d}.png"
        cv2.imwrite(str(path), np.vstack(bands)[:, :, ::-1])
        print(path)


if __name__ == "__main__":
    main()
