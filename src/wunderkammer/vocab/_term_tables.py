"""The terms of Darwin Core and Dublin Core: one line each, read by ``darwin_core``.

A line is ``name: what it says``; a line that begins with ``#`` names the class
of the terms below it. Definitions are shortened; the standards have the full
ones at https://dwc.tdwg.org/terms and https://www.dublincore.org/specifications/.
"""

from __future__ import annotations

DARWIN_CORE = """
# Record-level
institutionID: identifier of the institution that has custody
collectionID: identifier of the collection
datasetID: identifier of the data set
institutionCode: name or acronym of the institution that has custody
collectionCode: name or acronym of the collection
datasetName: name of the data set
ownerInstitutionCode: name or acronym of the institution that owns the object
basisOfRecord: kind of record, such as PreservedSpecimen
informationWithheld: what exists and was left out
dataGeneralizations: what was made less exact than it is
dynamicProperties: further measurements or facts as key and value
feedbackURL: page on which to say what is wrong
# Occurrence
occurrenceID: identifier of the occurrence
catalogNumber: identifier within the data set or collection
recordNumber: number the collector gave
recordedBy: who collected or observed
recordedByID: identifiers of who collected or observed
individualCount: number of individuals
organismQuantity: number or amount of organisms
organismQuantityType: how the amount was counted
sex: sex of the individuals
lifeStage: age class or stage
reproductiveCondition: reproductive state
caste: caste within a social species
behavior: what it was doing
vitality: whether it was alive or dead
establishmentMeans: native, introduced and the like
degreeOfEstablishment: how far it survives, reproduces and spreads
pathway: how it came to be there
georeferenceVerificationStatus: how far the coordinates were checked
occurrenceStatus: present or absent
associatedMedia: addresses of media of the occurrence
associatedOccurrences: related occurrences
associatedReferences: literature on the occurrence
associatedTaxa: taxa it was found with
otherCatalogNumbers: earlier or further catalogue numbers
occurrenceRemarks: remarks on the occurrence
# Organism
organismID: identifier of the organism
organismName: name given to the organism
organismScope: whether it is one individual, a pack, a clone
associatedOrganisms: related organisms
previousIdentifications: earlier identifications
causeOfDeath: what it died of
organismRemarks: remarks on the organism
# MaterialEntity
materialEntityID: identifier of the physical object
digitalSpecimenID: identifier of the digital specimen
preparations: how it is prepared and kept
disposition: where it is now: in collection, missing, on loan
verbatimLabel: text of the labels as written
associatedSequences: genetic sequences from it
materialEntityRemarks: remarks on the physical object
materialSampleID: identifier of a sample taken from it
# Event
eventID: identifier of the event
parentEventID: identifier of the wider event
eventType: kind of event
fieldNumber: number of the event in the field
projectID: identifier of the project
projectTitle: name of the project
fundingAttribution: who paid
fundingAttributionID: identifiers of who paid
eventDate: date or interval of the event, ISO 8601
eventTime: time or interval of the event, ISO 8601
startDayOfYear: first day of the year
endDayOfYear: last day of the year
year: four-digit year
month: month as a number
day: day of the month
verbatimEventDate: date as first written
habitat: kind of place
samplingProtocol: how it was caught or sampled
sampleSizeValue: size of the sample
sampleSizeUnit: unit of the size of the sample
samplingEffort: effort spent
fieldNotes: notes taken in the field
eventRemarks: remarks on the event
# Location
locationID: identifier of the place
higherGeographyID: identifier of the region
higherGeography: the regions around the place, from wide to narrow
continent: continent
waterBody: sea, lake or river
islandGroup: archipelago
island: island
country: country
countryCode: ISO 3166-1 code of the country, two letters
stateProvince: state or province
county: county
municipality: municipality
locality: the place, below the municipality
verbatimLocality: place as first written
minimumElevationInMeters: lower end of the elevation, metres
maximumElevationInMeters: upper end of the elevation, metres
verbatimElevation: elevation as first written
verticalDatum: datum of the elevation
minimumDepthInMeters: lesser depth, metres
maximumDepthInMeters: greater depth, metres
verbatimDepth: depth as first written
minimumDistanceAboveSurfaceInMeters: lesser distance above the surface, metres
maximumDistanceAboveSurfaceInMeters: greater distance above the surface, metres
locationAccordingTo: where the place is described
locationRemarks: remarks on the place
decimalLatitude: latitude in degrees, south negative
decimalLongitude: longitude in degrees, west negative
geodeticDatum: datum of the coordinates
coordinateUncertaintyInMeters: radius that holds the whole place, metres
coordinatePrecision: precision of the coordinates in degrees
pointRadiusSpatialFit: area of the circle over that of the place
verbatimCoordinates: coordinates as first written
verbatimLatitude: latitude as first written
verbatimLongitude: longitude as first written
verbatimCoordinateSystem: system of the coordinates as first written
verbatimSRS: datum of the coordinates as first written
footprintWKT: outline of the place, well-known text
footprintSRS: datum of the outline
footprintSpatialFit: area of the outline over that of the place
georeferencedBy: who found the coordinates
georeferencedDate: when the coordinates were found
georeferenceProtocol: how the coordinates were found
georeferenceSources: maps and gazetteers used
georeferenceRemarks: remarks on the coordinates
# GeologicalContext
geologicalContextID: identifier of the geological context
earliestEonOrLowestEonothem: earliest eon
latestEonOrHighestEonothem: latest eon
earliestEraOrLowestErathem: earliest era
latestEraOrHighestErathem: latest era
earliestPeriodOrLowestSystem: earliest period
latestPeriodOrHighestSystem: latest period
earliestEpochOrLowestSeries: earliest epoch
latestEpochOrHighestSeries: latest epoch
earliestAgeOrLowestStage: earliest age
latestAgeOrHighestStage: latest age
lowestBiostratigraphicZone: lowest biostratigraphic zone
highestBiostratigraphicZone: highest biostratigraphic zone
lithostratigraphicTerms: all lithostratigraphic names
group: lithostratigraphic group
formation: lithostratigraphic formation
member: lithostratigraphic member
bed: lithostratigraphic bed
# Identification
identificationID: identifier of the identification
verbatimIdentification: name as first written
identificationQualifier: doubt, such as cf. or aff.
typeStatus: kind of type and of which name
typifiedName: name of which it is a type
identifiedBy: who identified
identifiedByID: identifiers of who identified
dateIdentified: when it was identified
identificationReferences: literature used
identificationVerificationStatus: how far the identification was checked
identificationRemarks: remarks on the identification
# Taxon
taxonID: identifier of the taxon
scientificNameID: identifier of the name
acceptedNameUsageID: identifier of the accepted name
parentNameUsageID: identifier of the parent taxon
originalNameUsageID: identifier of the original name
nameAccordingToID: identifier of the source of the concept
namePublishedInID: identifier of the first publication
taxonConceptID: identifier of the concept
scientificName: full name, with author where known
acceptedNameUsage: accepted name
parentNameUsage: name of the parent taxon
originalNameUsage: name as first published
nameAccordingTo: source of the concept
namePublishedIn: first publication
namePublishedInYear: year of the first publication
higherClassification: the taxa above, from wide to narrow
kingdom: kingdom
phylum: phylum or division
class: class
order: order
superfamily: superfamily
family: family
subfamily: subfamily
tribe: tribe
subtribe: subtribe
genus: genus in which it is classified
genericName: genus part of the name as given
subgenus: subgenus
infragenericEpithet: part of the name between genus and species
specificEpithet: second part of a species name
infraspecificEpithet: last part of a name below species
cultivarEpithet: cultivar part of the name
taxonRank: rank of the name
verbatimTaxonRank: rank as first written
scientificNameAuthorship: author of the name
vernacularName: common name
nomenclaturalCode: code of nomenclature
taxonomicStatus: accepted, synonym and the like
nomenclaturalStatus: standing under the code
taxonRemarks: remarks on the taxon
# MeasurementOrFact
measurementID: identifier of the measurement
parentMeasurementID: identifier of the wider measurement
measurementType: what was measured
measurementValue: value of the measurement
measurementAccuracy: possible error
measurementUnit: unit
measurementDeterminedBy: who measured
measurementDeterminedDate: when it was measured
measurementMethod: how it was measured
measurementRemarks: remarks on the measurement
verbatimMeasurementType: what was measured, as first written
# ResourceRelationship
resourceRelationshipID: identifier of the relationship
resourceID: identifier of the subject
relationshipOfResourceID: identifier of the kind of relationship
relatedResourceID: identifier of the object
relationshipOfResource: kind of relationship
relationshipAccordingTo: who says so
relationshipEstablishedDate: when it was said
relationshipRemarks: remarks on the relationship
"""

DUBLIN_CORE = """
# Record-level
type: nature of the thing, such as StillImage
modified: when the record was last changed
language: language of the record
license: licence, best as an address
rights: statement of rights
rightsHolder: who holds the rights
accessRights: who may see it
bibliographicCitation: how to cite it
references: page about it
identifier: identifier; in the GBIF Multimedia extension the address of the file
title: title
description: description
creator: who made it
contributor: who helped
publisher: who published it
audience: whom it is for
source: what it was taken from
format: media type, such as image/jpeg
created: when it was made
date: a date in its life
subject: what it shows
coverage: place or time it covers
spatial: place it covers
temporal: time it covers
extent: size
isPartOf: what it is part of
provenance: history of ownership
"""
