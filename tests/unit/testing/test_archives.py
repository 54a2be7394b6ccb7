import io

import pytest
from PIL import Image

from wunderkammer.testing.archives import MAKERS, ONE_PIXEL, SPECIMENS


def test_the_one_pixel_is_an_image():
    with Image.open(io.BytesIO(ONE_PIXEL)) as image:
        assert image.size == (1, 1)
        image.load()


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_each_maker_writes_an_image_a_specimen_into_an_empty_folder(name, tmp_path):
    archive = MAKERS[name](tmp_path, SPECIMENS)
    images = {path.name for path in archive.source.images_root().rglob("*.gif")}
    assert {one.file for one in SPECIMENS} <= images
    assert archive.source.name == name
    assert archive.n_rows > archive.n_records == len(SPECIMENS)
