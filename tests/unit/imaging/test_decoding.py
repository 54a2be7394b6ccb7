"""Bytes to upright, whole images."""

import io

import numpy as np
import pytest
import simplejpeg
from PIL import Image

from wunderkammer.core.errors import ImageError
from wunderkammer.imaging.decoding import decode

MANY = 10**9


def encoded(image, form="PNG", **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


@pytest.fixture
def picture():
    """Return a picture whose corners differ: red, green, blue, white."""
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:20, :30, 0] = pixels[:20, 30:, 1] = pixels[20:, :30, 2] = 255
    pixels[20:, 30:] = 255
    return Image.fromarray(pixels)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_turn_ends_upright(picture, orientation):
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = picture.transpose(undo[orientation]) if orientation in undo else picture
    exif = Image.Exif()
    exif[0x0112] = orientation
    for form in ("JPEG", "PNG"):
        options = {"quality": 95, "subsampling": 0} if form == "JPEG" else {}
        found = decode(encoded(stored, form, exif=exif, **options), max_pixels=MANY)
        assert (found.width, found.height, found.orientation) == (60, 40, orientation)
        difference = np.abs(found.pixels.astype(int) - np.asarray(picture).astype(int))
        assert difference.mean() < 4, form


def test_transparent_parts_are_white():
    image = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    image.putpixel((0, 0), (255, 0, 0, 255))
    pixels = decode(encoded(image), max_pixels=MANY).pixels
    assert pixels[0, 0].tolist() == [255, 0, 0]
    assert pixels[3, 3].tolist() == [255, 255, 255]


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "LA", "I;16"])
def test_every_kind_of_pixel_keeps_its_brightness(picture, mode):
    grey = picture.convert("L")
    if mode == "I;16":
        image = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    else:
        image = grey.convert("RGB").convert(mode)
    pixels = decode(encoded(image, "TIFF"), max_pixels=MANY).pixels
    assert pixels.shape == (40, 60, 3)
    assert abs(pixels.mean() - np.asarray(grey).mean()) < 3


def test_a_jpeg_may_come_smaller_but_not_too_small():
    pixels = np.random.default_rng(0).integers(0, 255, (900, 1600, 3), np.uint8)
    content = simplejpeg.encode_jpeg(pixels, quality=90)
    found = decode(content, max_pixels=MANY, enough_px=300)
    assert (found.width, found.height) == (1600, 900)
    assert 300 <= max(found.pixels.shape) < 1600


def test_an_animation_is_its_first_picture():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    content = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decode(content, max_pixels=MANY).pixels[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.97])
def test_what_is_broken_off_is_refused(form, share):
    pixels = np.random.default_rng(0).integers(0, 255, (200, 200, 3), np.uint8)
    content = encoded(Image.fromarray(pixels), form)
    with pytest.raises(ImageError):
        decode(content[: int(len(content) * share)], max_pixels=MANY)


@pytest.mark.parametrize(
    ("content", "looks"),
    [
        (b"", "the file is empty"),
        (b"<!DOCTYPE html><title>404", "it looks like a web page"),
        (b"\x00" * 99, "no known image format"),
    ],
)
def test_what_is_no_image_is_said_to_be_what_it_looks_like(content, looks):
    with pytest.raises(ImageError, match=looks):
        decode(content, max_pixels=MANY)


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (HEIC + b"\0" * 200, "HEIC, in which phones keep photographs, which is not read"),
        (b"\0\0\0\x18ftypmif2\0\0\0\0mif2heix" + b"\0" * 99, "HEIC"),
        (b"%PDF-1.4\n", "the file is a PDF, which is not read"),
        (b"\xff\x0a" + b"\0" * 99, "JPEG XL"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "no known image format"),
        (b"\xff\xff\xff\xffftypxxxx", "no known image format"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", "no known image format"),
    ],
)
def test_a_picture_of_a_kind_that_is_not_read_is_named(content, kind):
    with pytest.raises(ImageError, match=kind):
        decode(content, max_pixels=MANY)


def test_a_bomb_is_refused_before_it_is_decoded():
    content = encoded(Image.new("L", (5000, 5000)))
    with pytest.raises(ImageError, match="5,000 x 5,000 pixels, and 1,000,000 are allowed"):
        decode(content, max_pixels=1_000_000)


def test_the_number_of_pixels_that_is_allowed_is_ours_alone():
    header = encoded(Image.new("1", (20_000, 20_000)), "PNG")[:60]
    with pytest.raises(ImageError, match="20,000 x 20,000 pixels, and 300,000,000 are allowed"):
        decode(header, max_pixels=300_000_000)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_exif_that_is_broken_costs_no_image(picture, form):
    content = encoded(picture, form, exif=b"Exif\0\0garbage!", lossless=True)
    found = decode(content, max_pixels=MANY)
    assert found.orientation == 1
    assert (found.pixels == np.asarray(picture)).all()


def test_a_program_is_no_image(picture):
    with pytest.raises(ImageError, match="no known image format"):
        decode(encoded(picture, "EPS"), max_pixels=MANY)


def test_what_a_decoder_says_of_damage_is_an_error_of_the_image(picture):
    content = encoded(picture, "AVIF")
    place = content.index(b"mdat") + 4
    with pytest.raises(ImageError, match="cannot be decoded whole: Failed to decode"):
        decode(content[:place] + b"\xff" * (len(content) - place), max_pixels=MANY)


def test_a_flipped_bit_of_a_png_is_found(picture):
    content = bytearray(encoded(picture))
    content[content.index(b"IDAT") + 30] ^= 1
    with pytest.raises(ImageError, match="cannot be decoded whole"):
        decode(bytes(content), max_pixels=MANY)
