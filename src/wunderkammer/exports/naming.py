"""Names of exported files: safe on every system, one for each medium, the same every time."""

from __future__ import annotations

import re

_LONGEST = 80
_DIGITS = 8
_UNSAFE = re.compile(r"[^\w.\-]+", re.ASCII)


def file_stem(media_id: str, catalog_number: str | None, taken: set[str]) -> str:
    """Return the name of a medium's file without its suffix, and note it as taken.

    Parameters
    ----------
    media_id : str
        Its first digits are added, so that several media of one specimen differ and
        a name does not depend on what else is exported.
    catalog_number : str or None
        Begins the name where there is one.
    taken : set of str
        Names that were given, in lower case: some systems do not tell cases apart.

    Examples
    --------
    >>> file_stem("43aaf6d5a7e2d6c8012f", "BMNH(E) 1/23", set())
    'BMNH_E_1_23_43aaf6d5'
    >>> file_stem("43aaf6d5a7e2d6c8012f", None, set())
    '43aaf6d5a7e2d6c8012f'
    """
    plain = _UNSAFE.sub("_", catalog_number or "").strip("._-")[:_LONGEST]
    stem = f"{plain}_{media_id[:_DIGITS]}" if plain else media_id
    if stem.lower() in taken:
        stem = f"{plain}_{media_id}"
    taken.add(stem.lower())
    return stem
