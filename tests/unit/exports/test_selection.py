"""What leaves is what was chosen and has a licence and a holder; specimens stay together."""

import pytest

import hand_cut
from handed_over import LEAVING
from wunderkammer.core.errors import NotEnoughMediaError, QueryError
from wunderkammer.exports import selection
from wunderkammer.exports.selection import Chosen, Selection, licences_of


def test_media_without_licence_or_holder_stay_behind_and_are_named(handed):
    chosen, ids = Chosen(handed), hand_cut.ids(handed)
    assert len(chosen) == LEAVING == len(list(chosen))
    assert dict(chosen.left_out) == {
        ids["unlicensed"]: "no licence is stated",
        ids["unowned"]: "no rights holder is stated",
    }
    for medium in chosen:
        assert medium.rights.licence
        assert medium.rights.holder == "The Museum"
        assert None not in medium.row.values()
    names = [one.name for one in (medium.rights for medium in chosen)]
    assert sorted(names) == ["CC BY 4.0"] * 4 + ["CC0 1.0"]
    [first, *_] = licences_of(medium.rights for medium in chosen)
    assert first == ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")


def test_a_licence_for_those_that_state_none(handed):
    assert len(Chosen(handed, Selection("", "CC BY 4.0", "Us"))) == LEAVING + 2


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("NOT cutout_rejected AND cutout_confidence > 0.8 -- sure", {"a", "c"}),
        ("SELECT media_id FROM media WHERE cutout_confidence < 0.8", {"b"}),
        ("WITH one AS (SELECT media_id FROM media) SELECT media_id FROM one;", {"a", "b", "c",
                                                                                "plain"}),
        ("SELECT media_id FROM annotations WHERE term = 'quality'", {"b"}),
    ],
)  # fmt: skip
def test_a_condition_or_a_query_chooses(handed, where, names):
    found = {medium.text("original_file") for medium in Chosen(handed, Selection(where))}
    assert found == {f"{name}.png" for name in names}


def test_nothing_left_says_why(handed):
    with pytest.raises(NotEnoughMediaError, match="no medium meets"):
        Chosen(handed, Selection("false"))
    with pytest.raises(NotEnoughMediaError, match="1 no licence is stated"):
        Chosen(handed, Selection("license IS NULL"))
    with pytest.raises(QueryError):
        Chosen(handed, Selection("no_such_column"))
    with pytest.raises(QueryError):
        Chosen(handed, Selection("SELECT genus FROM media"))


def test_blocks_never_part_a_specimen_and_lose_nobody(handed, monkeypatch):
    whole = [medium.media_id for medium in Chosen(handed)]
    monkeypatch.setattr(selection, "_ROWS_AT_ONCE", 1)
    chosen = Chosen(handed)
    blocks = [block["specimen"].to_pylist() for block in chosen.blocks(["media_id"])]
    assert len(blocks) == LEAVING - 1
    assert sorted(map(len, blocks)) == [1, 1, 1, 2]
    assert [medium.media_id for medium in chosen] == whole
    assert sorted(map(len, chosen.specimens())) == [1, 1, 1, 2]


def test_the_sources_own_word_stands_beside_what_people_said(handed):
    medium = next(
        one for one in Chosen(handed).media(verbatim=True) if one.text("original_file") == "a.png"
    )
    assert medium.row["scientificName"] == "Idea leuconoe"
    assert medium.row["record"]["scientificName"] == "Danaus plexippus"


def test_terms_are_the_sources_and_say_nothing_of_this_machine(handed):
    terms = Chosen(handed).terms
    assert {"catalogNumber", "scientificName", "license", "rightsHolder"} <= set(terms)
    assert not {"media_id", "original_path", "quality", "cutout", "genus"} & set(terms)
