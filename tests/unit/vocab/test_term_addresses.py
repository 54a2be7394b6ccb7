"""Addresses of terms lead back to the terms."""

import pytest

from wunderkammer.vocab import audiovisual_core, darwin_core
from wunderkammer.vocab.darwin_core import short_name
from wunderkammer.vocab.term_addresses import MEDIUM_TERMS, medium_address, occurrence_address


@pytest.mark.parametrize("name", sorted(darwin_core.TERMS))
def test_each_term_of_an_occurrence_has_the_standards_address(name):
    assert occurrence_address(name) == darwin_core.TERMS[name].uri


@pytest.mark.parametrize("name", sorted(MEDIUM_TERMS))
def test_each_term_of_a_medium_has_an_address_that_leads_back(name):
    address = medium_address(name)
    assert address.startswith("http://")
    assert short_name(address) == name


def test_borrowed_terms_keep_the_namespace_of_their_standard():
    assert medium_address("rightsHolder").startswith("http://purl.org/dc/terms/")
    assert medium_address("PixelXDimension") == "http://ns.adobe.com/exif/1.0/PixelXDimension"
    own = {name for name in audiovisual_core.TERMS if medium_address(name).startswith(
        audiovisual_core.AC)}  # fmt: skip
    assert {"accessURI", "hashValue", "caption", "providerManagedID"} <= own
    assert not {"title", "creator", "Owner", "CreateDate", "Credit"} & own
    assert medium_address("shelf") == occurrence_address("shelf") == ""
