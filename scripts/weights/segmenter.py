"""Train the segmenter that comes with the package.

    python scripts/weights/segmenter.py PHOTOGRAPHS MASKS --work WORK --fonts FONTS

PHOTOGRAPHS is the folder of museum photographs, MASKS what ``teacher.py`` made of them;
which of them are used is written in ``museum-masks.csv``, where each was looked at.
FONTS is a folder of open fonts: serif, sans and typewriter (Liberation and DejaVu were used).
Specimens are drawn besides, with exact masks. It goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pyarrow as pa
import torch
from PIL import Image

from wunderkammer.core.device import Device
from wunderkammer.imaging.masks import encode_mask
from wunderkammer.nets.unet import UNet
from wunderkammer.segmenters.unet import SHIPPED
from wunderkammer.testing import SpecimenGenerator
from wunderkammer.training.augmentation import Augmentation
from wunderkammer.training.examples import MaskExample, Prepared, prepare
from wunderkammer.training.fitting import fit, measured
from wunderkammer.training.segmentation import SegmenterTraining
from wunderkammer.training.segmenter import KIND
from wunderkammer.training.split import seeded_split
from wunderkammer.training.weights import write_weights

VERDICTS = Path(__file__).with_name("museum-masks.csv")
PREPARED_PX = 640
DRAWN = (
    (90001, ("butterfly", "moth"), 1300),
    (90002, ("beetle",), 450),
    (90003, ("leaf", "herbarium"), 350),
)
"""Seed, kinds and number of the specimens that are drawn to learn from."""

HELD_OUT = ((77001, ("butterfly", "moth", "beetle"), 150), (77002, ("leaf", "herbarium"), 50))
"""The same for those that it is measured on."""

MUSEUM_LOOKS = 3
"""A museum photograph is looked at so many times as often as a drawn one."""

PHASES = (
    SegmenterTraining(
        start="imagenet", n_epochs=5, n_looks=1000, learning_rate=1.5e-3, side_px=288, patience=99,
        augmentation=Augmentation(mosaic=0, printing=0),
    ),
    SegmenterTraining(
        start="nothing", seed=1, n_epochs=12, n_looks=1500, learning_rate=1e-3, side_px=288,
        patience=99,
        augmentation=Augmentation(
            smallest=0.6, largest=1.9, new_background=0.45, mosaic=0, printing=0
        ),
    ),
    SegmenterTraining(
        start="nothing", seed=2, n_epochs=12, n_looks=1500, learning_rate=1e-3, side_px=288,
        patience=99,
        augmentation=Augmentation(
            smallest=0.6, largest=1.9, new_background=0.6, mosaic=0.35, printing=0
        ),
    ),
    SegmenterTraining(
        start="nothing", seed=3, n_epochs=6, n_looks=1500, learning_rate=7e-4, side_px=288,
        patience=99,
        augmentation=Augmentation(
            smallest=0.6, largest=1.9, new_background=0.5, mosaic=0.35, printing=0.35
        ),
    ),
)  # fmt: skip
"""Trained one after the other: roughly; at the size at which it is used; before backgrounds of
real texture; on print."""

AVERAGED = (2, 3, 4)
"""Phases whose weights are averaged: on the photographs that are watched the mean was better than
each (Wortsman et al. 2022, Model soups, ICML)."""

LAST = SegmenterTraining(
    start="nothing", seed=5, n_epochs=6, n_looks=1500, learning_rate=5e-4, side_px=288,
    n_sizes=2, patience=99,
    augmentation=Augmentation(
        smallest=0.6, largest=1.9, new_background=0.3, mosaic=0.35, printing=0.6
    ),
)  # fmt: skip
"""Begins with their mean: much print, in real fonts, and more insects in printed envelopes."""

ENVELOPES, ENVELOPE_LOOKS = "museum-USNMENT0", 4
"""Names of photographs of which many show insects in envelopes, and how many times as often as
another museum photograph they are looked at in the last phase."""


def drawn(plan: Sequence[tuple[int, tuple[str, ...], int]], **more: float) -> Iterator[MaskExample]:
    """Yield drawn specimens with their exact masks."""
    for seed, kinds, n in plan:
        generator = SpecimenGenerator(seed, size_px=PREPARED_PX, kinds=kinds, **more)
        for i in range(n):
            specimen = generator.specimen(i)
            name = f"synthetic-{seed}-{i}"
            yield MaskExample(
                name, name, lambda s=specimen: s.image, lambda s=specimen: encode_mask(s.mask),
                may_be_empty=True,
            )  # fmt: skip


def rows_of(verdicts: Path) -> list[dict[str, str]]:
    """Return the photographs that are trained on."""
    with verdicts.open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["verdict"] in {"kept", "empty"}]


def photographed(
    rows: Sequence[dict[str, str]], photographs: Path, masks: Path
) -> Iterator[MaskExample]:
    """Yield museum photographs with the masks that were found good."""
    for row in rows:
        path = photographs / row["file"]
        yield MaskExample(
            f"museum-{path.stem}", row["gbifID"], partial(_pixels, path),
            (masks / f"{path.stem}.png").read_bytes, may_be_empty=row["verdict"] == "empty",
        )  # fmt: skip


def _pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"))


def parts_of(
    synthetic: Sequence[Prepared], museum: Sequence[Prepared]
) -> tuple[list[Prepared], list[Prepared]]:
    """Return what is trained on, once, and what is held out to watch the training."""
    train: list[Prepared] = []
    validation: list[Prepared] = []
    for some, share in ((synthetic, 0.015), (museum, 0.08)):
        shares = {"train": 1 - share, "validation": share}
        parts = seeded_split([one.group for one in some], 0, shares)
        for one, part in zip(some, parts, strict=True):
            (train if part == "train" else validation).append(one)
    return train, validation


def trained(
    train: Sequence[Prepared],
    validation: Sequence[Prepared],
    work: Path,
    fonts: Path,
    device: Device,
) -> UNet:
    """Train phase after phase, average, train once more; what is finished is not done again."""
    often = [one for one in train for _ in range(looks_of(one))]
    state: Mapping[str, torch.Tensor] | None = None
    for number, phase in enumerate(PHASES, 1):
        state = after(often, validation, phase, work / f"phase-{number}", device, state)
    states = [torch.load(work / f"phase-{one}.pt", weights_only=True) for one in AVERAGED]
    print_too = LAST.augmentation.model_copy(update={"fonts": str(fonts)})
    last = LAST.model_copy(update={"augmentation": print_too})
    oftener = [one for one in train for _ in range(looks_of(one, ENVELOPE_LOOKS))]
    state = after(
        oftener, validation, last, work / f"phase-{len(PHASES) + 1}", device, mean(states)
    )
    network = UNet()
    network.load_state_dict(dict(state))
    return network


def looks_of(one: Prepared, envelopes: int = 1) -> int:
    """Return how often an example is among those that are drawn from."""
    looks = MUSEUM_LOOKS if one.media_id.startswith("museum-") else 1
    return looks * (envelopes if one.media_id.startswith(ENVELOPES) else 1)


def after(
    examples: Sequence[Prepared],
    validation: Sequence[Prepared],
    phase: SegmenterTraining,
    run: Path,
    device: Device,
    state: Mapping[str, torch.Tensor] | None,
) -> Mapping[str, torch.Tensor]:
    """Return the network's state after a phase, which is trained if it was not before."""
    done = run.with_suffix(".pt")
    if not done.exists():
        network = fit(
            examples, validation, phase, run, device, state=state,
            watch=lambda figures: print(figures, flush=True),
        )  # fmt: skip
        torch.save(network.state_dict(), done)
    return torch.load(done, weights_only=True)


def mean(states: Sequence[Mapping[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """Return the mean of the weights of several networks."""
    return {
        name: torch.stack([one[name].float() for one in states]).mean(0).to(first.dtype)
        for name, first in states[0].items()
    }


def main() -> None:
    """Draw, prepare, train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photographs", type=Path)
    parser.add_argument("masks", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--fonts", type=Path, required=True, help="folder of fonts for print")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    device = Device(given.device, given.threads)
    folder = given.work / "prepared"
    synthetic, _ = prepare(drawn(DRAWN, bad_share=0.04), folder, PREPARED_PX)
    held_out, _ = prepare(drawn(HELD_OUT, bad_share=0), folder, PREPARED_PX)
    rows = rows_of(VERDICTS)
    museum, skipped = prepare(
        photographed(rows, given.photographs, given.masks), folder, PREPARED_PX
    )
    for one in skipped:
        print(f"skipped {one.media_id}: {one.error.message}")
    train, validation = parts_of(synthetic, museum)
    print(
        f"{len(train)} trained on, {len(validation)} watched, {len(held_out)} held out", flush=True
    )
    network = trained(train, validation, given.work, given.fonts, device)
    metrics, calibration = measured(network, validation, held_out, LAST, device)
    used = {one.media_id for one in (*train, *validation)}
    folder = write_weights(
        SHIPPED.parent,
        network.state_dict(),
        card=card(synthetic, [row for row in rows if f"museum-{Path(row['file']).stem}" in used]),
        settings={"kind": KIND, **LAST.settings(), "calibration": calibration},
        metrics=metrics,
        split=split_of(train, validation, held_out),
        name=SHIPPED.name,
    )
    print(folder, metrics)


def split_of(
    train: Sequence[Prepared], validation: Sequence[Prepared], test: Sequence[Prepared]
) -> pa.Table:
    """Return which example was what."""
    named = (("train", train), ("validation", validation), ("test", test))
    rows = [{"media_id": one.media_id, "part": part} for part, some in named for one in some]
    return pa.Table.from_pylist(sorted(rows, key=lambda row: row["media_id"]))


def card(synthetic: Sequence[Prepared], rows: Sequence[dict[str, str]]) -> dict[str, object]:
    """Return what travels with the weights."""
    return {
        "what": "A U-Net on the trunk of EfficientNet-lite0 that tells specimens from their "
        "background: pinned insects first, leaves and herbarium sheets too.",
        "licence": "MIT; the trunk began with the weights of EfficientNet-lite0 (Apache-2.0).",
        "trained_on": f"{len(synthetic)} drawn specimens with exact masks and {len(rows)} museum "
        "photographs (CC0 or CC-BY-4.0) with masks of the network U2-Net-p, cleaned by rules and "
        "looked at one by one.",
        "never_trained_on": "The photographs of benchmarks/verdicts/held-out.csv; photographs "
        "under a non-commercial licence.",
        "limits": "Specimens in envelopes, on slides, in drawers of many, and plants with many "
        "thin parts were hardly shown to it. Wings as pale as their background may be lost.",
        "photographs": credits_of(rows),
    }


def credits_of(rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return whose photographs these are, and under which licence."""
    return [{name: row[name] for name in ("file", "gbifID", "creator", "license")} for row in rows]


if __name__ == "__main__":
    main()
