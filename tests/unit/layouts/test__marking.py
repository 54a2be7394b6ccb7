import numpy as np
import pyarrow as pa

from wunderkammer.layouts import Placement, registry
from wunderkammer.layouts._marking import blocks, ticks

DRAW = np.random.default_rng(0)


def contains(mark, position):
    return (
        mark.x <= position[0] <= mark.x + mark.width
        and mark.y <= position[1] <= mark.y + mark.height
    )


def test_the_block_of_a_taxon_holds_its_media_and_no_others():
    n = 300
    genus = DRAW.choice(["Aglais", "Vanessa", "Pieris"], n)
    family = np.where(genus == "Pieris", "Pieridae", "Nymphalidae")
    records = pa.table({"family": family, "genus": genus})
    layout = registry.get("taxonomy")()
    placement = layout.place(DRAW.normal(size=(n, 2)), np.ones(n), records)
    marks = {mark.text: mark for mark in layout.marks(placement, records)}
    assert set(marks) == {"Aglais", "Vanessa", "Pieris", "Pieridae", "Nymphalidae"}
    assert marks["Aglais"].rank == "genus"
    for row in range(n):
        for name in set(genus):
            assert contains(marks[name], placement.positions[row]) == (genus[row] == name)
        assert contains(marks["Nymphalidae"], placement.positions[row]) == (genus[row] != "Pieris")
    assert marks["Pieridae"].n_media == (genus == "Pieris").sum()


def test_what_stands_apart_does_not_widen_a_block():
    positions = np.array([[0.0, 0], [1, 0], [0, 1], [1, 1], [0, 40]])
    [mark] = blocks(
        ("genus",), np.zeros(5, np.int64), [("A",)], Placement(positions, np.ones((5, 2)))
    )
    assert (mark.x, mark.y, mark.width, mark.height) == (-0.5, -0.5, 2, 2)
    assert mark.n_media == 5


def test_ticks_stand_at_round_values_between_their_columns():
    n = 500
    years = DRAW.integers(1871, 1969, n)
    records = pa.table({"year_from": years})
    layout = registry.get("timeline")()
    placement = layout.place(DRAW.normal(size=(n, 2)), np.ones(n), records)
    marks = layout.marks(placement, records)
    assert [mark.text for mark in marks] == [str(year) for year in range(1880, 1970, 10)]
    for mark in marks:
        earlier = years < int(mark.text)
        assert placement.positions[earlier, 0].max() < mark.x
        assert placement.positions[~earlier, 0].min() > mark.x


def test_one_value_needs_no_ticks():
    assert ticks(np.full(3, 1900.0), Placement(np.zeros((3, 2)), np.ones((3, 2)))) == []


def test_the_lines_of_a_map_part_what_they_part_on_earth():
    n = 200
    latitude, longitude = DRAW.uniform(-40, 60, n), DRAW.uniform(-20, 90, n)
    records = pa.table({"decimalLatitude": latitude, "decimalLongitude": longitude})
    layout = registry.get("map")(density=0.02)
    placement = layout.place(DRAW.normal(size=(n, 2)), np.ones(n), records)
    marks = {mark.text: mark for mark in layout.marks(placement, records)}
    assert {"0°", "20° S", "20° N", "40° E"} <= set(marks)
    north = placement.positions[:, 1] < marks["20° N"].y
    assert (north == (latitude > 20)).mean() > 0.95
    east = placement.positions[:, 0] > marks["40° E"].x
    assert (east == (longitude > 40)).mean() > 0.95
