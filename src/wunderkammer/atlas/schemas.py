"""The files of an atlas, format 1: what the server answers and ``wk publish`` writes.

``frontend/src/schema.ts`` is generated from these models (``make schema``).
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wunderkammer.atlas.alike_schemas import PhotographSearch
from wunderkammer.atlas.block_schemas import Block
from wunderkammer.atlas.page_schemas import Appearance, Schema, Translation
from wunderkammer.atlas.record_schemas import RecordFile

FORMAT = 1
"""Version of the format; a reader refuses a higher one."""

TILE_PX = 256
"""Edge of a tile in pixels at 1x; readers take it from ``atlas.json``."""

CARDS_PER_CHUNK = 256
"""Cards in one file; readers take it from ``atlas.json``."""


class Tiles(Schema):
    """The raster pyramid of one layout."""

    container: Literal["pmtiles", "directory"] = Field(
        description="One PMTiles file read by range, or one file a tile."
    )
    path: str = Field(
        description="The PMTiles file, or a template with {z}, {x} and {y}; relative to atlas.json."
    )
    retina_path: str | None = Field(
        description="The same with twice the pixels a tile (@2x), or null if there is none."
    )
    media_type: Literal["image/jpeg", "image/webp", "image/png", "image/avif"] = Field(
        description="Format of every tile."
    )
    tile_px: int = Field(description="Edge of a tile in pixels at 1x.")
    min_zoom: int = Field(description="Lowest zoom; 0 shows the whole atlas in one tile.")
    max_zoom: int = Field(description="Highest zoom with tiles; one pixel is one pixel of points.")
    background: str = Field(
        description="Colour where no tile is stored, such as #ffffff, or transparent."
    )


class Representatives(Schema):
    """Media that the tiles of one zoom show larger than they are, on top of all else.

    Block ``rep:<zoom>`` holds their rows, ascending; block ``repbox:<zoom>`` the
    box of each as it is drawn: left, top, width, height in pixels at max_zoom.
    Those of one zoom do not overlap. Lower zooms show them too, shrunken with all
    else: on a tile of zoom z the representatives of z are on top, below them
    those of z + 1 and so on, and the sprites in their own sizes at the bottom.
    """

    zoom: int = Field(description="Zoom of the tiles they are drawn on.")
    reach: float = Field(
        description="No box reaches further from the centre of its medium, along x or y, "
        "in pixels at max_zoom."
    )


class Points(Schema):
    """Every medium of the atlas as a row, in Z-order of the layout.

    Blocks ``x`` and ``y`` are the centres of the sprites in pixels of the pyramid's
    square at max_zoom, ``w`` and ``h`` their sizes in the same pixels.

    Rows are sorted by the Morton code of their centre, so the media whose
    centres lie in a tile of any zoom are one contiguous range of rows. Block
    ``index`` holds, for each tile of zoom ``index_zoom`` in Morton order (x in
    the even bits, y in the odd bits), the first row in it, and a last entry n.
    """

    path: str = Field(description="The binary file, relative to atlas.json.")
    n: int = Field(description="Number of rows.")
    index_zoom: int = Field(description="Zoom of the tiles that block index counts.")
    blocks: list[Block] = Field(description="The arrays in the file.")
    representatives: list[Representatives] = Field(
        default=[], description="Zooms that have representatives, lowest first; may be none."
    )


class IdTable(Schema):
    """Where to find a medium by its id: entries sorted by id.

    An entry is the id (10 bytes) and its row (uint32, little-endian). Ids are
    evenly spread, so a reader fetches only a window around the expected place.
    """

    path: str = Field(description="The binary file, relative to atlas.json.")
    n: int = Field(description="Number of entries.")
    entry_bytes: int = Field(description="Bytes of one entry: 14.")
    id_bytes: int = Field(description="Bytes of an id: 10.")


class ValueFile(Schema):
    """The distinct values of a column and the rows of each, in a binary file read by range.

    Value i, counted from 0, has code i + 1. Blocks: ``text`` the values in UTF-8, one
    after another, sorted by bytes; ``text_at`` where each begins, and the end;
    ``count`` the media of each; ``most`` the values with most media first;
    ``rows`` a posting list of each; ``rows_at`` where each list begins, and the end;
    ``page`` a JSON array of every ``page_values``-th value, from the first.
    """

    path: str = Field(description="The binary file, relative to atlas.json.")
    page_values: int = Field(description="Values from one entry of block page to the next.")
    blocks: list[Block] = Field(description="The arrays in the file.")


class DictionaryRef(Schema):
    """A column whose distinct values are listed once and coded by row."""

    column: str = Field(description="Name of the column, such as genus.")
    label: str = Field(description="Its name for people, such as Genus.")
    path: str = Field(
        description="Its Dictionary, relative to atlas.json; empty if it has too many values for "
        "one JSON file."
    )
    n: int = Field(description="Number of distinct values.")
    several: bool = Field(
        default=False,
        description="Whether a row may have several values; its code is then that of the first.",
    )
    values: ValueFile | None = Field(
        default=None, description="Its values and their rows by range; null in older atlases."
    )


class Value(Schema):
    """One distinct value of a column."""

    value: str = Field(description="The value as text.")
    count: int = Field(description="Media that have it.")


class Dictionary(Schema):
    """The distinct values of a column; code 0 is no value, code i is values[i - 1]."""

    column: str = Field(description="Name of the column.")
    values: list[Value] = Field(description="Sorted by value.")


class NumberRef(Schema):
    """A column of numbers, in block ``num:<column>`` of points.bin.

    Whole numbers that are at most 65,534 apart are uint16: 0 is no value, c is
    ``minimum + c - 1``. Others are float32, and NaN is no value.
    """

    column: str = Field(description="Name of the column, such as year.")
    label: str = Field(description="Its name for people, such as Year.")
    n: int = Field(description="Media that have a value.")
    minimum: float = Field(description="The least value.")
    maximum: float = Field(description="The greatest value.")
    bin_width: float = Field(
        description="Width of a bin; bin i counts from minimum + i * bin_width, excluding its end."
    )
    bins: list[int | float] = Field(
        description="Media in each bin; one of a range counts in each bin of it by a share."
    )
    ranges: bool = Field(
        default=False,
        description="Whether a value may be a range: block num:<column>:last then tells its end, "
        "coded the same.",
    )
    approximate: int = Field(
        default=0, description="Media whose value their source calls approximate, as ca. 1904."
    )


class Neighbours(Schema):
    """The most similar media of each, nearest first: k row numbers (uint32) a row.

    Row r is the ``4 * k`` bytes from ``4 * k * r``. 4294967295 fills up where there
    are fewer than k.
    """

    path: str = Field(description="The binary file, relative to atlas.json.")
    k: int = Field(description="Entries of each row.")


class SearchField(Schema):
    """A column whose words are in a search index."""

    column: str = Field(description="Name of the column, such as locality.")
    label: str = Field(description="Its name for people, such as Locality.")
    kind: Literal["dictionary", "text"] = Field(
        description="dictionary: lists tell values of the column's dictionary, from 0; text: rows."
    )


class SearchIndex(Schema):
    """Words of some columns, sorted, and where they occur, in a binary file read by range.

    Blocks: ``shard`` the entries, cut into shards; ``shard_at`` where each shard
    begins, and the end; ``shard_word`` the number of each shard's first word;
    ``first`` a JSON array of each shard's first word; ``list`` posting lists that are
    too long for an entry. With ``n_grams``: ``gram`` posting lists of word numbers,
    ``gram_at`` where each begins, and the end.
    """

    path: str = Field(description="The binary file, relative to atlas.json.")
    name: str = Field(description="What is in it: values, texts or identifiers.")
    n_words: int = Field(description="Number of distinct words.")
    fields: list[SearchField] = Field(description="The columns, by the numbers in the entries.")
    inline_bytes: int = Field(description="Posting lists up to this size stand in the entry.")
    n_grams: int = Field(
        description="Number of classes of three letters in a row; 0 if there is no such block."
    )
    blocks: list[Block] = Field(description="The arrays in the file.")


class Search(Schema):
    """How texts are made into words, and the indexes of words.

    A text is brought to Unicode NFKD, then to lower case; marks (category M) are
    dropped, each letter in ``folds`` is replaced; what lies between characters that
    are neither letters nor numbers is a word, of which the first ``max_letters`` count.
    """

    folds: dict[str, str] = Field(description="Letters and what they are replaced by.")
    max_letters: int = Field(description="Characters of a word that count.")
    indexes: list[SearchIndex] = Field(description="Those to look in first stand first.")


class Cards(Schema):
    """Where the cards lie: each file is a JSON array of the Cards of consecutive rows."""

    path: str = Field(description="Template with {chunk}; relative to atlas.json.")
    per_chunk: int = Field(description="Cards in each file; row r is in chunk r // per_chunk.")


class PlaceName(Schema):
    """What the media of a region have in common, written on the map."""

    value: str = Field(description="The name, such as a family; plain text.")
    column: str = Field(description="The column whose value it is, such as family.")
    x: int = Field(description="Where its middle stands, in pixels at max_zoom.")
    y: int = Field(description="The same from the top.")
    n: int = Field(description="Media of the region that have this value.")


class PlaceNameFile(Schema):
    """The names of one zoom, the heaviest first; drawn at their size they do not overlap."""

    zoom: int = Field(description="They are meant for this zoom and up to the next.")
    names: list[PlaceName] = Field(description="By weight.")


class PlaceNames(Schema):
    """Names to write on the map at low zooms."""

    path: str = Field(
        description="Template with {zoom}, of PlaceNameFiles; relative to atlas.json."
    )
    zooms: list[int] = Field(description="Zooms that have names, lowest first.")


class LicenceCount(Schema):
    """How many media carry a licence."""

    licence: str = Field(description="Short name, or empty for none stated.")
    n: int = Field(description="Number of media.")


class Step(Schema):
    """One stage of how the atlas was made."""

    stage: str = Field(description="Name, with its label where it has one.")
    version: str = Field(description="Version of the stage.")
    settings: dict[str, object] = Field(description="Settings that changed the result.")
    quality: dict[str, float] = Field(description="Measured figures, such as trustworthiness.")


class Plane(Schema):
    """The map of a further layout: the fields of the atlas that are others there.

    Its rows are not those of the atlas. ``points.bin`` of a plane has no ids, codes and
    numbers, and two blocks more: ``row``, uint32, the row in the atlas of each row of the
    plane; and ``at``, uint32, the row in the plane of each row of the atlas. 4294967295
    stands for none.
    """

    n_media: int = Field(description="Media on the map.")
    width: int = Field(description="Width of the laid-out area in pixels at max_zoom.")
    height: int = Field(description="Height of the laid-out area in pixels at max_zoom.")
    left: int = Field(description="Left edge of that area in the square of the pyramid.")
    top: int = Field(description="Top edge of that area in the square of the pyramid.")
    sprite_px: int = Field(description="Longest side of a normal sprite in pixels at max_zoom.")
    tiles: Tiles = Field(description="The raster pyramid.")
    points: Points = Field(description="Positions, sizes and rows, in Z-order of this layout.")
    steps: list[Step] = Field(description="How the layout was made.")


class Layout(Schema):
    """One of the layouts that a visitor may choose among."""

    name: str = Field(description="Its name in addresses; letters, digits and ._- alone.")
    title: str = Field(description="Its name for people; empty: say what its method is.")
    method: str = Field(description="How sprites are placed, such as relax or timeline.")
    marks: str | None = Field(
        description="Its Marks, relative to atlas.json; null if nothing is written on it."
    )
    plane: Plane | None = Field(
        description="Its map; null for the first, whose map is that of the atlas itself."
    )


class Atlas(Schema):
    """The entry point, ``atlas.json``."""

    format: Literal[1] = Field(description="Version of this format.")
    title: str = Field(description="Name of the collection.")
    description: str = Field(description="What it is, from whom; plain text.")
    citation: str = Field(default="", description="How to cite it.")
    publisher: str = Field(default="", description="Who publishes it.")
    website: str = Field(default="", description="The publisher's page, http or https, or empty.")
    introduction: str = Field(default="", description="A few words of welcome.")
    disclaimer: str = Field(default="", description="What visitors should know.")
    appearance: Appearance = Field(default=Appearance(), description="How the page looks.")
    translations: dict[str, Translation] = Field(
        default={}, description="The texts in further languages, by their codes."
    )
    n_media: int = Field(description="Media on the map.")
    width: int = Field(description="Width of the laid-out area in pixels at max_zoom.")
    height: int = Field(description="Height of the laid-out area in pixels at max_zoom.")
    left: int = Field(description="Left edge of that area in the square of the pyramid.")
    top: int = Field(description="Top edge of that area in the square of the pyramid.")
    sprite_px: int = Field(description="Longest side of a normal sprite in pixels at max_zoom.")
    tiles: Tiles = Field(description="The raster pyramid.")
    points: Points = Field(description="Positions, sizes, ids and codes.")
    ids: IdTable = Field(description="Look-up by id.")
    dictionaries: list[DictionaryRef] = Field(description="Columns with distinct values.")
    numbers: list[NumberRef] = Field(default=[], description="Columns of numbers.")
    neighbours: Neighbours | None = Field(
        default=None, description="Similar media, or null if they were not looked for."
    )
    photograph: PhotographSearch | None = Field(
        default=None, description="How a page finds by a photograph, or null if it cannot."
    )
    names: PlaceNames | None = Field(
        default=None, description="Names on the map, or null if no region has one."
    )
    search: Search | None = Field(
        default=None, description="Words to find media by, or null if there is no text."
    )
    cards: Cards = Field(description="What a visitor reads.")
    records: RecordFile | None = Field(
        default=None, description="What the sources say, for exports; null in older atlases."
    )
    licences: list[LicenceCount] = Field(description="Licence mix, most frequent first.")
    steps: list[Step] = Field(description="How it was made.")
    generator: str = Field(description="Name and version of the software.")
    layouts: list[Layout] = Field(
        default=[], description="What a visitor may choose among; the first is the atlas itself."
    )
