"""Names of columns for people."""

from __future__ import annotations

import re

LABELS = {
    "associatedMedia": "Further media",
    "basisOfRecord": "Kind of record",
    "catalogNumber": "Catalogue number",
    "class": "Class",
    "collectionCode": "Collection",
    "country": "Country",
    "countryCode": "Country code",
    "creator": "Creator of the image",
    "dataGeneralizations": "Made less exact",
    "dateIdentified": "Identified on",
    "eventDate": "Date",
    "family": "Family",
    "genus": "Genus",
    "identifiedBy": "Identified by",
    "individualCount": "Individuals",
    "institutionCode": "Institution",
    "license": "Licence",
    "lifeStage": "Life stage",
    "maximumDepthInMeters": "Greatest depth (m)",
    "maximumElevationInMeters": "Highest elevation (m)",
    "minimumDepthInMeters": "Least depth (m)",
    "minimumElevationInMeters": "Lowest elevation (m)",
    "occurrenceRemarks": "Remarks",
    "order": "Order",
    "otherCatalogNumbers": "Other catalogue numbers",
    "preparations": "Preparation",
    "recordNumber": "Collector's number",
    "recordedBy": "Collector",
    "rightsHolder": "Rights holder",
    "samplingProtocol": "Method of collecting",
    "scientificName": "Scientific name",
    "sex": "Sex",
    "stateProvince": "State or province",
    "subject": "Subjects",
    "typeStatus": "Type status",
    "verbatimElevation": "Elevation",
    "verbatimLocality": "Locality as written",
    "vernacularName": "Common name",
    "waterBody": "Water body",
}
"""Where the words of a column's name are not what a visitor would say."""


def label_of(column: str) -> str:
    """Return the name of a column for people, such as Collector for recordedBy.

    Examples
    --------
    >>> label_of("recordedBy"), label_of("islandGroup"), label_of("drawer_number")
    ('Collector', 'Island group', 'Drawer number')
    >>> label_of("taxonID")
    'Taxon ID'
    """
    if column in LABELS:
        return LABELS[column]
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", column).replace("_", " ").split()
    lowered = [word if word.isupper() else word.lower() for word in words]
    text = " ".join(lowered)
    return text[:1].upper() + text[1:]
