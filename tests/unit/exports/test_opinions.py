"""Identifications: the source's, people's with their dates, software's with its probability."""

import pytest

import wunderkammer
from drawn_cases import drawn_collection
from wunderkammer.core.template import edit
from wunderkammer.exports.opinions import Opinions
from wunderkammer.exports.selection import Chosen, Selection


def of(collection, where=""):
    opinions = Opinions(collection)
    return {
        medium.text("original_file"): opinions.of(medium, medium.row["record"])
        for medium in Chosen(collection, Selection(where)).media(verbatim=True)
    }


def test_people_and_source_stand_side_by_side(handed):
    found = of(handed)
    assert [(one.origin, one.terms["scientificName"]) for one in found["a.png"]] == [
        ("source", "Danaus plexippus"), ("person", "Idea leuconoe"), ("person", "Danaus"),
    ]  # fmt: skip
    ada, ben = (one.terms for one in found["a.png"][1:])
    assert (ada["identifiedBy"], ada["dateIdentified"]) == ("ada", "2026-02-28"), "as she stated"
    assert (ben["identifiedBy"], ben["dateIdentified"]) == ("ben", "2026-03-02")
    assert (ada["taxonRank"], ben["taxonRank"]) == ("species", "genus")
    assert found["b.png"] == found["c.png"] == [], "nobody said anything but the source"


@pytest.fixture(scope="module")
def identified(tmp_path_factory):
    made = drawn_collection(tmp_path_factory.mktemp("identified"), n_unnamed=8)
    edit(made.root, {"identify[family].rank": "family"}, made.pipeline.stages)
    made = wunderkammer.open(made.root)
    made.run(made.upstream("identify/family"), n_workers=0)
    return made


def test_a_proposal_is_unverified_and_says_how_sure_it_is(identified):
    rows = identified.query(
        'SELECT media_id, "identify/family/name" AS name, "identify/family/score" AS score '
        'FROM media WHERE "identify/family/name" IS NOT NULL'
    ).to_pylist()
    assert rows
    opinions = Opinions(identified)
    selection = Selection("", "CC0", "Us")
    media = {one.media_id: one for one in Chosen(identified, selection)}
    for row in rows:
        [*_, found] = opinions.of(media[row["media_id"]], {})
        assert found.origin == "software"
        assert found.terms["scientificName"] == row["name"]
        assert found.terms["taxonRank"] == "family"
        assert found.terms["identificationRemarks"] == f"probability {row['score']:.2f}"
        assert found.terms["identificationVerificationStatus"].startswith("unverified")
        assert found.terms["dateIdentified"] == identified.runs(1)[0]["started"][:10]
