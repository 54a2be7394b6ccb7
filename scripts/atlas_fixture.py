"""Write a small atlas, and what Python reads from it, for the tests of the page.

The page reads the formats of ``wunderkammer.atlas`` in another language: its tests take the bytes
that Python writes, and expect what Python reads. With ``--check`` nothing is written, and the
script fails if the file would change.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from wunderkammer.atlas import dictionaries, records, search
from wunderkammer.atlas.alike import AlikeFile, Directions, write_alike
from wunderkammer.atlas.alike_schemas import EncoderFile, PhotographSearch
from wunderkammer.atlas.columns import ColumnChoice, write_columns
from wunderkammer.atlas.finding import find_rows
from wunderkammer.atlas.geometry import Geometry, geometry_of
from wunderkammer.atlas.neighbours import write_neighbours
from wunderkammer.atlas.place_names import write_place_names
from wunderkammer.atlas.points import write_ids, write_plane_points, write_points
from wunderkammer.atlas.record_schemas import RecordFile
from wunderkammer.atlas.representatives import Raised
from wunderkammer.atlas.schemas import Atlas, Cards, Layout, Plane, Tiles
from wunderkammer.core.identity import stable_id
from wunderkammer.imaging.preparing import Preparation, prepared

FILE = Path(__file__).resolve().parents[1] / "frontend" / "src" / "testing" / "written.json"
N = 300
SYLLABLES = ("da", "na", "us", "mor", "pho", "ca", "lo", "thy", "ris", "ze", "ke", "vin")
TYPED = (
    *("papilio", "Pap", "MORPHO", "bm", "0000211", "sören", "río", "danaus bm e", "p d"),
    *("papilo", "papiilio", "qapilio", "mropho", "müller papilio", "straße", "nothing"),
)
HOW = Preparation(8, (0.5, 0.5, 0.4), (0.25, 0.25, 0.2), "area")
PREPARATIONS = (
    *(((23, 37), HOW), ((5, 3), HOW), ((40, 16), replace(HOW, padding="edge"))),
    ((31, 19), replace(HOW, interpolation="bicubic")),
    ((6, 5), replace(HOW, interpolation="bilinear", padding="grey")),
    ((27, 44), replace(HOW, interpolation="bilinear", fit="crop", shortest_px=11)),
    ((9, 50), replace(HOW, interpolation="lanczos", fit="squash")),
    ((30, 21), replace(HOW, fit="squash")),
)
"""Images that a page prepares as Python does: height and width, and how."""


def main() -> None:
    """Write the file, or compare it with what would be written."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        text = json.dumps(fixture(Path(folder)), ensure_ascii=False) + "\n"
    if not check:
        FILE.write_text(text, "utf-8")
    elif not FILE.is_file() or FILE.read_text("utf-8") != text:
        sys.exit("The page's test atlas is behind the format. Run: python scripts/atlas_fixture.py")


def fixture(folder: Path) -> dict[str, Any]:
    """Return the files of an atlas in base64, its columns, and which rows texts find."""
    columns = sources()
    # small limits, so that a small atlas has all kinds of parts
    search.SHARD_BYTES, search.N_GRAMS = 300, 256
    dictionaries.LISTED, dictionaries.PAGE_VALUES = 40, 8
    records.ROWS_A_PAGE = 64
    atlas = written_atlas(folder, columns)
    atlas_json = json.dumps(atlas.model_dump(mode="json"))
    (folder / "atlas.json").write_text(atlas_json, "utf-8")
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        "files": {
            path.relative_to(folder).as_posix(): base64.b64encode(path.read_bytes()).decode()
            for path in paths
        },
        "columns": columns,
        "found": {typed: find_rows(folder, atlas, typed).tolist() for typed in TYPED},
        "neighbours": neighbours(N).tolist(),
        "alike": alike_of(folder, atlas),
        "prepared": [prepared_case(shape, how) for shape, how in PREPARATIONS],
    }


def sources() -> dict[str, list[str | None]]:
    """Return columns of made-up records, in the order of the rows."""
    rng = np.random.default_rng(7)
    names = ["".join(rng.choice(SYLLABLES, 4)).capitalize() for _ in range(120)]
    genera = ["Papilio", "Danaus", "Morpho", "Caligo", "Zerynthia"]
    genus = [genera[one] for one in np.minimum(np.arange(N) // 65, 4)]
    people = rng.integers(0, 40, (N, 2))
    years = rng.integers(1850, 1990, N)
    latest = max(year for row, year in enumerate(years) if row % 7 != 6)
    return {
        "genus": [None if row % 50 == 49 else genus[row] for row in range(N)],
        "scientificName": [
            f"{genus[row]} {names[one].lower()}" for row, one in enumerate(rng.integers(0, 60, N))
        ],
        "recordedBy": [
            f"{names[a]}, J. | Søren {names[b]}" if a % 3 else f"H. Müller {names[a]}"
            for a, b in people
        ],
        "locality": [
            f"Río {names[a]}, {a % 9} km" if a % 4 else "Große Straße, 東京, 𐌰𐌱𐌲"
            for a in rng.integers(0, 120, N)
        ],
        "catalogNumber": [f"BM(E){row:07}" for row in range(N)],
        "license": ["CC-BY 4.0" if row % 3 else "CC0 1.0" for row in range(N)],
        "rightsHolder": ['The Trustees, "NHM"' if row % 2 else "Kew" for row in range(N)],
        "year": [None if row % 7 == 6 else str(year) for row, year in enumerate(years)],
        "eventDate": [
            f"{year}/{min(year + row % 4, latest)}" if row % 5 == 0 and row % 7 != 6 else None
            for row, year in enumerate(years)
        ],
        "weight": [None if row % 11 else f"{row / 8}" for row in range(N)],
    }


def neighbours(n: int) -> Any:
    """Return three neighbours of each row; of the last row none."""
    found = (np.arange(n)[:, None] + [1, 7, 30]) % n
    found[-1] = found[-1, 0]
    return found.astype(np.int32)


def features() -> Any:
    """Return features of each row: twelve numbers that lie about five points."""
    rng = np.random.default_rng(3)
    return (rng.normal(size=(5, 12))[np.arange(N) % 5] + rng.normal(0, 0.4, (N, 12))).astype("f4")


def written_photograph(folder: Path) -> PhotographSearch:
    """Write the features in few bytes; the network is named and not there."""
    directions = Directions(np.full(12, 0.05, "f4"), np.eye(7, 12, dtype="f4"))
    rows = np.arange(N, dtype=np.uint32)
    path = "photograph/alike.bin"
    alike = write_alike(
        folder / path, features(), rows, directions, recall=0.5, seed=0, reference=path
    )
    encoder = EncoderFile(
        path="photograph/encoder.onnx", n_bytes=0, name="toy", n_features=12, **HOW.described()
    )
    return PhotographSearch(encoder=encoder, alike=alike, picture="image")


def alike_of(folder: Path, atlas: Atlas) -> list[dict[str, Any]]:
    """Return what Python finds like some vectors."""
    assert atlas.photograph is not None
    file = AlikeFile(folder / atlas.photograph.alike.path, atlas.photograph.alike)
    answers = []
    for row in (0, 44, 123):
        vector = np.round(features()[row] * 3, 3)
        rows, similar = file.nearest(vector, 6)
        answers.append({
            "features": vector.astype(float).round(3).tolist(),
            "rows": rows.tolist(), "similar": similar.astype(float).round(4).tolist(),
        })  # fmt: skip
    return answers


def prepared_case(shape: tuple[int, int], how: Preparation) -> dict[str, Any]:
    """Return an image, how it is prepared, and the square that Python makes of it."""
    rng = np.random.default_rng(shape[0])
    image = rng.integers(0, 256, (*shape, 3), np.uint8)
    square = prepared(image, how)
    return {
        "how": how.described(), "width": shape[1], "height": shape[0],
        "pixels": base64.b64encode(image.tobytes()).decode(),
        "square": base64.b64encode(square.tobytes()).decode(),
    }  # fmt: skip


def written_atlas(folder: Path, columns: dict[str, list[str | None]]) -> Atlas:
    """Write the files of an atlas but for ``atlas.json``, and return what that would say."""
    side = 20
    positions = np.stack([np.arange(N) % side, np.arange(N) // side], axis=1) * 1.25
    ids = [stable_id(str(number)) for number in range(N)]
    geometry = geometry_of(ids, positions, np.ones((N, 2)), sprite_px=32, margin_px=8)
    choice = ColumnChoice(
        dictionaries=("genus", "scientificName", "recordedBy"),
        numbers=("year", "weight"),
        texts=("locality",),
        identifiers=("catalogNumber",),
        names=("genus",),
    )
    empty: list[str | None] = [None] * N
    written = write_columns(
        folder, lambda name: pa.array(columns.get(name, empty), pa.string()), choice
    )
    points = write_points(folder, geometry, written.codes, numbers=written.numbers)
    layouts = written_layouts(folder, ids, geometry)
    return Atlas(
        format=1,
        layouts=layouts,
        title="Moths",
        description="",
        n_media=N,
        width=geometry.world_px,
        height=geometry.world_px,
        left=0,
        top=0,
        sprite_px=32,
        licences=[],
        steps=[],
        generator="",
        tiles=Tiles(
            container="directory",
            path="tiles/{z}/{x}/{y}.jpg",
            retina_path=None,
            media_type="image/jpeg",
            tile_px=256,
            min_zoom=0,
            max_zoom=geometry.max_zoom,
            background="#ffffff",
        ),
        points=points,
        ids=write_ids(folder, geometry.ids),
        dictionaries=written.dictionaries,
        numbers=written.ranges,
        names=write_place_names(folder, geometry, written.names),
        neighbours=write_neighbours(folder, neighbours(N), np.arange(N), 3),
        photograph=written_photograph(folder),
        search=written.search,
        records=written_records(folder, columns),
        cards=Cards(path="cards/{chunk}.json", per_chunk=100),
    )


def written_records(folder: Path, columns: dict[str, list[Any]]) -> RecordFile:
    """Write what exports tell."""
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    return records.write_records(
        folder, records.record_pages(table, list(columns)), list(columns), N
    )


def written_layouts(folder: Path, ids: list[str], first: Geometry) -> list[Layout]:
    """Write a second layout, the other way round, that lacks one medium and has one more."""
    turned = [*ids[:0:-1], stable_id("a stranger")]
    places = np.stack([np.arange(N) // 15, np.arange(N) % 15], axis=1) * 1.25
    geometry = geometry_of(turned, places, np.ones((N, 2)), sprite_px=32, margin_px=8)
    path = "layouts/turned/points.bin"
    boxes = geometry.boxes[::40].copy()
    raised = {1: Raised(np.arange(0, N, 40), boxes)}
    points = write_plane_points(folder, geometry, first.ids, raised, path)
    tiles = Tiles(
        container="directory",
        path="layouts/turned/tiles/{z}/{x}/{y}.jpg",
        retina_path=None,
        media_type="image/jpeg",
        tile_px=256,
        min_zoom=0,
        max_zoom=geometry.max_zoom,
        background="#ffffff",
    )
    plane = Plane(
        n_media=N,
        width=geometry.width,
        height=geometry.height,
        left=geometry.left,
        top=geometry.top,
        sprite_px=32,
        tiles=tiles,
        points=points,
        steps=[],
    )
    return [
        Layout(name="relax", title="", method="relax", marks=None, plane=None),
        Layout(name="turned", title="Turned", method="grid", marks=None, plane=plane),
    ]


if __name__ == "__main__":
    main()
