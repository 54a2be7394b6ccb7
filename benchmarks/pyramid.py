"""Tiles a second of one core, beside the way the butterflies map drew its tiles.

    python benchmarks/pyramid.py [--sprites 2000] [--sprite-px 256] [--retina]

Both draw the same atlas of synthetic JPEG thumbnails without shadows and with
Pillow's own scaling for the peer; ours is measured with its soft shadows too.
The peer opens and scales a sprite for each tile it touches, tries every address
of every zoom, compares every point with every tile, opens its four tiles again
to make a parent, and writes a file a tile. Prints JSON.
"""

import argparse
import io
import resource
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
import simplejpeg
from PIL import Image

from report import record, table
from wunderkammer.atlas.containers import DirectoryWriter, PMTilesWriter
from wunderkammer.atlas.geometry import geometry_of
from wunderkammer.atlas.pyramid import build_pyramid
from wunderkammer.atlas.sprites import EncodedSprites
from wunderkammer.atlas.style import TileStyle
from wunderkammer.core.identity import stable_id


def thumbnail(rng, longest):
    """Return a JPEG that compresses like a photograph of a specimen, and its aspect."""
    aspect = rng.choice([0.67, 0.75, 1.0, 1.33, 1.5])
    width, height = (longest, longest / aspect) if aspect >= 1 else (longest * aspect, longest)
    shape = (round(height), round(width), 3)
    coarse = cv2.resize(rng.integers(0, 256, (9, 9, 3), dtype=np.uint8), shape[1::-1])
    grain = rng.integers(-12, 12, shape)
    image = np.clip(cv2.GaussianBlur(coarse, (0, 0), 2) + grain, 0, 255).astype(np.uint8)
    return simplejpeg.encode_jpeg(image, quality=90), shape[1] / shape[0]


def wall(n, sprite_px):
    """Return the thumbnails and the geometry of a jittered wall; one in four places is empty."""
    rng = np.random.default_rng(0)
    variants = [thumbnail(rng, sprite_px) for _ in range(min(n, 400))]
    side = int(np.ceil(np.sqrt(n / 0.75)))
    places = rng.choice(side * side, n, replace=False)
    positions = np.stack([places % side, places // side], axis=1) * 1.2
    positions += rng.uniform(-0.08, 0.08, (n, 2))
    aspects = np.array([variants[i % len(variants)][1] for i in range(n)])
    sizes = np.stack([np.minimum(1, aspects), np.minimum(1, 1 / aspects)], axis=1)
    ids = [stable_id(str(number)) for number in range(n)]
    content = {name: variants[i % len(variants)][0] for i, name in enumerate(ids)}
    geometry = geometry_of(ids, positions, sizes, sprite_px=sprite_px, margin_px=sprite_px // 4)
    return content, geometry


def measured(draw):
    """Return the CPU seconds of a call and what it returned."""
    start = time.process_time()
    result = draw()
    return time.process_time() - start, result


def ours(content, geometry, folder, *, style, directory=False):
    """Build the pyramid and return the number of its tiles."""
    writer = (
        DirectoryWriter(folder / "ours", "jpg")
        if directory
        else PMTilesWriter(folder / "ours.pmtiles", "image/jpeg")
    )
    if not style.retina:
        with writer:
            source = EncodedSprites(content.__getitem__)
            return build_pyramid(source, geometry, style=style, writer=writer).n_tiles
    with writer, PMTilesWriter(folder / "ours@2x.pmtiles", "image/jpeg") as retina_writer:
        source = EncodedSprites(content.__getitem__)
        report = build_pyramid(
            source, geometry, style=style, writer=writer, retina_writer=retina_writer
        )
        return report.n_tiles


def peer(content, geometry, folder):
    """Draw the tiles as the butterflies map did, and return their number."""
    n_tiles = 0
    ids = geometry.media_ids
    left, top, width, height = geometry.boxes.T
    for zoom in range(geometry.max_zoom, -1, -1):
        for x in range(1 << zoom):
            for y in range(1 << zoom):
                path = folder / f"{zoom}-{x}-{y}.jpg"
                if zoom == geometry.max_zoom:
                    beside = (left >= (x + 1) * 256) | (left + width <= x * 256)
                    beside |= (top >= (y + 1) * 256) | (top + height <= y * 256)
                    rows = np.flatnonzero(~beside)
                    if not len(rows):
                        continue
                    tile = Image.new("RGB", (256, 256), "white")
                    for row in rows:
                        sprite = Image.open(io.BytesIO(content[ids[row]]))
                        sprite = sprite.resize((int(width[row]), int(height[row])), Image.BICUBIC)
                        tile.paste(sprite, (int(left[row]) - x * 256, int(top[row]) - y * 256))
                else:
                    tile = shrunken(folder, zoom, x, y)
                    if tile is None:
                        continue
                tile.save(path, quality=85)
                n_tiles += 1
    return n_tiles


def shrunken(folder, zoom, x, y):
    """Return the four tiles below, opened again and shrunk, or None if there is none."""
    tile = None
    for i in (0, 1):
        for j in (0, 1):
            path = folder / f"{zoom + 1}-{2 * x + i}-{2 * y + j}.jpg"
            if path.exists():
                tile = tile or Image.new("RGB", (256, 256), "white")
                tile.paste(Image.open(path).resize((128, 128), Image.BICUBIC), (128 * i, 128 * j))
    return tile


def main():
    """Measure both and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sprites", type=int, default=2000)
    parser.add_argument("--sprite-px", type=int, default=256)
    parser.add_argument("--retina", action="store_true", help="measure @2x tiles too")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    content, geometry = wall(options.sprites, options.sprite_px)
    flat = TileStyle(retina=False, shadow_opacity=0)
    styles = {"flat": flat, "shadows": TileStyle(retina=False)}
    if options.retina:
        styles["shadows and @2x"] = TileStyle()
    figures = {"n_sprites": options.sprites, "max_zoom": geometry.max_zoom}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours(*wall(20, 64), folder, style=TileStyle(retina=False))  # load the libraries
        for label, style in styles.items():
            seconds, n_tiles = measured(
                lambda style=style: ours(content, geometry, folder, style=style)
            )
            figures[label] = {
                "cpu_s": round(seconds, 2),
                "n_tiles": n_tiles,
                "tiles_per_cpu_s": round(n_tiles / seconds),
            }
        figures["peak_rss_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        seconds, n_tiles = measured(
            lambda: ours(content, geometry, folder, style=flat, directory=True)
        )
        figures["flat, directory"] = {"cpu_s": round(seconds, 2), "n_tiles": n_tiles}
        seconds, n_tiles = measured(lambda: peer(content, geometry, folder))
        figures["peer"] = {
            "cpu_s": round(seconds, 2),
            "n_tiles": n_tiles,
            "tiles_per_cpu_s": round(n_tiles / seconds),
        }
    for label in styles:
        figures[label]["cpu_of_peer"] = round(figures[label]["cpu_s"] / figures["peer"]["cpu_s"], 3)
    record("pyramid", "The pyramid", report(figures, list(styles)))


def report(figures, styles):
    """Return the figures as text."""
    rows = [
        [label, f"{one['cpu_s']:.2f}", f"{one['n_tiles']:,}",
         f"{one['n_tiles'] / one['cpu_s']:,.0f}", f"{one['cpu_s'] / figures['peer']['cpu_s']:.2f}"]
        for label, one in (
            *((f"one PMTiles file, {name}", figures[name]) for name in styles),
            ("a directory, flat", figures["flat, directory"]),
            ("per tile with Pillow, every address tried, a sprite opened for each tile it touches",
             figures["peer"]),
        )
    ]  # fmt: skip
    head = ["", "CPU-s", "tiles", "tiles / CPU-s", "CPU of the last row"]
    text = (
        f"{figures['n_sprites']:,} sprites, zooms 0 to {figures['max_zoom']}, one thread, peak RSS "
        f"{figures['peak_rss_mib']} MiB; sprites decoded from JPEG:"
    )
    return f"{text}\n\n{table(head, rows)}"


if __name__ == "__main__":
    main()
