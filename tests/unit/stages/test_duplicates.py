"""Which medium is kept of each group of duplicates."""

import io

import cv2
import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from wunderkammer.core.inputs import Inputs
from wunderkammer.core.stage import Context
from wunderkammer.stages.duplicates import DuplicatesStage
from wunderkammer.stages.fingerprint import FingerprintStage

COLUMNS = ("duplicate_of", "duplicate_kind", "duplicate_distance", "duplicate_same_specimen")


def picture(seed):
    noise = np.random.default_rng(seed).normal(0, 1, (40, 50, 3)).astype(np.float32)
    blobs = cv2.resize(noise, (500, 400), interpolation=cv2.INTER_CUBIC)
    return np.clip(128 + 45 * blobs, 0, 255).astype(np.uint8)


class Shelf:
    """Media that tests put together, and what the stages make of them."""

    def __init__(self, root):
        self.context = Context(root)
        self.rows = []

    def put(self, media_id, pixels, *, sha256="", quality=95, scale=1.0, specimen=""):
        size = [round(side * scale) for side in pixels.shape[1::-1]]
        out = io.BytesIO()
        Image.fromarray(pixels).resize(size).save(out, "JPEG", quality=quality)
        self.rows.append(
            {
                "media_id": media_id,
                "sha256": sha256 or media_id,
                "width": size[0],
                "height": size[1],
                "n_bytes": len(out.getvalue()),
                "specimen_id": specimen or media_id,
                "thumbnail": self.context.write_blob("thumbnail", out.getvalue(), ".jpg"),
            }
        )

    def run(self, **settings):
        rows = sorted(self.rows, key=lambda row: row["media_id"])
        done = FingerprintStage().process(rows, self.context)
        rows = [{**row, **one.values} for row, one in zip(rows, done, strict=True)]
        ids = [row["media_id"] for row in rows]
        table = pa.Table.from_pylist(rows)
        place = table.column_names.index("fingerprint")
        bits = table["fingerprint"].cast(pa.string())
        inputs = Inputs(ids, table.set_column(place, "fingerprint", bits), {}, {})
        stage = DuplicatesStage(**settings)
        assert set(stage.reads()) <= set(inputs.scalars.column_names)
        result = stage.process(inputs, self.context)
        assert set(result.values) == {column.name for column in stage.writes()}
        columns = [result.values[name].to_pylist() for name in COLUMNS]
        return dict(zip(ids, zip(*columns, strict=True), strict=True)), result.quality


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path)


KEPT = (None, None, None, None)


def test_the_largest_is_kept_then_the_least_compressed_then_the_smallest_id(shelf):
    shelf.put("a", picture(0), scale=0.5)
    shelf.put("b", picture(0), quality=60)
    shelf.put("c", picture(0), quality=98)
    shelf.put("d", picture(1), sha256="same")
    shelf.put("e", picture(1), sha256="same")
    shelf.put("f", picture(2))
    found, quality = shelf.run()
    assert [one for one, values in found.items() if values == KEPT] == ["c", "d", "f"]
    assert [found[one][:2] for one in "abe"] == [("c", "near"), ("c", "near"), ("d", "exact")]
    assert found["e"][2] == 0
    assert 0 <= found["a"][2] <= 24
    assert (quality["n_exact"], quality["n_near"]) == (1, 2)


def test_the_order_of_media_decides_nothing(shelf, tmp_path):
    for n in range(12):
        shelf.put(f"m{n:02}", picture(n % 3), scale=1 - 0.04 * n)
    first, _ = shelf.run()
    other = Shelf(tmp_path)
    for row in reversed(shelf.rows):
        other.rows.append(row)
    assert other.run()[0] == first
    assert {values[0] for values in first.values()} == {None, "m00", "m01", "m02"}


def test_one_picture_of_two_specimens_is_told_from_two_of_one(shelf):
    shelf.put("a", picture(0), specimen="drawer 1")
    shelf.put("b", picture(0), specimen="drawer 1", quality=80)
    shelf.put("c", picture(0), specimen="drawer 2", quality=70)
    found, quality = shelf.run()
    assert [found[one][3] for one in "abc"] == [None, True, False]
    assert quality["n_of_other_specimens"] == 1


def test_plain_sheets_are_not_duplicates_unless_their_bytes_are(shelf):
    blank = np.full((300, 400, 3), 245, np.uint8)
    for name, digest in (("a", "x"), ("b", "y"), ("c", "x")):
        shelf.put(name, blank, sha256=digest)
    found, _ = shelf.run()
    assert found["a"] == found["b"] == KEPT
    assert found["c"][:2] == ("a", "exact")


def test_labels_that_differ_in_a_digit_are_told_apart(shelf):
    for name, number, quality in (("a", 1234, 95), ("b", 1274, 94), ("c", 1234, 50)):
        label = np.full((400, 600, 3), 240, np.uint8)
        for line, text in enumerate(["HERBARIUM", f"No. {number}", "det. A. Jones"]):
            place = (40, 110 + 110 * line)
            cv2.putText(label, text, place, cv2.FONT_HERSHEY_DUPLEX, 2.2, (30, 30, 30), 4)
        shelf.put(name, label, quality=quality)
    found, quality = shelf.run()
    assert found["a"] == found["b"] == KEPT
    assert found["c"][:2] == ("a", "near")
    assert quality["n_told_apart"] >= 1
    lax, _ = shelf.run(min_correlation=0, max_patch_difference=2)
    assert list(lax.values()).count(KEPT) == 1
