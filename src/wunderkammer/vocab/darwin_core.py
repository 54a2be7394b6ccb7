"""Darwin Core and Dublin Core terms, and what tables commonly call them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wunderkammer.vocab import _term_tables

DWC = "http://rs.tdwg.org/dwc/terms/"
"""Namespace of Darwin Core terms."""

DCTERMS = "http://purl.org/dc/terms/"
"""Namespace of Dublin Core terms."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a standard.

    Attributes
    ----------
    name : str
        Short name, spelt as the standard does; the name of the column.
    group : str
        Class the term belongs to, such as ``"Taxon"``.
    definition : str
        One line in plain words.
    uri : str
        Full address of the term.
    """

    name: str
    group: str
    definition: str
    uri: str


def _terms(table: str, namespace: str) -> dict[str, Term]:
    """Return the terms of a table of ``name: definition`` lines."""
    found, group = {}, ""
    for line in table.strip().splitlines():
        if line.startswith("#"):
            group = line.removeprefix("#").strip()
        else:
            name, _, definition = line.partition(": ")
            found[name] = Term(name, group, definition, namespace + name)
    return found


TERMS: Mapping[str, Term] = MappingProxyType(
    _terms(_term_tables.DARWIN_CORE, DWC) | _terms(_term_tables.DUBLIN_CORE, DCTERMS)
)
"""Every Darwin Core term and the Dublin Core terms used with it, by short name."""

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "accessionno": "otherCatalogNumbers",
        "accessionnumber": "otherCatalogNumbers",
        "altitude": "verbatimElevation",
        "authority": "scientificNameAuthorship",
        "barcode": "catalogNumber",
        "bestimmer": "identifiedBy",
        "bestimmtvon": "identifiedBy",
        "binomial": "scientificName",
        "catalogno": "catalogNumber",
        "catalogueno": "catalogNumber",
        "cataloguenumber": "catalogNumber",
        "collectedby": "recordedBy",
        "collectingdate": "eventDate",
        "collectiondate": "eventDate",
        "collector": "recordedBy",
        "collectorname": "recordedBy",
        "collectors": "recordedBy",
        "commonname": "vernacularName",
        "copyright": "rights",
        "copyrightholder": "rightsHolder",
        "datecollected": "eventDate",
        "depth": "verbatimDepth",
        "det": "identifiedBy",
        "determinedby": "identifiedBy",
        "determiner": "identifiedBy",
        "elevation": "verbatimElevation",
        "familie": "family",
        "findspot": "locality",
        "fotograf": "creator",
        "fotografin": "creator",
        "funddatum": "eventDate",
        "fundort": "locality",
        "gattung": "genus",
        "gender": "sex",
        "geschlecht": "sex",
        "inventarnr": "catalogNumber",
        "inventarnummer": "catalogNumber",
        "inventoryno": "catalogNumber",
        "inventorynumber": "catalogNumber",
        "katalognummer": "catalogNumber",
        "keywords": "subject",
        "latinname": "scientificName",
        "licence": "license",
        "lizenz": "license",
        "medialicense": "license",
        "ordnung": "order",
        "photographer": "creator",
        "placefound": "locality",
        "province": "stateProvince",
        "rechteinhaber": "rightsHolder",
        "sammeldatum": "eventDate",
        "sammler": "recordedBy",
        "sammlerin": "recordedBy",
        "speciesname": "scientificName",
        "specimenno": "catalogNumber",
        "specimennumber": "catalogNumber",
        "state": "stateProvince",
        "subjects": "subject",
        "tags": "subject",
        "taxon": "scientificName",
        "taxonname": "scientificName",
        "urheber": "creator",
        "wissenschaftlichername": "scientificName",
    }
)
"""What tables call a term in English and German, folded by :func:`fold`; it changes no value.

Left out on purpose, for they mean several things: ``name``, ``author``,
``notes``, ``institution``, ``collection``, ``url``. ``species``, ``latitude``
and ``longitude`` depend on what the cells hold: see :func:`term_of`.
"""

_PREFIX = re.compile(r"^(dwc|dwciri|dc|dcterms|ac|xmp|xmpRights|gbif|Iptc4xmpExt|exif)[:_](?=\w)")
_BINOMIAL = re.compile(r"^[A-ZÀ-Þ]\S*\s+\S")
_EPITHET = re.compile(r"^[a-zà-þ][a-zà-þ.-]+$")
_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")


def fold(header: str) -> str:
    """Return a header without case, spaces and punctuation, for comparison.

    Examples
    --------
    >>> fold("Catalogue No.")
    'catalogueno'
    """
    return "".join(letter for letter in header.casefold() if letter.isalnum())


_FOLDED = MappingProxyType({fold(name): name for name in TERMS})


def short_name(term: str) -> str:
    """Return the last part of a term's address, or of a prefixed name.

    Examples
    --------
    >>> short_name("http://rs.tdwg.org/dwc/terms/eventDate")
    'eventDate'
    >>> short_name("dwc:eventDate")
    'eventDate'
    """
    term = term.strip()
    if "://" in term:
        return re.split(r"[/#]", term.rstrip("/#"))[-1]
    return _PREFIX.sub("", term)


def term_of(header: str, values: Iterable[str] = ()) -> str | None:
    """Return the term a column's header stands for, or None if it is no term.

    Parameters
    ----------
    header : str
        As written: a term, its address, ``dwc:term``, in any case and with any
        spaces, or one of :data:`ALIASES`.
    values : iterable of str, optional
        Some cells of the column. They decide ``species`` (two words are a
        ``scientificName``, one in lower case a ``specificEpithet``),
        ``subspecies``, and ``latitude`` and ``longitude`` (decimal only if every
        cell is a plain number, else verbatim). Without them these are no terms.

    Examples
    --------
    >>> term_of("Catalogue No."), term_of("dwc:sex"), term_of("Name")
    ('catalogNumber', 'sex', None)
    >>> term_of("Species", ["Danaus plexippus"]), term_of("Species", ["plexippus"])
    ('scientificName', 'specificEpithet')
    """
    name = short_name(header)
    folded = fold(name)
    if name in TERMS:
        return name
    if folded in _FOLDED:
        return _FOLDED[folded]
    if folded in ALIASES:
        return ALIASES[folded]
    return _by_content(folded, [value.strip() for value in values if value.strip()])


def _by_content(folded: str, values: list[str]) -> str | None:
    """Return the term of a header whose meaning depends on its cells."""
    if not values:
        return None
    if folded == "species":
        if all(_BINOMIAL.match(value) for value in values):
            return "scientificName"
        return "specificEpithet" if all(_EPITHET.match(value) for value in values) else None
    if folded in {"subspecies", "infraspecies"}:
        return "infraspecificEpithet" if all(_EPITHET.match(value) for value in values) else None
    for axis, spellings in (("Latitude", {"latitude", "lat"}), ("Longitude", _LONGITUDES)):
        if folded in spellings:
            plain = all(_NUMBER.match(value) for value in values)
            return f"decimal{axis}" if plain else f"verbatim{axis}"
    return None


_LONGITUDES = {"longitude", "lon", "lng", "long"}
