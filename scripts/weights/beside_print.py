"""Train the weights of the look at specimens that lie on print.

    python scripts/weights/beside_print.py PHOTOGRAPHS --work WORK --fonts FONTS

PHOTOGRAPHS is the folder of museum photographs, FONTS a folder of open fonts. Which photographs
are used, and how, is written in ``museum-print.csv``: their masks are outlines drawn by hand
(``museum-outlines.csv``) or what the shipped segmenter cuts out where no print is near, each
looked at. Insects are laid on the printed paper of others (``envelopes.py``). Training begins with
the shipped weights. Photographs held out are measured on: none of their insects is trained on.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from envelopes import SIDE_PX, Insect, composed, laid, lifted, sheet
from outlines import drawn_by_hand, outlines
from PIL import Image
from segmenter import VERDICTS, credits_of, split_of

from wunderkammer.core.device import Device
from wunderkammer.imaging.keeping import KeepRule
from wunderkammer.imaging.masks import encode_mask
from wunderkammer.imaging.matting import soft_alpha
from wunderkammer.nets.unet import UNet
from wunderkammer.segmenters.unet import BESIDE_PRINT, SHIPPED, UNetSegmenter
from wunderkammer.stages._cutting import found_specimens, no_larger
from wunderkammer.testing import SpecimenGenerator
from wunderkammer.training.augmentation import Augmentation
from wunderkammer.training.examples import MaskExample, Prepared, prepare
from wunderkammer.training.fitting import fit, measured
from wunderkammer.training.segmentation import SegmenterTraining
from wunderkammer.training.segmenter import KIND
from wunderkammer.training.trainer import LAST
from wunderkammer.training.weights import write_weights

TABLE = Path(__file__).with_name("museum-print.csv")

_AUGMENTATION = Augmentation(
    smallest=1.1, largest=2.1, furniture=0.15, printing=0.35, new_background=0, shadow=0
)
PHASES = (
    SegmenterTraining(
        start="shipped", seed=11, n_epochs=13, n_looks=1500, learning_rate=6e-4, side_px=288,
        look_px=512, n_sizes=1, patience=99, augmentation=_AUGMENTATION,
    ),
    SegmenterTraining(
        start="nothing", seed=12, n_epochs=9, n_looks=1000, learning_rate=5e-4, side_px=352,
        look_px=704, n_sizes=1, patience=99,
        augmentation=_AUGMENTATION.model_copy(update={"smallest": 1.3, "largest": 2.5}),
    ),
)  # fmt: skip
"""Trained one after the other, from the shipped weights: at the size of the photographs; larger,
where letters and legs are further apart, which is how the weights are used."""

SEED, N_COMPOSED, ON_PAPER = 96, 2400, 0.75
"""How many are put together, and the share of insects that let print shine through."""

DRAWN = 96001, ("leaf", "herbarium", "beetle", "butterfly"), 120
"""Seed, kinds and number of drawn specimens that are laid on printed paper, too."""

BY_HAND = 3
"""Insects drawn by hand are laid on other paper so many times as often as others."""

WINDOWS = {"outline": (3, 6), "paper": (1, 4), "opaque": (1, 2)}
"""Different windows of each photograph as it is, and how often each is among the examples."""

AIR = 0.2, 0.65
"""Ground around a specimen in such a window, as a share of its length; from a seed."""

HELD_OUT_AIR = 0.35
"""The same for what is held out: as in use."""


@dataclass(frozen=True)
class Photograph:
    """A photograph with its mask, and what it is used for."""

    name: str
    image: npt.NDArray[np.uint8]
    mask: npt.NDArray[np.bool_]
    row: dict[str, str]


def photographs(folder: Path, part: str | None = None) -> list[Photograph]:
    """Return the photographs of the table with their masks: all, or those of a part."""
    segmenter = UNetSegmenter(beside_print=False)
    segmenter.load(Device())
    with TABLE.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if part in {None, row["part"]}]
    return [photograph(folder / row["file"], row, segmenter) for row in rows]


def photograph(path: Path, row: dict[str, str], segmenter: UNetSegmenter) -> Photograph:
    """Return a photograph with its mask: drawn by hand, or cut out where no print is near."""
    image = np.asarray(Image.open(path).convert("RGB"))
    if row["mask"] == "outline":
        mask = drawn_by_hand(outlines()[path.name], *image.shape[:2])
    else:
        mask = cut_out(image, segmenter)
    return Photograph(path.stem, image, mask, row)


def cut_out(image: npt.NDArray[np.uint8], segmenter: UNetSegmenter) -> npt.NDArray[np.bool_]:
    """Return what the stage would cut out."""
    chance = no_larger(segmenter.segment([image])[0].probability, image)
    found = found_specimens(chance, image, KeepRule())
    alphas = [soft_alpha(chance, image, one.mask) for one in found]
    return np.maximum.reduce([np.zeros(image.shape[:2], np.uint8), *alphas]) > 127


def put_together(some: Sequence[Photograph]) -> Iterator[MaskExample]:
    """Yield insects on the printed paper of others."""
    on_paper: list[Insect] = []
    covering = [laid(one.image, one.mask) for one in some if one.row["use"] == "opaque"]
    covering += drawn()
    for one in some:
        if one.row["use"] == "paper":
            times = BY_HAND if one.row["mask"] == "outline" else 1
            on_paper += [lifted(one.image, one.mask)] * times
    sheets = [sheet(one.image, one.mask) for one in some if one.row["use"] in {"paper", "sheet"}]
    sheets = [one for one in sheets if one.size]
    for number in range(N_COMPOSED):
        rng = np.random.default_rng([SEED, number])
        image, mask = composed(on_paper if rng.random() < ON_PAPER else covering, sheets, rng)
        yield example(f"composed-{number}", image, mask)


def drawn() -> list[Insect]:
    """Return drawn specimens: plants above all, of which no photographs are trained on."""
    seed, kinds, n = DRAWN
    generator = SpecimenGenerator(seed, size_px=SIDE_PX, kinds=kinds, bad_share=0)
    specimens = map(generator.specimen, range(n))
    return [laid(one.image, one.mask) for one in specimens]


def windows(some: Sequence[Photograph]) -> Iterator[tuple[MaskExample, int]]:
    """Yield photographs as they are, around the specimen, and how often each is shown."""
    rng = np.random.default_rng(SEED)
    for one in some:
        use = one.row["mask"] if one.row["mask"] == "outline" else one.row["use"]
        n, times = WINDOWS.get(use, (0, 0))
        for number in range(n if one.mask.any() else 0):
            yield window(one, float(rng.uniform(*AIR)), number), times


def window(one: Photograph, air: float, number: int = 0) -> MaskExample:
    """Return a photograph around its specimen, at the size at which it is looked at."""
    rows, columns = (np.flatnonzero(one.mask.any(axis)) for axis in (1, 0))
    room = int(air * max(np.ptp(rows), np.ptp(columns)))
    part = tuple(slice(max(0, some[0] - room), some[-1] + room) for some in (rows, columns))
    image, mask = one.image[part], one.mask[part]
    scale = SIDE_PX / max(mask.shape)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = round(mask.shape[1] * scale), round(mask.shape[0] * scale)
    large = cv2.resize(mask.astype(np.uint8) * 255, size, interpolation=cv2.INTER_LINEAR)
    return example(
        f"{one.name}-{number}", cv2.resize(image, size, interpolation=how), large > 127, one.name
    )


def example(
    name: str, image: npt.NDArray[np.uint8], mask: npt.NDArray[np.bool_], group: str = ""
) -> MaskExample:
    """Return an example whose pixels are at hand."""
    return MaskExample(name, group or name, lambda: image, lambda: encode_mask(mask))


def trained_on(some: Sequence[Photograph], folder: Path) -> tuple[list[Prepared], list[Prepared]]:
    """Return all examples, those that are shown often several times, and each once."""
    together, _ = prepare(put_together(some), folder, SIDE_PX)
    often, once = list(together), list(together)
    for one, times in windows(some):
        ready, _ = prepare([one], folder, SIDE_PX)
        often += ready * times
        once += ready
    return often, once


def trained(
    train: Sequence[Prepared],
    held_out: Sequence[Prepared],
    work: Path,
    fonts: Path,
    device: Device,
) -> UNet:
    """Return the network after the last epoch of the last phase.

    Outlines drawn by hand are true to a pixel or two: too coarse to choose an epoch by.
    """
    watch = partial(print, flush=True)
    state = None
    for number, phase in enumerate(PHASES, 1):
        augmentation = phase.augmentation.model_copy(update={"fonts": str(fonts)})
        training = phase.model_copy(update={"augmentation": augmentation})
        run = work / f"phase-{number}"
        network = fit(
            train, held_out, training, run, device, start=SHIPPED, state=state, watch=watch
        )
        last = torch.load(run / LAST, map_location="cpu", weights_only=False)["state_dict"]
        state = {name.removeprefix("network."): tensor for name, tensor in last.items()}
        network.load_state_dict(state)
    return network


def card(some: Sequence[Photograph]) -> dict[str, object]:
    """Return what travels with the weights."""
    used = {one.row["file"] for one in some if one.row["part"] == "train"}
    with VERDICTS.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["file"] in used]
    return {
        "what": "The network of the folder beside it, trained on to tell specimens from print "
        "that they lie on: dragonflies in envelopes first.",
        "licence": "MIT; the trunk began with the weights of EfficientNet-lite0 (Apache-2.0).",
        "trained_on": f"{N_COMPOSED} photographs put together from insects and printed paper of "
        f"{len(rows)} museum photographs (CC0 or CC-BY-4.0), and these photographs themselves; "
        "masks drawn by hand, and of the network of the folder beside it, looked at one by one.",
        "never_trained_on": "The photographs of benchmarks/verdicts/held-out.csv; photographs "
        "under a non-commercial licence.",
        "limits": "Handwriting, print in other scripts than the Latin, and plants on print were "
        "hardly shown to it.",
        "photographs": credits_of(rows),
    }


def main() -> None:
    """Put together, train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photographs", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--fonts", type=Path, required=True, help="folder of fonts for print")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    device = Device(given.device, given.threads)
    all_of_them = photographs(given.photographs)
    train = [one for one in all_of_them if one.row["part"] == "train"]
    apart = [one for one in all_of_them if one.row["part"] == "held-out"]
    folder = given.work / "prepared"
    often, once = trained_on(train, folder)
    held_out, _ = prepare((window(one, HELD_OUT_AIR) for one in apart), folder, SIDE_PX)
    print(f"{len(once)} trained on, {len(held_out)} held out", flush=True)
    network = trained(often, held_out, given.work, given.fonts, device)
    metrics, calibration = measured(network, held_out, held_out, PHASES[-1], device)
    written = write_weights(
        BESIDE_PRINT.parent,
        network.state_dict(),
        card=card(train),
        settings={"kind": KIND, **PHASES[-1].settings(), "calibration": calibration},
        metrics=metrics,
        split=split_of(once, held_out, []),
        name=BESIDE_PRINT.name,
    )
    print(written, metrics)


if __name__ == "__main__":
    main()
