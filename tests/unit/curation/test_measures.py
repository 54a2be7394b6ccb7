"""What is proposed before anything is labelled."""

import numpy as np
import pytest

from sorting_board import ids_of, media_of
from wunderkammer.curation.measures import proposals

IDS = ids_of(40)
RNG = np.random.default_rng(0)
SHARP = RNG.uniform(0.75, 0.85, 40)
LIGHT = RNG.uniform(0.9, 1.0, 40)


def found(**columns):
    return {
        name: [one.media_id for one in some]
        for name, some in proposals(media_of(IDS, **columns)).items()
    }


def with_odd(values, place, value):
    odd = list(values)
    odd[place] = value
    return odd


@pytest.mark.parametrize(
    ("queue", "columns"),
    [
        ("blurred", {"sharpness": with_odd(SHARP, 7, 0.3), "highlight": LIGHT}),
        ("blurred", {"sharpness": with_odd(SHARP, 7, 0.52), "highlight": LIGHT}),
        ("dark", {"sharpness": SHARP, "highlight": with_odd(LIGHT, 7, 0.1)}),
        ("tiny", {"width": with_odd([800] * 40, 7, 90), "height": with_odd([600] * 40, 7, 80)}),
        ("odd-aspect", {"width": with_odd([640] * 40, 7, 3000)}),
        ("duplicates", {"duplicate_of": with_odd([None] * 40, 7, IDS[3])}),
    ],
)
def test_the_odd_one_is_found_and_no_other(queue, columns):
    everything = found(**columns)
    assert everything[queue] == [IDS[7]]
    assert not any(some for name, some in everything.items() if name != queue)


def test_what_is_so_of_many_is_their_nature():
    small = found(width=[90] * 40, height=[80] * 40, sharpness=[0.4] * 40)
    assert small["tiny"] == small["blurred"] == []


def test_without_a_measure_nothing_is_proposed():
    assert not any(found().values())


def test_the_worst_comes_first_with_its_figure():
    sharpness = with_odd(with_odd(SHARP, 7, 0.3), 9, 0.1)
    some = proposals(media_of(IDS, sharpness=sharpness))["blurred"]
    assert [one.media_id for one in some] == [IDS[9], IDS[7]]
    assert [one.score for one in some] == [pytest.approx(0.1), pytest.approx(0.3)]
    assert "0.10" in some[0].reason
