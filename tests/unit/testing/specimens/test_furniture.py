"""Labels, rulers, cards and codes."""

import cv2
import numpy as np
import pytest

from wunderkammer.testing.specimens import furniture as f


def test_a_code_can_be_read_back():
    code = f.qr_code("SMNV-0010042", 120)
    photo = np.full((300, 300, 3), 200, np.uint8)
    f.lay(photo, code, (80, 80))
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(photo)
    assert text == "SMNV-0010042"


def test_ruler_has_a_mark_each_millimetre():
    strip = f.ruler(500, 40, 6.0)
    row = strip[2, :, 0].astype(int)
    dark = np.flatnonzero((row < 140) & (np.roll(row, 1) >= 140))
    assert np.diff(dark).mean() == pytest.approx(6, abs=0.1)
    assert len(dark) == pytest.approx(500 / 6, abs=2)


def test_text_is_shrunk_to_its_width_and_never_grown():
    assert f.fitted("a", 500, 12) == 12
    assert f.fitted("a very long line indeed", 60, 12) < 6


def test_label_is_opaque_paper_with_ink():
    piece = f.label([("PERU", f.SERIF), ("Rio Claro", f.SERIF)], (60, 160))
    assert piece.shape == (60, 160, 4)
    assert (piece[..., 3] == 255).all()
    assert piece[10:50, 10:150, 0].min() < 90
    assert np.median(piece[..., 0]) > 240


def test_a_piece_beyond_the_rim_is_cut_off():
    photo = np.full((50, 50, 3), 100, np.uint8)
    f.lay(photo, f.label([], (20, 20)), (-200, 0))
    assert (photo == 100).all()
    f.lay(photo, f.label([], (20, 20)), (-10, -10), 5)
    assert (photo[:6, :6] > 200).any()


def test_colour_card_has_24_colours():
    card = f.colour_card(240, 40, 2)
    centres = card[[10, 30]][:, 10::20, :3].reshape(-1, 3)
    assert len(np.unique(centres, axis=0)) == 24


def test_barcode_and_stamp_leave_ink():
    bars = f.barcode("PELL00010003", (60, 140), "Pellworm")
    assert 0.1 < (bars[18:40, 6:134, 0] < 100).mean() < 0.8
    page = np.full((100, 100, 3), 240, np.uint8)
    f.stamp(page, (50, 50), (40, 25), "PELL", (40, 60, 120))
    assert (page < 200).any()
    f.scale_bar(page, (10, 80), 3.0, (0, 0, 0))
    assert (page[82, 10:40] == 0).all()
