"""Descriptions of data sets: who, what, whom to ask, under which licence."""

from xml.etree import ElementTree as ET

import pytest

from wunderkammer.core.configuration import About
from wunderkammer.exports.eml import DataSet, eml

ABOUT = About(
    title="Moths & <moths>", description="One.\n\nTwo.", citation="A (2026).",
    contact="curator@example.org", publisher="Museum", website="https://museum.example.org/",
)  # fmt: skip
CC_BY = ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
CC0 = ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/")


def described(licence="", media=None, about=ABOUT):
    return ET.fromstring(eml(DataSet(about, "2026-03-01", licence, media or {CC_BY: 3})))


def text(root, path):
    return root.findtext(f"dataset/{path}")


def test_everything_that_is_known_is_said_in_the_order_of_the_standard():
    root = described()
    assert root.tag == "{https://eml.ecoinformatics.org/eml-2.2.0}eml"
    assert [part.tag for part in root.find("dataset")] == [
        "title", "creator", "metadataProvider", "pubDate", "language", "abstract",
        "intellectualRights", "distribution", "contact",
    ]  # fmt: skip
    assert text(root, "title") == "Moths & <moths>"
    assert text(root, "pubDate") == "2026-03-01"
    assert [para.text for para in root.findall("dataset/abstract/para")] == ["One.", "Two."]
    assert text(root, "contact/organizationName") == "Museum"
    assert text(root, "contact/electronicMailAddress") == "curator@example.org"
    assert root.findtext("additionalMetadata/metadata/gbif/citation") == "A (2026)."


@pytest.mark.parametrize(
    ("stated", "media", "address"),
    [
        ("", {CC_BY: 3}, "http://creativecommons.org/licenses/by/4.0/legalcode"),
        ("CC0", {CC_BY: 3, CC0: 1}, "http://creativecommons.org/publicdomain/zero/1.0/legalcode"),
        ("", {CC_BY: 3, CC0: 1}, None),
        ("CC BY-SA 4.0", {CC_BY: 3}, None),
        ("all mine", {CC_BY: 3}, None),
    ],
)
def test_a_licence_that_gbif_takes_is_said_in_its_words(stated, media, address):
    root = described(stated, media)
    link = root.find("dataset/intellectualRights/para/ulink")
    assert (link.get("url") if link is not None else None) == address
    mix = root.findall("dataset/intellectualRights/para")[-1].text
    assert all(name in mix and url in mix for name, url in media)


def test_a_page_is_no_e_mail_address():
    about = About(title="T", contact="https://museum.example.org/ask")
    root = described(about=about)
    assert text(root, "contact/electronicMailAddress") is None
    assert text(root, "contact/onlineUrl") == "https://museum.example.org/ask"
