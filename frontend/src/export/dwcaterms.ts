const DWC = "http://rs.tdwg.org/dwc/terms/";
const DCTERMS = "http://purl.org/dc/terms/";
const AC = "http://rs.tdwg.org/ac/terms/";
const XMP = "http://ns.adobe.com/xap/1.0/rights/";

/** Row types of the two tables. */
export const OCCURRENCE = `${DWC}Occurrence`;
export const MULTIMEDIA = `${AC}Multimedia`;

/** Terms of Darwin Core that a table of occurrences has; those that tell nothing are left out. */
const OCCURRENCE_NAMES = [
  ...["basisOfRecord", "institutionCode", "collectionCode", "catalogNumber", "recordNumber"],
  ...["otherCatalogNumbers", "recordedBy", "individualCount", "sex", "lifeStage", "preparations"],
  ...["occurrenceRemarks", "eventDate", "verbatimEventDate", "year", "month", "day", "habitat"],
  ...["samplingProtocol", "continent", "waterBody", "islandGroup", "island", "country"],
  ...["countryCode", "stateProvince", "county", "municipality", "locality", "verbatimLocality"],
  ...["minimumElevationInMeters", "maximumElevationInMeters", "verbatimElevation"],
  ...["minimumDepthInMeters", "maximumDepthInMeters", "decimalLatitude", "decimalLongitude"],
  ...["geodeticDatum", "coordinateUncertaintyInMeters", "identifiedBy", "dateIdentified"],
  ...["typeStatus", "scientificName", "scientificNameAuthorship", "taxonRank", "kingdom"],
  ...["phylum", "class", "order", "superfamily", "family", "subfamily", "tribe", "genus"],
  ...["subgenus", "specificEpithet", "infraspecificEpithet", "vernacularName", "nomenclaturalCode"],
];

/** Columns of the table of occurrences, besides its id, by their addresses. */
export const OCCURRENCE_TERMS: ReadonlyMap<string, string> = new Map([
  ...OCCURRENCE_NAMES.map((name) => [name, DWC + name] as const),
  ["references", `${DCTERMS}references`],
]);

/** Columns of the table of media that the sources tell, by their addresses. */
export const MEDIA_TERMS: ReadonlyMap<string, string> = new Map([
  ["title", `${DCTERMS}title`],
  ["caption", `${AC}caption`],
  ["creator", `${DCTERMS}creator`],
  ["license", `${DCTERMS}license`],
  ["rightsHolder", `${DCTERMS}rightsHolder`],
  ["UsageTerms", `${XMP}UsageTerms`],
  ["references", `${DCTERMS}references`],
]);

/** Columns of the table of media that we tell: what each is, its type, and where it lies. */
export const MEDIUM = [
  `${DCTERMS}identifier`,
  `${DCTERMS}type`,
  `${DCTERMS}format`,
  `${AC}accessURI`,
] as const;

/** The column of a record's own identifier. */
export const OCCURRENCE_ID = `${DWC}occurrenceID`;
