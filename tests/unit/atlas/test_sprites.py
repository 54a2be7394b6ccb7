import io
import pickle

import numpy as np
import pytest
import simplejpeg
from PIL import Image

from wunderkammer.atlas.layers import Layer, Shadow
from wunderkammer.atlas.sprites import EncodedSprites, SpriteMaker, decode_sprite
from wunderkammer.atlas.style import TileStyle
from wunderkammer.core.errors import ImageError

IDS = np.arange(30, dtype=np.uint8).reshape(3, 10)
SHADOW = Shadow(0.5, 2.0, 6, 3)


class Given:
    """A source of given arrays that counts how often each is asked for."""

    def __init__(self, image):
        self.image = image
        self.asked = []

    def load(self, media_id, width, height):
        self.asked.append((media_id, width, height))
        if isinstance(self.image, Exception):
            raise self.image
        return self.image


def layer_of(boxes, shadow=SHADOW):
    return Layer.of(2, shadow, IDS[: len(boxes)], np.array(boxes, np.int32))


def smooth(height, width):
    y, x = np.mgrid[:height, :width]
    return np.dstack([x * 255 // width, y * 255 // height, (x + y) % 64 + 90]).astype(np.uint8)


def test_a_jpeg_is_decoded_no_larger_than_needed():
    content = simplejpeg.encode_jpeg(smooth(400, 600), quality=95)
    assert decode_sprite(content, 600, 400).shape == (400, 600, 3)
    small = decode_sprite(content, 150, 100)
    assert 150 <= small.shape[1] < 300
    assert small.shape[0] >= 100


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_jpegs_of_other_colour_spaces_become_rgb(mode):
    buffer = io.BytesIO()
    Image.fromarray(smooth(40, 60)).convert(mode).save(buffer, "JPEG", quality=95)
    image = decode_sprite(buffer.getvalue(), 60, 40)
    assert image.shape == (40, 60, 3)
    grey = np.asarray(Image.fromarray(smooth(40, 60)).convert("L"), int)
    assert np.abs(image.mean(axis=2) - smooth(40, 60).mean(axis=2)).mean() < 25
    if mode == "L":
        assert np.abs(image[:, :, 0] - grey).mean() < 4


def test_a_jpeg_broken_off_is_an_image_error():
    content = simplejpeg.encode_jpeg(smooth(400, 600), quality=95)
    with pytest.raises(ImageError, match="cannot be decoded"):
        decode_sprite(content[: len(content) // 2], 600, 400)


def test_a_png_keeps_its_transparency():
    image = np.dstack([smooth(20, 30), np.full((20, 30), 77, np.uint8)])
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    assert (decode_sprite(buffer.getvalue(), 1, 1) == image).all()


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"\xff\xd8\xff\xe0 broken", b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_image_is_an_image_error(content):
    with pytest.raises(ImageError, match="cannot be decoded"):
        decode_sprite(content, 8, 8)


@pytest.mark.parametrize("mode", ["RGBA", "RGB"])
def test_a_webp_is_what_pillow_makes_of_it(mode):
    pixels = np.random.default_rng(0).integers(0, 255, (40, 60, len(mode)), np.uint8)
    pixels[:, :30, 3:] = 0
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "WEBP", quality=80)
    expected = np.asarray(Image.open(content))
    np.testing.assert_array_equal(decode_sprite(content.getvalue(), 20, 20), expected)
    with pytest.raises(ImageError, match="cannot be decoded"):
        decode_sprite(content.getvalue()[:300], 20, 20)


def test_a_sprite_is_prepared_once_for_all_its_tiles():
    source = Given(smooth(64, 64))
    layer = layer_of([[240, 240, 64, 64]])
    maker = SpriteMaker(source, TileStyle(), 1)
    maker.expect(layer, layer.members)
    sprites = [maker.take(layer, 0) for _ in range(4)]
    assert len(source.asked) == 1
    assert all(sprite is sprites[0] for sprite in sprites)


def test_a_full_cache_costs_time_and_changes_nothing():
    source = Given(smooth(64, 64))
    layer = layer_of([[240, 240, 64, 64], [500, 240, 64, 64]])
    maker = SpriteMaker(source, TileStyle(), 1, cache_bytes=1)
    first, again = maker.take(layer, 0), maker.take(layer, 0)
    assert len(source.asked) == 2
    assert (first.pixels == again.pixels).all()


def test_a_retina_sprite_is_asked_for_at_twice_the_size():
    source = Given(smooth(128, 128))
    sprite = SpriteMaker(source, TileStyle(), 2).take(layer_of([[0, 0, 60, 40]]), 0)
    assert source.asked == [(IDS[0].tobytes().hex(), 120, 80)]
    assert sprite.pixels.shape == (80, 120, 3)
    assert (sprite.reach, sprite.drop) == (12, 6)


def test_contain_shows_the_whole_image_in_the_middle_of_its_box():
    maker = SpriteMaker(Given(smooth(50, 100)), TileStyle(fit="contain"), 1)
    sprite = maker.take(layer_of([[0, 0, 60, 60]]), 0)
    assert sprite.pixels.shape == (30, 60, 3)
    assert (sprite.left, sprite.top) == (0, 15)
    filled = SpriteMaker(Given(smooth(50, 100)), TileStyle(), 1).take(layer_of([[0, 0, 60, 60]]), 0)
    assert filled.pixels.shape == (60, 60, 3)


def test_the_shadow_of_a_cutout_follows_its_silhouette():
    cutout = np.dstack([smooth(64, 64), np.zeros((64, 64), np.uint8)])
    cutout[8:56, 8:24, 3] = 255
    sprite = SpriteMaker(Given(cutout), TileStyle(), 1).take(layer_of([[0, 0, 64, 64]]), 0)
    light = sprite.light[6:-6, 6:-6]
    assert abs(int(light[32, 16]) - 128) <= 2
    assert light[32, 50] == 255


def test_no_shadow_means_no_light_to_compute():
    maker = SpriteMaker(Given(smooth(8, 8)), TileStyle(shadow_opacity=0), 1)
    assert maker.take(layer_of([[0, 0, 8, 8]], Shadow(0, 0, 0, 0)), 0).light is None


@pytest.mark.parametrize(
    ("image", "error"),
    [
        (ImageError("gone.", hint="Fetch it."), "ImageError"),
        (OSError("disk"), "OSError"),
        (np.zeros((4, 4), np.uint8), "ImageError"),
        (np.zeros((4, 4, 3), np.float32), "ImageError"),
        (np.zeros((0, 4, 3), np.uint8), "ImageError"),
        (ZeroDivisionError("a bug"), "ZeroDivisionError"),
    ],
)
def test_a_bad_sprite_is_noted_once_and_asked_for_once(image, error):
    source = Given(image)
    layer = layer_of([[240, 240, 64, 64]])
    maker = SpriteMaker(source, TileStyle(), 1)
    assert [maker.take(layer, 0) for _ in range(4)] == [None] * 4
    assert len(source.asked) == 1
    assert [failure.error for failure in maker.failures.values()] == [error]
    assert list(maker.failures) == [IDS[0].tobytes().hex()]


def test_a_source_of_bytes_travels_to_other_processes():
    source = pickle.loads(pickle.dumps(EncodedSprites({"a": b""}.__getitem__)))
    with pytest.raises(ImageError):
        source.load("a", 1, 1)
