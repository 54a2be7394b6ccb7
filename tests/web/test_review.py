"""The review's server shows the worst first, and what it acknowledges is on disk."""

import hashlib
import http.client
import io
import math
import subprocess
import sys
from urllib.parse import urlsplit

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import cabinet
from asker import Asker, png, refused
from wunderkammer.cli.main import wk as wk_itself
from wunderkammer.core import journal
from wunderkammer.web.guards import TOKEN_HEADER
from wunderkammer.web.kept import Cache
from wunderkammer.web.review import MAX_JSON
from wunderkammer.web.schemas import Found, Medium, Queue, Session, Stated


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory):
    """Return a collection that tests may state things about, each of its own medium."""
    return cabinet.make(tmp_path_factory.mktemp("cabinets") / "cabinet")


@pytest.fixture(scope="module")
def ids(reviewed):
    return cabinet.ids(reviewed)


@pytest.fixture(scope="module")
def ask(reviewed):
    with cabinet.reviewing(reviewed) as review:
        yield Asker(review)


def annotations(collection, media_id):
    rows = journal.read(collection.root).to_pylist()
    return [(r["term"], r["value"], r["was"], r["who"]) for r in rows if r["media_id"] == media_id]


def test_the_worst_come_first_and_then_the_least_sure(tmp_path):
    made = cabinet.make(tmp_path / "cabinet")
    by_name = cabinet.ids(made)
    with cabinet.reviewing(made) as review:
        ask = Asker(review)
        queue = ask.get("/api/queue?tool=cutout", Queue)
        assert (queue.n, [one.file for one in queue.media[:2]]) == (8, ["c.png", "b.png"])
        rejected, doubtful = queue.media[:2]
        assert (rejected.rejected, rejected.reason, rejected.cutouts) == (True, "nothing found", [])
        assert (doubtful.confidence, doubtful.reason) == (0.4, "little contrast")
        rest = ask.get("/api/queue?tool=cutout&offset=5&limit=2", Queue)
        assert [one.id for one in rest.media] == [one.id for one in queue.media[5:7]]
        # a person says so: the bad ones are settled, a mask that fits badly is the worst now
        assert ask.state("cutout", by_name["c"], ("cutout", "rejected"))[0] == 200
        assert ask.state("cutout", by_name["b"], ("cutout", "accepted"))[0] == 200
        width, height = doubtful.width, doubtful.height
        corner = np.zeros((height, width), bool)
        corner[:20, :20] = True
        assert ask.put_mask(by_name["a1"], corner)[0] == 200
        worst = ask.get("/api/queue?tool=cutout&order=worst", Queue).media
        assert worst[0].id == by_name["a1"]
        assert worst[0].agreement < 0.1
        assert {one.id for one in worst[-2:]} == {by_name["b"], by_name["c"]}
        unseen = ask.get("/api/queue?tool=cutout&order=unseen", Queue)
        assert unseen.n == len(unseen.media) == 5
        sure = ask.get("/api/queue?tool=cutout&order=least-sure", Queue).media
        assert [one.confidence for one in sure] == sorted(one.confidence for one in sure)


def test_a_photograph_is_cut_out_whole_and_turned_in_parts(ask, ids):
    photograph = ask.get(f"/api/cutout/{ids['d']}", Medium)
    assert [box.left for box in photograph.cutouts] == [0, photograph.width // 2]
    parts = [one for one in ask.get("/api/queue?tool=upright", Queue).media if one.file == "d.png"]
    assert {one.id for one in parts} == {box.id for box in photograph.cutouts}
    assert ids["d"] not in {one.id for one in parts}
    part = parts[0]
    assert part.turned_deg == 30
    picture = Image.open(io.BytesIO(ask.raw("GET", f"/api/upright/{part.id}/cutout")[2]))
    assert (picture.width, picture.height) == (part.cutouts[0].width, part.cutouts[0].height)


def test_turns_can_be_stated_before_anything_was_cut_out(tmp_path):
    made = cabinet.make(tmp_path / "bare", stages=False)
    by_name = cabinet.ids(made)
    with cabinet.reviewing(made) as review:
        ask = Asker(review)
        for tool in ("upright", "cutout"):
            queue = ask.get(f"/api/queue?tool={tool}", Queue)
            assert queue.n == 8
            assert {(one.confidence, one.made_by) for one in queue.media} == {(None, "")}
        assert ask.raw("GET", f"/api/upright/{by_name['a0']}/photograph")[0] == 200
        assert ask.state("upright", by_name["a0"], ("angle_deg", "-91"))[0] == 200
        refused(ask.raw("GET", f"/api/cutout/{by_name['a0']}/mask"), 404)
    assert annotations(made, by_name["a0"]) == [("angle_deg", "-91", None, "A. Curator")]


def test_pictures_have_one_size_so_that_they_lie_on_each_other(ask, ids):
    for name in ("a0", "c", "d"):
        medium = ask.get(f"/api/cutout/{ids[name]}", Medium)
        size = (medium.preview_width, medium.preview_height)
        for kind in ("photograph", "mask"):
            content = ask.raw("GET", f"/api/cutout/{ids[name]}/{kind}")[2]
            assert Image.open(io.BytesIO(content)).size == size, (name, kind)


def test_a_large_photograph_is_sent_smaller_and_its_mask_kept_at_full_size(tmp_path):
    made = cabinet.make(tmp_path / "large", ("a0",), stages=False, size_px=2000)
    media_id = cabinet.ids(made)["a0"]
    with cabinet.reviewing(made) as review:
        ask = Asker(review)
        medium = ask.get(f"/api/cutout/{media_id}", Medium)
        assert max(medium.width, medium.height) == 2000
        assert max(medium.preview_width, medium.preview_height) == 1600
        drawn = np.zeros((medium.preview_height, medium.preview_width), bool)
        drawn[400:800, 300:900] = True
        status, _, content = ask.put_mask(media_id, drawn)
        assert status == 200, content
        again = ask.raw("GET", f"/api/cutout/{media_id}/drawn")[2]
    stored = next((made.root / "annotations" / "masks").glob("*.png"))
    full = np.asarray(Image.open(stored))
    assert full.dtype == bool
    assert full.shape == (medium.height, medium.width)
    assert math.isclose(full.mean(), drawn.mean(), rel_tol=0.01)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(again))), drawn)


def test_a_mask_is_on_disk_when_it_is_acknowledged_and_its_file_is_called_by_its_bytes(
    ask, ids, reviewed
):
    medium = ask.get(f"/api/cutout/{ids['a2']}", Medium)
    mask = np.zeros((medium.height, medium.width), bool)
    mask[30:90, 40:100] = True
    status, _, content = ask.put_mask(ids["a2"], mask)
    assert status == 200
    stated = Stated.model_validate_json(content)
    path = reviewed.root / "annotations" / "masks" / f"{stated.medium.judgement.mask}.png"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem
    assert np.array_equal(np.asarray(Image.open(path)), mask)
    cell = f"annotations/masks/{path.name}"
    assert annotations(reviewed, ids["a2"]) == [("mask", cell, None, "A. Curator")]
    said = stated.medium.judgement
    assert (said.who, said.when[:2]) == ("A. Curator", "20")
    assert stated.medium.agreement is not None
    assert str(reviewed.root) not in content.decode()
    assert "annotations/" not in content.decode(), "paths do not travel"


def test_what_was_stated_is_taken_back_by_stating_what_held_before(ask, ids, reviewed):
    first = Stated.model_validate_json(ask.state("cutout", ids["a3"], ("cutout", "rejected"))[2])
    assert [(one.term, one.value) for one in first.before] == [("cutout", None)]
    mask = np.zeros((first.medium.height, first.medium.width), bool)
    mask[:50, :50] = True
    mended = Stated.model_validate_json(ask.put_mask(ids["a3"], mask)[2])
    assert mended.medium.judgement.verdict is None, "a mask says that there is a specimen"
    assert mended.medium.judgement.mask
    back = [(one.term, one.value) for one in mended.before]
    assert sorted(back) == [("cutout", "rejected"), ("mask", None)]
    again = Stated.model_validate_json(ask.state("cutout", ids["a3"], *back)[2])
    assert (again.medium.judgement.verdict, again.medium.judgement.mask) == ("rejected", None)
    forth = [(one.term, one.value) for one in again.before]
    restored = Stated.model_validate_json(ask.state("cutout", ids["a3"], *forth)[2])
    assert restored.medium.judgement.mask == mended.medium.judgement.mask
    assert len(annotations(reviewed, ids["a3"])) == 7, "nothing is overwritten"


def test_a_turn_is_kept_in_its_range_and_runs_only_what_depends_on_it(tmp_path):
    made = cabinet.make(tmp_path / "cabinet", ("a0", "a1"))
    media_id = cabinet.ids(made)["a0"]
    with cabinet.reviewing(made) as review:
        answer = Asker(review).state("upright", media_id, ("angle_deg", "190.5"))
    assert Stated.model_validate_json(answer[2]).medium.judgement.angle_deg == -169.5
    plan = {one.group: one.n_todo for one in made.plan().stages}
    assert (plan["cutout"], plan["upright"]) == (0, 1)
    made.run()
    sql = f"SELECT turned_deg, turned_by FROM upright WHERE media_id = '{media_id}'"
    assert made.query(sql).to_pylist() == [{"turned_deg": -169.5, "turned_by": "person"}]


def test_masks_that_are_none_are_refused_by_name(ask, ids):
    medium = ask.get(f"/api/cutout/{ids['a4']}", Medium)
    empty = np.zeros((medium.height, medium.width), bool)
    assert "empty" in refused(ask.put_mask(ids["a4"], empty), 422).title
    told = refused(ask.put_mask(ids["a4"], np.ones((7, 9), bool)), 422).title
    assert "9 x 7" in told
    assert f"{medium.width} x {medium.height}" in told
    broken = png(~empty)[:-30]
    put = f"/api/cutout/{ids['a4']}/mask"
    refused(ask.raw("PUT", put, broken, Content_Type="image/png"), 422)
    refused(ask.raw("PUT", put, b"GIF89a nothing", Content_Type="image/png"), 422)
    refused(ask.raw("PUT", put, png(~empty), Content_Type="text/plain"), 415)
    assert ask.get(f"/api/cutout/{ids['a4']}", Medium).judgement.mask is None


@pytest.mark.parametrize(
    ("tool", "said", "status"),
    [
        ("cutout", [("cutout", "splendid")], 422),
        ("cutout", [("mask", "../../etc/passwd")], 422),
        ("cutout", [("mask", 64 * "0")], 422),
        ("cutout", [("angle_deg", "3")], 422),
        ("upright", [("cutout", "accepted")], 422),
        ("upright", [("angle_deg", "left")], 422),
        ("upright", [("angle_deg", "nan")], 422),
        ("upright", [], 422),
        ("upright", [("sex", "female")], 422),
        ("sideways", [("angle_deg", "3")], 422),
    ],
)
def test_what_cannot_be_stated_is_refused_and_not_written(ask, ids, reviewed, tool, said, status):
    before = journal.read(reviewed.root).num_rows
    assert refused(ask.state(tool, ids["a4"], *said), status).title
    assert journal.read(reviewed.root).num_rows == before


def test_only_the_page_that_was_handed_out_may_write(ask, ids, reviewed):
    before = journal.read(reviewed.root).num_rows
    path = f"/api/upright/{ids['a4']}/statements"
    body = b'{"statements": [{"term": "angle_deg", "value": "1"}]}'
    plain = {"Content_Type": "application/json"}
    for headers in (
        {"Origin": "http://elsewhere.example"},
        {"Origin": None},
        {"Origin": "null"},
        {TOKEN_HEADER: None},
        {TOKEN_HEADER: "x" * 43},
        {"Host": "elsewhere.example", "Origin": "http://elsewhere.example"},
    ):
        refused(ask.raw("POST", path, body, **plain, **headers), 403)
    refused(ask.raw("POST", path, body, Content_Type="text/plain"), 415)
    refused(ask.raw("GET", "/", Host="elsewhere.example"), 403)
    refused(ask.raw("GET", f"/api/upright/{ids['a4']}", Host="elsewhere.example"), 403)
    assert journal.read(reviewed.root).num_rows == before


def test_bodies_have_an_end(ask, ids, reviewed):
    before = journal.read(reviewed.root).num_rows
    path = f"/api/upright/{ids['a4']}/statements"
    long = b'{"statements": [' + b" " * MAX_JSON + b"]}"
    refused(ask.raw("POST", path, long, Content_Type="application/json"), 413)
    announced = {"Content-Length": "999999999999", "Content_Type": "image/png"}
    refused(ask.raw("PUT", f"/api/cutout/{ids['a4']}/mask", b"\x89PNG", **announced), 413)
    assert journal.read(reviewed.root).num_rows == before


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/assets/../curate.html", 404),
        ("/assets/%2e%2e%2fcurate.html", 404),
        ("/collection.toml", 404),
        ("/api/cutout/00000000000000000000", 404),
        ("/api/cutout/00000000000000000000/photograph", 404),
        ("/api/cutout/..%2f..%2fcollection.toml", 404),
        ("/api/cutout/NOTHEX/mask", 422),
        ("/api/queue?tool=cutout&order=loudest", 422),
        ("/api/queue?tool=cutout&limit=100000", 422),
        ("/api/queue?tool=cutout&order=worst'--", 422),
    ],
)
def test_nothing_else_is_answered(ask, path, status):
    assert refused(ask.raw("GET", path), status).status == status


def test_every_answer_is_for_this_page_alone(ask, ids):
    for path in ("/", "/nothing", "/api/session", f"/api/cutout/{ids['a0']}/small"):
        headers = ask.raw("GET", path)[1]
        assert "access-control-allow-origin" not in headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
    page = ask.raw("GET", "/")
    assert ask.review.guard.token in page[2].decode()
    assert page[1]["cache-control"] == "no-store"


def test_a_medium_is_found_by_its_id_or_the_name_of_its_file(ask, ids):
    for name in (ids["a1"], f"{ids['a1']}.jpg", f"scan-{ids['a1']}-2.tif", "a1.png", "A1.JPG"):
        assert ask.get(f"/api/find?tool=cutout&name={name}", Found).id == ids["a1"]
    assert ask.get("/api/find?tool=cutout&name=zebra.png", Found).id is None
    assert ask.get("/api/find?tool=cutout&name=%27%20OR%201=1", Found).id is None
    part = ask.get("/api/find?tool=upright&name=d.png", Found).id
    assert part in {box.id for box in ask.get(f"/api/cutout/{ids['d']}", Medium).cutouts}
    assert ask.get("/api/session", Session) == Session(title="Small cabinet", who="A. Curator")


def test_pictures_are_kept_up_to_a_bound():
    made = []

    def make(name, n_bytes):
        return lambda: (made.append(name), bytes(n_bytes))[1]

    cache = Cache(100)
    for name in ("a", "b", "a", "c", "a", "b"):
        assert cache.get((name,), make(name, 40)) == bytes(40)
    assert made == ["a", "b", "c", "b"], "the one asked for longest ago goes first"
    assert len(cache.get(("large",), make("large", 500))) == 500
    cache.get(("a",), make("a", 40))
    assert made[-1] == "large", "what does not fit pushes nothing out"


def test_published_atlases_come_without_the_page_for_reviewing(collection, tmp_path):
    collection.publish(tmp_path)
    assert not list(tmp_path.rglob("*curate*"))
    assert collection.site().file("curate/curate.html") is None


def test_the_command_prints_one_line_with_the_address(tmp_path):
    made = cabinet.make(tmp_path / "bare", ("a0",), stages=False)
    command = [sys.executable, "-m", "wunderkammer", "review", "upright", "-C", str(made.root),
               "--port", "0", "--no-open", "--as", "B. Curator"]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        line = server.stdout.readline()
        address = line.split()[4]
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.netloc, timeout=20)
        connection.request("GET", "/api/session")
        session = Session.model_validate_json(connection.getresponse().read())
        connection.close()
        server.terminate()
        assert server.stdout.read() == ""
    assert (parts.hostname, parts.query) == ("127.0.0.1", "tool=upright&order=worst")
    assert session.who == "B. Curator"


def test_a_table_of_angles_goes_in_and_out(tmp_path):
    made = cabinet.make(tmp_path / "bare", stages=False)
    by_name = cabinet.ids(made)
    table = tmp_path / "angles.csv"
    table.write_text(f"id;degrees\n{by_name['a0']};12.5\n{by_name['a1']};\n{by_name['b']};-90\n")

    def wk(*words):
        done = CliRunner().invoke(wk_itself, [*words, "-C", str(made.root)])
        return done.exit_code, done.output or str(done.exception)

    stated = (0, "stated: 2 values of 2 media\n")
    assert wk("annotate", "--from", str(table), "--new-term") == stated
    sql = "SELECT media_id, angle_deg FROM media WHERE angle_deg IS NOT NULL ORDER BY angle_deg"
    _, said = wk("query", sql, "--format", "csv")
    assert said.split() == ["media_id,angle_deg", f"{by_name['b']},-90", f"{by_name['a0']},12.5"]
    table.write_text(f"id,degrees\n{'0' * 20},1\n")
    code, said = wk("annotate", "--from", str(table), "--new-term")
    assert code != 0
    assert "no medium is called" in said
    table.write_text("name,degrees\nx,1\n")
    assert "its columns are name, angle_deg" in wk("annotate", "--from", str(table))[1]
