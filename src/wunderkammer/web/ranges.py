"""Parts of files as HTTP asks for them: one range at a time."""

from __future__ import annotations

import re

_ONE = re.compile(r"\s*(\d{0,19})\s*-\s*(\d{0,19})\s*\Z")


class UnsatisfiableError(ValueError):
    """No byte of the file lies in the range, or it is no range at all."""


def asked_range(header: str, size: int) -> tuple[int, int] | None:
    """Return the first byte that is asked for and the one after the last; None for the whole.

    Parameters
    ----------
    header : str
        The value of ``Range``; empty for none.
    size : int
        Bytes of the file.

    Raises
    ------
    UnsatisfiableError
        If the range is turned round, malformed, or begins after the end.

    Notes
    -----
    Several ranges in one request are answered by the whole file, as a server may: so
    no request costs more than the file has bytes.

    Examples
    --------
    >>> asked_range("bytes=2-5", 100), asked_range("bytes=-10", 100)
    ((2, 6), (90, 100))
    >>> asked_range("bytes=90-", 100), asked_range("bytes=0-999999", 100)
    ((90, 100), (0, 100))
    >>> asked_range("", 100), asked_range("bytes=0-1,5-6", 100), asked_range("lines=1-2", 100)
    (None, None, None)
    """
    unit, equals, asked = header.partition("=")
    if not equals or unit.strip().lower() != "bytes" or "," in asked:
        return None
    found = _ONE.match(asked)
    if found is None or not (found[1] or found[2]):
        raise UnsatisfiableError(header)
    if not found[1]:
        first, end = max(0, size - int(found[2])), size
    else:
        first = int(found[1])
        end = min(size, int(found[2]) + 1) if found[2] else size
        if found[2] and int(found[2]) < first:
            raise UnsatisfiableError(header)
    if first >= size or first >= end:
        raise UnsatisfiableError(header)
    return first, end
