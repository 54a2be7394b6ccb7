"""What ``atlas.json`` says of a block of a binary file."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wunderkammer.atlas.page_schemas import Schema


class Block(Schema):
    """One typed array inside a binary file, little-endian, row-major."""

    name: str = Field(
        description="What it holds; in points.bin index, x, y, w, h, id, code:<column> for a "
        "dictionary's codes, num:<column> for numbers, or rep:<zoom> and repbox:<zoom> for the "
        "representatives of a zoom."
    )
    dtype: Literal["uint8", "uint16", "uint32", "float32"] = Field(description="Type of a number.")
    shape: list[int] = Field(description="Rows, and numbers a row where there are several.")
    offset: int = Field(description="First byte in the file; a multiple of 64.")
    n_bytes: int = Field(description="Length in bytes.")
