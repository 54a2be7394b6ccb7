"""Errors a user can meet: one object, shown alike by library, CLI and web."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class WunderkammerError(Exception):
    """A mistake or obstacle that a user can do something about.

    Parameters
    ----------
    message : str
        What was wanted, what was found (the value), what is allowed.
    hint : str, optional
        What to do next, as one sentence.

    Notes
    -----
    The library raises it, the CLI prints ``message`` and ``hint`` without a
    traceback, the web answers with them as ``application/problem+json``, and a
    failed medium stores both beside the name of the class.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the hint when the error crosses a process boundary."""
        return (_rebuild, (type(self), self.message, self.hint))

    def __str__(self) -> str:
        """Return the message with its hint on the same line."""
        return f"{self.message} {self.hint}".strip()


def _rebuild(kind: type[WunderkammerError], message: str, hint: str) -> WunderkammerError:
    return kind(message, hint=hint)


class ConfigurationError(WunderkammerError):
    """``collection.toml`` or an option holds something that cannot be used."""


class UnknownNameError(ConfigurationError):
    """A plug-in, stage, column or setting is called by a name nobody has."""


class NotACollectionError(WunderkammerError):
    """The folder has no ``collection.toml``, or has one where none may be."""


class NotPublishedError(WunderkammerError):
    """The folder is no site that ``wk publish`` wrote."""


class FormatError(WunderkammerError):
    """The collection is stored in a format that this version does not know."""


class DamagedFileError(WunderkammerError):
    """A stored file cannot be read; ``wk verify`` tells which, and what to do."""


class CollectionLockedError(WunderkammerError):
    """Another process is changing the collection."""


class StorageError(WunderkammerError):
    """A bucket cannot be reached, or does not hold what it should."""


class LeaseLostError(CollectionLockedError):
    """Another process has taken a collection over while this one was changing it."""


class SourceError(WunderkammerError):
    """A source of records cannot be read at all."""


class RecordError(WunderkammerError):
    """One row of a source cannot become a record; the others can."""


class ImageError(WunderkammerError):
    """One image cannot be read, decoded or used; the others can."""


class ImageMissingError(ImageError):
    """A record names an image that is not where it should be."""


class CutoutError(ImageError):
    """No usable specimen was cut out of one photograph; the others go on."""


class NotEnoughMediaError(WunderkammerError):
    """A stage needs more media than have come this far."""


class QueryError(WunderkammerError):
    """A query is not valid SQL over the collection, or would change it."""


class PartsMovedError(QueryError):
    """Another process folded parts while they were being read; asking again helps."""


class StageError(WunderkammerError):
    """A stage as a whole could not run."""


class EngineError(WunderkammerError):
    """The engine that was asked for is not there, or has not what a stage needs."""


class WorkerLostError(WunderkammerError):
    """A worker was gone before its batch was done: killed, out of memory, cut off.

    Parameters
    ----------
    message, hint : str
        As of every error.
    n_lost : int
        Workers that were lost over this one call, where an engine tries again itself.
    """

    def __init__(self, message: str, *, hint: str = "", n_lost: int = 1) -> None:
        super().__init__(message, hint=hint)
        self.n_lost = n_lost


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``"Did you mean 'x'? Known: …"`` for a name that is not known.

    Examples
    --------
    >>> nearest("resent18", ["resnet18", "vae"])
    "Did you mean 'resnet18'? Known: resnet18, vae."
    >>> nearest("zzz", ["vae"])
    'Known: vae.'
    """
    names = sorted(known)
    listing = f"Known: {', '.join(names)}." if names else "None is known."
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f"Did you mean '{close[0]}'? {listing}" if close else listing
