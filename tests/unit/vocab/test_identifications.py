"""A specimen that was named anew belongs to its new name, and to nothing of the old one."""

import pytest

from wunderkammer.vocab.identifications import NAMING_TERMS, named, unnamed
from wunderkammer.vocab.ranks import classification

ATALANTA = {
    "order": "Lepidoptera",
    "family": "Nymphalidae",
    "genus": "Vanessa",
    "specificEpithet": "atalanta",
    "infraspecificEpithet": "rubria",
    "scientificName": "Vanessa atalanta rubria (Fruhstorfer, 1909)",
    "scientificNameAuthorship": "(Fruhstorfer, 1909)",
    "vernacularName": "red admiral",
    "taxonRank": "subspecies",
    "sex": "female",
}


def ranks_after(terms):
    return dict(classification({**ATALANTA, **terms}))


def test_another_species_of_another_family_takes_its_family_along():
    wider = {"order": "Lepidoptera", "family": "Pieridae"}
    stated = named("species", "Pieris napi", ATALANTA, wider)
    assert ranks_after(stated) == {
        "order": "Lepidoptera", "family": "Pieridae", "genus": "Pieris", "species": "Pieris napi"
    }  # fmt: skip
    assert "order" not in stated, "what stays the same is not stated"
    after = {**ATALANTA, **stated}
    assert (after["scientificName"], after["taxonRank"]) == ("Pieris napi", "species")
    assert (after["scientificNameAuthorship"], after["vernacularName"]) == ("", "")
    assert after["sex"] == "female"


@pytest.mark.parametrize(
    ("rank", "name", "wanted"),
    [
        ("genus", "Aglais", ["order", "family", "genus"]),
        ("family", "Pieridae", ["order", "family"]),
        ("subspecies", "Vanessa atalanta atalanta", ["order", "family", "genus", "species",
                                                     "subspecies"]),
    ],
)  # fmt: skip
def test_a_name_says_nothing_narrower_than_its_rank(rank, name, wanted):
    found = ranks_after(named(rank, name, ATALANTA))
    assert list(found) == wanted
    assert found[rank] == name


@pytest.mark.parametrize(
    ("rank", "left"),
    [("species", {"order", "family", "genus"}), ("genus", {"order", "family"}), ("order", set())],
)
def test_an_unknown_name_leaves_what_is_wider(rank, left):
    stated = unnamed(rank, ATALANTA)
    found = ranks_after(stated)
    assert set(found) == left
    assert stated["scientificName"] == (list(found.values())[-1] if left else "")


def test_a_genus_that_only_the_scientific_name_told_is_kept():
    before = {"family": "Nymphalidae", "scientificName": "Vanessa atalanta (L.)"}
    after = {**before, **unnamed("species", before)}
    assert dict(classification(after)) == {"family": "Nymphalidae", "genus": "Vanessa"}


def test_a_column_of_species_as_some_portals_have_it_follows():
    before = {**ATALANTA, "species": "Vanessa atalanta"}
    assert named("species", "Pieris napi", before)["species"] == "Pieris napi"
    assert unnamed("species", before)["species"] == ""
    assert "species" not in named("species", "Pieris napi", ATALANTA)


@pytest.mark.parametrize("name", ["Pieris", "Pieris sp.", "Pieris cf. napi", "pieris"])
def test_a_species_needs_its_epithet(name):
    with pytest.raises(ValueError, match="is no name of a species"):
        named("species", name, ATALANTA)


def test_names_of_unusual_spelling_are_taken_word_by_word():
    assert named("species", "g01 s003", {})["specificEpithet"] == "s003"


def test_any_other_column_is_just_stated():
    assert named("sex", "male", ATALANTA) == {"sex": "male"}
    assert unnamed("sex", ATALANTA) == {"sex": ""}


def test_whatever_is_stated_is_listed():
    for rank in ("order", "genus", "species", "subspecies"):
        stated = named(rank, "Aus bus cus", {**ATALANTA, "species": "x", "subspecies": "y"})
        assert set(stated) | set(unnamed(rank, ATALANTA)) <= set(NAMING_TERMS)
