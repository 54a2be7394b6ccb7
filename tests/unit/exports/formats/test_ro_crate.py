"""RO-Crate: read by the library rocrate; every file there, described, with whose it is."""

import hashlib
import json
from urllib.parse import unquote

import pytest
from rocrate.rocrate import ROCrate

import hand_cut
import handed_over
from hand_cut import Told
from wunderkammer.exports.formats import registry


@pytest.fixture(scope="module")
def crate(tmp_path_factory):
    """Return the folder of a crate of a collection that has weights."""
    made = hand_cut.make(tmp_path_factory.mktemp("crate") / "c", [Told("a"), Told("b b")])
    hand_cut.write_weights(made.root, {"a": "train"})
    folder = tmp_path_factory.mktemp("crated") / "out"
    report = handed_over.out(made, registry.get("ro-crate")(), folder)
    return folder, report


def test_the_library_reads_it(crate):
    folder, report = crate
    read = ROCrate(folder)
    assert read.name == "Hand & <cut>"
    pictures = [one for one in read.data_entities if one.id.startswith("pictures/")]
    assert len(pictures) == report.written["pictures"] == 2
    for one in pictures:
        assert one["license"]["name"] == "CC BY 4.0"
        assert one["copyrightHolder"]["name"] == "The Museum"
    actions = read.get_by_type("CreateAction")
    assert len(actions) == report.written["actions"] > 4
    for one in actions:
        assert one["instrument"]["name"] == "Wunderkammer"
        assert one["result"].id == "media.parquet"
        assert one["startTime"] <= one["endTime"]
    [weights] = [one for one in read.get_by_type("Dataset") if one.id.startswith("weights/")]
    assert weights["license"]["name"] == "MIT"


def test_each_file_is_described_and_is_what_is_described(crate):
    folder, _ = crate
    graph = json.loads((folder / "ro-crate-metadata.json").read_text())["@graph"]
    described = {unquote(one["@id"]): one for one in graph if one["@type"] == "File"}
    files = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    } - {"ro-crate-metadata.json", ".wk-export.json"}
    assert set(described) == files
    for name, one in described.items():
        content = (folder / name).read_bytes()
        assert one["sha256"] == hashlib.sha256(content).hexdigest()
        assert one["contentSize"] == str(len(content))


def test_every_reference_leads_to_an_entity(crate):
    folder, _ = crate
    graph = json.loads((folder / "ro-crate-metadata.json").read_text())["@graph"]
    known = {one["@id"] for one in graph}
    assert len(known) == len(graph)

    def referred(value):
        if isinstance(value, dict) and set(value) == {"@id"}:
            yield value["@id"]
        elif isinstance(value, dict):
            yield from (found for one in value.values() for found in referred(one))
        elif isinstance(value, list):
            yield from (found for one in value for found in referred(one))

    outside = {one for entity in graph for one in referred(entity)} - known
    assert outside == {"https://w3id.org/ro/crate/1.1"}


def test_without_pictures_the_table_still_says_whose(handed, tmp_path):
    report = handed_over.out(handed, registry.get("ro-crate")(picture="none"), tmp_path / "out")
    assert report.written["pictures"] == 0
    root = ROCrate(tmp_path / "out").root_dataset
    assert {one["name"] for one in root["license"]} == {"CC BY 4.0", "CC0 1.0"}
    assert root["creditText"] == "Hand (2026): Cut."
    assert root["contactPoint"]["email"] == "curator@example.org"
