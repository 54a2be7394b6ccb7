"""Stable ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wunderkammer.core.identity import derived_id, stable_id

parts = st.lists(st.text(st.characters(exclude_characters="\x1f"), min_size=1), min_size=1)


@given(parts, parts)
def test_different_names_are_different_media(one, other):
    assert (stable_id(*one) == stable_id(*other)) == (one == other)


@given(parts)
def test_an_id_is_twenty_hexadecimal_digits(names):
    assert len(bytes.fromhex(stable_id(*names))) == 10


def test_derived_media_differ_by_place_and_stage():
    parent = stable_id("one")
    ids = {derived_id(parent, stage, n) for stage in ("cutout", "crop") for n in range(10)}
    assert len(ids) == 20


def test_nothing_has_no_id():
    with pytest.raises(ValueError, match="at least one part"):
        stable_id("", "")
