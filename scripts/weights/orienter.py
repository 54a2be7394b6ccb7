"""Train the weights of the rotation network that ship with the package.

The examples are drawn specimens with their exact masks and turns, and museum photographs under
CC0 and CC-BY that lie upright by eye (``museum-upright.csv``), cut out by the masks that
``teacher.py`` made.

    python scripts/weights/orienter.py MUSEUM MASKS WORK

MUSEUM is the folder of the photographs with ``manifest.csv`` and ``occurrence.txt``, MASKS that
of the masks. It may be stopped at any time and goes on from where it was.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from wunderkammer.core.device import Device
from wunderkammer.imaging.decoding import decode
from wunderkammer.imaging.masks import decode_mask, resize_mask
from wunderkammer.imaging.turning import padded_crop
from wunderkammer.testing import SpecimenGenerator
from wunderkammer.training.orientation import OrienterTraining, TurnExample
from wunderkammer.training.orienter import train_orienter
from wunderkammer.training.split import seeded_split

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "src/wunderkammer/orienters/weights"
VERDICTS = HERE.parents[1] / "benchmarks/verdicts/held-out.csv"

KINDS = ("butterfly", "moth", "beetle", "leaf")
FIRST_SEED, N_SEEDS, N_EACH = 7000, 50, 64
"""Each seed has 36 species of its own a kind; tests and benchmarks draw from seeds below 1000."""

DRAWN_PX, KEPT_PX = 320, 160
MORE_HELD_OUT = 0.2
MUSEUM_WEIGHT = 8.0
"""A museum specimen is looked at so many times as often as a drawn one."""

TRAINING = OrienterTraining(seed=3, start="imagenet", n_epochs=24, n_looks=3000, patience=24)

Rgba = npt.NDArray[np.uint8]


def rows_of(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def held_out(museum: Path) -> set[str]:
    """Return the files that are never trained on: the drawn 60 and every fifth Lepidoptera more."""
    orders = {row["gbifID"]: row["order"] for row in rows_of(museum / "occurrence.txt", "\t")}
    kept = {row["file"] for row in rows_of(VERDICTS)}
    moths = [
        row["file"]
        for row in rows_of(museum / "manifest.csv")
        if row["truth"] == "good" and orders[row["gbifID"]] == "Lepidoptera"
    ]
    parts = seeded_split(moths, 3, {"test": MORE_HELD_OUT, "train": 1 - MORE_HELD_OUT})
    return kept | {file for file, part in zip(moths, parts, strict=True) if part == "test"}


def drawn(work: Path) -> Iterator[TurnExample]:
    """Yield drawn specimens, rendered once."""
    folder = work / "drawn"
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(FIRST_SEED, FIRST_SEED + N_SEEDS):
        generator = SpecimenGenerator(
            seed=seed, size_px=DRAWN_PX, kinds=KINDS, bad_share=0, n_institutions=6
        )
        for number in range(N_EACH):
            path = folder / f"{seed}-{number}.png"
            view = generator.views(number)[-1]
            specimen = generator.specimen(number, view)
            if not path.exists():
                small = padded_crop(cut(specimen.image, specimen.mask), KEPT_PX)
                cv2.imwrite(str(path), cv2.cvtColor(small, cv2.COLOR_RGBA2BGRA))
            name = f"drawn/{seed}/{number}"
            yield TurnExample(name, name, partial(read, path), specimen.angle_deg)


def museum_specimens(museum: Path, masks: Path, work: Path) -> Iterator[TurnExample]:
    """Yield museum specimens that lie upright and may be trained on; two views are two."""
    folder = work / "museum"
    folder.mkdir(parents=True, exist_ok=True)
    hidden = held_out(museum)
    upright = {
        row["file"]
        for row in rows_of(HERE / "museum-upright.csv")
        if row["verdict"] == "upright" and row["file"] not in hidden
    }
    for row in rows_of(HERE / "museum-masks.csv"):
        mask = masks / f"{Path(row['file']).stem}.png"
        if row["file"] not in upright or row["verdict"] != "kept" or not mask.exists():
            continue
        photograph = museum / "images" / row["file"]
        for number, rgba in enumerate(specimens(photograph, mask)):
            path = folder / f"{photograph.stem}-{number}.png"
            small = padded_crop(rgba, KEPT_PX)
            cv2.imwrite(str(path), cv2.cvtColor(small, cv2.COLOR_RGBA2BGRA))
            name = f"museum-insects/{row['file']}"
            yield TurnExample(
                f"{name}#{number}", name, partial(read, path), 0.0, weight=MUSEUM_WEIGHT
            )


def specimens(photograph: Path, mask: Path) -> list[Rgba]:
    """Return the cut-outs of a photograph: one, or two where two views lie far apart."""
    image = decode(photograph.read_bytes(), max_pixels=1 << 30).pixels
    seen = resize_mask(decode_mask(mask.read_bytes()), *image.shape[:2])
    _, labels, stats, _ = cv2.connectedComponentsWithStats(seen.astype(np.uint8))
    areas = stats[1:, cv2.CC_STAT_AREA]
    large = [place + 1 for place in np.flatnonzero(areas > 0.4 * areas.max(initial=1))]
    if len(large) != 2:
        return [cut(image, seen)] if seen.any() else []
    return [cut(image, labels == place) for place in large]


def cut(image: npt.NDArray[np.uint8], mask: npt.NDArray[np.bool_]) -> Rgba:
    """Return a photograph with its mask as alpha; the ground stays beneath."""
    return np.dstack([image, mask.astype(np.uint8) * 255])


def read(path: Path) -> Rgba:
    """Return a stored cut-out."""
    rgba: Rgba = cv2.cvtColor(cv2.imread(str(path), cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA)
    return rgba


def card(museum: list[TurnExample], n_drawn: int) -> dict[str, Any]:
    """Return what the card says beyond the split."""
    used = {one.group.partition("/")[2] for one in museum}
    credits_of = [row for row in rows_of(HERE / "museum-masks.csv") if row["file"] in used]
    licences = Counter(row["license"] for row in credits_of)
    names = ("file", "gbifID", "creator", "license", "rightsHolder")
    return {
        "licence": "MIT; the trunk began from EfficientNet-lite0 trained on ImageNet (Apache-2.0)",
        "data": f"{n_drawn} drawn specimens (butterflies, moths, beetles, leaves; seeds "
        f"{FIRST_SEED} to {FIRST_SEED + N_SEEDS - 1} of the generator in wunderkammer.testing) and "
        f"{len(museum)} cut-outs of {len(used)} museum photographs of insects ("
        + ", ".join(f"{n} {name}" for name, n in sorted(licences.items()))
        + "), assumed upright as they lie and looked at one by one",
        "limits": "Pinned insects and leaves seen from above or below, head or tip up. Specimens "
        "seen from the side, resting moths, dragonflies in envelopes and whatever has no head to "
        "tell are out of its knowledge: their answers are short and their confidence is low.",
        "trained_by": "scripts/weights/orienter.py",
        "n_drawn": n_drawn,
        "n_museum": len(museum),
        "licences": dict(licences),
        "credits": [{name: row[name] for name in names} for row in credits_of],
    }


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("museum", type=Path)
    parser.add_argument("masks", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--parent", type=Path, default=SHIPPED)
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--epochs", type=int, default=TRAINING.n_epochs)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    start = time.monotonic()

    def watch(figures: Mapping[str, float]) -> None:
        shown = " ".join(f"{name} {value:.4g}" for name, value in figures.items())
        print(f"{time.monotonic() - start:.0f} s: {shown}", flush=True)

    museum = list(museum_specimens(arguments.museum, arguments.masks, arguments.work))
    artificial = list(drawn(arguments.work))
    print(f"{len(artificial)} drawn, {len(museum)} museum cut-outs", flush=True)
    training = TRAINING.model_copy(update={"n_epochs": arguments.epochs})
    trained = train_orienter(
        [*artificial, *museum], training, arguments.work, arguments.parent,
        device=Device(arguments.device, 1), card=card(museum, len(artificial)),
        name="rotation-net", watch=watch,
    )  # fmt: skip
    print(trained.folder, trained.metrics, len(trained.skipped), flush=True)


if __name__ == "__main__":
    main()
