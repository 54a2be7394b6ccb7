from xml.etree import ElementTree as ET

import numpy as np
import pytest

from wunderkammer.atlas.containers import DziWriter
from wunderkammer.atlas.encoding import decode_tile, encode_tile
from wunderkammer.atlas.style import TileStyle

STYLE = TileStyle(format="png")
SPACE = "{http://schemas.microsoft.com/deepzoom/2008}"


def pixels(seed=0):
    return np.random.default_rng(seed).integers(0, 256, (256, 256, 3), dtype=np.uint8)


def write(path, addresses, max_zoom):
    with DziWriter(path, STYLE, tile_px=256, max_zoom=max_zoom) as writer:
        for zoom, x, y in addresses:
            writer.write(zoom, x, y, encode_tile(pixels(zoom + x), STYLE))


def test_levels_go_down_to_one_pixel_each_half_of_the_one_above(tmp_path):
    write(tmp_path / "moths.dzi", [(0, 0, 0), (1, 1, 0)], 1)
    files = tmp_path / "moths_files"
    assert sorted(int(level.name) for level in files.iterdir()) == list(range(10))
    above = pixels().astype(float)
    for level in range(7, -1, -1):
        shown = decode_tile((files / str(level) / "0_0.png").read_bytes())
        assert shown.shape == (1 << level, 1 << level, 3)
        mean = above.reshape(1 << level, 2, 1 << level, 2, 3).mean(axis=(1, 3))
        assert np.abs(shown - mean).max() <= 0.5
        above = shown.astype(float)
    assert (decode_tile((files / "9" / "1_0.png").read_bytes()) == pixels(2)).all()


def test_the_description_tells_size_tile_and_format_and_where_tiles_are(tmp_path):
    addresses = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (2, 0, 1), (2, 1, 1), (2, 3, 0)]
    write(tmp_path / "moths.dzi", addresses, 2)
    image = ET.parse(tmp_path / "moths.dzi").getroot()
    assert image.tag == f"{SPACE}Image"
    assert image.attrib == {"TileSize": "256", "Overlap": "0", "Format": "png"}
    assert image.find(f"{SPACE}Size").attrib == {"Width": "1024", "Height": "1024"}
    shown = [
        (rect.get("MinLevel"), rect.get("MaxLevel"), *rect[0].attrib.values())
        for rect in image.iter(f"{SPACE}DisplayRect")
    ]
    assert shown == [
        ("9", "9", "0", "0", "1024", "512"),
        ("10", "10", "768", "0", "256", "256"),
        ("10", "10", "0", "256", "512", "256"),
    ]


def test_rectangles_of_deep_pyramids_are_those_of_zoom_4(tmp_path):
    addresses = [(zoom, (5 << zoom) // 64, 0) for zoom in range(7)]
    write(tmp_path / "moths.dzi", addresses, 6)
    rects = list(ET.parse(tmp_path / "moths.dzi").getroot().iter(f"{SPACE}DisplayRect"))
    levels = [(rect.get("MinLevel"), rect.get("MaxLevel")) for rect in rects]
    assert levels == [("9", "9"), ("10", "10"), ("11", "11"), ("12", "14")]
    assert rects[-1][0].attrib == {"X": "1024", "Y": "0", "Width": "1024", "Height": "1024"}


def test_an_error_leaves_the_old_image_and_nothing_else(tmp_path):
    def write_and_fail():
        with DziWriter(tmp_path / "a.dzi", STYLE, tile_px=256, max_zoom=0) as half:
            half.write(0, 0, 0, encode_tile(pixels(9), STYLE))
            raise KeyboardInterrupt

    write(tmp_path / "a.dzi", [(0, 0, 0)], 0)
    with pytest.raises(KeyboardInterrupt):
        write_and_fail()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.dzi", "a_files"]
    assert (decode_tile((tmp_path / "a_files" / "8" / "0_0.png").read_bytes()) == pixels()).all()
