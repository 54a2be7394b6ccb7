"""Kinds of images that can be read."""

from wunderkammer.doctor.images import KINDS, images


def test_every_kind_that_is_promised_is_read_here():
    (finding,) = images()
    assert finding.level == "ok"
    assert finding.message.startswith(f"{', '.join(KINDS)} can be read")
