"""A curator's atlas takes what is stated of its media; a plain one knows nothing of that."""

import http.client
import json
import re
from urllib.parse import urlsplit

import pytest

import curated
from wunderkammer.core import journal
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.web.guards import TOKEN_HEADER
from wunderkammer.web.server import serve


@pytest.fixture(scope="module")
def made(cabinet_to_curate):
    return cabinet_to_curate


@pytest.fixture(scope="module")
def ask(made):
    """Return a function that asks as the page does, and gives status and content."""
    with curated.serving(made.root, "--curate", "--as", "A. Curator") as server:
        host = urlsplit(server.address).netloc

        def send(method, path, said=None, **headers):
            connection = http.client.HTTPConnection(host, timeout=60)
            own = {"Origin": f"http://{host}", "Content-Type": "application/json", **headers}
            connection.request(method, path, json.dumps(said) if said else None, own)
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            return answer.status, content

        page = send("GET", "/")[1].decode()
        token = re.search('name="review-token" content="([^"]+)"', page)[1]
        assert re.search('name="powers" content="([^"]+)"', page)[1].split() == [
            "curate", "cutout", "upright", "sort",
        ]  # fmt: skip
        yield lambda *words, **more: send(*words, **{TOKEN_HEADER: token, **more})


def ids(collection):
    return collection.query("SELECT media_id FROM media ORDER BY 1").to_pydict()["media_id"]


def stated(collection, media_id):
    rows = journal.read(collection.root).to_pylist()
    return {r["term"]: (r["value"], r["who"]) for r in rows if r["media_id"] == media_id}


def test_a_plain_atlas_says_nothing_of_curating_and_has_nothing_of_it(address):
    host = urlsplit(address).netloc
    connection = http.client.HTTPConnection(host, timeout=20)
    connection.request("GET", "/")
    page = connection.getresponse().read().decode()
    assert "review-token" not in page
    assert "powers" not in page
    for path in ("/curate/", "/curate/api/session", "/sort/api/tasks"):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 404


def test_a_turn_runs_again_only_what_depends_on_it(made, ask):
    one = ids(made)[0]
    before = {plan.group: plan.n_todo for plan in made.plan().stages}
    said = {"statements": [{"term": "angle_deg", "value": "33"}]}
    status, content = ask("POST", f"/curate/api/upright/{one}/statements?who=Ada", said)
    assert status == 200, content
    assert stated(made, one) == {"angle_deg": ("33", "Ada")}
    todo = {plan.group: plan.n_todo for plan in made.plan().stages}
    assert todo["cutout"] == before["cutout"], "a turn is no mask"
    assert todo["upright"] == before["upright"] + 1


def test_a_name_is_an_identification_with_who_and_when_and_is_taken_back(made, ask):
    one = ids(made)[1]
    path = f"/curate/api/name/{one}/statements?who=Ada&rank=species"
    said = {"statements": [{"term": "name", "value": "vanessa  atalanta"}]}
    status, content = ask("POST", path, {"statements": [{"term": "name", "value": "Vanessa"}]})
    assert status == 422, "a species is named by genus and epithet"
    said["statements"][0]["value"] = "Vanessa atalanta"
    status, content = ask("POST", path, said)
    assert status == 200, content
    terms = stated(made, one)
    assert terms["scientificName"] == ("Vanessa atalanta", "Ada")
    assert terms["specificEpithet"][0] == "atalanta"
    assert terms["identifiedBy"][0] == "Ada"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", terms["dateIdentified"][0])
    [row] = made.query(f"SELECT * FROM media WHERE media_id = '{one}'").to_pylist()
    assert row["scientificName"] == "Vanessa atalanta"
    back = json.loads(content)["before"]
    status, content = ask("POST", path, {"statements": back})
    assert status == 200, content
    held = {term: value for term, (value, _) in stated(made, one).items()}
    assert set(held.values()) == {None}, "nothing was stated before"


def test_all_that_lies_in_a_lasso_is_one_statement_each_and_undone_together(made, ask):
    some = ids(made)[2:14]
    said = {"who": "Ada", "labels": [{"id": one, "value": "bad"} for one in some]}
    status, content = ask("POST", "/sort/api/sort/quality/labels", said)
    assert status == 200, content
    answer = json.loads(content)
    assert answer["saved"] == len(answer["before"]) == len(some)
    assert all("bad" in {v for v, _ in stated(made, one).values()} for one in some)
    status, content = ask(
        "POST", "/sort/api/sort/quality/labels", {"who": "Ada", "labels": answer["before"]}
    )
    assert json.loads(content)["saved"] == len(some)


def test_no_other_page_can_state_anything(ask, made):
    path = f"/curate/api/upright/{ids(made)[3]}/statements"
    said = {"statements": [{"term": "angle_deg", "value": "1"}]}
    assert ask("POST", path, said, Origin="http://elsewhere.test")[0] == 403
    assert ask("POST", path, said, **{TOKEN_HEADER: "guessed"})[0] == 403
    assert ask("GET", "/", Host="elsewhere.test")[0] == 403
    assert "angle_deg" not in stated(made, ids(made)[3])


def test_nobody_elsewhere_curates(made):
    with pytest.raises(ConfigurationError, match="this machine alone"):
        serve(made, host="0.0.0.0", port=0, curate=True)
