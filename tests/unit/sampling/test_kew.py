import pyarrow as pa
import pytest

from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError
from wunderkammer.sampling.draw import Draw
from wunderkammer.sampling.kew import Kew


def divided(media, split, unit="medium", institution="institutionCode"):
    draw = Draw(media, seed=89, unit=unit)
    pool = draw.pool([], institution=institution, stratify="")
    split.divide(pool)
    made = draw.drawn(pool)
    outcomes = zip(made.split.to_pylist(), made.why.to_pylist(), strict=True)
    return [
        {**row, "split": side, "why": why}
        for row, (side, why) in zip(media.to_pylist(), outcomes, strict=True)
    ], pool


def rows_of(rows, name):
    return [row for row in rows if row["split"] == name]


def test_each_test_holds_out_what_it_says(herbarium):
    rows, _ = divided(herbarium(), Kew(cap=12, species_share=0.2, random_share=0.2))
    train = rows_of(rows, "train")
    species = {row["scientificName"] for row in train}
    genera = {name.split()[0] for name in species}
    assert {row["institutionCode"] for row in train} == {"NY"}
    assert {row["institutionCode"] for row in rows_of(rows, "institutions")} == {"K", "BRI"}
    assert species.isdisjoint(row["scientificName"] for row in rows_of(rows, "species"))
    assert {row["scientificName"] for row in rows_of(rows, "random")} <= species
    for row in rows:
        if row["split"]:
            assert row["scientificName"].split()[0] in genera


def test_the_funnel_ends_with_the_set_that_trains(herbarium):
    rows, pool = divided(herbarium(), Kew(cap=12))
    steps = {step.name: step.n_media for step in pool.steps}
    assert list(steps) == [
        "cap per species", "institutions held out", "species held out", "random held out",
        "alone in its genus",
    ]  # fmt: skip
    assert list(steps.values()) == sorted(steps.values(), reverse=True)
    assert steps["alone in its genus"] == len(rows_of(rows, "train"))


def test_who_is_left_out_is_told_why():
    media = pa.Table.from_pylist(
        [
            {"media_id": f"m{n}", "specimen_id": f"s{n}", "scientificName": name,
             "institutionCode": where}
            for n, (name, where) in enumerate(
                [("Acer alba", "NY")] * 6
                + [("Betula alba", "NY"), ("Betula alba", "K")]
                + [("Acer sp.", "NY"), ("Acer alba", None), ("Carex nigra", "K")]
            )
        ]
    )  # fmt: skip
    rows, _ = divided(media, Kew(cap=4, species_share=0, random_share=0))
    assert [row["why"] for row in rows[6:]] == [
        "alone in its genus", "genus not in train", "no species name", "no institution",
        "genus not in train",
    ]  # fmt: skip
    assert sorted(row["split"] or row["why"] for row in rows[:6]) == ["cap"] * 2 + ["train"] * 4


def test_all_media_of_a_specimen_share_its_set(herbarium):
    rows, _ = divided(herbarium(), Kew(), unit="specimen")
    sides = {}
    for row in rows:
        assert sides.setdefault(row["specimen_id"], row["split"]) == row["split"]


def test_an_institution_nobody_has_is_refused_with_those_there_are(herbarium):
    with pytest.raises(ConfigurationError, match=r"holds: BRI, K, NY\."):
        divided(herbarium(), Kew(train_institutions="MNHN"))
    with pytest.raises(ConfigurationError, match="'ownerInstitutionCode' holds: nothing"):
        divided(herbarium(), Kew(), institution="ownerInstitutionCode")


def test_capitals_of_the_institution_do_not_matter(herbarium):
    rows, _ = divided(herbarium(), Kew(train_institutions=["ny"]))
    assert rows_of(rows, "train")


def test_nothing_left_to_train_on_is_an_error(herbarium):
    with pytest.raises(NotEnoughMediaError, match="nothing is left to train on"):
        divided(herbarium(1), Kew(train_institutions="NY,K,BRI"))
