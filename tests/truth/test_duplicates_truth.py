"""Copies of specimens are found, and no two specimens are taken for one."""

import hashlib
import io

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from wunderkammer.core.inputs import Inputs
from wunderkammer.core.stage import Context
from wunderkammer.imaging.decoding import decode
from wunderkammer.imaging.resampling import shrink
from wunderkammer.stages.duplicates import DuplicatesStage
from wunderkammer.stages.fingerprint import FingerprintStage
from wunderkammer.testing import SpecimenGenerator


def as_jpeg(pixels, quality):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=quality)
    return out.getvalue()


def recompressed(pixels, quality=40):
    return np.asarray(Image.open(io.BytesIO(as_jpeg(pixels, quality))))


def trimmed(pixels):
    """Cut 2 % off each way, 1 % a side."""
    top, left = (round(side * 0.01) for side in pixels.shape[:2])
    return pixels[top : len(pixels) - top, left : pixels.shape[1] - left]


def halved(pixels):
    size = (pixels.shape[1] // 2, pixels.shape[0] // 2)
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))


COPIES = {
    "half size": halved,
    "quality 40": recompressed,
    "10 % brighter": lambda pixels: np.clip(pixels * 1.1, 0, 255).astype(np.uint8),
    "trimmed": trimmed,
}


def found_among(images, root, copied):
    """Return (medium, kept medium) of the duplicates among images and copies of some of them."""
    context, rows = Context(root), []
    for name, pixels in images:
        versions = {"": pixels}
        if copied(name):
            versions |= {kind: copy(pixels) for kind, copy in COPIES.items()}
        for kind, version in versions.items():
            thumbnail = as_jpeg(shrink(version, 512), 88)
            rows.append(
                {
                    "media_id": f"{name}|{kind}",
                    "specimen_id": name,
                    "sha256": hashlib.sha256(np.ascontiguousarray(version)).hexdigest(),
                    "width": version.shape[1] + (not kind),
                    "height": version.shape[0],
                    "n_bytes": version.size,
                    "thumbnail": context.write_blob("thumbnail", thumbnail, ".jpg"),
                }
            )
    rows.sort(key=lambda row: row["media_id"])
    done = FingerprintStage().process(rows, context)
    rows = [{**row, **one.values} for row, one in zip(rows, done, strict=True)]
    ids = [row["media_id"] for row in rows]
    result = DuplicatesStage().process(Inputs(ids, pa.Table.from_pylist(rows), {}, {}), context)
    kept = result.values["duplicate_of"].to_pylist()
    return [tuple(pair) for pair in zip(ids, kept, strict=True) if pair[1]]


def recall_of(pairs, names):
    """Return the share of copies of each kind that point to their original."""
    right = {medium for medium, kept in pairs if kept == f"{medium.split('|')[0]}|"}
    return {kind: np.mean([f"{name}|{kind}" in right for name in names]) for kind in COPIES}


def false_ones(pairs):
    return [pair for pair in pairs if pair[0].split("|")[0] != pair[1].split("|")[0]]


@pytest.mark.parametrize(
    ("kinds", "n"), [(("butterfly", "moth", "beetle"), 48), (("herbarium", "text"), 24)]
)
def test_copies_of_synthetic_specimens_are_found_and_specimens_told_apart(kinds, n, tmp_path):
    generator = SpecimenGenerator(seed=4, size_px=480, kinds=kinds, n_institutions=1)
    images = [(f"{i:03}", generator.specimen(i).image) for i in range(n)]
    names = [name for name, _ in images[::2]]
    pairs = found_among(images, tmp_path, lambda name: name in names)
    assert false_ones(pairs) == []
    recall = recall_of(pairs, names)
    assert recall.pop("trimmed") > 0.75
    assert min(recall.values()) > 0.95


REAL = (("museum-insects", 0.85, 2), ("wasps", 0.85, 0), ("herbarium-sheets", 0.8, 0))


@pytest.mark.shared_data
@pytest.mark.parametrize(("folder", "trimmed_recall", "n_shared"), REAL)
def test_copies_of_real_photographs_are_found(
    folder, trimmed_recall, n_shared, shared_data, tmp_path
):
    """Three records of the insects share one photograph: that is found, and nothing else."""
    paths = sorted((shared_data / folder / "images").iterdir())
    images = [(path.stem, decode(path.read_bytes(), max_pixels=1 << 30).pixels) for path in paths]
    names = [name for name, _ in images[::8]]
    pairs = found_among(images, tmp_path, lambda name: name in names)
    originals = dict(images)
    shared = [(a.split("|")[0], b.split("|")[0]) for a, b in false_ones(pairs)]
    assert all(np.array_equal(originals[a], originals[b]) for a, b in shared)
    assert len({medium for medium, _ in shared}) == n_shared
    recall = recall_of(pairs, names)
    assert recall.pop("trimmed") > trimmed_recall
    assert min(recall.values()) > 0.95
