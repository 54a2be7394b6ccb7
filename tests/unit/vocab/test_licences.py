import csv
from collections import Counter

import pytest

from wunderkammer.vocab.licences import licence


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
