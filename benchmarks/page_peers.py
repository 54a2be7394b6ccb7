"""The page beside PixPlot's and Embedding Atlas': the same media and Chromium, one run.

Neither peer is a dependency. Fetch what their pages are made of, and name the folders:

pip download --no-deps pixplot==0.0.112 && tar xf pixplot-0.0.112.tar.gz
pip download --no-deps embedding-atlas==0.26.0 && unzip embedding_atlas-0.26.0-*.whl -d ea
python benchmarks/page_peers.py --pixplot pixplot-0.0.112/pixplot
    --embedding-atlas ea/embedding_atlas [--n 100000]

Both need WebGL or WebGPU, which Chromium here computes without a GPU (SwiftShader). Data are
written as the peers' own code writes them; it is not run, since it wants TensorFlow or models.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from PIL import Image
from playwright.sync_api import Error as PageError

import report
from atlas_files import rows_of
from page_host import served
from page_site import Made, write_site
from page_visit import LATENCY_MS, LINE_MBIT, SCREEN, Visit, chromium, drags, pace, visit, zooms
from report import record, table
from wunderkammer.atlas.sprites import decode_sprite
from wunderkammer.stages.publish import PAGE

CELL_PX, LOD_PX, ATLAS_PX = 32, 128, 2048
SOFTWARE = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader",
            "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader")  # fmt: skip
PATIENCE_MS = 180_000
COLUMNS = ("scientificName", "family", "genus", "sex", "country", "locality", "recordedBy",
           "catalogNumber", "eventDate")  # fmt: skip
OURS = "document.documentElement.dataset.ready"
PIXPLOT = "document.querySelector('#enter-button.active')"
EMBEDDING_ATLAS = "/ points/.test(document.body?.innerText)"
REFUSED = "(/WebGPU is unavailable[^\\n]*/.exec(document.body.innerText) ?? [''])[0]"


# --- PixPlot's format: sheets of 2048 px with cells of 32, a JSON of places ------------


def write_pixplot(made: Made, package: Path, out: Path) -> None:
    """Write what pixplot.py writes for one layout, but for originals and clusters."""
    shutil.copytree(package / "web", out)
    page = out / "index.html"
    # a font of another host, which cannot be reached here, is not to count
    page.write_text(
        re.sub(r"<link href='https://fonts[^>]*>", "", page.read_text("utf-8")), "utf-8"
    )
    data = out / "data"
    cells, sizes, places = Cells(made), [], []
    for number, sheet, where, size in sheets(cells, len(made.where)):
        (data / "atlases").mkdir(parents=True, exist_ok=True)
        Image.fromarray(sheet).save(data / "atlases" / f"atlas-{number}.jpg")
        sizes.append(size)
        places.append(where)
    thumbnails(made, cells, data / "thumbs")
    centres = made.where.centres
    positions = 2 * (centres - centres.min(0)) / np.ptp(centres) - 1
    write(data / "layouts" / "umap.json", np.round(positions * [1, -1], 5).tolist())
    write(data / "hotspots" / "hotspot.json", [])
    names = [f"{one}.jpg" for one in made.where.media_ids]
    write(data / "imagelists" / "imagelist.json", {
        "cell_sizes": sizes, "images": names,
        "atlas": {"count": len(sizes), "positions": places},
    })  # fmt: skip
    write(data / "manifest.json", manifest(len(names)))


def manifest(n: int) -> dict[str, Any]:
    """Return what pixplot.py's get_manifest returns."""
    grid = 1 / np.ceil(np.sqrt(n))
    shares = {"min": 0, "grid": 1, "max": 1.2, "scatter": 0.2, "initial": 0.2, "categorical": 0.6,
              "geographic": 0.025}  # fmt: skip
    path = "data/layouts/umap.json"
    variant = {"n_neighbors": 15, "min_dist": 0.01, "layout": path, "jittered": path}
    return {
        "version": "0.0.112", "plot_id": "page", "output_directory": "output",
        "layouts": {"umap": {"variants": [variant]}}, "initial_layout": "umap",
        "point_sizes": {name: grid * share for name, share in shares.items()},
        "imagelist": "data/imagelists/imagelist.json", "atlas_dir": "data/atlases",
        "metadata": False, "default_hotspots": "data/hotspots/hotspot.json",
        "custom_hotspots": "data/hotspots/user_hotspots.json",
        "config": {"sizes": {"atlas": ATLAS_PX, "cell": CELL_PX, "lod": LOD_PX}},
    }  # fmt: skip


class Cells:
    """The few pictures that stand for all, scaled once: cells of 32 px and thumbnails of 128."""

    def __init__(self, made: Made) -> None:
        self.numbers = [made.pictures.number(one) for one in made.where.media_ids]
        self.cells, self.thumbs, first = {}, {}, {}
        for name, number in zip(made.where.media_ids, self.numbers, strict=True):
            first.setdefault(number, name)
        for number, name in first.items():
            image = Image.fromarray(decode_sprite(made.pictures.read(name), LOD_PX, LOD_PX))
            wide, high = image.size
            self.cells[number] = np.asarray(image.resize((max(1, CELL_PX * wide // high), CELL_PX)))
            self.thumbs[number] = image.resize(_within(wide, high, LOD_PX))


def _within(wide: int, high: int, px: int) -> tuple[int, int]:
    scale = px / max(wide, high)
    return max(1, round(wide * scale)), max(1, round(high * scale))


def sheets(cells: Cells, n: int) -> Iterator[tuple[int, np.ndarray, list, list]]:
    """Yield sheets full of cells, row by row, with place and size of each cell."""
    sheet, number, x, y = np.zeros((ATLAS_PX, ATLAS_PX, 3), np.uint8), 0, 0, 0
    places: list[list[int]] = []
    sizes: list[list[int]] = []
    for row in range(n):
        cell = cells.cells[cells.numbers[row]]
        wide = cell.shape[1]
        if x + wide > ATLAS_PX:
            x, y = 0, y + CELL_PX
        if y + CELL_PX > ATLAS_PX:
            yield number, sheet, places, sizes
            sheet, number, x, y, places, sizes = np.zeros_like(sheet), number + 1, 0, 0, [], []
        sheet[y : y + CELL_PX, x : x + wide] = cell
        places.append([x, y])
        sizes.append(list(cells.thumbs[cells.numbers[row]].size))
        x += wide
    yield number, sheet, places, sizes


def thumbnails(made: Made, cells: Cells, folder: Path) -> None:
    """Write a thumbnail of each medium: the same file under many names."""
    folder.mkdir(parents=True)
    written: dict[int, Path] = {}
    for name, number in zip(made.where.media_ids, cells.numbers, strict=True):
        path = folder / f"{name}.jpg"
        if number in written:
            os.link(written[number], path)
        else:
            cells.thumbs[number].save(path)
            written[number] = path


# --- Embedding Atlas' format: its page, and a table -------------------------------------


def write_embedding_atlas(made: Made, package: Path, out: Path) -> None:
    """Write what export_to_folder writes: dots with their columns, no pictures."""
    shutil.copytree(package / "static", out)
    rows = rows_of(made.records, made.where).take(made.where.order).select(list(COLUMNS))
    centres = made.where.centres
    for name, cells in (("x", centres[:, 0]), ("y", -centres[:, 1]), ("row", np.arange(len(rows)))):
        rows = rows.append_column(name, [cells])
    (out / "data").mkdir()
    pq.write_table(rows, out / "data" / "dataset.parquet")
    props = {"data": {"id": "row", "projection": {"x": "x", "y": "y"}, "text": "scientificName"},
             "embeddingViewLabels": "disabled"}  # fmt: skip
    database = {"type": "wasm", "load": True}
    write(out / "data" / "metadata.json", {"props": props, "isStatic": True, "database": database})


def write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


# --- side by side ----------------------------------------------------------------------


def look(folders: tuple[Path, ...], shown: str, shots: Path | None, name: str) -> list[str]:
    """Return bytes published, time and bytes to the first picture, frames a second, memory."""
    flags = () if name == "Wunderkammer" else SOFTWARE
    published = sum(_size(folder) for folder in folders)
    with served(*folders) as address, chromium(*flags) as browser, visit(browser) as one:
        one.page.set_default_timeout(PATIENCE_MS)
        try:
            first = one.open(address, shown)
        except PageError as error:
            return [f"{published / 1e6:,.0f} MB", str(error).splitlines()[0], *[""] * 5]
        n_bytes = one.n_bytes(first)
        enter(one)
        if shots:
            one.page.screenshot(path=shots / f"{name}.png")
        refused = one.page.evaluate(REFUSED)
        if refused:
            held = f"{one.heap()['tab']:,.0f} MB"
            return [f"{published / 1e6:,.0f} MB", f"none: “{refused}”", "", "", "", "", held]
        panned = one.frames(drags(one.page, 2, 20))
        zoomed = one.frames(zooms(one.page, [1, 1, -1]))
        if shots:
            one.page.screenshot(path=shots / f"{name} after.png")
        held = one.heap()
        return [
            f"{published / 1e6:,.0f} MB",
            f"{first / 1000:.1f} s",
            f"{n_bytes / 1e6:.1f} MB",
            pace(panned),
            pace(zoomed),
            f"{held['objects'] + held['arrays']:.0f} MB",
            f"{held['tab']:,.0f} MB",
        ]


def enter(one: Visit) -> None:
    """Go on where a page waits to be entered; then let it come to rest."""
    button = one.page.locator("#enter-button.active")
    if button.count():
        button.click()
    one.page.wait_for_timeout(8_000)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pixplot", type=Path, required=True)
    parser.add_argument("--embedding-atlas", type=Path, required=True)
    parser.add_argument("--n", type=int, default=100_000)
    parser.add_argument("--screenshots", type=Path, help="a folder for pictures to look at")
    parser.add_argument("--page", type=Path, default=report.PAGE)
    options = parser.parse_args()
    report.PAGE = options.page
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = write_site(folder / "site", options.n, 64)
        write_pixplot(made, options.pixplot, folder / "pixplot")
        write_embedding_atlas(made, options.embedding_atlas, folder / "dots")
        pages = {
            "Wunderkammer": ((PAGE, folder / "site"), OURS),
            "PixPlot 0.0.112": ((folder / "pixplot",), PIXPLOT),
            "Embedding Atlas 0.26.0": ((folder / "dots",), EMBEDDING_ATLAS),
        }
        found = []
        for one, page in pages.items():
            found.append([one, *look(*page, options.screenshots, one)])
            print(found[-1], flush=True)
    head = ["", "published", "first picture", "read before it", "frames/s, dragged",
            "frames/s, zoomed", "JS heap", "whole tab"]  # fmt: skip
    about = (
        f"{options.n:,} synthetic media, software rendering, {SCREEN['width']} x "
        f"{SCREEN['height']}, {LINE_MBIT} Mbit/s and {LATENCY_MS} ms a request as Chromium "
        "simulates them. First picture: here all tiles of the window; PixPlot's when its button "
        "to enter is ready (it has then read all sheets); Embedding Atlas' when it tells how many "
        "points it has, in dots. Frames as in the section above. PixPlot with thumbnails and "
        "without originals; Embedding Atlas without pictures, which its table would hold. "
        "Published of them: Embedding Atlas shows a few million dots, no pictures, and needs "
        "WebGPU (its issues 90 and 244); of 600,000 images PixPlot showed about half, and 270,000 "
        "stopped the graphics system (its issues 186 and 67)."
    )
    record("page_peers", "The page beside its peers", f"{about}\n\n{table(head, found)}")


if __name__ == "__main__":
    main()
