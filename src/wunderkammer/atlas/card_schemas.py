"""What a card tells of one medium."""

from __future__ import annotations

from pydantic import Field

from wunderkammer.atlas.page_schemas import Schema, When


class Rank(Schema):
    """One step of a classification."""

    rank: str = Field(description="Darwin Core name of the rank, such as family.")
    name: str = Field(description="The taxon.")
    column: str = Field(
        default="",
        description="Column that holds the taxon, to ask for it where that is a dictionary; or "
        "empty.",
    )
    value: str = Field(
        default="", description="What the column holds where that is not the name: with its author."
    )


class Fact(Schema):
    """One further line on a card."""

    term: str = Field(description="Name of the column, such as recordedBy.")
    label: str = Field(description="Its name for people, such as Collector.")
    value: str = Field(description="The value as text; never HTML.")


class PictureTiles(Schema):
    """A picture's own pyramid, for zooming in past the atlas' last zoom.

    One PMTiles file. At zoom 0 the picture fits into one tile; at the highest, a pixel
    is one of the picture, whose top left corner is that of tile 0, 0. Tiles at the
    right and at the bottom end where the picture ends; one without any visible pixel
    is not stored.
    """

    path: str = Field(description="The PMTiles file, relative to atlas.json.")
    width: int = Field(description="Width of the picture at its highest zoom in pixels.")
    height: int = Field(description="Height of the picture at its highest zoom in pixels.")
    tile_px: int = Field(description="Edge of a tile in pixels.")


class Picture(Schema):
    """An image of the medium for its card."""

    path: str = Field(description="The image, relative to atlas.json.")
    width: int = Field(description="Width of the original; the file may be smaller, same shape.")
    height: int = Field(description="Height of the original in pixels.")
    tiles: PictureTiles | None = Field(
        default=None, description="The picture at its full size in tiles, or null."
    )


class Credit(Schema):
    """To whom an image belongs and how it may be used; empty texts are unknown."""

    licence: str = Field(description="Short name, such as CC BY 4.0, or the source's own words.")
    licence_url: str = Field(description="Address of the licence, http or https, or empty.")
    rights_holder: str = Field(description="Who holds the rights.")
    creator: str = Field(description="Who made the image.")


class Card(Schema):
    """What a visitor reads about one medium. Empty texts are unknown; all is plain text.

    Fields with a default are left out of the files where they have it.
    """

    id: str = Field(description="media_id, 20 hexadecimal digits.")
    title: str = Field(description="Scientific name without its author, or a title.")
    author: str = Field(description="Author of the scientific name.")
    classification: list[Rank] = Field(description="From the highest rank to the lowest.")
    place: str = Field(description="Locality and country.")
    latitude: float | None = Field(description="Decimal degrees, WGS 84.")
    longitude: float | None = Field(description="Decimal degrees, WGS 84.")
    date: str = Field(description="For people, such as 3 February 1979.")
    when: When | None = Field(
        default=None, description="The same for programs, or null if it could not be read."
    )
    common: str = Field(default="", description="Common name, where the title is another.")
    facts: list[Fact] = Field(description="Further fields, in the order of the configuration.")
    picture: Picture | None = Field(description="The image, or null if there is none.")
    upright: Picture | None = Field(
        default=None,
        description="The specimen cut out or turned upright, or null if there is none.",
    )
    siblings: list[int] = Field(
        default=[], description="Rows of further media of the same specimen, some at most."
    )
    credit: Credit = Field(description="Licence, rights holder, creator.")
    link: str = Field(description="The source's record of it, http or https, or empty.")
    citation: str = Field(default="", description="How the source wants the record to be cited.")
