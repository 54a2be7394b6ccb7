"""``wk harvest``: from an address to images, nothing asked twice."""

import json

from click.testing import CliRunner

import wunderkammer
from wunderkammer.cli import SOME_FAILED
from wunderkammer.cli.main import wk
from wunderkammer.testing import ImageHost
from wunderkammer.testing.hosts.answers import status, text
from wunderkammer.testing.hosts.rules import Rule

POLITE = ("--allow-private", "127.0.0.1", "--rate", "0")


def typed(*words, code=0):
    done = CliRunner().invoke(wk, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


def as_json(value):
    return text(json.dumps(value), "application/json")


def manifest(site, name, n_pages):
    """Return a manifest of Presentation 3 whose images have an Image API service."""
    here = site.address(f"{name}/manifest.json")
    canvases = []
    for n in range(n_pages):
        image = site.address(f"{name}/{n}")
        service = [{"id": image, "type": "ImageService3", "profile": "level2"}]
        body = {"id": f"{image}/full/max/0/default.jpg", "type": "Image", "service": service}
        canvas = f"{here}/canvas/{n}"
        painted = {"id": f"{canvas}/a", "type": "Annotation", "motivation": "painting",
                   "target": canvas, "body": body}  # fmt: skip
        page = {"id": f"{canvas}/p", "type": "AnnotationPage", "items": [painted]}
        canvases.append({"id": canvas, "type": "Canvas", "height": 360, "width": 480,
                         "label": {"en": [f"Plate {n}"]}, "items": [page]})  # fmt: skip
    return {"@context": "http://iiif.io/api/presentation/3/context.json", "id": here,
            "type": "Manifest", "label": {"en": [name]}, "items": canvases,
            "rights": "http://creativecommons.org/publicdomain/zero/1.0/"}  # fmt: skip


def test_a_collection_of_manifests_becomes_files_and_these_become_media(tmp_path):
    with ImageHost(in_thread=True) as site:
        books = {name: manifest(site, name, n) for name, n in (("moths", 3), ("beetles", 2))}
        named = [{"id": one["id"], "type": "Manifest"} for one in books.values()]
        lost = {"id": site.address("lost/manifest.json"), "type": "Manifest"}
        top = {"@context": "http://iiif.io/api/presentation/3/context.json", "type": "Collection",
               "id": site.address("all.json"), "items": [*named, lost]}  # fmt: skip
        site.follow(
            [
                Rule(as_json(top), path="all.json"),
                Rule(status(404), path="lost/*"),
                *(Rule(as_json(one), path=f"{name}/manifest.json") for name, one in books.items()),
            ]
        )
        folder = tmp_path / "plates" / "source"
        said = typed("harvest", "iiif", top["id"], folder, *POLITE, code=SOME_FAILED)
        assert "2 manifests" in said
        assert "lost/manifest.json" in said
        again = len(site.requests())
        typed("harvest", "iiif", top["id"], folder, *POLITE, code=SOME_FAILED)
        asked = {one.path for one in site.requests()[again:]} - {"robots.txt"}
        assert asked == {"lost/manifest.json"}
        ours = ("--set", "fetch.allow_private=127.0.0.1", "--set", "fetch.requests_per_second=0")
        typed("new", tmp_path / "plates", "--from", folder, *ours)
        typed("fetch", "-C", tmp_path / "plates")
        collection = wunderkammer.open(tmp_path / "plates")
        rows = collection.query("FROM media").to_pylist()
        assert len(rows) == 5
        for row in rows:
            path = row["accessURI"].split("/", 3)[3]
            assert row["content_sha256"] == site.sha256(path)
            assert "zero" in row["license"]
