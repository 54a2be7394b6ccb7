import numpy as np
import pytest

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.settings import build
from wunderkammer.curation.presets import PRESETS, AlexnetMembers, TrunkMembers, as_pictures


def test_the_record_is_set_as_the_original():
    how = AlexnetMembers()
    assert (how.side_px, how.fit, how.learning_rate, how.batch_size) == (256, "squash", 1e-4, 64)
    assert (how.until_right, how.judged, how.balance, how.n_members) == (True, False, False, 5)
    assert how.widths == (64, 192, 384, 256, 256)


def test_a_squashed_picture_fills_its_square_and_a_padded_one_keeps_its_aspect():
    wide = np.full((40, 120, 3), 200, np.uint8)
    wide[:, :60] = 0
    squashed = as_pictures([wide], AlexnetMembers(side_px=64))
    assert squashed.shape == (1, 64, 64, 3)
    assert (squashed[0, :, :30] == 0).all()
    assert (squashed[0, :, 34:] == 200).all()
    padded = as_pictures([wide, wide], TrunkMembers(side_px=60))
    assert padded.shape == (2, 60, 60, 3)
    assert (padded[0, 25:35, 35:] == 200).all()
    assert (padded[0, :5] == padded[0, 0, 0]).all(), "above it is its own edge's colour"


def test_no_pictures_are_an_empty_stack():
    assert as_pictures([], TrunkMembers(side_px=32)).shape == (0, 32, 32, 3)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_presets_know_their_name_and_refuse_what_is_unknown(name):
    assert build(PRESETS[name], {}, where="here").model_dump()["name"] == name
    with pytest.raises(ConfigurationError, match="n_member"):
        build(PRESETS[name], {"n_member": 3}, where="here")
