"""Image: verified, measured, kept, made small."""

import hashlib
import io

import numpy as np
import pytest
from PIL import Image

from wunderkammer.core.identity import stable_id
from wunderkammer.core.stage import Context, Done
from wunderkammer.stages.image import ImageStage


def medium(root, content, name="a.jpg"):
    (root / name).write_bytes(content)
    return {
        "media_id": stable_id(name),
        "content_path": name,
        "content_sha256": hashlib.sha256(content).hexdigest(),
    }


def jpeg(width, height):
    pixels = np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG")
    return out.getvalue()


def test_what_is_measured_is_true_and_the_original_is_kept(tmp_path):
    content = jpeg(1600, 900)
    (outcome,) = ImageStage().process([medium(tmp_path, content)], Context(tmp_path))
    values = outcome.values
    assert (values["width"], values["height"], values["file_format"]) == (1600, 900, "JPEG")
    assert values["sha256"] == hashlib.sha256(content).hexdigest()
    assert (tmp_path / values["original"]).read_bytes() == content
    small = Image.open(tmp_path / values["thumbnail"])
    assert small.size == (512, 288)


def test_small_images_are_not_enlarged(tmp_path):
    (outcome,) = ImageStage().process([medium(tmp_path, jpeg(60, 40))], Context(tmp_path))
    assert Image.open(tmp_path / outcome.values["thumbnail"]).size == (60, 40)


def test_originals_need_not_be_copied(tmp_path):
    stage = ImageStage(keep_originals=False)
    (outcome,) = stage.process([medium(tmp_path, jpeg(60, 40))], Context(tmp_path))
    assert outcome.values["original"] is None
    assert not (tmp_path / "media").exists()


def test_an_original_that_was_fetched_is_kept_where_it_lies(tmp_path):
    (tmp_path / "media").mkdir()
    fetched = medium(tmp_path, jpeg(60, 40), "media/a.jpg")
    (outcome,) = ImageStage(keep_originals=False).process([fetched], Context(tmp_path))
    assert outcome.values["original"] == "media/a.jpg"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"content_path": "gone.jpg"}, "gone.jpg cannot be read"),
        ({"content_sha256": "0" * 64}, "changed while it was being read"),
    ],
)
def test_a_bad_medium_fails_alone_and_says_why(tmp_path, change, message):
    good = medium(tmp_path, jpeg(60, 40), "good.jpg")
    bad = medium(tmp_path, jpeg(60, 40), "bad.jpg") | change
    failed, done = ImageStage().process([bad, good], Context(tmp_path))
    assert message in failed.error.message
    assert isinstance(done, Done)
