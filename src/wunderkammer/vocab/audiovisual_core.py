"""Audiovisual Core terms, and how the GBIF Multimedia extension says the same."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wunderkammer.vocab.darwin_core import Term, short_name

AC = "http://rs.tdwg.org/ac/terms/"
"""Namespace of Audiovisual Core's own terms."""

_TABLE = """
# Management
identifier: identifier of the medium
type: nature of the medium, such as StillImage
subtype: closer nature, such as Photograph or Drawing
subtypeLiteral: closer nature as a word
title: title
modified: when the medium was last changed
MetadataDate: when the record was last changed
metadataLanguage: language of the record, as an address
metadataLanguageLiteral: language of the record, as a code
providerManagedID: identifier within the provider's system
comments: remarks of reviewers
Rating: rating, 0 to 5
reviewer: who reviewed, as an address
reviewerLiteral: who reviewed, as a name
hasServiceAccessPoint: a service that delivers the medium
# Attribution
license: licence, best as an address
rights: statement of rights, as an address
rightsHolder: who holds the rights
Owner: who holds the rights, as a name
UsageTerms: licence in words
WebStatement: page with the licence
licenseLogoURL: address of the licence's logo
Credit: credit line to show
attributionLogoURL: address of a logo to show
attributionLinkURL: page to link to
fundingAttribution: who paid
source: what it was taken from
creator: who made it
provider: who supplied it, as an address
providerLiteral: who supplied it, as a name
metadataCreator: who wrote the record, as an address
metadataCreatorLiteral: who wrote the record, as a name
metadataProvider: who supplied the record, as an address
metadataProviderLiteral: who supplied the record, as a name
# Content
description: description
caption: caption to show
language: language of the medium
physicalSetting: natural, artificial
CVterm: subject from a controlled vocabulary
subjectCategoryVocabulary: the vocabulary
tag: free keywords
subjectPart: part shown, such as head
subjectPartLiteral: part shown, as a word
subjectOrientation: side shown, such as dorsal
subjectOrientationLiteral: side shown, as a word
LocationShown: place shown
LocationCreated: place where it was made
CreateDate: when it was made
timeOfDay: time of day in words
temporal: time it covers
taxonCoverage: widest taxon covered
otherScientificName: further names
IDofContainingCollection: identifier of a collection of media
relatedResourceID: a related thing
providerID: identifier of the provider
derivedFrom: medium it was made from
associatedObservationReference: the observation
associatedSpecimenReference: the specimen
# Capture
captureDevice: camera or scanner
resourceCreationTechnique: how it was made
digitizationDate: when it was digitised
# Access
accessURI: address of the file
format: media type, such as image/jpeg
variant: size or quality, as an address
variantLiteral: size or quality, as a word
variantDescription: size or quality, described
furtherInformationURL: page about the medium
licensingException: what the licence does not cover
serviceExpectation: what the service promises
hashFunction: name of the checksum
hashValue: checksum
PixelXDimension: width in pixels
PixelYDimension: height in pixels
# RegionOfInterest
hasROI: a region of the medium
isROIOf: the medium a region belongs to
xFrac: left edge as a fraction of the width
yFrac: top edge as a fraction of the height
widthFrac: width as a fraction of the width
heightFrac: height as a fraction of the height
radius: radius as a fraction of the width
startTime: begin in seconds
endTime: end in seconds
"""


def _terms() -> dict[str, Term]:
    """Return the terms of the table above."""
    found, group = {}, ""
    for line in _TABLE.strip().splitlines():
        if line.startswith("#"):
            group = line.removeprefix("#").strip()
        else:
            name, _, definition = line.partition(": ")
            found[name] = Term(name, group, definition, AC + name)
    return found


TERMS: Mapping[str, Term] = MappingProxyType(_terms())
"""Audiovisual Core terms by short name; ``uri`` is in its namespace also for borrowed ones."""

CANONICAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "accessURI": ("accessURI", "identifier"),
        "license": ("license", "rights", "WebStatement", "UsageTerms"),
        "rightsHolder": ("rightsHolder", "Owner"),
        "creator": ("creator", "creatorLiteral"),
        "references": ("references", "furtherInformationURL"),
        "title": ("title", "caption"),
        "format": ("format",),
    }
)
"""The seven terms each medium carries, and where they are read from, first filled one wins.

The GBIF Multimedia extension writes the address of the file as ``identifier``
and the page as ``references``; Audiovisual Core writes ``accessURI`` and
``furtherInformationURL``, and spreads the licence over several terms.
"""

_MEDIA_ROWS = frozenset({"multimedia", "image"})
_OTHER_TYPES = frozenset(
    {"sound", "audio", "movingimage", "video", "text", "interactiveresource", "dataset", "software"}
)
_OTHER_FORMATS = frozenset(
    {"mp3", "wav", "ogg", "flac", "mp4", "avi", "mov", "mpg", "mpeg", "webm", "pdf", "html", "htm"}
)


def is_media_row(row_type: str) -> bool:
    """Return whether rows of this type (an address) describe media.

    Examples
    --------
    >>> is_media_row("http://rs.gbif.org/terms/1.0/Multimedia")
    True
    >>> is_media_row("http://rs.gbif.org/terms/1.0/VernacularName")
    False
    """
    return short_name(row_type).casefold() in _MEDIA_ROWS


def not_a_still_image(media: Mapping[str, str]) -> str:
    """Return why a medium is no still image, or an empty text if it may be one.

    Parameters
    ----------
    media : mapping of str to str
        Terms of the medium; ``type`` and ``format`` are looked at, then the
        ending of ``accessURI``. What is unknown or absent counts as an image.

    Examples
    --------
    >>> not_a_still_image({"type": "Sound"})
    "type is 'Sound'"
    >>> not_a_still_image({"format": "video/mp4"})
    "format is 'video/mp4'"
    >>> not_a_still_image({"format": "image/jpeg"})
    ''
    """
    kind = media.get("type", "")
    folded = "".join(letter for letter in short_name(kind).casefold() if letter.isalnum())
    if folded in _OTHER_TYPES:
        return f"type is '{kind}'"
    form = media.get("format", "")
    major, _, minor = form.casefold().partition("/")
    if major.lstrip(".") in _OTHER_FORMATS or (minor and major not in {"image", "application"}):
        return f"format is '{form}'"
    if minor.startswith(("pdf", "mp4", "xhtml", "ogg")):
        return f"format is '{form}'"
    ending = media.get("accessURI", "").rpartition(".")[2].casefold()
    if not form and not kind and ending in {"mp3", "wav", "mp4", "avi", "mov", "flac", "pdf"}:
        return f"the address ends in '.{ending}'"
    return ""
