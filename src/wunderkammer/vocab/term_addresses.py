"""Addresses of terms as archives state them, also of those that a standard borrows."""

from __future__ import annotations

from wunderkammer.vocab import audiovisual_core, darwin_core

OCCURRENCE = f"{darwin_core.DWC}Occurrence"
IDENTIFICATION = f"{darwin_core.DWC}Identification"
MEASUREMENT = f"{darwin_core.DWC}MeasurementOrFact"
MULTIMEDIA = f"{audiovisual_core.AC}Multimedia"
"""What a row of each table of an archive is."""

_XMP = "http://ns.adobe.com/xap/1.0/"
_XMP_RIGHTS = f"{_XMP}rights/"
_EXIF = "http://ns.adobe.com/exif/1.0/"
_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_GBIF = "http://rs.gbif.org/terms/1.0/"

_BORROWED = {
    **dict.fromkeys(("Owner", "UsageTerms", "WebStatement"), _XMP_RIGHTS),
    **dict.fromkeys(("CreateDate", "MetadataDate", "Rating"), _XMP),
    **dict.fromkeys(("PixelXDimension", "PixelYDimension"), _EXIF),
    **dict.fromkeys(("CVterm", "LocationShown", "LocationCreated"), _IPTC),
    "Credit": "http://ns.adobe.com/photoshop/1.0/",
}
"""Namespaces of the terms that Audiovisual Core takes from elsewhere, Dublin Core apart."""

_PORTALS = frozenset({"gbifID", "datasetKey", "taxonKey", "speciesKey", "publishingCountry"})

MEDIUM_TERMS = frozenset(
    {
        *audiovisual_core.TERMS,
        *("audience", "contributor", "created", "date", "publisher", "subject", "spatial"),
        *("extent", "isPartOf", "coverage", "provenance"),
    }
) - {"fundingAttribution", "modified", "language"}
"""Terms that are said of a medium where a record holds those of both, specimen and medium."""


def occurrence_address(name: str) -> str:
    """Return the address of a term of an occurrence; empty if it is none.

    Examples
    --------
    >>> occurrence_address("eventDate"), occurrence_address("license")
    ('http://rs.tdwg.org/dwc/terms/eventDate', 'http://purl.org/dc/terms/license')
    >>> occurrence_address("shelf")
    ''
    """
    term = darwin_core.TERMS.get(name)
    if term is not None:
        return term.uri
    return f"{_GBIF}{name}" if name in _PORTALS else ""


def medium_address(name: str) -> str:
    """Return the address of a term of a medium; empty if it is none.

    Examples
    --------
    >>> medium_address("accessURI"), medium_address("WebStatement")
    ('http://rs.tdwg.org/ac/terms/accessURI', 'http://ns.adobe.com/xap/1.0/rights/WebStatement')
    >>> medium_address("rightsHolder")
    'http://purl.org/dc/terms/rightsHolder'
    """
    if name in _BORROWED:
        return _BORROWED[name] + name
    known = darwin_core.TERMS.get(name)
    if known is not None and known.uri.startswith(darwin_core.DCTERMS):
        return known.uri
    term = audiovisual_core.TERMS.get(name)
    return term.uri if term is not None else occurrence_address(name)
