"""What ``atlas.json`` says of what visitors take away."""

from __future__ import annotations

from pydantic import Field

from wunderkammer.atlas.block_schemas import Block
from wunderkammer.atlas.page_schemas import Schema


class RecordGroup(Schema):
    """Columns of ``records.bin`` that are told in the same pages.

    Block ``page:<name>`` holds their pages, ``page_at:<name>`` where each begins, and the end.
    """

    name: str = Field(
        description="main: by which media are named, found and cited; more: all others."
    )
    columns: list[str] = Field(description="Which these are, in the order of an export.")


class RecordFile(Schema):
    """What the sources say of each medium, for exports, in a binary file read by range.

    The columns lie in ``groups``, each with a page for every ``per_page`` rows; ``media_id``
    is in none of them, but in block ``id`` of points.bin. A page is packed by gzip: a JSON
    object of columns by name, those without any text left out. A column has ``values``,
    distinct texts, and ``codes``, the place of each row's text among them; without ``codes``
    a text for each row, or one for all. Or it has ``letters``: the first letters of all rows'
    texts, then the second ones, and so on, one where all are the same; spaces at the end of
    a text fill up.

    In older atlases there are no groups: blocks ``page`` and ``page_at`` hold all columns,
    ``media_id`` too.
    """

    path: str = Field(description="The binary file, relative to atlas.json.")
    n: int = Field(description="Number of rows.")
    per_page: int = Field(description="Rows in a page; row r is in page r // per_page.")
    columns: list[str] = Field(
        description="Terms of Darwin Core and Audiovisual Core, in the order of an export."
    )
    groups: list[RecordGroup] = Field(
        default=[], description="Which columns are told together; none in older atlases."
    )
    picture: str = Field(
        description="Template of each medium's picture with {head}, the first two digits of its "
        "media_id, and {id}; relative to atlas.json."
    )
    blocks: list[Block] = Field(description="The arrays in the file.")
