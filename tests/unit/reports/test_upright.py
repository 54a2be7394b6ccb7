"""Reports on turning: errors of the machine, also where a person's word was taken."""

import csv
import json
import re

import numpy as np
import pytest
from click.testing import CliRunner

import hand_cut
import wunderkammer
from hand_cut import Told
from pages import Page
from wunderkammer.cli.main import wk
from wunderkammer.core.errors import ConfigurationError, StageError
from wunderkammer.reports.upright import (
    CSV_COLUMNS,
    as_json,
    upright_report,
    write_csv,
    write_page,
)

ERRORS = {"a": 1.0, "b": -3.0, "c": 8.0, "d": 178.0, "e": -30.0}
STATED = {"a": 10.0, "b": 179.0, "c": -90.0, "d": 0.0, "e": 45.0}


@pytest.fixture(scope="module")
def turned(tmp_path_factory):
    """Return a collection whose machine is off by known angles."""
    told = [
        Told(
            name,
            angle_deg=STATED[name],
            stated_deg=STATED[name],
            told={
                "machine_deg": (STATED[name] + error + 180) % 360 - 180,
                "turn_confidence": 0.9 if abs(error) < 10 else 0.2,
            },
        )
        for name, error in ERRORS.items()
    ]
    told += [
        Told("seen", stated_deg=5.0, told={"machine_deg": 5.0}),
        Told("unstated", told={"turn_confidence": 0.4}),
        Told("rejected", stated_deg=3.0, told={"rejected": True, "reason": "too small"}),
    ]
    root = tmp_path_factory.mktemp("turned") / "c"
    made = hand_cut.make(root, told, {"upright.orienter.weights": "0123456789ab"})
    hand_cut.write_weights(root, {hand_cut.ids(made)["seen"]: "train"})
    made.annotate(
        [{"media_id": hand_cut.ids(made)["unstated"], "term": "angle_deg", "value": "up"}]
    )
    return made


def test_errors_are_those_of_the_machine_whatever_was_done(turned):
    report = upright_report(turned)
    found = {one.name[0]: one.error_deg for one in report.of("held_out")}
    assert found == pytest.approx(ERRORS)
    assert [one.name for one in report.of("trained_on")] == ["seen.png"]
    sizes = np.abs(list(ERRORS.values()))
    summary = report.summary("held_out")
    assert summary.median_deg == np.median(sizes)
    assert summary.p95_deg == pytest.approx(np.percentile(sizes, 95))
    assert summary.upside_down == 0.2
    estimates = report.estimates("held_out")
    assert estimates["within_10_deg"].value == 0.6
    assert estimates["median_deg"].low <= 8 <= estimates["median_deg"].high
    assert sum(report.histogram("held_out")) == 5


def test_what_cannot_be_measured_is_named(turned):
    assert {one.name: one.why for one in upright_report(turned).left_out} == {
        "rejected.png": "it has no cut-out that could be turned.",
        "unstated.png": "the stated angle is no number.",
    }


def test_a_confidence_that_tells_right_from_wrong_is_seen_to(turned):
    report = upright_report(turned)
    bins = [(one.confidence, one.measured, one.n) for one in report.calibration().bins]
    assert bins == [(pytest.approx(0.2), 0.0, 2), (pytest.approx(0.9), 1.0, 3)]
    assert report.calibration().error == pytest.approx(0.4 * 0.2 + 0.6 * 0.1)
    curve = {share: value for share, _, value in report.kept_surest()}
    assert curve[0.5] < 8.0
    assert curve[1.0] > 100.0


def test_the_page_the_figures_and_the_rows_agree(turned, tmp_path):
    report = upright_report(turned)
    write_page(turned, report, tmp_path / "a.html")
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    page = Page(text)
    assert "5 of them were held out" in page.text
    assert "<b>8.0°</b>" in text
    assert "<b>20.0%</b>" in text
    assert {"script", "link"} & {tag for tag, _ in page.tags} == set()
    first = re.search(r"as the machine.*?<b>(.*?)</b><span>(.*?)</span>", text, re.DOTALL)
    assert first[1] == "d.png"
    assert "off by +178.0°" in first[2]
    values = json.loads(json.dumps(as_json(report), allow_nan=False))
    assert values["measured"]["held_out"]["upside_down"]["value"] == 0.2
    assert write_csv(turned, report, tmp_path / "a.csv") == 8
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["name"]: row for row in csv.DictReader(stream)}
    assert tuple(rows["a.png"]) == CSV_COLUMNS
    assert rows["e.png"]["error_deg"] == "-30.00", "a number, not a formula"
    assert rows["unstated.png"]["error_deg"] == ""


def test_without_people_it_says_that_nothing_was_held_out(tmp_path):
    turned = hand_cut.make(tmp_path / "c", [Told("a"), Told("b")])
    report = upright_report(turned)
    write_page(turned, report, tmp_path / "a.html")
    assert "Nothing was held out" in Page((tmp_path / "a.html").read_text("utf-8")).text
    assert as_json(report)["measured"]["held_out"]["median_deg"]["value"] is None


def test_without_turns_there_is_no_report(tmp_path):
    with pytest.raises(ConfigurationError, match="has no stage 'upright'"):
        upright_report(hand_cut.create(tmp_path / "c", hand_cut.PIPELINE.stages[:3]))
    with pytest.raises(StageError, match="'upright' has not run"):
        upright_report(hand_cut.create(tmp_path / "d"))


def test_the_command_prints_a_summary_or_writes_three_files(turned, tmp_path, monkeypatch):
    monkeypatch.setattr(wunderkammer, "pipeline", lambda: hand_cut.PIPELINE)
    words = ["report", "upright", "-C", str(turned.root)]
    done = CliRunner().invoke(wk, words, catch_exceptions=False)
    assert "held out (5): median 8.0°, 95th percentile" in done.output
    assert "upside down 20.0%" in done.output
    CliRunner().invoke(wk, [*words, "-o", str(tmp_path / "a.html")], catch_exceptions=False)
    assert {path.name for path in tmp_path.iterdir()} == {"a.html", "a.json", "a.csv"}
