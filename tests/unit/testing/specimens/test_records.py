"""What labels and rows say."""

import re

import numpy as np

from wunderkammer.testing.specimens.records import draw_record, plain

FORMS = {
    "day": r"\d{4}-\d\d-\d\d",
    "month": r"\d{4}-\d\d",
    "year": r"\d{4}",
    "range": r"\d{4}-\d\d-\d\d/\d{4}-\d\d-28",
    "none": "",
}


def test_dates_come_in_every_real_form():
    rng = np.random.default_rng(0)
    found = [draw_record(rng).event_date for _ in range(400)]
    for form in FORMS.values():
        assert any(re.fullmatch(form, date) for date in found)
    assert all(any(re.fullmatch(form, date) for form in FORMS.values()) for date in found)


def test_coordinates_are_on_earth_or_missing():
    rng = np.random.default_rng(1)
    records = [draw_record(rng) for _ in range(200)]
    known = [r for r in records if r.latitude]
    assert 0 < len(known) < len(records)
    assert all(abs(float(r.latitude)) <= 90 and abs(float(r.longitude)) <= 180 for r in known)


def test_labels_are_plain_text():
    assert plain("Müller-Aue, Ørsted, Łaski") == "Muller-Aue, Orsted, Laski"
    assert plain("forêt").isascii()
