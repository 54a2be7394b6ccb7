"""What goes better later: which failures, after how long, and for whom."""

from __future__ import annotations

import hashlib
import re
from email.utils import parsedate_to_datetime

from wunderkammer.fetch.errors import FetchError

LONGEST_S = 86_400.0
"""A host may ask for no more than a day; then it is asked again."""

LONGEST_PAUSE_S = 300.0
"""Back-off grows no further."""

TOO_MANY = 429
UNAVAILABLE = 503
_TIMEOUT = 408
_SECONDS = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]*)?")


class Setback(Exception):  # noqa: N818 - it is no error of the program, nor yet of the medium
    """A try failed; the same may go well later.

    Parameters
    ----------
    error : FetchError
        What the medium's failure is if no try goes well.
    slow : bool
        It was waited for long and in vain.
    """

    def __init__(self, error: FetchError, *, slow: bool = False) -> None:
        super().__init__(error.message)
        self.error = error
        self.slow = slow


class Unreachable(Setback):
    """No connection could be made: the whole host is in trouble, not one medium.

    Parameters
    ----------
    host : str
        The one that cannot be reached.
    error : FetchError
    """

    def __init__(self, host: str, error: FetchError) -> None:
        super().__init__(error)
        self.host = host


class ClosedHost(Exception):  # noqa: N818 - an answer, not an error
    """The host answered 429 or 503: it wants no requests for now.

    Parameters
    ----------
    status : int
    pause_s : float or None
        Seconds it asks for, None if it does not say.
    """

    def __init__(self, status: int, pause_s: float | None) -> None:
        super().__init__(f"answered {status}")
        self.status = status
        self.pause_s = pause_s


def retry_after_s(value: str, *, date: str = "", now: float) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for.

    Parameters
    ----------
    value : str
        Seconds, or a date as HTTP writes it [1]_.
    date : str, optional
        The ``Date`` header of the same answer: with it, a date is reckoned on the
        host's own clock, however wrong that goes.
    now : float
        Unix time, for a date without it.

    Returns
    -------
    float or None
        Between 0 and a day; None if the value says nothing.

    References
    ----------
    .. [1] RFC 9110, section 10.2.3.

    Examples
    --------
    >>> retry_after_s("120", now=0)
    120.0
    >>> retry_after_s("soon", now=0) is None
    True
    """
    text = value.strip()
    if _SECONDS.fullmatch(text):
        return min(max(float(text), 0.0), LONGEST_S)
    until = _unix_time(text)
    if until is None:
        return None
    start = _unix_time(date)
    return min(max(until - (now if start is None else start), 0.0), LONGEST_S)


def _unix_time(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def worth_another_try(status: int) -> bool:
    """Tell whether an HTTP status may change by itself: 408, 429 and 5xx.

    Examples
    --------
    >>> [worth_another_try(status) for status in (200, 404, 408, 429, 500)]
    [False, False, True, True, True]
    """
    return status in {_TIMEOUT, TOO_MANY} or 500 <= status < 600


def pause_s(n_failed: int, first_s: float, seed: str) -> float:
    """Return how long to wait after so many failed tries: doubling, with full jitter.

    Parameters
    ----------
    n_failed : int
        At least 1.
    first_s : float
        Longest pause after the first.
    seed : str
        Such as the medium's id: the same one draws the same pauses.

    Returns
    -------
    float
        In [0, min(first_s * 2 ** (n_failed - 1), 300)] [1]_.

    References
    ----------
    .. [1] Brooker, M. (2015). Exponential backoff and jitter. AWS Architecture Blog.
    """
    longest = min(first_s * 2.0 ** min(n_failed - 1, 30), LONGEST_PAUSE_S)
    draw = hashlib.sha256(f"{seed}\x1f{n_failed}".encode()).digest()
    return longest * int.from_bytes(draw[:7], "big") / 2**56
