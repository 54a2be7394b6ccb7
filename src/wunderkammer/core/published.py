"""Verification of a published site: each of its files held against what was noted of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from wunderkammer.core.ahead import ahead
from wunderkammer.core.errors import NotPublishedError
from wunderkammer.core.findings import Cure, Fault, Finding, Remedy, Verification, Wanted, unheard
from wunderkammer.core.publishing import ENTRIES, PUBLISHED
from wunderkammer.core.sums import SUMS, Sum, each_known, sum_of

_THREADS = 4
_WAITING = 64

_AGAIN = "publish again: 'wk publish {site} -C COLLECTION' puts it back"
_COPIED = "; a site that was copied from elsewhere is copied again."
_LINKED = (
    "the collection's own file has these bytes too, for it has two names: there "
    "'wk verify --repair' and 'wk run', then 'wk publish {site} -C COLLECTION'."
)


def verify_site(
    site: Path, *, quick: bool = False, each: Callable[[int, int], None] = unheard
) -> Verification:
    """Hold every file of a published site against its digest; nothing is changed.

    Parameters
    ----------
    site : Path
        A folder that ``wk publish`` wrote, or a copy of one on any host.
    quick : bool
        Look at lengths only, and whether files are there.
    each : callable, optional
        Is told after each file how many were looked at, and how many bytes.

    Returns
    -------
    Verification
        What else lies in the folder is nobody's business: it was not published.

    Raises
    ------
    NotPublishedError
        If nothing was published there.
    """
    result, start = Verification(), time.perf_counter()
    if (site / SUMS).exists():
        _look(site, result, each, quick=quick)
    elif (site / PUBLISHED).exists():
        detail = "publishing did not come to its end, or was done by a version that noted nothing"
        result.findings.append(Finding(SUMS, Fault.MISSING, detail))
    else:
        raise NotPublishedError(
            f"{site} is no published site: it has no {SUMS}.",
            hint="Name a folder that 'wk publish' wrote; for a collection 'wk verify -C FOLDER'.",
        )
    result.findings.sort(key=lambda one: one.path)
    result.remedies = [_remedy(site, one) for one in result.findings]
    result.left = list(result.findings)
    result.seconds = time.perf_counter() - start
    return result


def _look(
    site: Path, result: Verification, each: Callable[[int, int], None], *, quick: bool
) -> None:
    """Look at each file that was noted; a few at the same time, few wait."""

    def wanted() -> Iterator[Wanted]:
        for one in each_known(site):
            if one is None:
                result.findings.append(Finding(SUMS, Fault.DAMAGED_NOTES))
            elif _is_below(one[0]):
                yield Wanted(one[0], (one[1],))

    looked = partial(_actual, site, quick)
    for one, found in ahead(looked, wanted(), n_threads=_THREADS, n_waiting=_WAITING):
        result.n_files += 1
        result.n_bytes += max(found.n_bytes, 0) if found else 0
        each(result.n_files, result.n_bytes)
        if not one.is_met_by(found):
            fault = Fault.MISSING if found is None else Fault.OTHER_BYTES
            result.findings.append(Finding(one.path, fault))


def _actual(site: Path, quick: bool, wanted: Wanted) -> tuple[Wanted, Sum | None]:
    """Return the digest of a file, that which is wanted if only its length was looked at."""
    path, (noted,) = site / wanted.path, wanted.sums
    try:
        if not quick:
            return wanted, sum_of(path)
        n_bytes = path.stat().st_size
    except FileNotFoundError:
        return wanted, None
    except OSError:
        return wanted, Sum("", -1)
    return wanted, noted if noted.n_bytes == n_bytes else Sum("", n_bytes)


def _is_below(name: str) -> bool:
    """Tell whether a name leads nowhere else; damaged notes may say anything."""
    pure = PurePosixPath(name)
    return bool(pure.parts) and not pure.is_absolute() and ".." not in pure.parts


def _remedy(site: Path, finding: Finding) -> Remedy:
    """Return what a file is of a site, and what to do."""
    path = site / finding.path
    if finding.path == SUMS:
        return Remedy(Cure.PERSON, "digests of all files", f"{_AGAIN.format(site=site)}.")
    if finding.fault is Fault.OTHER_BYTES and path.is_file() and path.stat().st_nlink > 1:
        return Remedy(Cure.PERSON, _what(finding.path), _LINKED.format(site=site))
    return Remedy(Cure.PERSON, _what(finding.path), _AGAIN.format(site=site) + _COPIED)


def _what(name: str) -> str:
    pure = PurePosixPath(name)
    if pure.parts[0] == "pictures":
        return f"a picture of the medium {pure.stem}"
    if name in ENTRIES:
        return "what a visitor's browser begins with"
    return "the list of what was published" if name == PUBLISHED else "a file of the atlas"
