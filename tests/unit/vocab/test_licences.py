import csv
from collections import Counter

import pytest

from wunderkammer.vocab.licences import STATEMENTS, UNSTATED, licence


@pytest.mark.parametrize(
    ("text", "spdx", "is_open"),
    [
        ("http://creativecommons.org/licenses/by/4.0/legalcode", "CC-BY-4.0", True),
        ("https://creativecommons.org/licenses/by-sa/3.0/deed.en", "CC-BY-SA-3.0", True),
        ("creativecommons.org/licenses/by-nc/4.0", "CC-BY-NC-4.0", False),
        ("https://creativecommons.org/licenses/by-nc/2.0/uk/", "CC-BY-NC-2.0", False),
        ("http://creativecommons.org/publicdomain/zero/1.0/legalcode", "CC0-1.0", True),
        ("http://creativecommons.org/publicdomain/mark/1.0/", "PDM-1.0", True),
        ("CC-BY", "CC-BY-4.0", True),
        ("CC BY 2.5", "CC-BY-2.5", True),
        ("CC_BY_NC_4_0", "CC-BY-NC-4.0", False),
        ("cc-by-nd-nc", "CC-BY-NC-ND-4.0", False),
        ("CC0_1_0", "CC0-1.0", True),
        ("CC0", "CC0-1.0", True),
        ("CC0 1.0 Universal", "CC0-1.0", True),
        ("Attribution 4.0", "CC-BY-4.0", True),
        ("Attribution-NonCommercial-ShareAlike 4.0 International", "CC-BY-NC-SA-4.0", False),
        ("Creative Commons Attribution Share Alike (CC BY-SA) 4.0", "CC-BY-SA-4.0", True),
        ("Attribution - Non Commercial (CC BY-NC 4.0)", "CC-BY-NC-4.0", False),
        ("Public Domain", "PDM-1.0", True),
        ("Public Domain Mark 1.0", "PDM-1.0", True),
    ],
)
def test_licences_are_understood(text, spdx, is_open):
    found = licence(text)
    assert (found.spdx, found.open) == (spdx, is_open)
    assert found.verbatim == text
    assert found.url.startswith("https://creativecommons.org/")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "© The Trustees of the Natural History Museum, London",
        "© Trustees, CC BY on request",
        "All rights reserved",
        "Usage Conditions Apply",
        "not CC-BY",
        "by",
        "open access",
        "CC BY-XY",
        "https://example.org/licence",
        "see http://creativecommons.org/licenses/by/4.0/ for text only",
    ],
)
def test_what_is_not_wholly_understood_is_kept_and_never_open(text):
    found = licence(text)
    assert found.spdx is None
    assert not found.open
    assert found.label == found.verbatim == text


def test_the_country_of_a_port_is_kept_in_address_and_label():
    found = licence("https://creativecommons.org/licenses/by-nc/2.0/uk/")
    assert found.url.endswith("/by-nc/2.0/uk/")
    assert found.label == "CC BY-NC 2.0 UK"


@pytest.mark.shared_data
def test_every_licence_of_the_museum_insects_is_open(shared_data):
    path = shared_data / "museum-insects" / "multimedia.txt"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        counts = Counter(licence(row["license"]).spdx for row in rows)
    assert counts == {"CC-BY-4.0": 246, "CC0-1.0": 218}


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        ("CC BY-NC (Attribution-NonCommercial)", "CC-BY-NC-4.0"),
        ("CC BY-NC (Attribution-Non-Commercial)", "CC-BY-NC-4.0"),
        ("CC0 1.0 (Public-domain)", "CC0-1.0"),
        ("CC_BY_4_0", "CC-BY-4.0"),
        ("CCZero", "CC0-1.0"),
        (
            (
                "This work is licensed under a Creative Commons Attribution Non Commercial "
                "(CC-BY-NC) 4.0 License."
            ),
            "CC-BY-NC-4.0",
        ),
        (
            (
                "To the extent possible under law, the publisher has waived all rights to these "
                "data and has dedicated them to the Public Domain (CC0 1.0). Users may copy, "
                "modify, distribute and use the work, including for commercial purposes, without "
                "restriction."
            ),
            "CC0-1.0",
        ),
        ("Attribution-NonCommercial 4.0 International (CC BY-NC 4.0)", "CC-BY-NC-4.0"),
        ("CC BY-NC-SA 4.0 (see https://creativecommons.org/licenses/by-nc-sa/4.0/)",
         "CC-BY-NC-SA-4.0"),
        ("http://creativecommons.org/licenses/by/4.0/legalcode|CC BY", "CC-BY-4.0"),
        ("http://creativecommons.org/licenses/by/3.0/us/deed.en_US", "CC-BY-3.0"),
        ("CC BY-NC-SA 3.0 US", "CC-BY-NC-SA-3.0"),
        ("https://spdx.org/licenses/CC-BY-SA-4.0.html", "CC-BY-SA-4.0"),
        ("http://creativecommons.org/licenses/publicdomain/", "CC-PDDC"),
        ("https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
         "OGL-UK-3.0"),
        ("Open Government Licence v3.0", "OGL-UK-3.0"),
        (
            (
                "Public domain. The BHL considers that this work is no longer under copyright "
                "protection."
            ),
            "PDM-1.0",
        ),
    ],
)  # fmt: skip
def test_what_portals_and_toolkits_write_is_understood(text, spdx):
    found = licence(text)
    assert found.spdx == spdx
    assert found.understood
    assert (found.verbatim, found.statement) == (text, "")


@pytest.mark.parametrize(
    ("text", "statement", "label"),
    [
        ("http://rightsstatements.org/vocab/InC/1.0/", "InC", "In Copyright"),
        ("https://rightsstatements.org/page/NoC-US/1.0/?language=en", "NoC-US",
         "No Copyright - United States"),
        ("rightsstatements.org/vocab/NKC/1.0", "NKC", "No Known Copyright"),
        ("http://rightsstatements.org/vocab/inc-ow-eu/1.0/", "InC-OW-EU",
         "In Copyright - EU Orphan Work"),
        ("Copyright not evaluated", "CNE", "Copyright Not Evaluated"),
        ("No Copyright - United States", "NoC-US", "No Copyright - United States"),
    ],
)  # fmt: skip
def test_statements_of_rightsstatements_org_have_their_own_label(text, statement, label):
    found = licence(text)
    assert (found.statement, found.label) == (statement, label)
    assert found.url == f"http://rightsstatements.org/vocab/{statement}/1.0/"
    assert found.verbatim == text
    assert found.understood
    assert (found.spdx, found.open) == (None, False)


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("All rights reserved", "reserved"),
        ("© 2014 Museum of the Moors, All rights reserved.", "reserved"),
        ("No known copyright restrictions", "no-known-restrictions"),
        ("No known copyright restrictions as determined by scanning institution",
         "no-known-restrictions"),
        ("NOT_IN_COPYRIGHT", "not-in-copyright"),
        ("In copyright. Digitized with the permission of the rights holder.", "in-copyright"),
        ("UNSPECIFIED", UNSTATED),
        ("n/a", UNSTATED),
    ],
)  # fmt: skip
def test_clear_words_that_are_no_licence_are_named_and_kept(text, statement):
    found = licence(text)
    assert (found.spdx, found.open, found.statement) == (None, False, statement)
    assert found.label == text
    assert found.statement in STATEMENTS
    assert found.understood == (statement != UNSTATED)


@pytest.mark.parametrize(
    "text",
    [
        "CC BY 4.0, CC BY-NC 4.0",
        "CC BY (Attribution-NonCommercial)",
        "CC-BY-SA-3.0,2.5,2.0,1.0",
        "http://creativecommons.org/licenses/by/4.0/; http://creativecommons.org/licenses/by-nc/4.0/",
        "http://creativecommons.org/licenses/by/4.0/ CC BY-NC 4.0",
        "https://example.org/?not=creativecommons.org/licenses/by/4.0/",
        "All rights reserved unless marked CC BY",
        "© Museum, not all rights reserved",
        "CC BY 4.0 UK",
        "http://rightsstatements.org/vocab/XYZ/1.0/",
        "https://www.si.edu/termsofuse",
        "© President and Fellows of a College",
    ],
)
def test_contradictions_and_links_to_policies_are_not_understood(text):
    found = licence(text)
    assert (found.spdx, found.statement, found.open) == (None, "", False)
    assert not found.understood
    assert found.label == text
