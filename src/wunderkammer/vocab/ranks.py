"""Taxonomic ranks in order, and the classification of a record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

RANKS = (
    "kingdom",
    "phylum",
    "class",
    "order",
    "superfamily",
    "family",
    "subfamily",
    "tribe",
    "subtribe",
    "genus",
    "subgenus",
    "species",
    "subspecies",
)
"""Ranks from wide to narrow. All but the last two are Darwin Core columns of that name."""

_DOUBT = {"sp", "spp", "cf", "aff", "nr", "near", "indet", "ssp", "subsp", "var", "f", "forma"}
_BELOW = {"ssp", "subsp", "var", "f", "forma", "subvar", "morph", "ab"}
_CROSS = "\N{MULTIPLICATION SIGN}"
_EPITHET = re.compile(r"^[a-zà-ÿ][a-zà-ÿ-]+$")
_GENUS = re.compile(r"^[A-ZÀ-Þ][a-zà-ÿ-]+$")
_PARTICLES = {"de", "du", "von", "van", "der", "den", "et", "ex", "in", "and", "auct", "non", "nec"}


@dataclass(frozen=True, slots=True)
class NameParts:
    """The parts of a scientific name that could be read; empty where there is none."""

    genus: str = ""
    subgenus: str = ""
    specific: str = ""
    infraspecific: str = ""


def name_parts(scientific_name: str) -> NameParts:
    """Return the parts of a name, leaving out whatever is in doubt.

    Parameters
    ----------
    scientific_name : str
        With or without author; ``sp.``, ``cf.`` and ``aff.`` end the reading,
        so an open name never counts as the species it resembles. Of a hybrid
        formula only the first parent's genus is read.

    Examples
    --------
    >>> name_parts("Parnassius (Parnassius) apollo (Linnaeus, 1758)").specific
    'apollo'
    >>> name_parts("Cerceris compar compar Cresson").infraspecific
    'compar'
    >>> name_parts("Cerceris cf. compar")
    NameParts(genus='Cerceris', subgenus='', specific='', infraspecific='')
    """
    words = scientific_name.replace(_CROSS, f" {_CROSS} ").split()
    if not words or not _GENUS.match(words[0]):
        return NameParts()
    genus, rest, subgenus = words[0], words[1:], ""
    if rest and re.fullmatch(r"\([A-ZÀ-Þ][a-zà-ÿ-]+\)", rest[0]):
        subgenus, rest = rest[0].strip("()"), rest[1:]
    if rest and rest[0] == _CROSS:
        rest = rest[1:]
    if not rest or _CROSS in rest or not _is_epithet(rest[0]):
        # "Papilio (Linnaeus)" names an author, "Papilio (Princeps) xuthus" a subgenus
        return NameParts(genus)
    return NameParts(genus, subgenus, rest[0], _infraspecific(rest[1:]))


def _is_epithet(word: str) -> bool:
    return bool(_EPITHET.match(word)) and word not in _DOUBT | _PARTICLES


def _infraspecific(rest: list[str]) -> str:
    """Return the last epithet of a name below species: bare or after its rank."""
    if rest and _is_epithet(rest[0]):
        return rest[0]
    for marker, epithet in pairwise(rest):
        if marker.rstrip(".") in _BELOW and marker.endswith(".") and _is_epithet(epithet):
            return epithet
    return ""


def classification(terms: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the taxa a record belongs to, from wide to narrow.

    Parameters
    ----------
    terms : mapping of str to str
        Darwin Core terms of a record. Ranks without a value are left out.

    Returns
    -------
    list of (str, str)
        Rank and name. Species and subspecies are full names made of ``genus``,
        ``specificEpithet`` and ``infraspecificEpithet``; where these are absent
        they are read out of ``scientificName``, as the genus is. An
        ``identificationQualifier`` leaves out species and subspecies.

    Examples
    --------
    >>> classification({"order": "Lepidoptera", "scientificName": "Danaus plexippus (L.)"})
    [('order', 'Lepidoptera'), ('genus', 'Danaus'), ('species', 'Danaus plexippus')]
    """
    parts = name_parts(terms.get("scientificName", ""))
    found = {rank: terms[rank].strip() for rank in RANKS if terms.get(rank, "").strip()}
    for plain in ("species", "subspecies"):
        found.pop(plain, None)
    if parts.genus in {found.get(rank) for rank in RANKS[: RANKS.index("genus")]}:
        parts = NameParts()  # a scientific name such as "Nymphalidae" holds no genus
    genus = found.get("genus") or terms.get("genericName", "").strip() or parts.genus
    if genus:
        found["genus"] = genus
    if parts.subgenus:
        found.setdefault("subgenus", parts.subgenus)
    specific = terms.get("specificEpithet", "").strip() or parts.specific
    if genus and specific and not terms.get("identificationQualifier", "").strip():
        found["species"] = f"{genus} {specific}"
        below = terms.get("infraspecificEpithet", "").strip() or parts.infraspecific
        if below:
            found["subspecies"] = f"{genus} {specific} {below}"
    return [(rank, found[rank]) for rank in RANKS if rank in found]
