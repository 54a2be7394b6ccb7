"""IIIF: manifests by the rules of Presentation 3, read again by our own source."""

import json

import pytest
from iiif_prezi3 import AnnotationPage, Collection, Manifest
from PIL import Image

import hand_cut
import handed_over
import wunderkammer
from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError
from wunderkammer.core.settings import build
from wunderkammer.exports.formats import iiif, registry
from wunderkammer.exports.selection import Chosen
from wunderkammer.sources import Record
from wunderkammer.sources.iiif import IiifSource

URL = "https://example.org/iiif/moths"


@pytest.fixture(scope="module")
def exported(handed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("iiif") / "out"
    report = handed_over.out(handed, registry.get("iiif")(url=f"{URL}/"), folder)
    return folder, report


def test_all_of_it_is_by_the_rules(exported):
    folder, report = exported
    assert report.written["manifests"] == 4
    for path in (folder / "manifests").iterdir():
        Manifest.model_validate_json(path.read_text())
    Manifest.model_validate_json((folder / "manifest.json").read_text())
    Collection.model_validate_json((folder / "collection.json").read_text())
    for path in (folder / "annotations").iterdir():
        AnnotationPage.model_validate_json(path.read_text())


def addresses(value):
    """Yield every address below the export's own that a document speaks of."""
    if isinstance(value, dict):
        yield from (found for one in value.values() for found in addresses(one))
    elif isinstance(value, list):
        yield from (found for one in value for found in addresses(one))
    elif isinstance(value, str) and value.startswith(f"{URL}/"):
        yield value


def test_every_file_that_is_spoken_of_is_there(exported):
    folder, _ = exported
    found = set()
    for path in folder.rglob("*.json"):
        if path.name != ".wk-export.json":
            found |= set(addresses(json.loads(path.read_text())))
    files = {one for one in found if one.endswith((".json", ".jpg"))}
    assert len(files) > 15
    for one in files:
        assert (folder / one.removeprefix(f"{URL}/")).is_file(), one
    services = {one for one in found if "/images/" in one and not one.endswith(".jpg")}
    assert len(services) == 4
    for one in services:
        assert (folder / one.removeprefix(f"{URL}/") / "info.json").is_file()


def test_each_canvas_says_whose_it_is(exported):
    folder, _ = exported
    for canvas in json.loads((folder / "manifest.json").read_text())["items"]:
        assert "The Museum" in canvas["requiredStatement"]["value"]["none"][0]
        assert canvas["rights"].startswith("http://creativecommons.org/")
        assert (canvas["width"], canvas["height"]) == (hand_cut.WIDTH, hand_cut.HEIGHT)


def test_our_own_source_reads_the_same_records(exported, handed, tmp_path):
    folder, _ = exported
    records = [
        one for one in IiifSource(path=folder / "manifests").records() if isinstance(one, Record)
    ]
    known = {one.text("derivedFromMediaID") or one.media_id: one for one in Chosen(handed)}
    assert len(records) == len(known)
    for record in records:
        medium = known[record.terms["metadata_media_id"]]
        assert record.terms["scientificName"] == medium.text("scientificName")
        assert record.terms["catalogNumber"] == medium.text("catalogNumber")
        assert record.terms["Credit"].startswith("The Museum")
        assert record.access_uri.startswith(URL)
        assert (folder / record.access_uri.removeprefix(f"{URL}/")).is_file()


def test_annotations_tell_outlines_names_and_what_people_stated(exported, handed):
    folder, _ = exported
    ids = hand_cut.ids(handed)

    def items(media_id):
        return json.loads((folder / "annotations" / f"{media_id}.json").read_text())["items"]

    outline, *names = items(ids["a"])
    assert outline["target"]["selector"][0]["type"] == "SvgSelector"
    assert [one["body"][0]["value"] for one in names] == [
        "Danaus plexippus", "Idea leuconoe", "Danaus",
    ]  # fmt: skip
    assert [one.get("creator", {}).get("name") for one in names] == [None, "ada", "ben"]
    [_, label] = items(ids["b"])
    assert label["body"]["value"] == "quality: good &lt;b&gt;"
    parent = next(one.text("derivedFromMediaID") for one in Chosen(handed)
                  if one.media_id in ids["c"])  # fmt: skip
    assert len(items(parent)) == 2, "both specimens of the photograph"
    assert not (folder / "annotations" / f"{ids['plain']}.json").exists()


def test_many_manifests_are_collections_of_a_collection(handed, tmp_path, monkeypatch):
    monkeypatch.setattr(iiif, "_MOST_MANIFESTS", 2)
    monkeypatch.setattr(iiif, "_MOST_CANVASES", 3)
    form = registry.get("iiif")(url=URL, annotations=False)
    handed_over.out(handed, form, tmp_path / "out")
    whole = json.loads((tmp_path / "out" / "collection.json").read_text())
    assert [one["type"] for one in whole["items"]] == ["Collection", "Collection"]
    parts = [json.loads(path.read_text()) for path in (tmp_path / "out/collections").iterdir()]
    assert sum(len(part["items"]) for part in parts) == 4
    assert len(json.loads((tmp_path / "out" / "manifest.json").read_text())["items"]) == 3
    assert not (tmp_path / "out" / "annotations").exists()


def test_before_there_are_pictures_it_says_what_makes_them(tmp_path):
    (tmp_path / "images").mkdir()
    Image.new("RGB", (8, 8)).save(tmp_path / "images" / "a.png")
    settings = {"ingest.source.name": "folder", "ingest.source.path": str(tmp_path / "images")}
    read = wunderkammer.create(tmp_path / "read", settings)
    read.run(["ingest"], n_workers=0)
    form = registry.get("iiif")(url=URL)
    with pytest.raises(NotEnoughMediaError, match="no medium has a picture") as refused:
        handed_over.out(read, form, tmp_path / "out", licence="CC0", rights_holder="A Museum")
    assert "wk run image" in refused.value.hint
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("url", ["", "example.org/iiif", "https://", "https://x.org/a?b=1"])
def test_an_address_that_cannot_be_the_final_one_is_refused(url):
    with pytest.raises(ConfigurationError, match="wk export iiif: url"):
        build(registry.get("iiif"), {"url": url}, where="wk export iiif")
