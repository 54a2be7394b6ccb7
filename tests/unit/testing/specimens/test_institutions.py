"""Museums and their habits."""

import pytest

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.testing.specimens.institutions import institutions


def test_six_institutions_have_six_habits():
    assert len({home.habit for home in institutions(6, 0)}) == 6


def test_more_than_six_keep_their_own_codes_and_numbers():
    homes = institutions(14, 0)
    assert len({home.code for home in homes}) == 14
    assert len({home.number.format(n=1) for home in homes}) == 14


def test_none_is_refused():
    with pytest.raises(ConfigurationError, match="n_institutions = 0"):
        institutions(0, 0)
