"""How well specimens are cut out: overlap with exact and with human masks, speed, memory.

python benchmarks/cutouts.py agreement [--butterflies FOLDER] [--teacher ONNX] [--n 200]
python benchmarks/cutouts.py speed [--n 200]
python benchmarks/cutouts.py memory [--n 10000]
python benchmarks/cutouts.py verdicts
python benchmarks/cutouts.py print PHOTOGRAPHS [--n 60]

FOLDER has ``images/*.jpg`` and ``masks/<stem>*.png`` of people; ONNX is a salient-object network
to compare with; PHOTOGRAPHS are those of ``scripts/weights/museum-print.csv``. Nothing that is
measured here was trained on.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import psutil
from PIL import Image

import report
import wunderkammer
from wunderkammer.core.device import Device
from wunderkammer.imaging.keeping import KeepRule
from wunderkammer.imaging.mask_agreement import boundary_f, dice, iou, thin_part_recall
from wunderkammer.imaging.masks import resize_mask
from wunderkammer.imaging.matting import soft_alpha
from wunderkammer.segmenters import Segmenter, registry
from wunderkammer.stages._cutting import found_specimens, no_larger
from wunderkammer.testing import SpecimenGenerator

SEEDS = {("butterfly", "moth", "beetle"): 77001, ("leaf", "herbarium"): 77002}
"""Seeds of the drawn specimens, of which the last quarter of ``--n`` are plants."""

VERDICTS = Path(__file__).parent / "verdicts" / "cutouts.csv"
SIZE_PX, BOUNDARY_PX, THIN_PX = 800, 2, 6
PRINT_SEED, BLACK = 97, 12
Example = tuple[np.ndarray, np.ndarray, str]


def drawn(n: int) -> Iterator[Example]:
    """Yield photographs with exact masks, none of them bad."""
    shares = (n * 3 // 4, n - n * 3 // 4)
    for (kinds, seed), some in zip(SEEDS.items(), shares, strict=True):
        generator = SpecimenGenerator(seed, size_px=SIZE_PX, kinds=kinds, bad_share=0)
        for i in range(some):
            specimen = generator.specimen(i)
            yield specimen.image, specimen.mask, specimen.kind


def butterflies(folder: Path, n: int) -> Iterator[Example]:
    """Yield photographs of live butterflies with the masks that people drew."""
    masks = {path.stem[:7]: path for path in (folder / "masks").iterdir()}
    for path in sorted((folder / "images").glob("*.jpg"))[:n]:
        image = np.asarray(Image.open(path).convert("RGB"))
        mask = np.asarray(Image.open(masks[path.stem[:7]]).convert("L")) > 127
        yield image, resize_mask(mask, *image.shape[:2]), "live butterfly"


def cut(segmenter: Segmenter, image: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the network's own mask, the mask of the finished cut-outs, the confidence."""
    (seen,) = segmenter.segment([image])
    size = (image.shape[1], image.shape[0])
    raw = cv2.resize(seen.probability, size, interpolation=cv2.INTER_LINEAR) > 0.5
    chance = no_larger(seen.probability, image)
    final = np.zeros(raw.shape, np.bool_)
    for one in found_specimens(chance, image, KeepRule()):
        final |= soft_alpha(chance, image, one.mask) > 127
    return raw, final, seen.confidence


def measured(segmenter: Segmenter, examples: Iterator[Example]) -> list[dict[str, object]]:
    """Return the agreement with the truth, one row a photograph."""
    rows = []
    for image, truth, kind in examples:
        raw, final, confidence = cut(segmenter, image)
        rows.append({
            "kind": kind, "raw": iou(raw, truth), "iou": iou(final, truth),
            "dice": dice(final, truth), "boundary": boundary_f(final, truth, BOUNDARY_PX),
            "thin": thin_part_recall(final, truth, THIN_PX), "confidence": confidence,
        })  # fmt: skip
    return rows


def line(name: str, rows: list[dict[str, object]]) -> list[object]:
    """Return the means of some rows as cells."""
    means = [
        float(np.nanmean([row[key] for row in rows]))
        for key in ("iou", "raw", "dice", "boundary", "thin")
    ]
    low = float(np.quantile([row["iou"] for row in rows], 0.1))
    error = float(np.mean([abs(row["confidence"] - row["raw"]) for row in rows]))
    return [name, len(rows), *(f"{mean:.3f}" for mean in (*means[:2], low, *means[2:], error))]


HEAD = [
    "", "n", "IoU as cut out", "IoU of the net alone", "10 % have less", "Dice",
    f"boundary F ({BOUNDARY_PX} px)", f"thin-part recall (< {THIN_PX} px)",
    "mean error of the confidence",
]  # fmt: skip


def agreement(given: argparse.Namespace) -> None:
    """Measure overlap with the truth; write the section."""
    chosen = {"unet": registry.parse("unet"), "contrast": registry.parse("contrast")}
    if given.teacher:
        teacher = {"name": "onnx", "path": str(given.teacher)}
        chosen["u2netp (the teacher)"] = registry.parse(teacher)
    lines: list[list[object]] = []
    for name, segmenter in chosen.items():
        segmenter.load(Device("cpu", 1), Path())
        rows = measured(segmenter, drawn(given.n))
        plants = [row for row in rows if row["kind"] in {"leaf", "herbarium"}]
        lines.append(line(f"{name}, drawn insects", [row for row in rows if row not in plants]))
        lines.append(line(f"{name}, drawn plants", plants))
        lines.append(line(f"{name}, all drawn", rows))
        if given.butterflies:
            rows = measured(segmenter, butterflies(given.butterflies, given.n_butterflies))
            lines.append(line(f"{name}, live butterflies", rows))
    report.record(
        "cutouts.agreement",
        "Cut-outs: agreement with the truth",
        "Drawn specimens (800 px, exact masks, seeds that nothing was trained on) and photographs "
        "of live butterflies in the field with masks of people (Leeds Butterfly data set, never "
        'trained on, far from what the network is for). "As cut out": after the keep rule and '
        "the soft alpha at full size.\n\n" + report.table(HEAD, lines),
    )  # fmt: skip


def on_print(given: argparse.Namespace) -> None:
    """Measure specimens that lie on print, with the look made for them and without."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "scripts" / "weights"))
    from beside_print import photographs as outlined
    from envelopes import composed, lifted, sheet

    held_out = outlined(given.photographs, part="held-out")
    insects = [lifted(one.image, one.mask) for one in held_out]
    sheets = [sheet(one.image, one.mask) for one in held_out]
    lines = []
    for name, look in (("without the look", False), ("with it", True)):
        segmenter = registry.parse({"name": "unet", "beside_print": look})
        segmenter.load(Device("cpu", 1), Path())
        rngs = (np.random.default_rng([PRINT_SEED, number]) for number in range(given.n))
        together = (surrounded(*composed(insects, sheets, rng)) for rng in rngs)
        lines.append(line(f"put together, {name}", measured(segmenter, together)))
        as_they_are = ((one.image, one.mask, "as it is") for one in held_out)
        lines.append(line(f"as they are, {name}", measured(segmenter, as_they_are)))
    report.record(
        "cutouts.print",
        "Cut-outs: specimens that lie on print",
        f"Dragonflies and damselflies of {len(held_out)} photographs that nothing was trained "
        "on. Their outlines were drawn by hand, true to a pixel or two. "
        '"Put together": laid on the printed paper of one another, turned and scaled anew, so '
        "that the mask is exact (`scripts/weights/envelopes.py`), in a black surround of "
        f"{SIZE_PX} px.\n\n" + report.table(HEAD, sorted(lines, reverse=True)),
    )  # fmt: skip


def surrounded(image: np.ndarray, mask: np.ndarray) -> Example:
    """Return a piece of paper as it lies on a black copy stand."""
    room = [((SIZE_PX - side) // 2, (SIZE_PX - side + 1) // 2) for side in mask.shape]
    stand = np.pad(image, (*room, (0, 0)), constant_values=BLACK)
    return stand, np.pad(mask, room), "on print"


def verdicts(_: argparse.Namespace) -> None:
    """Count what the eye said of held-out museum photographs; write the section."""
    with VERDICTS.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = {"unet": "unet", "onnx": "u2netp (the teacher)", "contrast": "contrast"}
    lines: list[list[object]] = []
    for segmenter, name in names.items():
        said = [row["verdict"] for row in rows if row["segmenter"] == segmenter]
        good = said.count("publishable")
        lines.append([name, len(said), good, f"{100 * good / len(said):.0f} %"])
    report.record(
        "cutouts.verdicts",
        "Cut-outs: judged by eye",
        "Museum photographs of insects, drawn by seed, never trained on, looked at one by one: "
        "publishable means that the specimen is whole, and that labels, rulers and print beside "
        "it are gone. `benchmarks/verdicts/cutouts.csv` holds every verdict with its reason.\n\n"
        + report.table(["", "photographs", "publishable", "share"], lines),
    )


def photographs(folder: Path, n: int, n_different: int = 100) -> None:
    """Write ``n`` photographs of 800 px, ``n_different`` of them drawn and the others copies."""
    generator = SpecimenGenerator(5, size_px=SIZE_PX, kinds=("butterfly", "moth", "beetle"))
    folder.mkdir()
    for i in range(min(n, n_different)):
        specimen = generator.specimen(i)
        Image.fromarray(specimen.image).save(folder / f"{i:05}.jpg", quality=92)
    for i in range(n_different, n):
        content = (folder / f"{i % n_different:05}.jpg").read_bytes()
        # bytes after the end of a JPEG change its digest and not its picture
        (folder / f"{i:05}.jpg").write_bytes(content + str(i).encode())


def collection_of(root: Path, n: int) -> wunderkammer.Collection:
    """Return a collection of photographs, ready to be cut out."""
    photographs(root / "photographs", n)
    source = {"ingest.source.name": "folder", "ingest.source.path": str(root / "photographs")}
    collection = wunderkammer.create(
        root / "collection", {**source, "cutout.segmenter.name": "unet", "upright.size_px": 512}
    )
    collection.run(["ingest", "fetch", "image"])
    return collection


def speed(given: argparse.Namespace) -> None:
    """Time the stages as they run; write the section."""
    lines: list[list[object]] = []
    with tempfile.TemporaryDirectory() as scratch:
        collection = collection_of(Path(scratch), given.n)
        for stage in ("cutout", "upright"):
            start = time.perf_counter()
            collection.run([stage])
            seconds = time.perf_counter() - start
            lines.append([stage, given.n, f"{seconds:.1f}", f"{seconds / given.n:.3f}"])
    report.record(
        "cutouts.speed",
        "Cut-outs: speed of the stages",
        "Photographs of 800 px, whole stages with all processes: decode, network, alpha at full "
        "size, encode, commit.\n\n"
        + report.table(["stage", "images", "seconds", "seconds an image"], lines),
    )


def memory(given: argparse.Namespace) -> None:
    """Watch the memory of all processes while many photographs are cut out."""
    import threading

    samples: list[tuple[float, float]] = []
    done = threading.Event()
    me = psutil.Process()

    def watch() -> None:
        start = time.perf_counter()
        while not done.wait(2):
            each = [me, *me.children(recursive=True)]
            total = 0.0
            for process in each:
                try:
                    total += process.memory_info().rss / 1e6
                except psutil.Error:
                    continue
            samples.append((time.perf_counter() - start, total))

    with tempfile.TemporaryDirectory() as scratch:
        collection = collection_of(Path(scratch), given.n)
        thread = threading.Thread(target=watch)
        thread.start()
        try:
            collection.run(["cutout"])
        finally:
            done.set()
            thread.join()
    values = np.array([total for _, total in samples])
    fifth = max(1, len(values) // 5)
    rows = [
        ["images", f"{given.n:,}"],
        [
            "mean memory in the second fifth of the time, MB",
            f"{values[fifth : 2 * fifth].mean():.0f}",
        ],
        ["mean memory in the last fifth, MB", f"{values[-fifth:].mean():.0f}"],
        ["highest, MB", f"{values.max():.0f}"],
    ]
    report.record(
        "cutouts.memory",
        "Cut-outs: memory",
        "All processes together while photographs of 800 px are cut out.\n\n"
        + report.table(["", ""], rows),
    )


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parts = parser.add_subparsers(dest="part", required=True)
    one = parts.add_parser("agreement")
    one.add_argument("--butterflies", type=Path)
    one.add_argument("--n-butterflies", type=int, default=300)
    one.add_argument("--teacher", type=Path)
    one.add_argument("--n", type=int, default=200)
    one.set_defaults(run=agreement)
    parts.add_parser("verdicts").set_defaults(run=verdicts)
    one = parts.add_parser("print")
    one.add_argument("photographs", type=Path)
    one.add_argument("--n", type=int, default=60)
    one.set_defaults(run=on_print)
    for name, run, n in (("speed", speed, 200), ("memory", memory, 10_000)):
        one = parts.add_parser(name)
        one.add_argument("--n", type=int, default=n)
        one.set_defaults(run=run)
    given = parser.parse_args()
    given.run(given)


if __name__ == "__main__":
    main()
