"""Measurements: each value with its unit, what measured it, and of which medium."""

from wunderkammer.exports.measurements import TERMS, Measurements
from wunderkammer.exports.selection import Chosen


def test_what_was_measured_is_told_and_what_was_not_is_left_out(handed):
    measurements = Measurements(handed)
    ids = set()
    for medium in Chosen(handed):
        found = {one["measurementType"]: one for one in measurements.of(medium)}
        assert float(found["cutout_confidence"]["measurementValue"]) == 0.9 or (
            medium.text("original_file") == "b.png"
        )
        assert "cutout_width_mm" not in found, "nobody knows the scale"
        assert ("cutout_reason" in found) == (medium.text("original_file") == "plain.png")
        for one in found.values():
            assert set(one) == set(TERMS)
            assert medium.media_id in one["measurementRemarks"]
            assert one["measurementMethod"]
            ids.add(one["measurementID"])
        turned = found.get("turned_deg")
        assert turned is None or turned["measurementUnit"] == "degrees"
    assert len(ids) == sum(len(list(measurements.of(one))) for one in Chosen(handed))
