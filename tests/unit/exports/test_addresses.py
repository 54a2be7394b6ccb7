"""Addresses from a pattern."""

import pytest

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.exports.addresses import address_of
from wunderkammer.exports.selection import Medium

MEDIUM = Medium("0a1b2c", "s", None, {"media_id": "0a1b2c", "catalogNumber": "BM 1/ä?"})


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("", ""),
        ("https://x.org/{head}/{media_id}.webp", "https://x.org/0a/0a1b2c.webp"),
        ("https://x.org/{catalogNumber}", "https://x.org/BM%201/%C3%A4%3F"),
    ],
)
def test_names_in_braces_are_filled_in(pattern, address):
    assert address_of(pattern, MEDIUM) == address


def test_a_name_without_a_value_is_refused():
    with pytest.raises(ConfigurationError, match=r"names \{genus\}, and the medium 0a1b2c"):
        address_of("https://x.org/{genus}", MEDIUM)
