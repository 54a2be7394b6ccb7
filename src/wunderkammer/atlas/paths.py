"""Names of an atlas' files, said once."""

from __future__ import annotations

from pathlib import PurePosixPath

ATLAS = "atlas.json"
"""The entry point (schema Atlas)."""

FRONT_PAGE = "index.html"
"""The page that a visitor opens, with what this atlas is in its head."""

TILES = "tiles.json"
"""Describes the tiles in the artifact that holds them (schema Tiles); not published."""

REPRESENTATIVES = "representatives.parquet"
"""Says which media the tiles show larger, and where; absent without any; not published."""

PICTURES = "pictures.parquet"
"""Says which stored image is the picture of which medium, and which are its own tiles;
not published."""

LAYOUT = "layout.json"
"""Describes a layout in the artifact that holds its points (schema Layout); not published."""

PHOTOGRAPH = "photograph.json"
"""Describes how a page finds by a photograph, in the artifact that holds its files (schema
PhotographSearch); not published."""

PHOTOGRAPH_FOLDER = "photograph"
"""Folder of these files in a published atlas."""

MARKS = "marks.json"
"""What is written on the map of a layout (schema Marks)."""


def layout_folder(name: str) -> str:
    """Return the folder of a layout's files in a published atlas.

    Examples
    --------
    >>> layout_folder("years")
    'layouts/years'
    """
    return f"layouts/{name}"


PICTURE = "pictures/{head}/{id}.jpg"
"""Where the picture of a medium lies: ``head`` is the first two digits of its ``id``."""


def picture_path(media_id: str) -> str:
    """Return where the picture of a medium lies in a published atlas.

    Examples
    --------
    >>> picture_path("db3d448e228f599435d6")
    'pictures/db/db3d448e228f599435d6.jpg'
    """
    return PICTURE.format(head=media_id[:2], id=media_id)


def upright_path(media_id: str, cell: str) -> str:
    """Return where the cut-out of a medium lies in a published atlas; its format stays.

    Examples
    --------
    >>> upright_path("db3d448e228f599435d6", "blobs/upright/0a/0a1b.webp")
    'pictures/db/db3d448e228f599435d6.webp'
    """
    return f"pictures/{media_id[:2]}/{media_id}{PurePosixPath(cell).suffix}"


def picture_tiles_path(media_id: str) -> str:
    """Return where the tiles of a medium's own picture lie in a published atlas.

    Examples
    --------
    >>> picture_tiles_path("db3d448e228f599435d6")
    'pictures/db/db3d448e228f599435d6.pmtiles'
    """
    return f"pictures/{media_id[:2]}/{media_id}.pmtiles"
