"""The sorting's server: what it acknowledges is on disk, whoever says it and whatever dies."""

import contextlib
import http.client
import io
import json
import random
import shutil
import sys
import threading
from itertools import chain
from pathlib import Path

import pytest
from PIL import Image

import wunderkammer
from asker import refused
from conftest import SMALL
from sorters import Sorter, counted, sorted_copy, sorting, sorting_process
from wunderkammer.core import journal
from wunderkammer.web.guards import TOKEN_HEADER
from wunderkammer.web.sorting import MAX_JSON
from wunderkammer.web.sorting_schemas import (
    MAX_LABELS,
    FoundMedium,
    QueueList,
    RoundList,
    Saved,
    SortAudit,
    TaskList,
)


@pytest.fixture(scope="module")
def sorted_small(tmp_path_factory, collection):
    """Return a collection that tests may label, each its own media or task."""
    return sorted_copy(collection, tmp_path_factory.mktemp("sorted") / "cabinet")


@pytest.fixture(scope="module")
def server(sorted_small):
    with sorting(sorted_small) as running:
        yield running


@pytest.fixture
def ask(server):
    return Sorter(server)


def saved(answer):
    status, _, content = answer
    assert status == 200, content
    return Saved.model_validate_json(content)


def statements(root, term="quality"):
    """Return who stated what of which medium."""
    rows = journal.read(root).to_pylist()
    return [(r["media_id"], r["value"], r["was"], r["who"]) for r in rows if r["term"] == term]


def truth(root):
    """Return a class for each medium that its picture can tell: whether it lies on its back."""
    sql = "SELECT media_id, coalesce(scientificName, '') AS name FROM media"
    rows = wunderkammer.open(root).query(sql).to_pylist()
    names = sorted({row["name"] for row in rows})
    return {row["media_id"]: ("good", "bad")[names.index(row["name"]) % 2] for row in rows}


def test_tasks_have_a_key_for_each_class_and_one_for_not_sure(ask):
    found = ask.get("/api/tasks", TaskList)
    assert (found.title, found.who, found.has_map) == ("Small cabinet", "A. Curator", True)
    assert [one.name for one in found.tasks] == ["quality", "side"]
    keys = [(one.name, one.key) for one in found.tasks[1].classes]
    assert keys == [("dorsal", "1"), ("ventral", "2"), ("none of both", "3"), ("unsure", "0")]
    assert {one.n_media for one in found.tasks} == {24}


def test_before_the_first_round_the_lot_is_asked_for(ask):
    lot = ask.queue("lot")
    assert (lot.n, len(lot.media)) == (24, 24)
    assert {one.proposed for one in lot.media} == {None}
    assert all(one.version and one.width and one.caption for one in lot.media)
    rest = ask.queue("lot", 5, offset=20)
    assert [one.id for one in rest.media] == [one.id for one in lot.media[20:]]
    assert Sorter(ask.review, task="side").ids("lot") != [one.id for one in lot.media]


def test_a_label_is_on_disk_when_it_is_acknowledged_and_can_be_taken_back(server, sorted_small):
    ask = Sorter(server, who="Ada", task="side")
    first, second, *_ = ask.ids("lot")
    before = ask.state()
    given = saved(ask.say({first: "dorsal", second: "unsure"}))
    rows = statements(sorted_small.root, "side")[-2:]
    assert rows == [(first, "dorsal", None, "Ada"), (second, "unsure", None, "Ada")]
    assert (given.saved, [(one.id, one.value) for one in given.before]) == (
        2, [(first, None), (second, None)])  # fmt: skip
    assert given.state.n_labelled == before.n_labelled + 1
    assert given.state.n_unsure == before.n_unsure + 1
    assert given.state == counted(ask.state())
    changed = saved(ask.say({first: "ventral"}))
    assert [(one.id, one.value) for one in changed.before] == [(first, "dorsal")]
    shown = {one.id: one for one in ask.queue("lot").media + ask.queue("labelled").media}
    assert (shown[first].said, shown[first].label) == ("ventral", "ventral")
    undone = saved(ask.say({one.id: one.value for one in [*changed.before, given.before[1]]}))
    assert undone.state.n_unsure == before.n_unsure
    saved(ask.say({first: None}))
    assert counted(ask.state()) == counted(before)
    assert statements(sorted_small.root, "side")[-1] == (first, None, "dorsal", "Ada")


def test_people_disagree_and_somebody_settles_it(server):
    ada, ben = Sorter(server, who="Ada", task="side"), Sorter(server, who="Ben", task="side")
    both = ada.ids("lot")[4:8]
    saved(ada.say(dict.fromkeys(both, "dorsal")))
    told = saved(ben.say({one: "ventral" if one == both[0] else "dorsal" for one in both}))
    assert told.state.n_conflicts == 1
    [conflict] = ben.queue("conflicts").media
    assert (conflict.id, conflict.said, conflict.conflict, conflict.label) == (
        both[0], "ventral", True, None)  # fmt: skip
    assert [(one.who, one.value) for one in conflict.others] == [("Ada", "dorsal")]
    state = ada.state()
    assert {(one.who, one.n) for one in state.people} >= {("Ada", 4), ("Ben", 4)}
    [pair] = [one for one in state.agreement if {one.one, one.other} == {"Ada", "Ben"}]
    assert pair.n == 4
    settled = saved(Sorter(server, who="Cleo", task="side").say({both[0]: "ventral"}, settled=True))
    assert settled.state.n_conflicts == 0
    assert ada.queue("conflicts").n == 0
    opened = saved(ada.say({one.id: one.value for one in settled.before}, settled=True))
    assert opened.state.n_conflicts == 1


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"who": "Ada", "labels": []}, 422),
        ({"who": "", "labels": [{"id": 20 * "0", "value": "good"}]}, 422),
        ({"who": "Ada\n", "labels": [{"id": 20 * "0", "value": "good"}]}, 404),
        ({"who": "A\x00da", "labels": [{"id": 20 * "0", "value": "good"}]}, 422),
        ({"who": "Ada", "labels": [{"id": 20 * "0", "value": "good"}]}, 404),
        ({"who": "Ada", "labels": [{"id": "../../passwd", "value": "good"}]}, 422),
        ({"who": "Ada", "labels": [{"id": "MEDIUM", "value": "splendid"}]}, 404),
        ({"who": "Ada", "labels": 2 * [{"id": "MEDIUM", "value": "good"}]}, 422),
        ({"who": "Ada", "labels": [{"id": "MEDIUM", "value": 1}]}, 422),
        ({"who": "Ada", "labels": [{"id": "MEDIUM", "value": "good", "when": "1900"}]}, 422),
        ({"who": "Ada", "labels": (MAX_LABELS + 1) * [{"id": "MEDIUM", "value": "good"}]}, 422),
    ],
)
def test_what_cannot_be_said_is_refused_and_nothing_of_it_is_written(
    ask, sorted_small, said, status
):
    before = journal.read(sorted_small.root).num_rows
    body = json.loads(json.dumps(said).replace("MEDIUM", ask.ids("lot", 1)[0]))
    assert refused(ask.post(f"{ask.path}/labels", body), status).title
    assert journal.read(sorted_small.root).num_rows == before


def test_only_the_page_that_was_handed_out_may_write(ask, sorted_small):
    before = journal.read(sorted_small.root).num_rows
    said = {"who": "Eve", "labels": [{"id": ask.ids("lot", 1)[0], "value": "good"}]}
    writing = {"labels": said, "rounds": {"who": "Eve"}, "apply": {}, "import?who=Eve": {}}
    for headers in (
        {"Origin": "http://elsewhere.example"},
        {"Origin": None},
        {"Origin": "null"},
        {TOKEN_HEADER: None},
        {TOKEN_HEADER: "x" * 43},
        {"Host": "elsewhere.example", "Origin": "http://elsewhere.example"},
    ):
        for path, body in writing.items():
            refused(ask.post(f"{ask.path}/{path}", body, **headers), 403)
    refused(ask.post(f"{ask.path}/labels", said, Content_Type="text/plain"), 415)
    for path in ("/", "/api/tasks", "/atlas/atlas.json", ask.path):
        refused(ask.raw("GET", path, Host="elsewhere.example"), 403)
    assert journal.read(sorted_small.root).num_rows == before
    assert ask.state().training is None


def test_bodies_have_an_end(ask, sorted_small):
    before = journal.read(sorted_small.root).num_rows
    long = b'{"who": "Ada", "labels": [' + b" " * MAX_JSON + b"]}"
    path = f"{ask.path}/labels"
    refused(ask.raw("POST", path, long, Content_Type="application/json"), 413)
    announced = {"Content-Length": "999999999999", "Content_Type": "application/json"}
    refused(ask.raw("POST", f"{ask.path}/import?who=Ada", b"{}", **announced), 413)
    assert journal.read(sorted_small.root).num_rows == before


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/assets/../sort.html", 404),
        ("/assets/%2e%2e%2fsort.html", 404),
        ("/collection.toml", 404),
        ("/api/sort/beauty", 404),
        ("/api/sort/beauty/queue", 404),
        ("/api/sort/..%2f..%2fcollection.toml", 404),
        ("/api/sort/quality/queue?name=loudest", 422),
        ("/api/sort/quality/queue?limit=100000", 422),
        ("/api/sort/quality/queue?quantile=2", 422),
        ("/api/sort/quality/export/passwords.txt", 404),
        ("/api/sort/quality/export/ids-splendid.txt", 404),
        ("/api/sort/quality/audit?precision=1", 422),
        ("/api/pictures/00000000000000000000/small", 404),
        ("/api/pictures/..%2f..%2fcollection.toml/small", 404),
        ("/atlas/../collection.toml", 404),
        ("/atlas/%2e%2e/collection.toml", 404),
        ("/atlas/%2e%2e%2f%2e%2e%2fcollection.toml", 404),
        ("/atlas//etc/passwd", 404),
        ("/atlas/%2fetc/passwd", 404),
        ("/atlas/..%5ccollection.toml", 404),
        ("/atlas/sort/sort.html", 404),
        ("/atlas/curate/curate.html", 404),
        ("/atlas/a%00b", 404),
        ("/atlas/" + 5000 * "a", 404),
    ],
)
def test_nothing_else_is_answered(ask, path, status):
    assert refused(ask.raw("GET", path), status).status == status


def test_every_answer_is_for_this_page_alone(ask):
    [medium] = ask.queue("lot", 1).media
    for path in ("/", "/nothing", "/api/tasks", "/atlas/atlas.json", "/atlas/",
                 f"/api/pictures/{medium.id}/small"):  # fmt: skip
        headers = ask.raw("GET", path)[1]
        assert "access-control-allow-origin" not in headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
    assert ask.raw("GET", "/")[1]["cache-control"] == "no-store"


def test_pictures_are_kept_by_the_browser_as_long_as_they_show_the_same(ask):
    [medium] = ask.queue("lot", 1).media
    for kind, longest in (("photograph", max(medium.width, medium.height)), ("small", 320)):
        path = f"/api/pictures/{medium.id}/{kind}"
        status, headers, content = ask.raw("GET", f"{path}?v={medium.version}")
        assert (status, headers["content-type"]) == (200, "image/jpeg")
        assert headers["cache-control"] == "private, max-age=31536000, immutable"
        assert max(Image.open(io.BytesIO(content)).size) == longest
        for other in (path, f"{path}?v=0"):
            assert ask.raw("GET", other)[1]["cache-control"] == "private, no-cache"


def test_the_files_of_the_atlas_are_those_that_are_published(ask, collection):
    site = collection.site()
    assert ask.raw("GET", "/atlas/atlas.json")[2] == site.atlas_json()
    for name in ("points.bin", "tiles.pmtiles", "index.html", "cards/0.json"):
        status, _, content = ask.raw("GET", f"/atlas/{name}")
        assert (name, status) == (name, 200)
        assert content == (site.made(name) or site.file(name).read_bytes()), name
    whole = site.file("tiles.pmtiles").read_bytes()
    status, headers, part = ask.raw("GET", "/atlas/tiles.pmtiles", Range="bytes=100-299")
    assert (status, part) == (206, whole[100:300])
    assert headers["content-range"] == f"bytes 100-299/{len(whole)}"
    refused(ask.post("/atlas/atlas.json", {}), 405)


def test_a_round_needs_labels_and_says_so(server):
    ask = Sorter(server, task="side")
    for one in {who.who for who in ask.state().people}:
        said = {medium.id: None for medium in Sorter(server, one, "side").queue("labelled").media}
        said |= {medium.id: None for medium in ask.queue("conflicts").media}
        saved(Sorter(server, one, "side").say(said))
    state = ask.train()
    assert state.round is None
    assert state.problem is not None
    assert state.problem.status == 422
    assert "label" in state.problem.title + state.problem.detail


def test_a_round_runs_beside_the_labelling_and_then_proposes(server, sorted_small):
    ask, known = Sorter(server), truth(sorted_small.root)
    lot = ask.ids("lot")
    saved(ask.say({one: known[one] for one in lot[:12]}))
    status, _, content = ask.post(f"{ask.path}/rounds", {"who": "Ada"})
    assert status == 200, content
    refused(ask.post(f"{ask.path}/rounds", {"who": "Ben"}), 409)
    late = saved(ask.say({lot[12]: known[lot[12]]}))
    assert late.state.n_labelled == 13
    state = ask.trained()
    assert (state.problem, state.training) == (None, None)
    # the label that came late is learnt from, or counted as new
    assert state.round.n_labelled + state.n_since == 13
    assert (state.round.number, state.round.who, state.n_media) == (1, "Ada", 24)
    assert state.round.n_random == state.round.n_labelled >= 12
    figures = {one.name: one for one in state.round.figures}
    held_out = figures["accuracy"].held_out
    assert 0 <= held_out.low <= held_out.value <= held_out.high <= 1
    assert len(figures["accuracy"].members) == 5
    assert state.advice is not None
    proposed = ask.queue("unlabelled").media
    assert {one.id for one in proposed} == set(lot[13:])
    for one in proposed:
        assert one.proposed == max(zip(one.probabilities, ["good", "bad"], strict=True))[1]
        assert sum(one.probabilities) == pytest.approx(1)
        assert one.score == pytest.approx(max(one.probabilities))
        assert len(one.votes) == 5
    assert ask.get(f"{ask.path}/rounds", RoundList).rounds == [state.round]


def test_queues_of_the_kinds_follow_their_thresholds(ask):
    assert ask.state().round is not None
    found = ask.get(f"{ask.path}/queues", QueueList)
    lengths = {one.name: one.n for one in found.queues}
    assert sum(lengths[kind] for kind in "ABCD") == lengths["unlabelled"] == 11
    assert all(one.title and one.sentence for one in found.queues)
    assert 0 < found.entropy < found.max_entropy
    lower = ask.get(f"{ask.path}/queues?quantile=0", QueueList)
    assert lower.entropy < found.entropy
    for one in lower.queues:
        if one.group == "unlabelled kinds":
            assert ask.queue(one.name, quantile=0).n == one.n, one.name
    high = {one.name: one.n for one in lower.queues}
    assert high["B"] + high["D"] > lengths["B"] + lengths["D"]


def test_a_medium_is_found_by_any_of_its_names(ask, sorted_small):
    one = ask.queue("unlabelled").media[0]
    sql = f"SELECT original_file FROM records WHERE media_id = '{one.id}'"
    [row] = sorted_small.query(sql).to_pylist()
    for name in (one.id, row["original_file"]):
        found = ask.get(f"{ask.path}/find?name={name}&who=Ada", FoundMedium)
        assert (found.medium.id, found.medium.proposed) == (one.id, one.proposed)
    assert ask.get(f"{ask.path}/find?name=nobody", FoundMedium).medium is None


def test_what_is_applied_is_what_a_run_sorts_by(ask, sorted_small):
    audit = ask.get(f"{ask.path}/audit?precision=0.6", SortAudit)
    assert (audit.n, audit.precision) == (13, 0.6)
    assert audit.sentence
    assert [one.coverage for one in audit.curve] == sorted(one.coverage for one in audit.curve)
    status, _, content = ask.post(f"{ask.path}/apply", {})
    assert status == 200, content
    applied = json.loads(content)
    assert applied["round"] == ask.state().applied == 1
    assert applied["n_media"] == 24
    again = wunderkammer.open(sorted_small.root)
    again.run(["sort"], n_workers=0)
    rows = again.query("SELECT quality, quality_by FROM media").to_pylist()
    assert {row["quality"] for row in rows} <= {"good", "bad"}
    assert [row["quality_by"] for row in rows].count("person") == 13


def test_labels_are_taken_home_and_brought_back(server, sorted_small):
    ask = Sorter(server)
    status, headers, content = ask.raw("GET", f"{ask.path}/export/labels.json")
    assert status == 200
    assert headers["content-disposition"].startswith("attachment; filename")
    labels = json.loads(content)
    assert len(labels) == ask.state().n_labelled
    assert set(labels.values()) <= {0, 1, 2}
    for kind in ("update.json", "images.txt", "logits.json", "ids-good.txt", "table.csv"):
        status, _, content = ask.raw("GET", f"{ask.path}/export/{kind}")
        assert (kind, status) == (kind, 200)
        assert content
    ids = ask.raw("GET", f"{ask.path}/export/ids-good.txt")[2].decode().split()
    assert ids
    ben = Sorter(server, who="Ben")
    status, _, content = ben.post(f"{ask.path}/import?who=Ben", labels | {"nobody": 0})
    assert status == 200, content
    told = json.loads(content)
    assert (told["saved"], told["unknown"], told["n_unknown"]) == (len(labels), ["nobody"], 1)
    [pair] = [one for one in ask.state().agreement if {one.one, one.other} >= {"Ben"}]
    assert (pair.n, pair.kappa) == (len(labels), 1)
    refused(ben.post(f"{ask.path}/import?who=Ben", [1, 2, 3]), 422)
    refused(ask.raw("POST", f"{ask.path}/import?who=Ben", b"{]", Content_Type="application/json"),
            422)  # fmt: skip


def test_without_an_atlas_there_is_no_map(tmp_path, archive):
    shutil.copytree(archive, tmp_path / "source")
    made = wunderkammer.create(tmp_path, SMALL)
    made.run(["ingest", "fetch", "image"], n_workers=0)
    with (tmp_path / "collection.toml").open("a", encoding="utf-8") as file:
        file.write('[[sort]]\ntask = "quality"\n')
    with sorting(wunderkammer.open(tmp_path)) as server:
        ask = Sorter(server)
        assert ask.get("/api/tasks", TaskList).has_map is False
        assert "wk run" in refused(ask.raw("GET", "/atlas/atlas.json"), 404).detail
        saved(ask.say({ask.ids("lot", 1)[0]: "good"}))
        state = ask.train()
        assert "features" in state.problem.title + state.problem.detail
        assert state.n_labelled == 1


class Labelling(threading.Thread):
    """Labels media one after another, and keeps what was acknowledged, until its server dies."""

    def __init__(self, server, who, ids, seed):
        super().__init__()
        self.ask, self.ids, self.acknowledged = Sorter(server, who), ids, []
        self.drawn, self.on_its_way = random.Random(f"{who} {seed}"), {}

    def run(self):
        while True:
            chosen = self.drawn.sample(self.ids, self.drawn.choice([1, 1, 3]))
            labels = {one: self.drawn.choice(["good", "bad", "unsure", None]) for one in chosen}
            self.on_its_way = labels
            try:
                status, _, content = self.ask.say(labels)
            except (OSError, http.client.HTTPException):
                return
            assert status == 200, content
            self.acknowledged.append(labels)


def test_no_acknowledged_label_is_lost_when_the_server_is_killed(tmp_path, collection):
    made = sorted_copy(collection, tmp_path / "killed")
    drawn, expected = random.Random(11), {"Ada": {}, "Ben": {}}
    for attempt in range(2):
        with sorting_process(made.root) as server:
            ids = Sorter(server).ids("lot")
            # between restarts nothing was lost, and each person's answers are their own
            for who, labels in expected.items():
                shown = {one.id: one.said for one in Sorter(server, who).queue("labelled").media}
                shown |= {one.id: one.said for one in Sorter(server, who).queue("conflicts").media}
                shown |= {one.id: one.said for one in Sorter(server, who).queue("unsure").media}
                answers = {one: value for one, value in labels.items() if value}
                assert {one: shown.get(one) for one in answers} == answers, who
            people = [Labelling(server, who, ids, attempt) for who in expected]
            for one in people:
                one.start()
            enough, pause = drawn.randrange(10, 40), threading.Event()
            while sum(len(one.acknowledged) for one in people) < enough:
                assert all(one.is_alive() for one in people)
                pause.wait(drawn.random() / 50)
            server.kill()
            for one in people:
                one.join(60)
        for one in people:
            assert one.acknowledged
            own = [row for row in statements(made.root) if row[3] == one.ask.who]
            found = {media_id: value for media_id, value, _, _ in own}
            last = dict(chain.from_iterable(said.items() for said in one.acknowledged))
            lost = {key for key, value in last.items() if found.get(key) != value}
            # what was on its way when the server died may be on disk without its answer
            assert all(found[key] == one.on_its_way.get(key, ...) for key in lost)
            expected[one.ask.who] = found


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for processes")
def test_a_round_dies_with_its_server_and_leaves_nothing_half(tmp_path, collection):
    made = sorted_copy(collection, tmp_path / "killed")
    known = truth(made.root)
    with sorting_process(made.root) as server:
        ask = Sorter(server)
        saved(ask.say({one: known[one] for one in ask.ids("lot")[:12]}))
        assert ask.post(f"{ask.path}/rounds", {"who": "Ada"})[0] == 200
        [child] = children(server.process.pid)
        server.kill()
    wait_until_gone(child)
    with sorting_process(made.root) as server:
        ask = Sorter(server)
        state = ask.state()
        assert state.n_labelled == 12
        assert (state.round is None) or (state.round.number == 1)
        assert state.training is None
        assert ask.train().round.number == (2 if state.round else 1)


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for processes")
def test_ctrl_c_stops_the_server_and_its_round(tmp_path, collection):
    made = sorted_copy(collection, tmp_path / "stopped")
    known = truth(made.root)
    with sorting_process(made.root) as server:
        ask = Sorter(server)
        saved(ask.say({one: known[one] for one in ask.ids("lot")[:12]}))
        assert ask.post(f"{ask.path}/rounds", {"who": "Ada"})[0] == 200
        [child] = children(server.process.pid)
        server.interrupt()
        wait_until_gone(child)
    assert not list((made.root / "curation").rglob(".tmp-*"))


def children(pid):
    """Return the processes that a process started, as Linux tells them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(path.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
            found += [int(path.parent.name)] * (parent == pid)
    return found


def wait_until_gone(pid):
    pause = threading.Event()
    for _ in range(2000):
        if not Path(f"/proc/{pid}").exists():
            return
        pause.wait(0.05)
    raise AssertionError(f"process {pid} goes on without its server")
