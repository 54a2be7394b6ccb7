"""Formats of tiles: their bytes, how like the drawn tile they look, and what they cost.

    python benchmarks/tile_formats.py [--sprites 80] [--tiles 60] [--photographs FOLDER]

Tiles of 256 pixels are drawn losslessly from synthetic specimens, once as
photographs and once as cut-outs with shadows, or from a folder of real photographs
beside them. Each is then encoded with every format and quality and compared with
what was drawn. All times are CPU time of one core.
"""

import argparse
import io
import time
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from report import record, table
from wunderkammer.atlas.encoding import decode_tile, encode_tile
from wunderkammer.atlas.geometry import geometry_of
from wunderkammer.atlas.pyramid import build_pyramid
from wunderkammer.atlas.style import TileStyle
from wunderkammer.core.identity import stable_id
from wunderkammer.imaging.structural_similarity import structural_similarity
from wunderkammer.testing import SpecimenGenerator

SPRITE_PX = 160
ENOUGH = 0.985
"""Mean similarity that a default quality must reach."""

WORST = 0.975
"""Similarity of the worst of twenty tiles that it must reach."""

CHOICES = [
    *(("jpeg", quality, "") for quality in (70, 75, 80, 85, 90)),
    ("jpeg", 85, "4:4:4"),
    *(("webp", quality, "") for quality in (60, 70, 75, 80, 85, 90)),
    ("webp", 80, "method 4"),
    *(("avif", quality, "") for quality in (50, 60, 70, 80)),
    ("avif", 70, "speed 6"),
    ("png", 0, ""),
]


class Kept(dict):
    """Keeps tiles in memory."""

    def write(self, zoom, x, y, data):
        self[zoom, x, y] = data


class Portraits:
    """Shrinks each image to what is asked for."""

    def __init__(self, images):
        self._images = images

    def load(self, media_id, width, height):
        image = self._images[media_id]
        return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)


def specimens(n, *, cutout):
    """Return synthetic photographs, or their specimens with a soft rim."""
    generator = SpecimenGenerator(seed=7, size_px=512, bad_share=0)
    images = []
    for number in range(n):
        drawn = generator.specimen(number)
        image = drawn.image
        if not drawn.mask.any():
            continue
        if cutout:
            rows, columns = (np.flatnonzero(drawn.mask.any(axis=axis)) for axis in (1, 0))
            box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            alpha = cv2.GaussianBlur(drawn.mask.astype(np.uint8) * 255, (0, 0), 1)
            image = np.dstack([image, alpha])[box]
        images.append(image)
    return images


def photographs(folder, n):
    """Return the first images of a folder."""
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in {".jpg", ".jpeg"})
    return [np.asarray(Image.open(path).convert("RGB")) for path in paths[:n]]


def tiles_of(images, n_tiles):
    """Return some tiles of an atlas of images as they are drawn, from all its zooms."""
    n = len(images)
    side = int(np.ceil(np.sqrt(n)))
    places = np.stack([np.arange(n) % side, np.arange(n) // side], axis=1) * 1.12
    sizes = np.array([image.shape[1::-1] for image in images], float)
    sizes /= sizes.max(axis=1, keepdims=True)
    ids = [stable_id(str(number)) for number in range(n)]
    geometry = geometry_of(ids, places, sizes, sprite_px=SPRITE_PX, margin_px=32)
    kept = Kept()
    style = TileStyle(format="png", retina=False)
    source = Portraits(dict(zip(ids, images, strict=True)))
    report = build_pyramid(source, geometry, style=style, writer=kept)
    assert report.failures == []
    addresses = sorted(kept, reverse=True)[:: max(1, len(kept) // n_tiles)][:n_tiles]
    return [decode_tile(kept[address]) for address in addresses]


def encoder(form, quality, how):
    """Return the function that encodes a tile, as the atlas does or with one thing changed."""
    if not how:
        style = TileStyle(format=form, quality=quality or 85)
        return lambda pixels: encode_tile(pixels, style)
    import simplejpeg

    if form == "jpeg":
        return lambda pixels: simplejpeg.encode_jpeg(
            pixels, quality=quality, colorspace="RGB", colorsubsampling="444"
        )
    name, value = how.split()

    def by_pillow(pixels):
        buffer = io.BytesIO()
        options = {"quality": quality, name: int(value)}
        Image.fromarray(pixels).save(buffer, form.upper(), **options)
        return buffer.getvalue()

    return by_pillow


def timed(call, items):
    """Return the milliseconds of one call, and what each gave."""
    call(items[0])
    start = time.process_time()
    found = [call(item) for item in items]
    return (time.process_time() - start) / len(items) * 1000, found


def measured(tiles, choice):
    """Return the figures of one format and quality."""
    encode_ms, encoded = timed(encoder(*choice), tiles)
    decode_ms, decoded = timed(decode_tile, encoded)
    alike = [structural_similarity(one, other) for one, other in zip(tiles, decoded, strict=True)]
    return {
        "kb": np.mean([len(data) for data in encoded]) / 1000,
        "ssim": np.mean(alike),
        "worst": np.quantile(alike, 0.05),
        "encode_ms": encode_ms,
        "decode_ms": decode_ms,
    }


def name_of(form, quality, how):
    """Return a choice in words."""
    return " ".join(filter(None, (form, str(quality) if quality else "", how)))


def lowest(figures):
    """Return the lowest quality of each format that looks enough like the tile everywhere."""
    found = {}
    for choice in CHOICES:
        form, quality, how = choice
        one = [of_kind[choice] for of_kind in figures.values()]
        good = all(each["ssim"] >= ENOUGH and each["worst"] >= WORST for each in one)
        if good and not how and form != "png" and form not in found:
            found[form] = quality
    return found


def main():
    """Measure all and write the section."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sprites", type=int, default=80)
    parser.add_argument("--tiles", type=int, default=60)
    parser.add_argument("--photographs", type=Path, help="a folder of real JPEG photographs")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    kinds = {
        "photographs": specimens(options.sprites, cutout=False),
        "cut-outs": specimens(options.sprites, cutout=True),
    }
    if options.photographs:
        kinds["real photographs"] = photographs(options.photographs, options.sprites)
    tiles = {kind: tiles_of(images, options.tiles) for kind, images in kinds.items()}
    figures = {
        kind: {choice: measured(some, choice) for choice in CHOICES} for kind, some in tiles.items()
    }
    head = ["", "KB", "SSIM", "worst of 20", "encode ms", "decode ms"]
    parts = []
    for kind, by_choice in figures.items():
        rows = [
            [
                name_of(*choice), f"{one['kb']:.1f}", f"{one['ssim']:.4f}", f"{one['worst']:.4f}",
                f"{one['encode_ms']:.2f}", f"{one['decode_ms']:.2f}",
            ]
            for choice, one in by_choice.items()
        ]  # fmt: skip
        parts.append(f"**{len(tiles[kind])} tiles of {kind}**\n\n{table(head, rows)}")
    best = ", ".join(f"{form} {quality}" for form, quality in lowest(figures).items())
    text = (
        f"Tiles of 256 pixels with sprites of {SPRITE_PX}, one core, CPU time; SSIM against what "
        f"was drawn. The lowest quality whose mean is at least {ENOUGH} and whose worst of twenty "
        f"at least {WORST}, whatever is shown: {best}."
    )
    record("tile_formats", "Formats of tiles", "\n\n".join([text, *parts]))


if __name__ == "__main__":
    main()
