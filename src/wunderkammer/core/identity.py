"""Stable names for media and specimens, from what their sources call them."""

from __future__ import annotations

import hashlib

ID_LENGTH = 20
"""Hex digits of an id: 80 bits, two alike among 200 million with odds of 1 in 60 million."""


def stable_id(*parts: str) -> str:
    """Return the id of a thing that its source names by ``parts``, in order.

    Parameters
    ----------
    *parts : str
        The source's own identifiers, such as an occurrence id and an image
        address. Never a position in a file.

    Returns
    -------
    str
        20 lower-case hex digits, evenly spread, safe in a file name.

    Examples
    --------
    >>> stable_id("urn:catalog:NHMUK:1", "https://example.org/1.jpg")
    'db3d448e228f599435d6'
    """
    if not any(parts):
        raise ValueError("an id needs at least one part that is not empty")
    joined = "\x1f".join(parts)
    return hashlib.sha256(joined.encode(errors="surrogatepass")).hexdigest()[:ID_LENGTH]


def derived_id(parent: str, stage: str, position: int) -> str:
    """Return the id of the medium that ``stage`` made from ``parent`` at ``position``.

    Parameters
    ----------
    parent : str
        The medium it was cut from.
    stage : str
        Name of the stage that derived it.
    position : int
        Its rank when the derived media are ordered by position in the parent.
    """
    return stable_id(parent, stage, str(position))
