"""A site of synthetic media, written at once by the writers of an atlas: no stage is run.

Records are those of million_records.py, pictures those that million.py draws; families and
genera lie together, neighbours are drawn by lot.

python benchmarks/page_site.py <folder> [--n 10000] [--sprite-px 64]
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from atlas_files import STAGE, rows_of
from million import draw_pictures
from million_records import N_FAMILIES, N_GENERA, Records, family_of
from pyramid import Pool
from wunderkammer.atlas.cards import write_chunks
from wunderkammer.atlas.columns import ColumnChoice, write_columns
from wunderkammer.atlas.containers import PMTilesWriter
from wunderkammer.atlas.geometry import Geometry, geometry_of
from wunderkammer.atlas.neighbours import write_neighbours
from wunderkammer.atlas.points import write_ids, write_points
from wunderkammer.atlas.pyramid import build_pyramid
from wunderkammer.atlas.record_schemas import RecordFile
from wunderkammer.atlas.records import write_records
from wunderkammer.atlas.representatives import choose_representatives, drawn_representatives
from wunderkammer.atlas.schemas import Atlas, Tiles
from wunderkammer.atlas.style import RepresentativeStyle, TileStyle
from wunderkammer.core.identity import stable_id
from wunderkammer.engines.local import LocalEngine
from wunderkammer.stages._cards import card_chunks
from wunderkammer.stages._exported import record_pages, tells
from wunderkammer.stages.atlas import licence_counts
from wunderkammer.stages.tile import ordered_map

FREE, PITCH, ASPECTS = 1.3, 1.05, np.array([0.5, 0.67, 0.8, 0.9])
MARGIN_PX, N_NEIGHBOURS = 32, 10


@dataclass(frozen=True)
class Made:
    """What a site was made of.

    Attributes
    ----------
    records : Records
        The media, in their own order.
    where : Geometry
        Where each lies, in the order of the rows.
    pictures : Pool
        The picture of each, by its media_id.
    """

    records: Records
    where: Geometry
    pictures: Pool


def places(records: Records) -> np.ndarray:
    """Return cells of a wall with some free room: families together, and in them genera."""
    rng = np.random.default_rng(0)
    families = rng.uniform(0, 1, (N_FAMILIES, 2))
    genera = families[family_of(np.arange(N_GENERA))] + rng.normal(0, 0.07, (N_GENERA, 2))
    near = genera[records.genus] + rng.normal(0, 0.012, (records.n, 2))
    side = int(np.ceil(np.sqrt(records.n * FREE)))
    column = np.argsort(np.argsort(near[:, 0], kind="stable")) * side // records.n
    order = np.lexsort((near[:, 1], column))
    counts = np.bincount(column, minlength=side)
    within = np.arange(records.n) - np.repeat(np.cumsum(counts) - counts, counts)
    line = np.empty(records.n)
    line[order] = np.floor(within * side / counts[column[order]])
    return np.column_stack([column, line]) * PITCH


def pool(folder: Path) -> Pool:
    """Draw some thousand pictures into one file."""
    names = draw_pictures(folder / "drawn")
    path, ends = folder / "pictures", [0]
    with path.open("wb") as file:
        for name in names:
            ends.append(ends[-1] + file.write((folder / "drawn" / name).read_bytes()))
    shutil.rmtree(folder / "drawn")
    return Pool(path, np.array(ends))


def write_site(site: Path, n: int, sprite_px: int) -> Made:
    """Write the site of n media; what it is made from lies beside it."""
    site.mkdir(parents=True)
    records, pictures = Records(n), pool(site.parent)
    ids = [stable_id(str(number)) for number in range(n)]
    numbers = np.array([pictures.number(one) for one in ids])
    sizes = np.column_stack([np.ones(n), ASPECTS[numbers % len(ASPECTS)]])
    where = geometry_of(ids, places(records), sizes, sprite_px=sprite_px, margin_px=MARGIN_PX)
    chosen = choose_representatives(where, RepresentativeStyle())
    write_tiles(site / "tiles.pmtiles", where, chosen, pictures)
    write_atlas(site, records, where, drawn_representatives(where, RepresentativeStyle(), chosen))
    return Made(records, where, pictures)


def write_tiles(path: Path, where: Geometry, chosen: dict, pictures: Pool) -> None:
    """Write the pyramid, on all cores."""
    with LocalEngine() as engine, PMTilesWriter(path, "image/jpeg") as writer:
        build_pyramid(
            pictures,
            where,
            style=TileStyle(retina=False),
            writer=writer,
            representatives=chosen,
            ordered_map=ordered_map(engine),
        )


def write_atlas(site: Path, records: Records, where: Geometry, drawn: dict) -> None:
    """Write everything beside the tiles."""
    rows, order = rows_of(records, where), pa.array(where.order)
    choice = ColumnChoice(
        STAGE.dictionaries, STAGE.separator, STAGE.numbers, STAGE.texts, STAGE.identifiers
    )
    found = write_columns(site, lambda name: rows[name].take(order), choice)
    near = np.random.default_rng(0).integers(0, len(where), (len(where), N_NEIGHBOURS))
    atlas = Atlas(
        format=1,
        title="Media that never were",
        description="",
        n_media=len(where),
        width=where.width,
        height=where.height,
        left=where.left,
        top=where.top,
        sprite_px=where.sprite_px,
        tiles=Tiles(
            container="pmtiles",
            path="tiles.pmtiles",
            retina_path=None,
            media_type="image/jpeg",
            tile_px=where.tile_px,
            min_zoom=0,
            max_zoom=where.max_zoom,
            background="#ffffff",
        ),
        points=write_points(site, where, found.codes, drawn, numbers=found.numbers),
        ids=write_ids(site, where.ids),
        dictionaries=found.dictionaries,
        numbers=found.ranges,
        neighbours=write_neighbours(site, near, where.order, N_NEIGHBOURS),
        search=found.search,
        cards=write_chunks(site, card_chunks(rows, where.order, STAGE.facts)),
        records=written_records(site, rows, where),
        licences=licence_counts(rows["license"]),
        steps=[],
        generator="",
    )
    (site / "atlas.json").write_text(atlas.model_dump_json(indent=1), encoding="utf-8")


def written_records(site: Path, rows: pa.Table, where: Geometry) -> RecordFile:
    """Write what exports tell, on all cores."""
    told = [name for name in STAGE.exports if tells(rows, name)]
    with LocalEngine() as engine:
        pages = record_pages(rows, where.order, told, engine)
        return write_records(site, pages, told, len(where))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--sprite-px", type=int, default=64)
    options = parser.parse_args()
    write_site(options.folder / "site", options.n, options.sprite_px)


if __name__ == "__main__":
    main()
