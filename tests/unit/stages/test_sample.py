import pyarrow as pa
import pytest

import wunderkammer
from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError, StageError
from wunderkammer.core.template import edit
from wunderkammer.stages.sample import (
    SampleStage,
    counts_of,
    preview,
    samples_of,
    settings_kept_if_drawn,
)

TOML = """
[ingest]
source = {name = "dwca", path = "source"}

[[sample]]
sample = "few"
n = 6
restrict = true

[[sample]]
sample = "parts"
split = "shares"
where = "width > 0"
"""


@pytest.fixture(scope="module")
def sampled(tmp_path_factory, archive):
    import shutil

    root = tmp_path_factory.mktemp("sampled") / "cabinet"
    shutil.copytree(archive, root / "source")
    (root / "collection.toml").write_text(TOML)
    made = wunderkammer.open(root)
    made.run(["ingest", "sample/few"], n_workers=0)
    return made


def test_it_reads_names_and_what_its_settings_ask_for():
    stage = SampleStage(
        where="width > 10", stratify="sex", split={"name": "shares", "group": "year"}
    )
    assert {"width", "sex", "year", "scientificName", "specimen_id"} <= set(stage.reads())
    assert "media_id" not in SampleStage(where="media_id <> 'a'").reads()
    assert len(set(stage.reads())) == len(stage.reads())


def test_a_condition_is_checked_when_it_is_set():
    with pytest.raises(ConfigurationError, match="holds another SELECT"):
        SampleStage(where="width in (select 1)")


def test_it_stands_right_after_what_it_reads_from(sampled):
    groups = [stage.group for stage in sampled.configuration.stages]
    assert groups.index("sample/few") == groups.index("ingest") + 1
    assert groups.index("sample/parts") == groups.index("image") + 1
    assert [stage.label for stage in samples_of(sampled.configuration)] == ["few", "parts"]


def test_every_medium_has_a_set_or_a_reason(sampled):
    rows = sampled.query(
        'select "sample/few/split" as side, "sample/few/why" as why, count(*) as n, '
        "count(distinct specimen_id) as specimens from media group by all order by side"
    ).to_pylist()
    assert [(row["side"], row["why"]) for row in rows] == [("drawn", None), (None, "n")]
    assert rows[0]["specimens"] == 6
    assert rows[0]["n"] + rows[1]["n"] == 24


def test_counts_lie_beside_the_columns(sampled):
    counts, steps = counts_of(sampled, "few")
    assert counts["set"].to_pylist() == ["drawn", "left out"]
    assert counts["specimens"].to_pylist()[0] == 6
    assert steps.to_pylist()[0] == {"step": "all", "media": 24}
    with pytest.raises(StageError, match="has not run"):
        counts_of(sampled, "parts")


def test_later_stages_see_only_what_was_drawn(sampled):
    n_drawn = counts_of(sampled, "few")[0]["media"].to_pylist()[0]
    plan = sampled.plan()
    assert plan["image"].n_todo == n_drawn < 24


def test_a_preview_changes_nothing(sampled):
    before = (sampled.root / "collection.toml").read_bytes()
    made = preview(
        sampled, "new", {"sample[new].sample": "new", "sample[new].taxa": ["Lepidoptera"]}
    )
    assert made.counts["media"].to_pylist()[0] > 0
    assert (sampled.root / "collection.toml").read_bytes() == before
    assert not (sampled.root / "columns" / "sample" / "new").exists()


def test_settings_that_cannot_be_drawn_are_taken_back(sampled):
    before = (sampled.root / "collection.toml").read_bytes()

    def draw():
        edit(sampled.root, {"sample[few].taxa": ["Rosaceae"]}, sampled.pipeline.stages)
        with_it = wunderkammer.open(sampled.root)
        with_it.run(["sample/few"], n_workers=0)

    with (
        pytest.raises(ConfigurationError, match=r"collection\.toml is as it was before"),
        settings_kept_if_drawn(sampled.root),
    ):
        draw()
    assert (sampled.root / "collection.toml").read_bytes() == before


def test_an_empty_sample_says_at_which_step_nothing_was_left():
    media = pa.table({"media_id": ["a"], "specimen_id": ["s"], "scientificName": ["Acer alba"]})
    with pytest.raises(NotEnoughMediaError, match=r"all: 1, query: 0"):
        SampleStage(where="scientificName = 'x'").draw(media)
    with pytest.raises(NotEnoughMediaError, match="wk run sample/subset"):
        SampleStage().draw(media.slice(0, 0))


def test_steps_follow_each_other_in_the_order_that_is_documented():
    names = ["Acer alba"] * 8 + ["Acer nigra"] * 4 + ["Carex alba", "Carex sp.", None]
    media = pa.table(
        {
            "media_id": [f"m{n:02}" for n in range(15)],
            "specimen_id": [f"s{n}" for n in range(15)],
            "scientificName": names,
            "sex": ["f"] * 15,
        }
    )
    stage = SampleStage(
        where="sex = 'f'", taxa="Acer,Carex", smallest_class=2, per_species=5, per_genus=8, n=6,
        split="shares",
    )  # fmt: skip
    made = stage.draw(media)
    assert [(row["step"], row["media"]) for row in made.steps.to_pylist()] == [
        ("all", 15), ("query", 15), ("taxon", 14), ("no species name", 13), ("small class", 12),
        ("cap per species", 9), ("cap per genus", 8), ("n", 6), ("test held out", 5),
        ("validation held out", 5),
    ]  # fmt: skip
