import io

import pytest
from PIL import Image

from wunderkammer.testing.archives import MAKERS, ONE_PIXEL, SPECIMENS


def test_the_one_pixel_is_an_image():
    with Image.open(io.BytesIO(ONE_PIXEL)) as image:
        assert image.size == (1, 1)
        image.load()


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_each_maker_writes_an_archive_of_each_specimen_into_an_empty_folder(name, tmp_path):
    archive = MAKERS[name](tmp_path, SPECIMENS)
    root = archive.source.images_root()
    if root is not None:  # a portal's export has addresses instead
        assert {one.file for one in SPECIMENS} <= {path.name for path in root.rglob("*.gif")}
    assert all(path.is_relative_to(tmp_path) for path in archive.source.inputs())
    assert archive.source.name == name
    assert archive.n_rows > archive.n_records == len(SPECIMENS)
