"""Whose a picture is: licence, holder and credit of each exported medium."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from wunderkammer.vocab.licences import UNSTATED, licence

LICENCE = ("license", "UsageTerms", "rights", "WebStatement")
HOLDER = ("rightsHolder", "Owner")
CREATOR = ("creator", "creatorLiteral")
TERMS = (*LICENCE, *HOLDER, *CREATOR, "Credit", "institutionCode")
"""Terms that are read."""

_FREE = {"CC0-1.0", "PDM-1.0", "CC-PDDC"}


class Rights(NamedTuple):
    """Whose a picture is.

    Attributes
    ----------
    licence : str
        As it was stated.
    name, url : str
        What that means; the name is the statement itself where it is not understood.
    holder, creator, credit : str
        ``credit`` is the line to show.
    """

    licence: str
    name: str
    url: str
    holder: str
    creator: str
    credit: str


def rights_of(record: Mapping[str, Any], licence_else: str = "", holder_else: str = "") -> Rights:
    """Return whose a medium is.

    Parameters
    ----------
    record : mapping
        :data:`TERMS` by name; None where empty.
    licence_else, holder_else : str
        Stand where the record states none.
    """
    stated = _first(record, LICENCE)
    if not stated or licence(stated).statement == UNSTATED:
        stated = licence_else
    meant = licence(stated)
    holder = _first(record, HOLDER) or holder_else
    creator = _first(record, CREATOR)
    parts = dict.fromkeys((creator, holder, _first(record, ("institutionCode",)), meant.label))
    credit = _first(record, ("Credit",)) or ", ".join(filter(None, parts))
    return Rights(stated, meant.label, meant.url, holder, creator, credit)


def what_is_missing(rights: Rights) -> str:
    """Return why a picture cannot leave the collection, or an empty text if it can.

    Where nobody holds rights (CC0, public domain), no holder is asked for.
    """
    meant = licence(rights.licence)
    if not rights.licence or meant.statement == UNSTATED:
        return "no licence is stated"
    if not rights.holder and meant.spdx not in _FREE:
        return "no rights holder is stated"
    return ""


def licences_text(title: str, rights: Iterable[Rights]) -> str:
    """Return what a reader must know before using the pictures: licences with their holders."""
    counts: Counter[tuple[str, str]] = Counter()
    holders: dict[tuple[str, str], Counter[str]] = {}
    for one in rights:
        place = (one.name, one.url)
        counts[place] += 1
        holders.setdefault(place, Counter())[one.holder or "nobody"] += 1
    lines = [
        f"Pictures of {title}",
        "",
        "Each picture has its own licence and rights holder: see images.csv, one row a picture,",
        "with the credit line to show. The credit also stands in each file (EXIF Copyright).",
    ]
    for (name, url), number in counts.most_common():
        lines += ["", f"{name}: {number:,} pictures", *([f"  {url}"] if url else [])]
        lines += [
            f"  {number:,}  {holder}" for holder, number in holders[(name, url)].most_common()
        ]
    return "\n".join(lines) + "\n"


def _first(record: Mapping[str, Any], names: Iterable[str]) -> str:
    """Return the first of some terms that is not blank, on one line."""
    texts = (" ".join(str(record.get(name) or "").split()) for name in names)
    return next(filter(None, texts), "")
