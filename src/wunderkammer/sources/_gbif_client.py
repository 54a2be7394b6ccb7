"""What is asked of GBIF, through pygbif: one question at a time, patiently."""

from __future__ import annotations

import importlib
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from wunderkammer.core.errors import SourceError

MOST_PATIENT_S = 600.0
"""Longest time that is waited where GBIF asks for a pause; beyond it the harvest stops."""

_TIMEOUT_S = 60.0
_TRIES = 5
_PASSES = frozenset({408, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Taxon:
    """A taxon as GBIF knows it."""

    key: str
    name: str


class GbifClient:
    """Asks GBIF's public routes through pygbif.

    Raises
    ------
    SourceError
        If pygbif is not installed.

    Notes
    -----
    pygbif speaks to ``api.gbif.org`` alone, through *requests*: a proxy is set by
    ``HTTPS_PROXY``, its certificate by ``REQUESTS_CA_BUNDLE``. A question that
    fails for a reason that passes (a time-out, 429, 5xx) is asked again, five
    times in all, never before the time that ``Retry-After`` names.
    """

    def __init__(self) -> None:
        self._pygbif = _pygbif()
        self._requests: Any = importlib.import_module("requests")

    def match(self, name: str) -> Taxon:
        """Return the taxon of a name.

        Raises
        ------
        SourceError
            If no taxon or several have exactly this name; says the nearest.
        """
        found = self._ask(
            lambda: self._pygbif.species.name_backbone(
                scientificName=name, verbose=True, timeout=_TIMEOUT_S
            )
        )
        usage = found.get("usage") or {}
        if usage.get("key") and _diagnostics(found).get("matchType") == "EXACT":
            return Taxon(str(usage["key"]), str(usage.get("name", name)))
        raise _no_such_taxon(name, found)

    def page(self, wanted: Mapping[str, Any], offset: int, limit: int) -> Mapping[str, Any]:
        """Return a page of occurrences: ``results``, ``count``, ``endOfRecords``."""
        return self._ask(
            lambda: self._pygbif.occurrences.search(
                **wanted, offset=offset, limit=limit, timeout=_TIMEOUT_S
            )
        )

    def dataset(self, key: str) -> Mapping[str, Any]:
        """Return what the registry says of a dataset; empty if it does not know it."""
        return self._ask(
            lambda: self._pygbif.registry.datasets(uuid=key, timeout=_TIMEOUT_S), missing={}
        )

    def _ask(
        self, question: Callable[[], Any], *, missing: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """Return the answer to a question, asked again where that may help."""
        trouble = ""
        for turn in range(1, _TRIES + 1):
            wait_s = float(2**turn) * random.uniform(0.5, 1.0)  # noqa: S311 - spreads, hides nothing
            try:
                answer = question()
            except self._requests.HTTPError as error:
                status, asked_s = _refusal(error.response)
                if status == 404 and missing is not None:
                    return missing
                trouble = f"it answered {status}"
                if status not in _PASSES:
                    raise _refused(trouble, error.response) from None
                wait_s = _patience(wait_s, asked_s)
            except (self._requests.ConnectionError, self._requests.Timeout) as error:
                trouble = f"it could not be reached ({type(error).__name__})"
            except (self._requests.JSONDecodeError, self._pygbif.gbifutils.NoResultException):
                trouble = "it answered something that is no JSON"
            else:
                if isinstance(answer, Mapping):
                    return answer
                trouble = f"it answered {type(answer).__name__}"
            if turn < _TRIES:
                time.sleep(wait_s)
        raise SourceError(
            f"GBIF gave no answer, asked {_TRIES} times: {trouble}.",
            hint="What was fetched is kept. Run the same command again later to go on.",
        )


def _pygbif() -> Any:
    """Return the library; it is large, and sets up logging for the whole program."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        return importlib.import_module("pygbif")
    except ImportError as error:
        raise SourceError(
            f"a search of GBIF needs the library pygbif, which is not here ({error}).",
            hint="Install it: pip install 'wunderkammer[gbif]'. A download needs no library.",
        ) from None
    finally:
        root.handlers[:] = before
        root.setLevel(level)


def _refusal(response: Any) -> tuple[int, float | None]:
    """Return the status of an answer and the seconds for which it asks to be left alone."""
    asked = str(response.headers.get("Retry-After", "")).strip()
    if not asked:
        return response.status_code, None
    if asked.isdecimal():
        return response.status_code, float(asked)
    try:
        return response.status_code, parsedate_to_datetime(asked).timestamp() - time.time()
    except ValueError:
        return response.status_code, None


def _patience(wait_s: float, asked_s: float | None) -> float:
    """Return how long to wait; at least as long as asked."""
    if asked_s is None:
        return wait_s
    if asked_s > MOST_PATIENT_S:
        raise SourceError(
            f"GBIF asks to be left alone for {asked_s / 60:.0f} minutes.",
            hint="What was fetched is kept. Run the same command again after that to go on.",
        )
    return max(0.0, asked_s) + random.uniform(0.0, 0.5)  # noqa: S311 - spreads, hides nothing


def _refused(trouble: str, response: Any) -> SourceError:
    said = " ".join(str(response.text).split())[:200]
    return SourceError(
        f"GBIF refused the search: {trouble}{f', {said}' if said else ''}.",
        hint="Look at the values asked for: codes are written as GBIF writes them.",
    )


def _diagnostics(found: Mapping[str, Any]) -> Mapping[str, Any]:
    return found.get("diagnostics") or {}


def _no_such_taxon(name: str, found: Mapping[str, Any]) -> SourceError:
    """Say what GBIF has in place of a name."""
    usages = [found.get("usage") or {}]
    others = _diagnostics(found).get("alternatives") or []
    usages += [one.get("usage") or {} for one in others]
    near = [f"'{one.get('name')}' ({one['key']})" for one in usages if one.get("key")][:5]
    return SourceError(
        f"GBIF has no taxon called exactly '{name}'.",
        hint=f"It has {', '.join(near)}. Give one of these names, or its key as taxon_key."
        if near
        else "Look at its spelling, or give the key as taxon_key.",
    )
