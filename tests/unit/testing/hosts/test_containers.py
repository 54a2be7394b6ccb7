import io

import cv2
import numpy as np
import pytest
from PIL import Image

from wunderkammer.testing import Picture
from wunderkammer.testing.hosts import containers
from wunderkammer.testing.hosts.errors import ImageHostError

KINDS = ("jpeg", "png", "tiff", "webp")


@pytest.mark.parametrize("n_bytes", [20_000, 20_001, 70_002, 200_003])
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_has_its_exact_length_and_both_decoders_read_it(kind, n_bytes):
    body = Picture(kind, 120, 90, n_bytes).body(3, "drawer/1")
    assert len(body) == n_bytes
    with Image.open(io.BytesIO(body)) as read:
        read.load()
        assert (read.format.lower(), read.size) == (kind, (120, 90))
    assert cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_COLOR).shape == (90, 120, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_mark_changes_the_bytes_and_not_the_pixels(kind):
    encoded = io.BytesIO()
    options = {"xmp": b"<x/>"} if kind == "webp" else {}
    Image.new("RGB", (16, 16), (200, 30, 90)).save(encoded, kind, **options)
    marked = [containers.marked(encoded.getvalue(), kind, mark, None) for mark in (b"a", b"b")]
    assert marked[0] != marked[1]
    pixels = [np.asarray(Image.open(io.BytesIO(one)).convert("RGB")) for one in marked]
    plain = np.asarray(Image.open(encoded).convert("RGB"))
    assert np.array_equal(pixels[0], plain)
    assert np.array_equal(pixels[1], plain)


def test_a_jpeg_begins_as_jfif_does():
    body = Picture().body(0, "a")
    assert body[:4] == b"\xff\xd8\xff\xe0"
    assert body[6:10] == b"JFIF"
    assert body[20:22] == b"\xff\xfe"  # the mark is a comment, right behind


def test_a_picture_that_does_not_fit_says_how_much_it_needs():
    with pytest.raises(ImageHostError, match=r"480 x 360 pixels needs at least \d{4,} bytes"):
        Picture(n_bytes=1000).body(0, "a")
