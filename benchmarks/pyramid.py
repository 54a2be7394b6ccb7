"""The pyramid: beside two other ways of drawing one, and whole, and after a change of 1 %.

    python benchmarks/pyramid.py [--only window] [--sprites 150000] [--folder DIR]
    python benchmarks/pyramid.py --only whole --large     # a million sprites

A window of a large wall is drawn by us, as the butterflies map drew its tiles, and on
one dense canvas that libvips cuts up, with our sprites and with its own (``pip install pyvips
pyvips-binary``; left out if it is not there), all in one run on one thread. Then a whole wall
is drawn on all cores, drawn again with nothing changed, after 1 % of neighbours have other
pictures, and after 1 % here and there have; the last step takes all changes back and must give
the first bytes again.
Thumbnails are synthetic JPEGs of 512 px, as large in bytes as those of photographed insects.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import io
import os
import resource
import shutil
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import simplejpeg
from PIL import Image

from report import record, table
from wunderkammer.atlas.containers import PMTilesWriter
from wunderkammer.atlas.geometry import geometry_of
from wunderkammer.atlas.pyramid import build_pyramid
from wunderkammer.atlas.sprites import decode_sprite
from wunderkammer.atlas.style import RepresentativeStyle, TileStyle
from wunderkammer.atlas.tile_store import TileStore
from wunderkammer.imaging.compositing import fill_box, paint

SPRITE_PX = 160
PITCH = 1.2
FULL = 0.7
"""Share of the wall's places that are taken: with all zooms, about one tile a sprite."""

STYLES = {
    "1x, no shadows": TileStyle(retina=False, shadow_opacity=0),
    "1x": TileStyle(retina=False),
    "1x and @2x": TileStyle(),
}


@dataclass(frozen=True)
class Pool:
    """A source of thumbnails that lie in one file; a medium's number says which is its."""

    path: Path
    places: np.ndarray
    changed: frozenset[str] = field(default_factory=frozenset)

    def number(self, media_id: str) -> int:
        """Return the thumbnail of a medium; a changed medium has another."""
        return (int(media_id, 16) * 7919 + (media_id in self.changed)) % (len(self.places) - 1)

    def read(self, media_id: str) -> bytes:
        """Return a thumbnail's bytes."""
        number = self.number(media_id)
        with self.path.open("rb", buffering=0) as file:
            file.seek(self.places[number])
            return file.read(self.places[number + 1] - self.places[number])

    def load(self, media_id: str, width: int, height: int) -> np.ndarray:
        """Return a thumbnail."""
        return decode_sprite(self.read(media_id), width, height)

    def only(self, media_ids: list[str]) -> Pool:
        """Return the source of some media."""
        return Pool(self.path, self.places, self.changed & frozenset(media_ids))


def thumbnail(seed: int) -> bytes:
    """Return a JPEG of 512 px that compresses like a photograph of a specimen."""
    rng = np.random.default_rng(seed)
    aspect = (0.67, 0.75, 1.0, 1.33, 1.5)[seed % 5]
    width, height = (512, round(512 / aspect)) if aspect >= 1 else (round(512 * aspect), 512)
    smooth, wing = (
        cv2.resize(
            rng.uniform(40, 216, (n, n, 3)).astype(np.float32),
            (width, height),
            interpolation=cv2.INTER_CUBIC,
        )
        for n in (8, 6)
    )
    grain = rng.normal(0, 28, (height, width, 1)).astype(np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), 1.6)[:, :, None] * (wing[:, :, :1] > 128)
    image = np.clip(smooth + grain, 0, 255).astype(np.uint8)
    return simplejpeg.encode_jpeg(image, quality=88, colorsubsampling="444")


def pool(folder: Path, n: int) -> Pool:
    """Write thumbnails into one file and return their source."""
    path = folder / "thumbnails"
    places = [0]
    with path.open("wb") as file:
        for seed in range(n):
            places.append(places[-1] + file.write(thumbnail(seed)))
    return Pool(path, np.array(places))


def wall(n: int, n_thumbnails: int):
    """Return the geometry of a jittered wall with holes of all sizes."""
    rng = np.random.default_rng(0)
    side = int(np.ceil(np.sqrt(n / FULL)))
    holes = cv2.resize(rng.random((side // 12 + 2, side // 12 + 2)), (side, side))
    places = np.argsort(holes.ravel() + rng.random(side * side) / 3, kind="stable")[:n]
    positions = np.stack([places % side, places // side], axis=1) * PITCH
    positions += rng.uniform(-0.08, 0.08, (n, 2))
    aspects = np.array([0.67, 0.75, 1.0, 1.33, 1.5])[np.arange(n) * 7919 % n_thumbnails % 5]
    sizes = np.stack([np.minimum(1, aspects), np.minimum(1, 1 / aspects)], axis=1)
    ids = [f"{number:020x}" for number in range(n)]
    return geometry_of(ids, positions, sizes, sprite_px=SPRITE_PX, margin_px=SPRITE_PX // 4)


# --- a window, four ways, one thread -------------------------------------------------


def ours(source, geometry, folder, style) -> int:
    """Build the pyramid into PMTiles and return the number of tiles."""
    paths = [folder / "1x.pmtiles", folder / "2x.pmtiles"]
    with PMTilesWriter(paths[0], "image/jpeg") as writer:
        if not style.retina:
            return build_pyramid(source, geometry, style=style, writer=writer).n_tiles
        with PMTilesWriter(paths[1], "image/jpeg") as retina:
            return build_pyramid(
                source, geometry, style=style, writer=writer, retina_writer=retina
            ).n_tiles


def butterflies(source, geometry, folder) -> int:
    """Draw tiles as the butterflies map did, without shadows; return their number."""
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
                        sprite = Image.open(io.BytesIO(source.read(ids[row])))
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


def dense(source, geometry, folder) -> int:
    """Paste each sprite once on one canvas, without shadows, and have libvips cut it up."""

    def sprite(name: str, width: int, height: int) -> np.ndarray:
        return fill_box(source.load(name, width, height), width, height)

    return cut_up(geometry, folder, sprite)


def libvips(source, geometry, folder) -> int:
    """Paste and cut up the same, with sprites that libvips decodes and shrinks, too."""
    import pyvips

    def sprite(name: str, width: int, height: int) -> np.ndarray:
        content = source.read(name)
        return pyvips.Image.thumbnail_buffer(content, width, height=height, crop="centre").numpy()

    return cut_up(geometry, folder, sprite)


def cut_up(geometry, folder, sprite_of) -> int:
    """Paste sprites on one canvas, have libvips cut it up, and return the number of tiles."""
    import pyvips

    canvas = np.full((geometry.world_px, geometry.world_px, 3), 255, np.uint8)
    for name, (left, top, width, height) in zip(
        geometry.media_ids, geometry.boxes.tolist(), strict=True
    ):
        paint(canvas, sprite_of(name, width, height), None, left, top)
    image = pyvips.Image.new_from_array(canvas)
    image.dzsave(
        str(folder / "dense"), layout="google", tile_size=256, suffix=".jpg[Q=85]", skip_blanks=0
    )
    return sum(1 for _ in (folder / "dense").rglob("*.jpg"))


def measured(draw, *args):
    """Return the CPU seconds of a call on one thread, its peak memory in MiB and what it gave."""
    os.environ["VIPS_CONCURRENCY"] = "1"
    cv2.setNumThreads(1)
    draw_small = wall(20, 5)
    with tempfile.TemporaryDirectory() as name:
        if draw not in {dense, libvips}:
            draw(args[0], draw_small, Path(name), *args[3:])  # load the libraries
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    result = draw(*args)
    seconds = time.process_time() - start
    return seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10, result


def alone(call, *args):
    """Call in a process of its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        return executor.submit(call, *args).result()


def window(folder: Path, n: int, n_thumbnails: int) -> None:
    """Measure a window and write its section."""
    source, geometry = pool(folder, n_thumbnails), wall(n, n_thumbnails)
    ways = {f"ours, {name}": (ours, (style,)) for name, style in STYLES.items()}
    ways["as the butterflies map, no shadows"] = (butterflies, ())
    try:
        import pyvips  # noqa: F401
    except ImportError:
        pass
    else:
        ways["our sprites on one canvas, cut up by libvips, no shadows"] = (dense, ())
        ways["all by libvips: thumbnail, one canvas, dzsave, no shadows"] = (libvips, ())
    figures = {}
    for name, (draw, more) in ways.items():
        target = folder / "window"
        target.mkdir()
        figures[name] = alone(measured, draw, source, geometry, target, *more)
        shutil.rmtree(target)
    base = figures["ours, 1x, no shadows"][0]
    rows = [
        [name, f"{seconds:.2f}", f"{n_tiles:,}", f"{n_tiles / seconds:,.0f}", rss,
         f"{seconds / base:.1f}"]
        for name, (seconds, rss, n_tiles) in figures.items()
    ]  # fmt: skip
    head = ["", "CPU-s", "tiles", "tiles / CPU-s", "memory, MiB", "CPU of the first row"]
    size = source.places[-1] / n_thumbnails / 1000
    text = (
        f"{n:,} sprites of {SPRITE_PX} px on {geometry.world_px:,} px, one thread, thumbnails of "
        f"512 px and {size:.0f} KB decoded each time they are opened; memory beside what was there "
        "before. A tile of a row with @2x is two images:"
    )
    record("pyramid", "The pyramid, a window of it four ways", f"{text}\n\n{table(head, rows)}")


# --- a whole wall, all cores ----------------------------------------------------------


def build(source: Pool, n: int, n_thumbnails: int, folder: Path, style: TileStyle):
    """Build the pyramid of a wall with its store; return what it took and the digest of it."""
    # Here and not above: workers, which import this file, are to load what they need alone.
    from wunderkammer.atlas.representatives import choose_representatives
    from wunderkammer.engines.local import LocalEngine
    from wunderkammer.stages.tile import ordered_map

    geometry = wall(n, n_thumbnails)
    numbers = np.array([source.number(name) for name in geometry.media_ids], "<u8")
    pictures = numbers.view(np.uint8).reshape(-1, 8)
    clock = time.perf_counter()
    used = sum_of_cpu()
    paths = [folder / "1x.pmtiles", folder / "2x.pmtiles"][: 1 + style.retina]
    with LocalEngine() as engine:
        chosen = choose_representatives(geometry, RepresentativeStyle())
        store = TileStore(folder / "store", pictures)
        draw = functools.partial(
            build_pyramid, source, geometry, style=style, representatives=chosen,
            ordered_map=ordered_map(engine), store=store,
        )  # fmt: skip
        with PMTilesWriter(paths[0], "image/jpeg") as writer:
            if style.retina:
                with PMTilesWriter(paths[1], "image/jpeg") as retina:
                    report = draw(writer=writer, retina_writer=retina)
            else:
                report = draw(writer=writer)
        store.keep(paths, report.records, report.subtrees)
    wall_s, cpu_s = time.perf_counter() - clock, sum_of_cpu() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak += engine.n_workers * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return {
        "wall_s": wall_s, "cpu_s": cpu_s, "rss_mib": peak >> 10, "n_tiles": report.n_tiles,
        "n_drawn": report.n_drawn, "gb": (report.n_bytes + report.n_retina_bytes) / 1e9,
        "store_gb": sum(path.stat().st_size for path in (folder / "store").glob("*.pixels")) / 1e9,
        "digest": digest.hexdigest(),
    }  # fmt: skip


def sum_of_cpu() -> float:
    """Return the CPU seconds of this process and of its finished children."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in usages)


def whole(folder: Path, n: int, n_thumbnails: int, *, retina: bool, name: str) -> None:
    """Measure a whole wall and 1 % changes, and write their section."""
    source = pool(folder, n_thumbnails)
    ids = wall(n, n_thumbnails).media_ids
    k = n // 100
    clustered = frozenset(ids[n // 3 : n // 3 + k])
    scattered = frozenset(np.random.default_rng(1).choice(ids, k, replace=False).tolist())
    target = folder / "whole"
    target.mkdir()
    style = STYLES["1x and @2x" if retina else "1x"]
    steps = {
        "from nothing": frozenset(),
        "nothing changed": frozenset(),
        "1 % of neighbours have other pictures": clustered,
        "these taken back": frozenset(),
        "1 % here and there have other pictures": scattered,
        "these taken back, too": frozenset(),
    }
    figures = {
        step: alone(
            build, Pool(source.path, source.places, changed), n, n_thumbnails, target, style
        )
        for step, changed in steps.items()
    }
    first = figures["from nothing"]
    same = all(figures[step]["digest"] == first["digest"] for step in steps if not steps[step])
    rows = [
        [step, f"{one['wall_s']:.1f}", f"{one['cpu_s']:.1f}", f"{one['n_drawn']:,}",
         f"{one['n_drawn'] / one['n_tiles']:.1%}", f"{one['wall_s'] / first['wall_s']:.1%}",
         f"{one['cpu_s'] / first['cpu_s']:.1%}", f"{one['rss_mib']:,}"]
        for step, one in figures.items()
    ]  # fmt: skip
    head = ["", "s", "CPU-s", "tiles drawn", "of all", "time", "CPU time", "memory, MiB"]
    cores = len(os.sched_getaffinity(0))
    text = (
        f"{n:,} sprites of {SPRITE_PX} px, {first['n_tiles']:,} tiles "
        f"({'1x and @2x' if retina else '1x'}, with shadows and representatives), {cores} "
        f"processes: {first['n_tiles'] / first['cpu_s']:,.0f} tiles a CPU-second from nothing. "
        f"PMTiles {first['gb']:.2f} GB, the store's pixels {first['store_gb']:.2f} GB. Memory is "
        "the driver's and all workers'. Whenever changes are taken back, the bytes are "
        f"{'those of the first row' if same else 'OTHERS THAN THOSE OF THE FIRST ROW'}:"
    )
    record(name, f"The pyramid, {n:,} sprites whole", f"{text}\n\n{table(head, rows)}")


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--only", choices=["window", "whole"])
    parser.add_argument("--window-sprites", type=int, default=2351)
    parser.add_argument("--sprites", type=int, default=150_000)
    parser.add_argument("--thumbnails", type=int, default=2000)
    parser.add_argument("--retina", action="store_true", help="draw the whole wall at @2x, too")
    parser.add_argument("--large", action="store_true", help="a million sprites; some 25 GB")
    parser.add_argument("--folder", type=Path, help="where to work; default: the system's")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        if options.only != "whole":
            window(folder, options.window_sprites, options.thumbnails)
        if options.only != "window":
            n, section = (1_000_000, "million") if options.large else (options.sprites, "whole")
            section = f"pyramid.{section}{'.retina' if options.retina else ''}"
            whole(folder, n, options.thumbnails, retina=options.retina, name=section)


if __name__ == "__main__":
    main()
