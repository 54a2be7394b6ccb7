"""Reports on cut-outs: what was measured against what, and that nothing flatters unsaid."""

import csv
import json
import re

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import hand_cut
import wunderkammer
from hand_cut import HEIGHT, WIDTH, Told, specimen
from pages import Page
from wunderkammer.cli.main import wk
from wunderkammer.core.errors import ConfigurationError, StageError
from wunderkammer.imaging.masks import encode_mask
from wunderkammer.reports.cutout import (
    CSV_COLUMNS,
    as_json,
    cutout_report,
    write_csv,
    write_page,
)

RIGHT = specimen()[0]
HALF = RIGHT & (np.arange(WIDTH) < WIDTH // 2)
"""Half of the specimen: IoU 0.5, Dice 2/3."""


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    """Return a collection with masks of all kinds, one photograph of each specimen."""
    told = [
        Told("good", machine=RIGHT, person=RIGHT),
        Told("poor", machine=HALF, person=RIGHT),
        Told("seen", machine=RIGHT, person=RIGHT),
        Told("watched", machine=HALF, person=RIGHT),
        Told("kept", machine=RIGHT, person=RIGHT),
        Told("empty", person=np.zeros((HEIGHT, WIDTH), bool)),
        Told("square", person=np.ones((80, 80), bool)),
        Told("sure", told={"confidence": 0.95, "n": 2}),
        Told("doubted", told={"confidence": 0.31, "reason": "unsure"}),
        Told("=lost", told={"confidence": 0.2, "rejected": True, "reason": "12 px: too small"}),
        Told("fails", told={"fails": True}),
    ]
    root = tmp_path_factory.mktemp("cutouts") / "c"
    made = hand_cut.make(root, told, {"cutout.segmenter.weights": "0123456789ab"})
    ids = hand_cut.ids(made)
    hand_cut.write_weights(
        root, {ids["seen"]: "train", ids["watched"]: "validation", ids["kept"]: "test"}
    )
    return made


def by_name(report):
    return {one.truth.name.removesuffix(".png"): one for one in report.measured}


def test_held_out_and_trained_on_are_told_apart(cut):
    report = cutout_report(cut)
    parts = {name: one.part for name, one in by_name(report).items()}
    assert parts == {
        "good": "held_out", "poor": "held_out", "kept": "held_out",
        "seen": "trained_on", "watched": "trained_on",
    }  # fmt: skip
    means = {part: report.estimates(part)["iou"].value for part in ("held_out", "trained_on")}
    assert means == {
        "held_out": pytest.approx(2.5 / 3, abs=0.01),
        "trained_on": pytest.approx(0.75, abs=0.01),
    }
    assert by_name(report)["poor"].agreement.dice == pytest.approx(2 / 3, abs=0.01)


def test_another_photograph_of_a_specimen_that_was_trained_on_is_not_held_out(tmp_path):
    told = [Told(name, person=RIGHT) for name in ("one", "two")]
    for one in told:
        one.told["record"] = {"catalogNumber": "M 7"}
    cut = hand_cut.make(tmp_path / "c", told, {"cutout.segmenter.weights": "0123456789ab"})
    hand_cut.write_weights(cut.root, {hand_cut.ids(cut)["one"]: "train"})
    parts = {name: one.part for name, one in by_name(cutout_report(cut)).items()}
    assert parts == {"one": "trained_on", "two": "trained_on"}


def test_what_cannot_be_measured_is_named(cut):
    report = cutout_report(cut)
    assert {one.name: one.why for one in report.left_out} == {
        "empty.png": "the person's mask is empty.",
        "square.png": "the mask is 80 x 80 pixels and the photograph 160 x 120: "
        "they are not in proportion.",
    }


def test_counts_are_of_all_media(cut):
    counts = cutout_report(cut).counts
    assert (counts.n_photographs, counts.n_media, counts.n_several) == (10, 11, 1)
    assert (counts.n_cut, counts.n_rejected, counts.n_failed) == (10, 1, 1)
    assert (counts.n_judged, counts.n_by_person, counts.n_for_a_person) == (7, 7, 2)
    assert counts.reasons == {"unsure": 1, "… px: too small": 1}
    histogram = {place / 20: n for place, n in enumerate(counts.confidence) if n}
    assert histogram == {0.2: 1, 0.3: 1, 0.95: 2}


def test_a_folder_of_masks_stands_in_for_annotations(cut, tmp_path):
    ids = hand_cut.ids(cut)
    for name, mask in (("sure", RIGHT), (ids["doubted"], HALF), ("nobody", RIGHT)):
        (tmp_path / f"{name}.png").write_bytes(encode_mask(mask))
    large = Image.fromarray(HALF).resize((WIDTH * 3, HEIGHT * 3))
    large.save(tmp_path / "good.png")
    (tmp_path / "poor.png").write_bytes(b"no image")
    report = cutout_report(cut, tmp_path)
    found = {name: one.agreement.iou for name, one in by_name(report).items()}
    assert found == {
        "sure": 1,
        "doubted": pytest.approx(0.5, abs=0.01),
        "good": pytest.approx(0.5, abs=0.02),
    }
    assert by_name(report)["doubted"].confidence == 0.31
    assert {one.name for one in report.left_out} == {"nobody.png", "poor.png"}
    (tmp_path / "none").mkdir()
    with pytest.raises(StageError, match="none of the 0 PNG files"):
        cutout_report(cut, tmp_path / "none")


def test_the_page_stands_alone_and_says_what_was_measured(cut, tmp_path):
    report = cutout_report(cut)
    write_page(cut, report, tmp_path / "a.html", n_pictures=3)
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    page = Page(text)
    kinds = [tag for tag, _ in page.tags]
    assert {"script", "link", "iframe", "form"} & set(kinds) == set()
    images = [attrs for tag, attrs in page.tags if tag == "img"]
    assert len(images) == 3 * 2 + 3 * 2 - 1, "the rejected one has no cut-out"
    assert all(one["src"].startswith("data:image/webp;base64,") and one["alt"] for one in images)
    assert kinds.count("svg") == kinds.count("title") - 1 == kinds.count("desc") == 3
    names = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    asked = [word for _, attrs in page.tags for word in attrs.get("aria-labelledby", "").split()]
    assert set(asked) <= names
    assert "Cut-outs: Hand & <cut>" in page.text
    assert "3 of them were held out" in page.text
    assert "2 were trained on or chose when training stopped" in page.text
    assert "By <hand>" in page.text, "the card"
    assert "test.iou" in page.text
    assert "style=" not in text.replace("<style>", "")
    policy = next(a["content"] for t, a in page.tags if t == "meta" and "http-equiv" in a)
    assert re.fullmatch(
        r"default-src 'none'; style-src '\S+'; img-src data:; base-uri 'none'", policy
    )


def test_a_page_without_people_says_that_nothing_was_held_out(tmp_path):
    cut = hand_cut.make(tmp_path / "c", [Told("a"), Told("b")])
    report = cutout_report(cut)
    write_page(cut, report, tmp_path / "a.html")
    text = Page((tmp_path / "a.html").read_text(encoding="utf-8")).text
    assert "Nothing was held out" in text
    assert "not known" in text
    assert "no trained weights" in text
    assert as_json(report)["measured"]["held_out"]["iou"]["value"] is None


def test_figures_and_rows_are_for_programs_too(cut, tmp_path):
    report = cutout_report(cut)
    values = json.loads(json.dumps(as_json(report), allow_nan=False))
    assert values["n_measured"] == {"held_out": 3, "trained_on": 2}
    assert values["measured"]["held_out"]["iou"]["n"] == 3
    assert values["weights"]["metrics"] == {"test": {"iou": 0.9625, "n": 12}}
    assert write_csv(cut, report, tmp_path / "a.csv") == 11
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == CSV_COLUMNS
    found = {row["name"]: row for row in rows}
    assert float(found["poor.png"]["iou"]) == pytest.approx(0.5, abs=0.01)
    assert found["seen.png"]["measured"] == "trained_on"
    assert found["sure.png"]["iou"] == ""
    assert found["empty.png"]["not_measured_because"] == "the person's mask is empty."
    assert "'=lost.png" in found


def test_without_cut_outs_there_is_no_report(tmp_path):
    with pytest.raises(ConfigurationError, match="has no stage 'cutout'"):
        cutout_report(hand_cut.create(tmp_path / "c", hand_cut.PIPELINE.stages[:3]))
    with pytest.raises(StageError, match="'cutout' has not run"):
        cutout_report(hand_cut.create(tmp_path / "d"))


def test_the_command_prints_a_summary_or_writes_three_files(cut, tmp_path, monkeypatch):
    monkeypatch.setattr(wunderkammer, "pipeline", lambda: hand_cut.PIPELINE)

    def said(*words, code=0):
        done = CliRunner().invoke(wk, ["report", "cutout", "-C", str(cut.root), *words])
        assert done.exit_code == code, done.output
        return done.output

    summary = said()
    assert "10 photographs, 10 cut out, 1 rejected, 1 failed, 2 for a person" in summary
    assert re.search(r"held out \(3\): iou 0\.83", summary)
    assert "2 masks not measured" in summary
    said("-o", str(tmp_path / "a.html"), "--pictures", "1")
    assert {path.name for path in tmp_path.iterdir()} == {"a.html", "a.json", "a.csv"}
    assert "written as .html, .json or .csv" in said("-o", str(tmp_path / "a.pdf"), code=2)
