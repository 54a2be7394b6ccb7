import json

import pytest

from wunderkammer.atlas.card_schemas import Card, Picture
from wunderkammer.atlas.cards import card_from_record, plain_text, web_address, write_cards

RECORD = {
    "media_id": "00112233445566778899",
    "scientificName": "Danaus plexippus (Linnaeus, 1758)",
    "scientificNameAuthorship": "(Linnaeus, 1758)",
    "order": "Lepidoptera",
    "family": "Nymphalidae",
    "locality": "Blue Mountains",
    "country": "Australia",
    "decimalLatitude": "-33.7",
    "decimalLongitude": 150.3,
    "eventDate": "1979-02-03",
    "recordedBy": "G. Daniels",
    "sex": None,
    "license": "http://creativecommons.org/licenses/by/4.0/legalcode",
    "rightsHolder": "Australian Museum",
    "creator": "Miles Hale",
    "references": "https://www.gbif.org/occurrence/1100172917",
}


def card(**changes):
    return card_from_record({**RECORD, **changes}, facts=["recordedBy", "sex", "typeStatus"])


def test_a_card_says_what_the_record_says():
    made = card()
    assert (made.title, made.author) == ("Danaus plexippus", "(Linnaeus, 1758)")
    assert [(rank.rank, rank.name) for rank in made.classification] == [
        ("order", "Lepidoptera"),
        ("family", "Nymphalidae"),
        ("genus", "Danaus"),
        ("species", "Danaus plexippus"),
    ]
    assert made.place == "Blue Mountains, Australia"
    assert (made.latitude, made.longitude) == (-33.7, 150.3)
    assert made.date == "3 February 1979"
    assert [(fact.label, fact.value) for fact in made.facts] == [("Collector", "G. Daniels")]
    assert made.credit.licence == "CC BY 4.0"
    assert made.credit.licence_url == "https://creativecommons.org/licenses/by/4.0/"
    assert (made.credit.rights_holder, made.credit.creator) == ("Australian Museum", "Miles Hale")
    assert made.link == "https://www.gbif.org/occurrence/1100172917"


@pytest.mark.parametrize(
    ("name", "authorship", "title", "author"),
    [
        ("Danaus plexippus (L.)", "", "Danaus plexippus", "(L.)"),
        ("Danaus plexippus", "Linnaeus", "Danaus plexippus", "Linnaeus"),
        ("Cerceris compar compar Cresson", "", "Cerceris compar compar", "Cresson"),
        (
            "Parnassius (Driopa) ariadne Lederer, 1853",
            "",
            "Parnassius (Driopa) ariadne",
            "Lederer, 1853",
        ),
        ("Papilio Linnaeus, 1758", "", "Papilio", "Linnaeus, 1758"),
        ("Unknown Specimen", "", "Unknown Specimen", ""),
        ("Cerceris sp. A", "", "Cerceris sp. A", ""),
        ("Rosa canina var. lutetiana Baker", "", "Rosa canina var. lutetiana Baker", ""),
        ("Homo sapiens", "", "Homo sapiens", ""),
    ],
)
def test_the_author_is_told_apart_only_where_that_is_sure(name, authorship, title, author):
    made = card(scientificName=name, scientificNameAuthorship=authorship)
    assert (made.title, made.author) == (title, author)


def test_without_a_name_the_title_and_then_the_file_name_stand_for_it():
    nameless = {"scientificName": "", "scientificNameAuthorship": ""}
    assert card(**nameless, title="Drawer 7").title == "Drawer 7"
    assert card(**nameless, original_file="trays/IMG 7.jpg").title == "IMG 7.jpg"
    assert card(**nameless, accessURI="https://example.org/a/b.jpg?size=2").title == "b.jpg"
    assert card_from_record({"media_id": "0" * 20}).title == ""


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("", "150"), ("north", "150"), (91, 0), (10, 181), (0, 0), (None, None), (float("nan"), 1)],
)
def test_places_that_cannot_be_are_left_out(latitude, longitude):
    made = card(decimalLatitude=latitude, decimalLongitude=longitude)
    assert (made.latitude, made.longitude) == (None, None)


def test_a_place_does_not_say_the_same_thing_twice():
    made = card(locality="Naracoorte, South Australia", stateProvince="South Australia")
    assert made.place == "Naracoorte, South Australia"
    assert card(locality="", country="", countryCode="AU").place == "AU"


def test_dates_are_read_from_the_parts_and_else_shown_as_written():
    assert card(eventDate="", year=1931, month="7", day="").date == "July 1931"
    assert card(eventDate="", verbatimEventDate="[1890, approximate]").date == "about 1890"
    assert card(eventDate="spring, second year of the drought").date.startswith("spring")
    assert card(eventDate=None).date == ""


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//example.org/x",
        "https://",
        "https://exa mple.org",
        'https://example.org/"onload=',
        "http://[broken",
        "https://example.org/\n@evil",
        "urn:catalog:1",
        None,
    ],
)
def test_only_plain_web_addresses_become_links(address):
    assert web_address(address) == ""
    made = card(references=address, occurrenceID="")
    assert made.link == ""


def test_an_occurrence_id_that_is_an_address_is_the_link():
    made = card(references="", occurrenceID="https://data.example.org/object/1")
    assert made.link == "https://data.example.org/object/1"


def test_markup_and_control_characters_do_not_reach_a_card():
    made = card(
        scientificName="<i>Danaus</i> plexippus\u202e",
        scientificNameAuthorship="",
        recordedBy="A &lt;b&gt;bold&lt;/b&gt; man\nand <script>x</script>\x00",
    )
    assert made.title == "Danaus plexippus"
    assert made.facts[0].value == "A bold man and <script>x</script>"
    assert plain_text("3 < 4 > 2") == "3 < 4 > 2"


def test_a_licence_of_its_own_words_keeps_them():
    made = card(license="© The Trustees, all rights reserved")
    assert made.credit.licence == "© The Trustees, all rights reserved"
    assert made.credit.licence_url == ""


def test_cards_are_written_in_chunks_in_the_order_of_the_rows(tmp_path):
    picture = Picture(path="pictures/1.jpg", width=3, height=2)
    made = [card_from_record({"media_id": f"{row:020x}"}, picture) for row in range(10)]
    cards = write_cards(tmp_path, iter(made), per_chunk=4)
    assert (cards.path, cards.per_chunk) == ("cards/{chunk}.json", 4)
    assert len(list((tmp_path / "cards").iterdir())) == 3
    for row in range(10):
        text = (tmp_path / cards.path.format(chunk=row // 4)).read_text()
        assert Card.model_validate(json.loads(text)[row % 4]) == made[row]


def test_a_date_is_also_told_to_programs():
    made = card(eventDate="2006-07-01/2006-07-31")
    assert made.date == "July 2006"
    assert made.when.model_dump() == {"start": "2006-07", "end": "2006-07", "approximate": False}
    assert card(eventDate="[1894-1900, approximate]").when.approximate
    assert card(eventDate="unknown").when is None


def test_a_doubt_that_only_the_written_date_has_is_told():
    assert card(eventDate="1904", verbatimEventDate="ca. 1904").date == "about 1904"
    assert card(eventDate="", year="1904", verbatim_eventDate="c. 1904").when.approximate
    assert card(eventDate="", verbatim_eventDate="ca. 1890").date == "about 1890"
    assert card(eventDate="1904", verbatimEventDate="ca. 1850").date == "1904"


def test_a_common_name_is_beside_the_scientific_one():
    assert card(vernacularName="Monarch").common == "Monarch"
    assert card(scientificName="", vernacularName="Monarch").common == ""


def test_taxa_say_in_which_column_they_can_be_asked_for():
    asked = {one.rank: (one.column, one.value) for one in card(genus="Danaus").classification}
    assert asked == {
        "order": ("order", ""),
        "family": ("family", ""),
        "genus": ("genus", ""),
        "species": ("scientificName", "Danaus plexippus (Linnaeus, 1758)"),
    }
    read_out_of_the_name = {one.rank: one.column for one in card().classification}
    assert read_out_of_the_name["genus"] == ""
    below = card(scientificName="Danaus plexippus megalippe").classification
    assert [(one.rank, one.column) for one in below[-2:]] == [
        ("species", ""),
        ("subspecies", "scientificName"),
    ]


def test_what_a_card_does_not_have_takes_no_bytes(tmp_path):
    write_cards(tmp_path, [card()])
    text = (tmp_path / "cards" / "0.json").read_text()
    assert "upright" not in text
    assert "siblings" not in text
    (kept,) = json.loads(text)
    assert Card.model_validate(kept) == card()
