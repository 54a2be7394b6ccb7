"""Measure how well orienters set specimens upright: drawn ones and museum photographs.

    python benchmarks/turning.py [--museum FOLDER] [--segmenter unet] [--sheet OUT.png]

Drawn specimens are of seeds that no weights were trained on, cut out by their exact masks and
turned by any angle. Museum photographs (left out where their folder is absent) are those that
``verdicts/held-out-upright.csv`` names: never trained on, head up by eye; they are cut out by a
segmenter of ours and turned by angles drawn by seed. How they lie is taken for upright, so up to
a few degrees of the errors are the museum's. ``verdicts/horizontal.csv`` names specimens that
lie on their side, and how.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import torch

from report import record, table
from wunderkammer.core.device import Device
from wunderkammer.imaging.angles import difference_deg, summary
from wunderkammer.imaging.cutting import cut
from wunderkammer.imaging.decoding import decode
from wunderkammer.imaging.keeping import KeepRule, specimens
from wunderkammer.imaging.matting import soft_alpha
from wunderkammer.imaging.turning import on_colour, turn, upright
from wunderkammer.orienters import Orienter
from wunderkammer.orienters.principal_axis import PrincipalAxis
from wunderkammer.orienters.rotation_net import RotationNetOrienter
from wunderkammer.segmenters import registry as segmenters
from wunderkammer.testing import SpecimenGenerator

HERE = Path(__file__).parent
MUSEUM = HERE.parents[1] / "shared/data/museum-insects"
KINDS = ("butterfly", "moth", "beetle", "leaf")
SEEDS = range(600, 620)
TURNS = 4

Cutout = tuple[np.ndarray, float]


def drawn(n: int) -> dict[str, list[Cutout]]:
    """Return cut-outs of drawn specimens by kind, each turned by any angle."""
    draw = np.random.default_rng(0)
    found: dict[str, list[Cutout]] = {kind: [] for kind in KINDS}
    generators = [
        SpecimenGenerator(seed=seed, size_px=400, kinds=KINDS, bad_share=0) for seed in SEEDS
    ]
    for number in range(n):
        generator = generators[number % len(generators)]
        index = number // len(generators)
        one = generator.specimen(index, generator.views(index)[-1])
        angle = float(draw.uniform(-180, 180))
        rgba = np.dstack([one.image, one.mask.astype(np.uint8) * 255])
        found[one.kind].append((turn(rgba, angle), one.angle_deg + angle))
    return found


def museum_cutouts(
    museum: Path, names: Iterable[str], segmenter: str
) -> dict[str, list[np.ndarray]]:
    """Return the cut-outs of each photograph; two views are two."""
    eye = segmenters.parse({"name": segmenter} | (ONNX if segmenter == "onnx" else {}))
    eye.load(Device("cpu", 1), Path())
    found = {}
    for name in names:
        image = decode((museum / "images" / name).read_bytes(), max_pixels=1 << 30).pixels
        chance = eye.segment([image])[0].probability
        small = cv2.resize(image, chance.shape[::-1], interpolation=cv2.INTER_AREA)
        masks = specimens(chance, small, KeepRule()).masks
        largest = max((int(mask.sum()) for mask in masks), default=0)
        found[name] = [
            cut(image, soft_alpha(chance, image, mask))[0]
            for mask in masks
            if mask.sum() > 0.4 * largest
        ]
    return found


ONNX = {"path": str(HERE.parents[1] / "shared/data/weights/u2netp.onnx")}


def turned(cutouts: Iterable[np.ndarray], n_turns: int, seed: int) -> list[Cutout]:
    """Return each cut-out at several angles, which are taken for its truth."""
    draw = np.random.default_rng(seed)
    angles = ((one, float(draw.uniform(-180, 180))) for one in cutouts for _ in range(n_turns))
    return [(turn(one, angle), angle) for one, angle in angles]


def errors(orienter: Orienter, cutouts: list[Cutout]) -> np.ndarray:
    answers = orienter.orient([one for one, _ in cutouts])
    return np.array(
        [difference_deg(a.angle_deg, truth) for a, (_, truth) in zip(answers, cutouts, strict=True)]
    )


def row(what: str, orienter: Orienter, cutouts: list[Cutout]) -> list[object]:
    """Return a row of the table: who, on what, how wrong, how sure, how fast."""
    start = time.process_time()
    answers = orienter.orient([one for one, _ in cutouts])
    spent = time.process_time() - start
    sure = np.array([answer.confidence for answer in answers]) >= 0.5
    away = np.array(
        [difference_deg(a.angle_deg, t) for a, (_, t) in zip(answers, cutouts, strict=True)]
    )
    all_, of_sure = summary(away), summary(away[sure])
    return [
        what, len(cutouts), f"{all_.median_deg:.1f}", f"{all_.p95_deg:.1f}",
        f"{100 * all_.upside_down:.1f} %", f"{100 * sure.mean():.0f} %",
        f"{100 * of_sure.upside_down:.1f} %", f"{len(cutouts) / spent:.0f}",
    ]  # fmt: skip


HEAD = [
    "orienter, specimens", "n", "median, degrees", "95th percentile", "upside down",
    "sure (>= 0.5)", "upside down of these", "images / CPU-s",
]  # fmt: skip


def ways() -> dict[str, Orienter]:
    """Return the orienters that are compared."""
    made: dict[str, Orienter] = {
        "rotation-net": RotationNetOrienter(),
        "rotation-net, 1 look": RotationNetOrienter(looks=1),
        "rotation-net, 8 looks": RotationNetOrienter(looks=8),
        "rotation-net, no symmetry": RotationNetOrienter(snap_deg=0),
        "principal-axis": PrincipalAxis(),
    }
    for orienter in made.values():
        orienter.load(Device("cpu", 1), Path())
    return made


def drawn_section(n: int, orienters: dict[str, Orienter]) -> str:
    by_kind = drawn(n)
    everything = [one for some in by_kind.values() for one in some]
    rows = [row(f"{name}, all", orienter, everything) for name, orienter in orienters.items()]
    for name in ("rotation-net", "principal-axis"):
        rows += [row(f"{name}, {kind}", orienters[name], some) for kind, some in by_kind.items()]
    text = (
        f"{n} drawn specimens of {len(SEEDS)} seeds never trained on, exact masks, any angle, one "
        "thread (asked: median <= 2 degrees, 95th percentile <= 10, upside down <= 1 %):"
    )
    return f"{text}\n\n{table(HEAD, rows)}"


def museum_section(
    museum: Path, segmenter: str, orienters: dict[str, Orienter], sheet: Path | None
) -> str:
    with (HERE / "verdicts/held-out-upright.csv").open(encoding="utf-8") as file:
        orders = {line["file"]: line["order"] for line in csv.DictReader(file)}
    cutouts = museum_cutouts(museum, orders, segmenter)
    groups: dict[str, list[np.ndarray]] = {"Lepidoptera": [], "other orders": []}
    for name, some in cutouts.items():
        groups["Lepidoptera" if orders[name] == "Lepidoptera" else "other orders"] += some
    rows = []
    for group, some in groups.items():
        at_angles = turned(some, TURNS, 1)
        names = orienters if group == "Lepidoptera" else ("rotation-net", "principal-axis")
        rows += [row(f"{name}, {group}", orienters[name], at_angles) for name in names]
    text = (
        f"{len(orders)} held-out museum photographs with the head up by eye, cut out by "
        f"`{segmenter}`, {TURNS} angles each (asked: Lepidoptera median <= 4 degrees):"
    )
    lying = horizontal(museum, segmenter, orienters, sheet)
    return f"{text}\n\n{table(HEAD, rows)}\n\n{lying}"


def horizontal(
    museum: Path, segmenter: str, orienters: dict[str, Orienter], sheet: Path | None
) -> str:
    """Tell how many of the specimens on their side come upright."""
    with (HERE / "verdicts/horizontal.csv").open(encoding="utf-8") as file:
        truth = {line["file"]: float(line["angle_deg"]) for line in csv.DictReader(file)}
    cutouts = museum_cutouts(museum, truth, segmenter)
    lying = [(one, truth[name]) for name, some in cutouts.items() for one in some[:1]]
    counts = {}
    for name in ("rotation-net", "principal-axis"):
        away = np.abs(errors(orienters[name], lying))
        counts[name] = f"`{name}` {int((away <= 15).sum())} (worst {away.max():.0f} degrees off)"
    if sheet:
        answers = orienters["rotation-net"].orient([one for one, _ in lying])
        draw_sheet(lying, [answer.angle_deg for answer in answers], sheet)
    return (
        f"Of {len(truth)} photographs whose specimen lies on its side, {len(lying)} are cut out, "
        f"and upright within 15 degrees: {', '.join(counts.values())}."
    )


def draw_sheet(lying: list[Cutout], angles: list[float], path: Path) -> None:
    """Write a picture of what was set upright, to look at."""
    cells = []
    for (one, _), angle in zip(lying, angles, strict=True):
        stood = on_colour(upright(one, angle, 240), (255, 255, 255))
        cell = np.full((250, 250, 3), 255, np.uint8)
        cell[: stood.shape[0], : stood.shape[1]] = stood
        cells.append(cell)
    cv2.imwrite(str(path), cv2.cvtColor(np.hstack(cells), cv2.COLOR_RGB2BGR))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--n", type=int, default=1000, help="drawn specimens")
    parser.add_argument("--museum", type=Path, default=MUSEUM)
    parser.add_argument("--segmenter", default="unet")
    parser.add_argument("--sheet", type=Path)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    orienters = ways()
    text = drawn_section(arguments.n, orienters)
    if arguments.museum.is_dir():
        sheet = arguments.sheet
        text += "\n\n" + museum_section(arguments.museum, arguments.segmenter, orienters, sheet)
    record("turning", "Setting specimens upright", text)


if __name__ == "__main__":
    main()
