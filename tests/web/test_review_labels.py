"""What a person says of a suspected label is kept, undone exactly, and changes no record."""

import csv
import io
from urllib.parse import quote, urlencode

import pytest
from click.testing import CliRunner

import cabinet
import suspected
from asker import Asker, refused
from wunderkammer.cli.main import wk as wk_itself
from wunderkammer.core import journal
from wunderkammer.core.errors import StageError, UnknownNameError
from wunderkammer.evaluation.files import ISSUES, issues_path, write_table
from wunderkammer.web.schemas import Examination, Found, Medium, NameList, Queue, Reasons, Stated

SPECIES = {"rank": "species", "encoder": "histogram"}
GENUS = {"rank": "genus", "encoder": "histogram"}


@pytest.fixture(scope="module")
def made(tmp_path_factory, archive):
    """Return an examined collection; each test judges a medium of its own."""
    return suspected.examined(tmp_path_factory.mktemp("examined") / "cabinet", archive)


@pytest.fixture(scope="module")
def ids(made):
    return [row["media_id"] for row in suspected.suspect(made)]


@pytest.fixture(scope="module")
def ask(made):
    with cabinet.reviewing(made) as review:
        yield Asker(review)


def asked(path, **more):
    return f"{path}?{urlencode({**SPECIES, **more}, quote_via=quote)}"


def judged(ask, media_id, *said, **labels):
    status, _, content = ask.state("labels", media_id, *said, **(labels or SPECIES))
    assert status == 200, content
    return Stated.model_validate_json(content)


def undone(ask, media_id, stated, **labels):
    return judged(ask, media_id, *((one.term, one.value) for one in stated.before), **labels)


def terms(collection, media_id):
    """Return what is stated of a medium now."""
    sql = f"SELECT term, value FROM annotated WHERE media_id = '{media_id}'"
    return {row["term"]: row["value"] for row in collection.query(sql).to_pylist()}


def records(collection):
    return collection.query("SELECT * FROM records ORDER BY media_id").to_pylist()


def test_the_worst_come_first_unsure_ones_again_and_decided_ones_last(tmp_path, archive):
    made = suspected.examined(tmp_path / "cabinet", archive)
    first, second, third, *rest = [row["media_id"] for row in suspected.suspect(made)]
    with cabinet.reviewing(made) as review:
        ask = Asker(review)
        queue = ask.get(asked("/api/queue", tool="labels"), Queue)
        assert [one.id for one in queue.media] == [first, second, third, *rest]
        assert (queue.n, queue.n_media, queue.n_judged) == (6, 6, 0)
        scores = [one.issue.score for one in queue.media]
        assert scores == sorted(scores)
        judged(ask, first, ("label", "unsure"))
        judged(ask, second, ("label", "accepted"))
        order = {
            order: [one.id for one in ask.get(
                asked("/api/queue", tool="labels", order=order), Queue).media]
            for order in ("worst", "unseen", "judged")
        }  # fmt: skip
        assert order["worst"] == [third, *rest, first, second]
        assert order["unseen"] == [third, *rest, first]
        assert order["judged"] == [second]
        # what was said of a label holds, whoever suspects it
        other = ask.get("/api/queue?tool=labels&rank=species&encoder=network", Queue)
        assert (other.n_media, other.n_judged) == (2, 1)
        genera = ask.get(f"/api/queue?{urlencode({'tool': 'labels', **GENUS})}", Queue)
        assert (genera.n_media, genera.n_judged) == (3, 0)


def test_what_can_be_reviewed_is_listed_the_narrowest_rank_first(ask):
    found = ask.get("/api/examination", Examination).suspicions
    assert [(one.rank, one.encoder, one.n) for one in found] == [
        ("species", "histogram", 6), ("species", "network", 2), ("genus", "histogram", 3)
    ]  # fmt: skip


def test_a_label_is_shown_with_its_reasons_and_their_pictures(ask, made, ids):
    [issue] = [row for row in suspected.suspect(made) if row["media_id"] == ids[0]]
    medium = ask.get(asked(f"/api/labels/{ids[0]}"), Medium)
    assert medium.issue.label == issue["label"]
    assert medium.issue.proposed == issue["proposed"]
    assert medium.issue.encoders == ["histogram", "network"]
    reasons = ask.get(asked(f"/api/labels/{ids[0]}/reasons"), Reasons)
    assert [one.id for one in reasons.neighbours] == issue["neighbours"]
    assert [one.similarity for one in reasons.neighbours] == issue["neighbour_similarities"]
    known = suspected.ranks(made)
    shown = {ids[0], *issue["neighbours"]}
    for group, name in ((reasons.proposed, issue["proposed"]), (reasons.own, issue["label"])):
        there = {one for one in known if known[one]["species"] == name} - shown
        assert {one.id for one in group} <= there
        assert bool(group) == bool(there)
    for one in (*reasons.neighbours, *reasons.proposed, *reasons.own):
        assert ask.raw("GET", f"/api/labels/{one.id}/small")[0] == 200
    assert ask.raw("GET", f"/api/labels/{ids[0]}/photograph")[0] == 200


def test_an_accepted_label_changes_nothing_else(ask, made, ids):
    before = records(made)
    stated = judged(ask, ids[0], ("label", "accepted"))
    assert stated.medium.judgement.label == "accepted"
    assert terms(made, ids[0]) == {"speciesLabel": "accepted"}
    last = journal.read(made.root).to_pylist()[-1]
    assert (last["who"], last["was"]) == ("A. Curator", stated.medium.issue.label)
    assert records(made) == before


def test_a_renamed_medium_is_identified_anew_and_its_record_stays(ask, made, ids):
    before, known = records(made), suspected.ranks(made)
    issue = ask.get(asked(f"/api/labels/{ids[1]}"), Medium).issue
    stated = judged(ask, ids[1], ("label", "renamed"), ("name", f" {issue.proposed.lower()} "))
    assert (stated.medium.judgement.label, stated.medium.judgement.name) == (
        "renamed", issue.proposed
    )  # fmt: skip
    [like] = {tuple(known[one].items()) for one in known
              if known[one]["species"] == issue.proposed}  # fmt: skip
    assert suspected.ranks(made)[ids[1]] == dict(like), "the wider ranks follow the new name"
    said = terms(made, ids[1])
    assert said["identifiedBy"] == "A. Curator"
    assert said["dateIdentified"][:2] == "20"
    assert records(made) == before, "the museum's word stays"
    undone(ask, ids[1], stated)
    assert terms(made, ids[1]) == {}
    assert suspected.ranks(made)[ids[1]] == known[ids[1]]


def test_a_rejected_label_leaves_the_genus_and_one_judgement_replaces_another(ask, made, ids):
    known = suspected.ranks(made)[ids[2]]
    rejected = judged(ask, ids[2], ("label", "rejected"))
    after = suspected.ranks(made)[ids[2]]
    assert "species" not in after
    assert after == {rank: name for rank, name in known.items() if rank in after}
    assert "genus" in after
    renamed = judged(ask, ids[2], ("label", "renamed"), ("name", "Novum nomen"))
    assert suspected.ranks(made)[ids[2]]["species"] == "Novum nomen"
    accepted = judged(ask, ids[2], ("label", "accepted"))
    assert suspected.ranks(made)[ids[2]] == known
    for stated, label in ((accepted, "renamed"), (renamed, "rejected"), (rejected, None)):
        assert undone(ask, ids[2], stated).medium.judgement.label == label
        if label == "renamed":
            assert suspected.ranks(made)[ids[2]]["species"] == "Novum nomen"
    assert terms(made, ids[2]) == {}


def test_what_a_person_stated_by_hand_before_comes_back(ask, made, ids):
    made.annotate([{"media_id": ids[3], "term": "sex", "value": "male"},
                   {"media_id": ids[3], "term": "genus", "value": "Handia"}])  # fmt: skip
    stated = judged(ask, ids[3], ("label", "renamed"), ("name", "Novum nomen"))
    assert terms(made, ids[3])["genus"] == "Novum"
    undone(ask, ids[3], stated)
    assert terms(made, ids[3]) == {"sex": "male", "genus": "Handia"}
    made.annotate([{"media_id": ids[3], "term": "genus", "value": None}])


def test_a_word_on_a_label_that_has_changed_since_does_not_hold(tmp_path, archive):
    made = suspected.examined(tmp_path / "cabinet", archive)
    [first, *_] = rows = suspected.suspect(made)
    with cabinet.reviewing(made) as review:
        ask = Asker(review)
        judged(ask, first["media_id"], ("label", "accepted"))
        write_table(issues_path(made.root), [{**rows[0], "label": "Mutatum nomen"}], ISSUES)
        queue = ask.get(asked("/api/queue", tool="labels"), Queue)
    assert (queue.n_media, queue.n_judged) == (1, 0)
    assert queue.media[0].judgement.label is None


def test_names_are_found_by_what_they_begin_with(ask, made):
    species = sorted({one["species"] for one in suspected.ranks(made).values()})
    genus, epithet = species[0].split()

    def names(text, **more):
        path = f"/api/names?{urlencode({'rank': 'species', 'text': text, **more})}"
        return [one.name for one in ask.get(path, NameList).names]

    assert species[0] in names(genus[:4].lower())
    assert species[0] in names(epithet[:5])
    assert set(names("", limit=50)) >= set(species)
    assert names("zzzz") == []
    assert ask.get("/api/names?rank=nothing&text=", NameList).names == []


@pytest.mark.parametrize(
    "said",
    [
        [("label", "splendid")],
        [("label", "renamed")],
        [("label", "accepted"), ("name", "Aus bus")],
        [("label", "renamed"), ("name", "Aus")],
        [("label", "renamed"), ("name", "  ")],
        [("cutout", "accepted")],
        [("locality", "London")],
        [("label", "accepted"), ("license", "none")],
    ],
)
def test_what_cannot_be_said_of_a_label_is_refused_and_not_written(ask, made, ids, said):
    before = journal.read(made.root).num_rows
    assert refused(ask.state("labels", ids[4], *said, **SPECIES), 422).title
    assert journal.read(made.root).num_rows == before


def test_the_label_itself_is_no_new_name(ask, ids):
    label = ask.get(asked(f"/api/labels/{ids[4]}"), Medium).issue.label
    said = (("label", "renamed"), ("name", label))
    assert "another name" in refused(ask.state("labels", ids[4], *said, **SPECIES), 422).title


def test_media_whose_label_nobody_suspects_are_told_so(ask, made, ids):
    [other, *_] = [one for one in suspected.ranks(made) if one not in ids]
    told = refused(ask.raw("GET", asked(f"/api/labels/{other}")), 404)
    assert "is not suspected" in told.title
    assert ask.get(asked("/api/find", tool="labels", name=other), Found).id is None
    assert ask.get(asked("/api/find", tool="labels", name=ids[5]), Found).id == ids[5]
    strange = "/api/queue?tool=labels&rank=species'--&encoder=x"
    assert ask.get(strange, Queue).n == 0


def test_without_an_examination_it_is_said_what_to_run(tmp_path, archive):
    made = suspected.make(tmp_path / "cabinet", archive)
    done = CliRunner().invoke(wk_itself, ["review", "labels", "-C", str(made.root)])
    assert isinstance(done.exception, StageError)
    assert "Run 'wk evaluate' first" in done.exception.hint
    with cabinet.reviewing(made) as review:
        ask = Asker(review)
        for path in ("/api/examination", asked("/api/queue", tool="labels")):
            assert "wk evaluate" in refused(ask.raw("GET", path), 422).detail
    write_table(issues_path(made.root), [], ISSUES)
    done = CliRunner().invoke(wk_itself, ["review", "labels", "-C", str(made.root)])
    assert "no label of this collection is suspected" in str(done.exception)


def test_the_command_lists_labels_and_decisions(tmp_path, archive):
    made = suspected.examined(tmp_path / "cabinet", archive)
    ids = [row["media_id"] for row in suspected.suspect(made)]
    with cabinet.reviewing(made) as review:
        judged(Asker(review), ids[0], ("label", "renamed"), ("name", "Novum nomen"))

    def wk(*words):
        return CliRunner().invoke(wk_itself, ["review", "labels", *words, "-C", str(made.root)])

    rows = list(csv.DictReader(io.StringIO(wk("--list").output)))
    assert len(rows) == 11
    [mine] = [row for row in rows if row["media_id"] == ids[0] and row["encoder"] == "network"]
    assert (mine["decision"], mine["name"], mine["who"]) == (
        "renamed", "Novum nomen", "A. Curator"
    )  # fmt: skip
    genera = list(csv.DictReader(io.StringIO(wk("--list", "--rank", "genus").output)))
    assert {row["rank"] for row in genera} == {"genus"}
    unknown = wk("--list", "--rank", "genera").exception
    assert isinstance(unknown, UnknownNameError)
    assert "Did you mean 'genus'?" in unknown.hint
    other = CliRunner().invoke(wk_itself, ["review", "cutout", "--list", "-C", str(made.root)])
    assert other.exit_code == 2
