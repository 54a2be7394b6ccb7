"""An image service of files: every tile there, put together they are the picture."""

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from wunderkammer.exports.image_service import TILE_PX, Service, write_service
from wunderkammer.sources._iiif_image import image_address, read_service

ADDRESS = "https://example.org/iiif/images/1"


def smooth(width, height):
    rows, columns = np.mgrid[0:height, 0:width]
    channels = [rows * 255 / height, columns * 255 / width, (rows + columns) % 256 * 0 + 90]
    return np.dstack(channels).astype(np.uint8)


def read(folder, path):
    with Image.open(folder / path / "0" / "default.jpg") as image:
        return np.asarray(image.convert("RGB")).astype(int)


@pytest.mark.parametrize(("width", "height"), [(1300, 700), (513, 1025), (512, 300), (1, 1)])
def test_tiles_of_each_size_are_the_picture(tmp_path, width, height):
    pixels = smooth(width, height)
    service = write_service(pixels, tmp_path, ADDRESS)
    info = json.loads((tmp_path / "info.json").read_text())
    assert info == service.info()
    [tiles] = info["tiles"]
    for factor, (wide, high) in zip(tiles["scaleFactors"], service.sizes(), strict=True):
        whole = read(tmp_path, f"full/{wide},{high}")
        assert whole.shape == (high, wide, 3)
        if factor == tiles["scaleFactors"][-1]:
            continue
        step = TILE_PX * factor
        for top in range(0, height, step):
            for left in range(0, width, step):
                w, h = min(step, width - left), min(step, height - top)
                size = f"{-(-w // factor)},{-(-h // factor)}"
                part = read(tmp_path, f"{left},{top},{w},{h}/{size}")
                y, x = top // factor, left // factor
                there = whole[y : y + part.shape[0], x : x + part.shape[1]]
                assert np.abs(part - there).mean() < 3
    assert np.abs(read(tmp_path, "full/max") - pixels).mean() < 3


def test_our_own_source_asks_for_files_that_are_there(tmp_path):
    service = write_service(smooth(1300, 700), tmp_path, ADDRESS)
    known = read_service(service.info())
    for size in ("max", "!400,400", "600,"):
        path = image_address(known, size).removeprefix(f"{ADDRESS}/")
        assert (tmp_path / path).is_file(), path


@given(st.integers(1, 100_000), st.integers(1, 100_000))
def test_the_smallest_size_fits_into_a_tile_and_each_is_half_the_last(width, height):
    sizes = Service("", width, height).sizes()
    assert sizes[0] == (width, height)
    assert max(sizes[-1]) <= TILE_PX
    for larger, smaller in pairwise(sizes):
        assert max(larger) > TILE_PX
        assert all(abs(2 * s - one) <= 1 for s, one in zip(smaller, larger, strict=True))
