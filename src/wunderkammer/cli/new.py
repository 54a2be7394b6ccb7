"""``wk new``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from wunderkammer.cli.options import place, settings


@click.command(short_help="Make a collection.")
@click.argument("path", type=place)
@click.option(
    "--from",
    "origin",
    required=True,
    type=click.Path(path_type=Path),
    help="A folder of images, a table (CSV, TSV, Excel, Parquet), a Darwin Core archive, or an "
    "export of GBIF, iDigBio, the Natural History Museum, BHL, IIIF or COCO.",
)
@click.option(
    "--images",
    type=click.Path(path_type=Path),
    help="Folder of the images that a table or an archive speaks of.",
)
@click.option("--source", help="Which source reads it, where wk guesses wrong; see 'wk plugins'.")
@click.option("--title", help="Name of the collection; default: the folder's.")
@click.option(
    "--specimens", is_flag=True, help="Cut the specimens out of the photographs, turn them upright."
)
@settings
def command(
    path: str | Path,
    origin: Path,
    images: Path | None,
    source: str | None,
    title: str | None,
    specimens: bool,
    assignments: tuple[str, ...],
) -> None:
    """Make a collection in PATH from a folder, a table, a Darwin Core archive, an export.

    Writes a commented collection.toml and reads nothing yet: look into it, then
    'wk run'. What is read stays where it is; the originals are copied in by the run.
    """
    import wunderkammer
    from wunderkammer.core.template import parse_assignment
    from wunderkammer.stages.ingest import source_settings

    chosen: dict[str, Any] = source_settings(origin, images, source, base=_base(path))
    chosen["collection.title"] = title or _name(path).replace("-", " ").capitalize()
    if specimens:
        chosen |= {"cutout": {}, "upright": {}}
    chosen |= dict(parse_assignment(text) for text in assignments)
    collection = wunderkammer.create(path, chosen)
    click.echo(f"{collection.root / 'collection.toml'} reads {origin} as '{_kind(collection)}'.")
    if "ingest.source.image_list" in chosen:
        click.echo(f"File names are matched by {chosen['ingest.source.image_list']}.")
    if "collection.citation" in chosen:
        click.echo(f"To be cited as: {chosen['collection.citation']}")
    if specimens:
        click.echo("Specimens will be cut out and turned upright: [cutout] and [upright] say how.")
    else:
        click.echo("Photographs are shown whole; --specimens would cut specimens out of them.")
    where = "" if isinstance(path, Path) and path.resolve() == Path.cwd() else f" -C {path}"
    click.echo(f"Next: wk run{where}")


def _base(path: str | Path) -> Path:
    """Return what paths in collection.toml may start from; with an address none may."""
    from wunderkammer.storage.working_copy import copy_folder

    return path if isinstance(path, Path) else copy_folder(path)


def _name(path: str | Path) -> str:
    return path.resolve().name if isinstance(path, Path) else path.rstrip("/").rpartition("/")[2]


def _kind(collection: object) -> str:
    from wunderkammer.core.collection import Collection
    from wunderkammer.stages.ingest import IngestStage

    if isinstance(collection, Collection):
        stage = collection.configuration.record_stage
        if isinstance(stage, IngestStage):
            return stage.source.name
    return ""
