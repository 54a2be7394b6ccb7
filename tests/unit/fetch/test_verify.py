import hashlib
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from wunderkammer.fetch.errors import BrokenImageError, TooLargeError, WrongTypeError
from wunderkammer.fetch.verify import sniffed, verify

NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 255, (90, 120, 3), np.uint8))
MANY = 10**8


def encoded(kind, image=NOISE, **options):
    held = io.BytesIO()
    image.save(held, kind, **options)
    return held.getvalue()


FILES = {
    "jpeg": (encoded("JPEG"), "image/jpeg", ".jpg"),
    "progressive": (encoded("JPEG", progressive=True), "image/jpeg", ".jpg"),
    "cmyk": (encoded("JPEG", NOISE.convert("CMYK")), "image/jpeg", ".jpg"),
    "grey": (encoded("JPEG", NOISE.convert("L")), "image/jpeg", ".jpg"),
    "png": (encoded("PNG"), "image/png", ".png"),
    "tiff": (encoded("TIFF", compression="tiff_lzw"), "image/tiff", ".tif"),
    "webp": (encoded("WEBP"), "image/webp", ".webp"),
    "gif": (encoded("GIF"), "image/gif", ".gif"),
    "bmp": (encoded("BMP"), "image/bmp", ".bmp"),
    "jp2": (encoded("JPEG2000"), "image/jp2", ".jp2"),
}


@pytest.mark.parametrize("name", FILES)
def test_whole_images_of_each_kind_pass(name):
    content, media_type, suffix = FILES[name]
    found = verify(content, max_pixels=MANY)
    assert (found.width, found.height) == (120, 90)
    assert (found.kind.media_type, found.kind.suffix) == (media_type, suffix)
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert found.n_bytes == len(content)
    assert found.copy is None


@given(name=st.sampled_from(sorted(FILES)), share=st.floats(0, 1, exclude_max=True))
def test_an_image_cut_anywhere_is_refused(name, share):
    content = FILES[name][0]
    with pytest.raises((BrokenImageError, WrongTypeError)):
        verify(content[: int(share * len(content))], max_pixels=MANY)


@pytest.mark.parametrize("name", FILES)
def test_an_image_without_its_last_byte_is_refused(name):
    with pytest.raises(BrokenImageError):
        verify(FILES[name][0][:-1], max_pixels=MANY)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "an empty file"),
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b"\n\n <HTML>", "a web page"),
        (b'{"error": 404}', "JSON"),
        (b"%PDF-1.7", "a PDF"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"PK\x03\x04..", "a ZIP archive"),
        (b"hello", "5 bytes of no known kind"),
    ],
)
def test_what_is_no_image_is_named(content, named):
    with pytest.raises(WrongTypeError, match=named):
        verify(content, max_pixels=MANY)


def test_postscript_is_never_run():
    assert sniffed(b"%!PS-Adobe-3.0 EPSF-3.0") is None


@pytest.mark.parametrize("name", ["jpeg", "png"])
def test_too_many_pixels_are_refused_undecoded(name):
    with pytest.raises(TooLargeError, match="10,800 pixels, and 10,799 are allowed"):
        verify(FILES[name][0], max_pixels=10_799)


def test_a_copy_is_upright_and_no_larger():
    exif = Image.Exif()
    exif[0x0112] = 6
    content = encoded("JPEG", exif=exif)
    found = verify(content, max_pixels=MANY, copy_px=60)
    assert (found.width, found.height) == (90, 120)
    with Image.open(io.BytesIO(found.copy)) as copy:
        assert copy.size == (45, 60)
    with Image.open(io.BytesIO(verify(content, max_pixels=MANY, copy_px=999).copy)) as copy:
        assert copy.size == (90, 120)
