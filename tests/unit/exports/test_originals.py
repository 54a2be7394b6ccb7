"""Originals leave as they are; what programs would show turned or not at all is made plain."""

import io

import numpy as np
import pytest
from PIL import Image

from wunderkammer.core.errors import ConfigurationError, ImageError, ImageMissingError
from wunderkammer.exports.originals import Pictures, as_readable, original_bytes
from wunderkammer.exports.selection import Chosen, Medium


def medium_of(chosen, name, **more):
    [one] = [one for one in chosen if one.text("original_file") == name][:1]
    return one._replace(row={**one.row, **more})


def file_of(form, orientation=1, size=(30, 20)):
    pixels = np.zeros((size[1], size[0], 3), np.uint8)
    pixels[: size[1] // 2, :, 0] = 255
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, form, **({"exif": exif} if form == "JPEG" else {}))
    return buffer.getvalue()


def test_an_original_is_copied_to_the_byte(handed, tmp_path):
    chosen = Chosen(handed)
    medium = medium_of(chosen, "a.png")
    written = Pictures(chosen, tmp_path, "original", "data").write(medium)
    assert written.file == f"data/BM_1_2_{medium.media_id[:8]}.png"
    source = (handed.root / "source" / "a.png").read_bytes()
    assert (tmp_path / written.file).read_bytes() == source
    assert (written.width, written.height) == (160, 120)


def test_what_lies_on_its_side_or_is_rare_is_made_plain(handed):
    medium = Medium("m", "m", None, {"width": 20, "height": 30, "file_format": "JPEG",
                                     "orientation": 6})  # fmt: skip
    content, suffix, size = as_readable(file_of("JPEG", 6), medium)
    with Image.open(io.BytesIO(content)) as image:
        assert (suffix, image.size) == (".jpg", size) == (".jpg", (20, 30))
        assert image.getexif().get(0x0112, 1) == 1
        pixels = np.asarray(image).astype(int)
    assert pixels[:, 15:, 0].mean() > 200
    assert pixels[:, :5, 0].mean() < 50
    medium = medium._replace(row={"width": 30, "height": 20, "file_format": "TIFF"})
    content, suffix, size = as_readable(file_of("TIFF"), medium)
    with Image.open(io.BytesIO(content)) as image:
        assert (suffix, image.format, image.size) == (".png", "PNG", size)


def test_other_bytes_or_none_are_an_error(handed):
    medium = medium_of(Chosen(handed), "a.png", sha256="0" * 64)
    with pytest.raises(ImageError, match="other bytes"):
        original_bytes(medium, handed.root)
    medium = medium_of(Chosen(handed), "a.png", original="gone.png", content_path="gone.png")
    with pytest.raises(ImageMissingError, match=r"gone\.png"):
        original_bytes(medium, handed.root)


def test_a_medium_without_such_a_picture_has_none(handed, tmp_path):
    chosen = Chosen(handed)
    cutouts = Pictures(chosen, tmp_path, "cutout", "cut")
    assert cutouts.write(medium_of(chosen, "plain.png")) is None
    written = cutouts.write(medium_of(chosen, "b.png"))
    with Image.open(tmp_path / written.file) as image:
        assert image.mode == "RGBA"


def test_a_picture_that_no_stage_makes_is_refused(collection, tmp_path):
    with pytest.raises(ConfigurationError, match="no stage of this collection makes"):
        Pictures(Chosen(collection), tmp_path, "cutout", "x")
