"""Cutting out: what becomes of each photograph, and why."""

import hashlib
import io

import cv2
import numpy as np
import pytest
from PIL import Image

from plain_plugins import Darker
from wunderkammer.core.errors import CutoutError, ImageError, RecordError
from wunderkammer.core.identity import derived_id, stable_id
from wunderkammer.core.stage import Context, Done, Failed
from wunderkammer.imaging.cutout_files import decode_cutout
from wunderkammer.imaging.masks import encode_mask, from_grey
from wunderkammer.stages.cutout import CutoutStage

ID = stable_id("one")
ONE = ((120, 100, 60, 40),)
TWO = ((120, 60, 50, 30), (130, 160, 55, 30))


def photograph(ellipses=ONE, width=260, height=220):
    """Return a pale photograph of dark ellipses: centre x and y, half axes."""
    image = np.full((height, width, 3), (225, 222, 215), np.uint8)
    for x, y, a, b in ellipses:
        cv2.ellipse(image, (x, y), (a, b), 0, 0, 360, (40, 60, 90), -1, cv2.LINE_AA)
    return image


def row(root, image, **stated):
    """Store a photograph and return its row."""
    out = io.BytesIO()
    Image.fromarray(image).save(out, "PNG")
    content = out.getvalue()
    (root / "a.png").write_bytes(content)
    return {
        "media_id": ID,
        "sha256": hashlib.sha256(content).hexdigest(),
        "original": None,
        "content_path": "a.png",
        "px_per_mm": stated.get("px_per_mm"),
        "record/view": stated.get("view"),
        "annotation/mask": stated.get("mask"),
        "annotation/cutout": stated.get("verdict"),
    }


def drawn(root, mask):
    """Store a mask as a person draws it and return what is annotated."""
    content = mask if isinstance(mask, bytes) else encode_mask(mask)
    folder = root / "annotations" / "masks"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"annotations/masks/{hashlib.sha256(content).hexdigest()}.png"
    (root / name).write_bytes(content)
    return name


def stage(**settings):
    segmenter = Darker(**settings.pop("segmenter", {}))
    return CutoutStage(**{"segmenter": segmenter, "min_px": 20} | settings)


def cut(root, image, *, made=None, **stated):
    (outcome,) = (made or stage()).process([row(root, image, **stated)], Context(root))
    return outcome


def truth(ellipses, image):
    blank = np.zeros(image.shape[:2], np.uint8)
    for x, y, a, b in ellipses:
        cv2.ellipse(blank, (x, y), (a, b), 0, 0, 360, 1, -1)
    return blank > 0


def test_a_specimen_is_cut_out_at_full_size_where_it_lies(tmp_path):
    image = photograph()
    done = cut(tmp_path, image, px_per_mm="10")
    values = done.values
    rgba = decode_cutout((tmp_path / values["cutout"]).read_bytes())
    assert rgba.shape[:2] == (values["cutout_height"], values["cutout_width"])
    alpha = np.zeros(image.shape[:2], np.uint8)
    left, top = values["cutout_left"], values["cutout_top"]
    alpha[top : top + rgba.shape[0], left : left + rgba.shape[1]] = rgba[:, :, 3]
    assert ((alpha > 127) ^ truth(ONE, image)).sum() < 0.03 * truth(ONE, image).sum()
    assert values["cutout_area_px"] == pytest.approx(truth(ONE, image).sum(), rel=0.03)
    assert values["cutout_width_mm"] == pytest.approx(12.1, abs=0.4)
    assert values["cutout_height_mm"] == pytest.approx(8.1, abs=0.4)
    inside = rgba[:, :, 3] == 255
    assert np.abs(rgba[inside][:, :3].astype(int) - (40, 60, 90)).mean() < 6
    assert (values["cutout_rejected"], values["cutout_reason"], values["n_cutouts"]) == (
        False, None, 1
    )  # fmt: skip
    assert values["cutout_by"] == "darker"
    seen = from_grey((tmp_path / values["mask"]).read_bytes())
    assert seen.shape == (110, 130)


@pytest.mark.parametrize(
    ("ellipses", "settings", "reason"),
    [
        ((), {}, "nothing found"),
        (((120, 100, 8, 6),), {}, "too small"),
        (((0, 100, 60, 90),), {}, "touches the border"),
        (ONE, {"segmenter": {"confidence": 0.3}}, "low confidence"),
    ],
)
def test_what_is_no_use_is_rejected_with_a_reason(tmp_path, ellipses, settings, reason):
    image = photograph(ellipses)
    done = cut(tmp_path, image, made=stage(**settings))
    assert isinstance(done, Done)
    assert done.values["cutout_reason"] == reason
    assert done.values["cutout_rejected"] is True
    assert done.values.get("cutout") is None
    assert (tmp_path / done.values["mask"]).exists(), "a person can still look at it"
    failed = cut(tmp_path, image, made=stage(rejects="leave out", **settings))
    assert isinstance(failed.error, CutoutError)
    assert reason in failed.error.message


def test_between_low_and_sure_a_person_should_look(tmp_path):
    done = cut(tmp_path, photograph(), made=stage(segmenter={"confidence": 0.7}))
    assert done.values["cutout_reason"] == "unsure"
    assert done.values["cutout_rejected"] is False


def test_a_persons_verdict_wins_over_every_rule(tmp_path):
    unsure = stage(segmenter={"confidence": 0.3})
    done = cut(tmp_path, photograph(), made=unsure, verdict="accepted")
    assert done.values["cutout"]
    assert done.values["cutout_reason"] is None
    done = cut(tmp_path, photograph(), verdict="rejected")
    assert done.values["cutout_reason"] == "rejected by a person"
    assert done.values.get("cutout") is None
    failed = cut(tmp_path, photograph(), verdict="maybe")
    assert isinstance(failed.error, RecordError)
    assert "'maybe'" in failed.error.message


def test_several_specimens_become_media_in_reading_order_with_their_views(tmp_path):
    done = cut(tmp_path, photograph(TWO), view="dorsal_over_ventral")
    upper, lower = done.derived
    assert [one.media_id for one in done.derived] == [derived_id(ID, "cutout", n) for n in (0, 1)]
    assert upper.values["cutout_top"] < lower.values["cutout_top"]
    assert (upper.values["view"], lower.values["view"]) == ("dorsal", "ventral")
    assert upper.values["n_cutouts"] == done.values["n_cutouts"] == 2
    assert upper.values["cutout"] != lower.values["cutout"]
    assert upper.values["mask"] == lower.values["mask"]
    alone = cut(tmp_path, photograph(), view="dorsal_over_ventral")
    assert alone.values["view"] == "dorsal_over_ventral"


def test_one_of_several_that_is_no_use_is_left_out_and_said(tmp_path):
    done = cut(tmp_path, photograph(((120, 60, 50, 30), (130, 181, 70, 40))))
    assert not done.derived
    assert done.values["n_cutouts"] == 1
    assert done.values["cutout_reason"] == "not all kept"
    assert done.values["cutout_top"] < 60


def test_a_persons_mask_is_taken_in_place_of_the_segmenters(tmp_path):
    image = photograph()
    mask = np.zeros(image.shape[:2], bool)
    mask[90:170, 20:60] = True
    done = cut(tmp_path, image, mask=drawn(tmp_path, mask), made=stage(margin=0))
    values = done.values
    assert (values["cutout_by"], values["cutout_confidence"]) == ("person", 1.0)
    assert abs(values["cutout_left"] - 20) <= 2
    assert abs(values["cutout_height"] - 80) <= 4
    assert values["cutout_area_px"] == pytest.approx(mask.sum(), rel=0.02)
    seen = from_grey((tmp_path / values["mask"]).read_bytes())
    assert seen[50, 60] > 0.9, "the machine's mask stays what the machine saw"


def test_a_persons_mask_of_two_specimens_gives_both_and_loses_nothing(tmp_path):
    image = photograph(TWO)
    mask = truth(TWO, image)
    mask[100:104, 118:122] = True
    done = cut(tmp_path, image, mask=drawn(tmp_path, mask))
    assert len(done.derived) == 2
    area = sum(one.values["cutout_area_px"] for one in done.derived)
    assert area == pytest.approx(mask.sum(), rel=0.02)


def test_a_mask_of_the_same_shape_at_another_size_is_scaled(tmp_path):
    image = photograph()
    small = cv2.resize(truth(ONE, image).astype(np.uint8), (130, 110)) > 0
    done = cut(tmp_path, image, mask=drawn(tmp_path, small))
    assert done.values["cutout_area_px"] == pytest.approx(truth(ONE, image).sum(), rel=0.06)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda root: "annotations/masks/none.png", "none.png is not there"),
        (lambda root: drawn(root, b"\x89PNG broken"), "the mask is no image"),
        (lambda root: drawn(root, np.zeros((220, 260), bool)), "is empty: nothing in it is white"),
        (lambda root: drawn(root, np.ones((220, 220), bool)), "has 220 x 220 pixels, and its"),
        (lambda root: "../elsewhere.png", "lies outside of the collection"),
        (lambda root: "a.png", "other bytes than those it is named by"),
    ],
)
def test_a_bad_mask_fails_its_medium_and_is_named(tmp_path, make, message):
    failed = cut(tmp_path, photograph(), mask=make(tmp_path))
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, ImageError)
    assert message in failed.error.message
    assert failed.error.hint


@pytest.mark.parametrize("scale", ["about 10", "0", "nan"])
def test_a_scale_that_is_no_number_is_said(tmp_path, scale):
    failed = cut(tmp_path, photograph(), px_per_mm=scale)
    assert f"px_per_mm is stated as '{scale}'" in failed.error.message


def test_a_scale_for_all_is_used_where_a_medium_states_none(tmp_path):
    made = stage(px_per_mm=20)
    assert cut(tmp_path, photograph(), made=made).values["cutout_width_mm"] == pytest.approx(6, 0.1)
    told = cut(tmp_path, photograph(), made=made, px_per_mm="10")
    assert told.values["cutout_width_mm"] == pytest.approx(12, 0.1)


def test_shape_size_and_format_are_settings(tmp_path):
    made = stage(square=True, max_px=64, format="png")
    values = cut(tmp_path, photograph(), made=made).values
    assert values["cutout"].endswith(".png")
    assert Image.open(tmp_path / values["cutout"]).size == (64, 64)
    assert values["cutout_width"] == values["cutout_height"] > 120


def test_an_original_that_was_changed_or_lost_fails_alone(tmp_path):
    good = row(tmp_path, photograph())
    changed = good | {"media_id": stable_id("two"), "sha256": "0" * 64}
    lost = good | {"media_id": stable_id("three"), "content_path": "gone.png"}
    outcomes = stage().process([changed, lost, good], Context(tmp_path))
    messages = {one.media_id: one.error.message for one in outcomes if isinstance(one, Failed)}
    assert "other bytes" in messages[changed["media_id"]]
    assert "gone.png cannot be read" in messages[lost["media_id"]]
    assert [one.media_id for one in outcomes if isinstance(one, Done)] == [ID]


def test_a_medium_does_not_depend_on_its_batch(tmp_path):
    rows = []
    for number, ellipses in enumerate((ONE, TWO, ONE)):
        (tmp_path / str(number)).mkdir()
        one = row(tmp_path / str(number), photograph(ellipses, width=260 + 20 * number))
        path = f"{number}/a.png"
        rows.append(one | {"media_id": stable_id(str(number)), "content_path": path})
    together = stage().process(rows, Context(tmp_path))
    alone = [stage().process([one], Context(tmp_path))[0] for one in rows]
    assert together == alone


def test_the_segmenters_files_are_the_stages(tmp_path):
    assert Darker(weights="w.bin").files(tmp_path) == {"weights": tmp_path / "w.bin"}
    made = stage(segmenter={"weights": "w.bin"})
    assert made.files(tmp_path) == {"segmenter.weights": tmp_path / "w.bin"}


def test_a_segmenter_may_look_at_a_small_photograph_enlarged(tmp_path):
    image = photograph()
    small = cv2.resize(image, (65, 55), interpolation=cv2.INTER_AREA)
    made = stage(segmenter={"side_px": 256}, min_px=8)
    done = cut(tmp_path, small, made=made)
    assert done.values["cutout_area_px"] == pytest.approx(truth(ONE, image).sum() / 16, rel=0.1)
    assert from_grey((tmp_path / done.values["mask"]).read_bytes()).shape == (217, 256)
