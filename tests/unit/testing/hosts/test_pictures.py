import hashlib
import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from wunderkammer.testing import Picture
from wunderkammer.testing.hosts.pictures import bomb


def test_every_path_of_every_host_in_every_version_has_bytes_of_its_own():
    bodies = {
        Picture(version=version).body(host, path)
        for version in (0, 1)
        for host in (0, 1)
        for path in ("a", "b", "c")
    }
    assert len(bodies) == 12


def test_another_process_makes_the_same_bytes():
    code = (
        "import hashlib; from wunderkammer.testing import Picture;"
        "print(hashlib.sha256(Picture('png').body(4, 'ä/1.png')).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    here = hashlib.sha256(Picture("png").body(4, "ä/1.png")).hexdigest()
    assert done.stdout.strip() == here


def test_paths_are_spread_over_the_scenes():
    picture = Picture(width_px=24, height_px=18, n_bytes=8000, n_scenes=3)
    seen = {
        np.asarray(Image.open(io.BytesIO(picture.body(0, f"{number}")))).tobytes()
        for number in range(40)
    }
    assert len(seen) == 3


def test_a_photograph_of_40_kb_is_mostly_pixels():
    picture = Picture()
    assert len(picture.body(0, "a")) == 40_000
    assert len(picture._scene(0)) > 36_000


def test_a_bomb_is_small_and_huge(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 89_478_485)  # Pillow's own; others may lift it
    packed = bomb(12_000)
    assert len(packed) < 100_000
    with pytest.warns(Image.DecompressionBombWarning):
        opened = Image.open(io.BytesIO(packed))
    assert opened.size == (12_000, 12_000)
    opened.load()
