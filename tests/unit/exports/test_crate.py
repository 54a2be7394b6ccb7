"""Entities of a crate: each once, referred to by its id, weights with their licence."""

import hand_cut
from wunderkammer.exports.crate import Graph, add_runs, add_weights


def entity(graph, name):
    return next(one for one in graph.document()["@graph"] if one["@id"] == name)


def test_an_entity_stands_there_once():
    graph = Graph()
    assert graph.party("The Museum") == graph.party("The Museum") == {"@id": "#The-Museum"}
    graph.licence("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/")
    assert len(graph.document()["@graph"]) == 2


def test_weights_say_what_they_are_and_whose(tmp_path):
    name = hand_cut.write_weights(tmp_path, {"a": "train"})
    graph = Graph()
    reference = add_weights(graph, tmp_path, tmp_path / "weights" / name)
    found = entity(graph, reference["@id"])
    assert found["name"] == "By <hand>"
    assert entity(graph, found["license"]["@id"])["name"] == "MIT"
    assert len(found["hasPart"]) == 4
    [figure] = found["variableMeasured"]
    assert "0.9625" in entity(graph, figure["@id"])["value"]


def test_each_stage_of_a_run_is_an_action_with_its_settings_and_weights():
    stage = {"group": "features/x", "version": "1", "settings": {"px": 3}, "key": "k",
             "files": {"weights": "ab" * 32}, "n_done": 5, "n_failed": 0}  # fmt: skip
    run = {"id": "r", "started": "2026-01-01T00:00:00+00:00", "finished": ""}
    run |= {"software": {"wunderkammer": "1.2"}, "stages": [stage, {**stage, "n_done": 0}]}
    graph = Graph()
    [action] = add_runs(graph, [run], "media.parquet")
    found = entity(graph, action["@id"])
    assert found["@type"] == "CreateAction"
    assert found["result"] == {"@id": "media.parquet"}
    assert found["endTime"] == found["startTime"] == run["started"]
    setting, weights = (entity(graph, one["@id"]) for one in found["object"])
    assert (setting["name"], setting["value"]) == ("px", 3)
    assert weights["identifier"] == "ab" * 32
    assert entity(graph, "#wunderkammer")["softwareVersion"] == "1.2"
