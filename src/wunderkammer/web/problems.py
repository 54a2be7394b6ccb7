"""Problems in words: one JSON object, whichever layer of a server refuses."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi.responses import JSONResponse

from wunderkammer.core.errors import ImageMissingError, UnknownNameError, WunderkammerError
from wunderkammer.web.guards import RefusedError
from wunderkammer.web.schemas import Problem

MEDIA_TYPE = "application/problem+json"
"""What a problem is sent as."""


def problem(
    status: int, title: str, detail: str = "", headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return a problem in words.

    Parameters
    ----------
    status : int
        The status of the answer.
    title : str
        What was wanted and what was found.
    detail : str
        What to do next; may be empty.
    headers : mapping of str to str, optional
        Further headers of the answer.

    Examples
    --------
    >>> problem(404, "there is no tile here.").body
    b'{"title":"there is no tile here.","detail":"","status":404}'
    """
    told = Problem(title=title, detail=detail, status=status)
    return JSONResponse(told.model_dump(), status, dict(headers or {}), media_type=MEDIA_TYPE)


def problem_of(error: WunderkammerError) -> Problem:
    """Return what a visitor is told of an error."""
    status = 422
    if isinstance(error, RefusedError):
        status = error.status
    elif isinstance(error, UnknownNameError | ImageMissingError):
        status = 404
    return Problem(title=error.message, detail=error.hint, status=status)
