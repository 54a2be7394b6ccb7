import pytest

from wunderkammer.vocab.darwin_core import ALIASES, TERMS, fold, short_name, term_of


def test_the_classes_of_darwin_core_are_there_with_their_terms():
    groups = {term.group for term in TERMS.values()}
    assert {"Occurrence", "Taxon", "Event", "Location", "Identification"} <= groups
    assert len(TERMS) > 190
    assert TERMS["eventDate"].uri == "http://rs.tdwg.org/dwc/terms/eventDate"
    assert TERMS["license"].uri == "http://purl.org/dc/terms/license"
    assert TERMS["specificEpithet"].group == "Taxon"


def test_every_term_is_defined_in_one_line():
    for term in TERMS.values():
        assert term.definition
        assert "\n" not in term.definition
        assert term.name.strip() == term.name


def test_aliases_are_folded_and_lead_to_terms_and_are_no_terms_themselves():
    folded_terms = {fold(name) for name in TERMS}
    for alias, term in ALIASES.items():
        assert fold(alias) == alias
        assert term in TERMS
        assert alias not in folded_terms


@pytest.mark.parametrize(
    ("header", "term"),
    [
        ("scientificName", "scientificName"),
        ("scientific_name", "scientificName"),
        ("dwc:catalogNumber", "catalogNumber"),
        ("http://rs.tdwg.org/dwc/terms/order", "order"),
        ("http://purl.org/dc/terms/license", "license"),
        ("Catalogue No.", "catalogNumber"),
        ("Licence", "license"),
        ("Subjects", "subject"),
        ("Collector", "recordedBy"),
        ("Name", None),
        ("author", None),
        ("Notes", None),
        ("aocr:regionType", None),
        ("species", None),
        ("", None),
    ],
)
def test_headers_are_recognised(header, term):
    assert term_of(header) == term


@pytest.mark.parametrize(
    ("header", "values", "term"),
    [
        ("Species", ["Danaus plexippus", "Pieris rapae (L.)", ""], "scientificName"),
        ("species", ["plexippus", "c-album"], "specificEpithet"),
        ("species", ["Danaus plexippus", "rapae"], None),
        ("Latitude", ["-34.06", "12"], "decimalLatitude"),
        ("latitude", ["34°03'S", "12"], "verbatimLatitude"),
        ("lng", ["150.9"], "decimalLongitude"),
        ("Subspecies", ["erippus"], "infraspecificEpithet"),
    ],
)
def test_ambiguous_headers_are_decided_by_their_cells(header, values, term):
    assert term_of(header, values) == term


def test_short_names_of_addresses_and_prefixes():
    assert short_name("http://rs.gbif.org/terms/1.0/gbifID") == "gbifID"
    assert short_name("http://example.org/vocab#thing") == "thing"
    assert short_name("ac:accessURI") == "accessURI"
    assert short_name("plain") == "plain"


def test_an_inventory_may_be_in_german():
    heads = ["Inventar-Nr.", "Gattung", "Fundort", "Funddatum", "Sammler", "Lizenz", "Bemerkung"]
    assert [term_of(head) for head in heads] == [
        "catalogNumber", "genus", "locality", "eventDate", "recordedBy", "license", None,
    ]  # fmt: skip
