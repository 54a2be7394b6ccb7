"""Make training masks from photographs with a teacher network and rules of cleaning.

The teacher is a salient-object network in ONNX form (U2-Net-p: 1x3x320x320 to a mask). It looks
at the whole photograph, at its mirror image and, closer, at what it found. Rules then take away
labels and rulers, and GrabCut draws the outline at the photograph's own resolution.

    python scripts/weights/teacher.py PHOTOGRAPHS TEACHER.onnx OUT
    python scripts/weights/teacher.py PHOTOGRAPHS TEACHER.onnx OUT \
        --verdicts scripts/weights/museum-masks.csv

With a table of verdicts only the kept and the empty photographs get a mask, and the table's
column ``rule`` says where a photograph needs other parameters: words separated by spaces.
``plain`` leaves GrabCut out, ``largest`` keeps one component only, ``t=0.3`` is another
threshold, ``box=10,20,90,80`` says where to look (left, top, right, bottom in percent; several
boxes are several looks), ``drop=50,60`` drops the component at that point (percent) and
``any`` keeps components that look like labels, ``filled`` fills every hole.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime

Picture = npt.NDArray[np.uint8]
Probability = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Teacher = Callable[[Picture], Probability]
Window = tuple[int, int, int, int]

TEACHER_PX = 320
HOLE_SHARE = 0.006  # of the specimen's area; larger holes are gaps between legs and body
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
SPREAD = np.array([0.229, 0.224, 0.225], np.float32)


@dataclass(frozen=True)
class Rule:
    """How one photograph is cleaned; the defaults suit most."""

    plain: bool = False
    largest: bool = False
    any: bool = False
    filled: bool = False
    threshold: float = 0.5
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    drops: tuple[tuple[float, float], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Rule:
        """Read the words of a rule."""
        found: dict[str, list[tuple[float, ...]]] = {"t": [], "box": [], "drop": []}
        flags = dict.fromkeys(("plain", "largest", "any", "filled"), False)
        for word in text.split():
            name, _, value = word.partition("=")
            if name in flags:
                flags[name] = True
            elif name in found:
                found[name].append(tuple(float(part) for part in value.split(",")))
            else:
                raise SystemExit(f"rule '{text}': no word '{word}'; known: {[*flags, *found]}")
        return cls(
            **flags,
            threshold=found["t"][-1][0] if found["t"] else 0.5,
            boxes=tuple((a, b, c, d) for a, b, c, d in found["box"]),
            drops=tuple((x, y) for x, y in found["drop"]),
        )


def load(path: Path) -> Teacher:
    """Return the teacher as a function of one photograph, mirrored and averaged."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name, first = session.get_inputs()[0].name, session.get_outputs()[0].name

    def once(rgb: Picture) -> Probability:
        height, width = rgb.shape[:2]
        shrinks = max(height, width) > TEACHER_PX
        way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        small = cv2.resize(rgb, (TEACHER_PX, TEACHER_PX), interpolation=way).astype(np.float32)
        scaled = (small / max(float(small.max()), 1e-6) - MEAN) / SPREAD
        answer = session.run([first], {name: scaled.transpose(2, 0, 1)[None]})[0][0, 0]
        low, high = float(answer.min()), float(answer.max())
        return cv2.resize((answer - low) / max(high - low, 1e-6), (width, height))

    return lambda rgb: (once(rgb) + once(rgb[:, ::-1])[:, ::-1]) / 2


def components(mask: Mask) -> Iterator[Mask]:
    """Yield the connected parts of a mask, largest first."""
    count, labels, facts, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    for index in sorted(range(1, count), key=lambda one: -facts[one, cv2.CC_STAT_AREA]):
        yield labels == index


def straightness(part: Mask) -> float:
    """Return the share of the outline that follows two directions at right angles."""
    soft = cv2.GaussianBlur(part.astype(np.float32), (0, 0), 1.5)
    down, right = cv2.Sobel(soft, cv2.CV_32F, 0, 1), cv2.Sobel(soft, cv2.CV_32F, 1, 0)
    strength = np.hypot(down, right)
    folded = np.degrees(np.arctan2(down, right)) % 90
    weights = np.histogram(folded, bins=30, range=(0, 90), weights=strength)[0]
    total = float(weights.sum())
    windows = weights + np.roll(weights, 1) + np.roll(weights, -1)  # 9 degrees of 90
    return float(windows.max()) / total if total else 0.0


def paper_share(part: Mask, hsv: Picture) -> float:
    """Return the share of a part's pixels that are bright and pale, like paper."""
    inside = hsv[part]
    return float(((inside[:, 2] > 140) & (inside[:, 1] < 75)).mean())


def is_label(part: Mask, hsv: Picture) -> bool:
    """Say whether a component is a label, a ruler or a colour card."""
    ys, xs = np.nonzero(part)
    _, (width, height), _ = cv2.minAreaRect(np.stack([xs, ys], 1).astype(np.float32))
    filled = len(xs) / max((width + 1) * (height + 1), 1.0)
    straight, paper = straightness(part), paper_share(part, hsv)
    return (
        (straight > 0.6 and filled > 0.6 and paper > 0.3)
        or (straight > 0.75 and filled > 0.85)
        or (straight > 0.45 and paper > 0.75 and filled > 0.6)
    )


def gap(one: Mask, other: Mask) -> float:
    """Return the least distance between two parts, in pixels."""
    away = cv2.distanceTransform((~one).astype(np.uint8), cv2.DIST_L2, 3)
    return float(away[other].min())


def kept(probability: Probability, hsv: Picture, rule: Rule) -> Mask:
    """Return the main component and what belongs to it, without labels."""
    mask = probability > rule.threshold
    height, width = mask.shape
    result, main, size = np.zeros_like(mask), None, 0
    dropped = [(int(x / 100 * width), int(y / 100 * height)) for x, y in rule.drops]
    for part in components(mask):
        area = int(part.sum())
        if area < 12 or (main is None and area < 0.0002 * mask.size):
            break
        if any(part[min(y, height - 1), min(x, width - 1)] for x, y in dropped):
            continue
        if not rule.any and area > 0.01 * size and is_label(part, hsv):
            continue
        if main is None:
            result, main, size = part.copy(), part, area
            if rule.largest:
                break
        elif area > 0.4 * size or gap(main, part) < 0.12 * np.sqrt(size):
            result |= part
    return result


def around(mask: Mask, grow: float = 0.15) -> Window | None:
    """Return the box of a mask, grown: top, bottom, left, right."""
    if not mask.any():
        return None
    height, width = mask.shape
    ys, xs = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    down, right = round((ys[-1] - ys[0]) * grow) + 4, round((xs[-1] - xs[0]) * grow) + 4
    return (
        max(0, int(ys[0]) - down),
        min(height, int(ys[-1]) + 1 + down),
        max(0, int(xs[0]) - right),
        min(width, int(xs[-1]) + 1 + right),
    )


def grabbed(rgb: Picture, probability: Probability, mask: Mask) -> Mask:
    """Return the mask with its outline moved to the edges of the photograph."""
    window = around(mask, 0.2)
    if window is None:
        return mask
    top, bottom, left, right = window
    near, chance = mask[top:bottom, left:right], probability[top:bottom, left:right]
    size = float(np.sqrt(near.sum()))
    reach = max(3, round(0.06 * size)) * 2 + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    band = cv2.dilate(near.astype(np.uint8), disc) > 0
    core = cv2.erode(near.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    marks = np.full(near.shape, cv2.GC_BGD, np.uint8)
    marks[band & (chance > 0.02)] = cv2.GC_PR_BGD
    marks[near] = cv2.GC_PR_FGD
    marks[core & (chance > 0.97)] = cv2.GC_FGD
    if not (marks == cv2.GC_BGD).any() or not near.any():
        return mask
    crop = np.ascontiguousarray(rgb[top:bottom, left:right])
    cv2.setRNGSeed(0)
    cv2.grabCut(crop, marks, None, np.zeros((1, 65)), np.zeros((1, 65)), 4, cv2.GC_INIT_WITH_MASK)
    found = (marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)
    shared = float((found & near).sum()) / max(float((found | near).sum()), 1.0)
    if shared < 0.6:
        return mask
    result = np.zeros_like(mask)
    result[top:bottom, left:right] = found
    return result


def without_holes(mask: Mask, share: float) -> Mask:
    """Return a mask whose small holes are filled."""
    most, result = share * float(mask.sum()), mask.copy()
    for hole in components(~mask):
        if int(hole.sum()) <= most:
            result |= hole
    return result


def looks(rgb: Picture, teacher: Teacher, rule: Rule) -> Iterator[tuple[Window, Probability]]:
    """Yield the windows that a rule asks for and the teacher's answer in each."""
    height, width = rgb.shape[:2]
    for left, top, right, bottom in rule.boxes or ((0.0, 0.0, 100.0, 100.0),):
        window = (
            int(top / 100 * height),
            int(bottom / 100 * height),
            int(left / 100 * width),
            int(right / 100 * width),
        )
        yield window, teacher(rgb[window[0] : window[1], window[2] : window[3]])


def specimen(rgb: Picture, teacher: Teacher, rule: Rule) -> Mask:
    """Return the mask of what a photograph shows, labels and rulers left out."""
    hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)
    result = np.zeros(rgb.shape[:2], bool)
    for (top, bottom, left, right), answer in looks(rgb, teacher, rule):
        part, colours = rgb[top:bottom, left:right], hsv[top:bottom, left:right]
        probability = answer
        window = around(kept(answer, colours, rule))
        if window is not None:
            first, last, west, east = window
            closer = np.zeros_like(answer)
            closer[first:last, west:east] = teacher(part[first:last, west:east])
            probability = (answer + closer) / 2
        mask = kept(probability, colours, rule)
        if not rule.plain:
            mask = kept(grabbed(part, probability, mask).astype(np.float32), colours, rule)
        result[top:bottom, left:right] |= mask
    return without_holes(result, 1.0 if rule.filled else HOLE_SHARE)


def rules(path: Path | None, photographs: Path) -> Mapping[str, Rule | None]:
    """Return the rule of each photograph; None asks for an empty mask."""
    if path is None:
        return {one.name: Rule() for one in sorted(photographs.iterdir())}
    with path.open(encoding="utf-8", newline="") as text:
        return {
            row["file"]: None if row["verdict"] == "empty" else Rule.parse(row["rule"])
            for row in csv.DictReader(text)
            if row["verdict"] in {"kept", "empty"}
        }


def main() -> None:
    """Write one mask (0 or 255, grey, the photograph's size) for each photograph."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photographs", type=Path)
    parser.add_argument("teacher", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--verdicts", type=Path, help="table with file, verdict and rule")
    arguments = parser.parse_args()
    teacher = load(arguments.teacher)
    arguments.out.mkdir(parents=True, exist_ok=True)
    chosen = rules(arguments.verdicts, arguments.photographs)
    for name, rule in chosen.items():
        bgr = cv2.imread(str(arguments.photographs / name), cv2.IMREAD_COLOR)
        mask = np.zeros(bgr.shape[:2], bool)
        if rule is not None:
            mask = specimen(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), teacher, rule)
        cv2.imwrite(str(arguments.out / f"{Path(name).stem}.png"), mask.astype(np.uint8) * 255)
    print(f"{len(chosen)} masks in {arguments.out}")


if __name__ == "__main__":
    main()
