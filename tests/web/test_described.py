"""Every route is described, and answers as its description says, whatever it is asked."""

import os
import shutil
import time

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase

import wunderkammer
from cabinet import make as make_cabinet
from wunderkammer.web.app import atlas_app
from wunderkammer.web.curator import Curator
from wunderkammer.web.described import atlas_document
from wunderkammer.web.desk import Desk
from wunderkammer.web.guarded_atlas import Powers, guarded_atlas_app
from wunderkammer.web.guards import TOKEN_HEADER, Guard
from wunderkammer.web.photograph_process import PhotographProcess
from wunderkammer.web.review import review_app
from wunderkammer.web.sorting import sort_app

schemathesis = pytest.importorskip("schemathesis")

HOST = "127.0.0.1:8000"
N_EXAMPLES = int(os.environ.get("WK_EXAMPLES", "3"))
"""How many requests of each route are tried; `make test-api` tries many more."""

STARTS_PROCESSES = {("POST", "/api/sort/{task}/rounds")}
"""Routes that are asked in tests of their own: a round is a process."""


class NoLook(PhotographProcess):
    """Looks at nothing: what a photograph costs has tests of its own."""

    def look(self, content):
        yield {"problem": {"title": "not looked at", "detail": "", "status": 422}}


def guard():
    return Guard((HOST,))


@pytest.fixture(scope="module")
def sorted_copy(tmp_path_factory, cabinet_to_curate):
    root = tmp_path_factory.mktemp("described") / "cabinet"
    shutil.copytree(cabinet_to_curate.root, root)
    return wunderkammer.open(root)


@pytest.fixture(scope="module")
def applications(sorted_copy, collection, tmp_path_factory):
    """Return each application with its document."""
    guards = {name: guard() for name in ("review", "sort", "photographs")}
    reviewed = make_cabinet(tmp_path_factory.mktemp("reviewed") / "cabinet", ("a0", "d"))
    powers = Powers(photographs=NoLook(sorted_copy.root))
    found = {
        "review": review_app(Curator(reviewed), guards["review"]),
        "sort": sort_app(Desk(sorted_copy), guards["sort"]),
        "photographs": guarded_atlas_app(collection.site, powers, guards["photographs"]),
    }
    told = {name: (app, app.openapi(), guards[name].token) for name, app in found.items()}
    return told | {"atlas": (atlas_app(collection.site), atlas_document(), "")}


def operations(document):
    return {
        (method.upper(), path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def test_every_route_there_is_is_in_the_document(applications):
    for name, (app, document, _) in applications.items():
        described = operations(document)
        for route in getattr(app, "routes", ()):
            for method in getattr(route, "methods", None) or ():
                if method != "HEAD":
                    assert (method, route.path) in described, name
        for (method, path), operation in described.items():
            for code, answer in operation["responses"].items():
                if code >= "400":
                    assert list(answer["content"]) == ["application/problem+json"], (method, path)
            if method in {"POST", "PUT"} and not path.endswith("/apply"):
                assert operation["requestBody"]["required"], (method, path)


def test_an_atlas_that_is_served_to_be_looked_at_has_no_route_that_changes_anything(applications):
    app, document, _ = applications["atlas"]
    assert {method for method, _ in operations(document)} == {"GET", "HEAD"}
    assert not hasattr(app, "routes"), "there is no router at all"


@pytest.mark.parametrize("name", ["atlas", "review", "sort", "photographs"])
def test_whatever_is_asked_the_answer_is_as_described(applications, name):
    app, document, token = applications[name]
    schema = schemathesis.openapi.from_dict(document)
    schema.app = app
    headers = {"Host": HOST, "Origin": f"http://{HOST}", TOKEN_HEADER: token}
    checks = [
        schemathesis.checks.not_a_server_error,
        schemathesis.specs.openapi.checks.status_code_conformance,
        schemathesis.specs.openapi.checks.content_type_conformance,
        schemathesis.specs.openapi.checks.response_schema_conformance,
    ]
    n_asked, began = 0, time.monotonic()

    for found in schema.get_all_operations():
        operation = found.ok()
        if (operation.method.upper(), operation.path) in STARTS_PROCESSES:
            continue

        @hypothesis.settings(
            max_examples=N_EXAMPLES,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @hypothesis.given(
            case=hypothesis.strategies.one_of(
                operation.as_strategy(),
                operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE),
            )
        )
        def asked(case):
            nonlocal n_asked
            n_asked += 1
            case.call_and_validate(headers=headers, checks=checks)

        asked()
    assert n_asked >= N_EXAMPLES * len(operations(document)) / 4, time.monotonic() - began
