import json
from copy import deepcopy

import pytest

from wunderkammer.core.errors import ConfigurationError, SourceError
from wunderkammer.core.settings import build
from wunderkammer.sources import Record
from wunderkammer.sources.iiif import IiifSource
from wunderkammer.testing.fake_archive import SPECIMENS
from wunderkammer.testing.library_makers import manifest_2, manifest_3, write_json

ONE = SPECIMENS[0]


@pytest.fixture
def iiif(tmp_path):
    """Write documents into a folder and return its source."""

    def write(*documents, **chosen):
        for n, document in enumerate(documents):
            write_json(tmp_path / "iiif" / f"{n}.json", document)
        return IiifSource(path=tmp_path / "iiif", **chosen)

    return write


def records(source):
    found = list(source.records())
    assert all(isinstance(one, Record) for one in found), found
    return found


def rejected(source):
    return [one for one in source.records() if not isinstance(one, Record)]


def painted(manifest, *bodies):
    """Return a manifest of Presentation 3 with other images on its canvas."""
    changed = deepcopy(manifest)
    annotations = [{"motivation": "painting", "body": body} for body in bodies]
    changed["items"][0]["items"] = [{"type": "AnnotationPage", "items": annotations}]
    return changed


def image(name, **more):
    return {"id": f"https://x.org/{name}.jpg", "type": "Image"} | more


def test_both_versions_of_a_manifest_say_the_same(tmp_path):
    found = {}
    for write in (manifest_2, manifest_3):
        path = write_json(tmp_path / f"{write.__name__}.json", write(ONE))
        [found[write]] = records(IiifSource(path=path))
    two, three = found.values()
    assert two.media_id == three.media_id
    assert two.specimen_id == three.specimen_id
    assert two.terms | {"accessURI": ""} == three.terms | {"accessURI": ""}
    assert two.access_uri == f"{ONE.address}/full/full/0/default.jpg"
    assert three.access_uri == f"{ONE.address}/full/max/0/default.jpg"
    assert three.terms == {
        "title": "K.0001",
        "caption": "1",
        "scientificName": ONE.scientific_name,
        "creator": ONE.creator,
        "rightsHolder": "The Museum",
        "Remarks": ONE.remarks,
        "license": ONE.license,
        "Credit": "By courtesy of The Museum",
        "type": "StillImage",
        "format": "image/jpeg",
        "PixelXDimension": "3000",
        "PixelYDimension": "2000",
        "identifier": "https://iiif.example.org/1/manifest/canvas/1",
        "isPartOf": "https://iiif.example.org/1/manifest",
        "references": "https://iiif.example.org/1/manifest",
        "hasServiceAccessPoint": ONE.address,
        "accessURI": three.access_uri,
    }


@pytest.mark.parametrize(
    ("language", "title", "holder"),
    [
        ("en", "Leaf", "The Museum"),
        ("de", "Blatt", "Das Museum"),
        ("de-CH", "Blatt", "Das Museum"),
        ("fr", "F. 7", "The Museum"),
    ],
)
def test_texts_are_taken_in_the_language_asked_for(iiif, language, title, holder):
    manifest = manifest_3(ONE) | {"label": {"none": ["F. 7"], "de": ["Blatt"], "en-GB": ["Leaf"]}}
    [one] = records(iiif(manifest, language=language))
    assert one.terms["title"] == title
    assert one.terms["rightsHolder"] == holder


def test_labels_in_another_language_are_understood_by_the_one_that_is_a_term(iiif):
    pairs = [
        {"label": {"de": ["Sammler"], "en": ["Collector"]}, "value": {"none": ["Merian"]}},
        {"label": {"de": ["Farbe:"]}, "value": {"de": ["rot", "blau"]}},
        {"label": "Collector", "value": ["Merian", "Abbot"]},
        {"label": "identifier", "value": "x"},
        {"label": "Empty", "value": ""},
    ]
    [one] = records(iiif(manifest_3(ONE) | {"metadata": pairs}, language="de"))
    assert one.terms["recordedBy"] == "Merian | Merian | Abbot"
    assert one.terms["Farbe"] == "rot | blau"
    assert one.terms["metadata_identifier"] == "x"
    assert "Empty" not in one.terms


def test_html_in_values_is_read_as_text_and_plain_signs_stay(iiif):
    pairs = [
        {"label": "Remarks", "value": "<p>Seen <b>once</b> &amp;<br/>again</p>"},
        {"label": "Size", "value": "3 < 4 mm & more"},
    ]
    [one] = records(iiif(manifest_2(ONE) | {"metadata": pairs}))
    assert one.terms["Remarks"] == "Seen once & again"
    assert one.terms["Size"] == "3 < 4 mm & more"


def test_titles_pages_providers_and_parents_are_kept(iiif):
    manifest = manifest_3(ONE) | {
        "metadata": [{"label": "Title", "value": "An older title"}],
        "summary": {"en": ["A sheet"]},
        "homepage": [
            {"id": "https://x.org/data", "format": "application/json"},
            {"id": "https://x.org/page", "format": "text/html"},
        ],
        "provider": [{"id": "https://x.org", "label": {"en": ["X"]}, "logo": [{"id": "l.png"}]}],
        "partOf": [{"id": "https://x.org/collection", "type": "Collection"}],
        "requiredStatement": {"label": {"en": ["Rights holder"]}, "value": {"en": ["Y"]}},
        "navDate": "1896-05-01T00:00:00Z",
    }
    [one] = records(iiif(manifest))
    wanted = {
        "title": "K.0001", "metadata_title": "An older title", "description": "A sheet",
        "references": "https://x.org/page", "provider": "https://x.org", "providerLiteral": "X",
        "attributionLogoURL": "l.png", "IDofContainingCollection": "https://x.org/collection",
        "Credit": "Y", "rightsHolder": "Y", "date": "1896-05-01T00:00:00Z",
    }  # fmt: skip
    assert wanted.items() <= one.terms.items()


def test_the_licence_nearest_to_the_image_counts(iiif):
    manifest = painted(
        manifest_3(ONE),
        image("a"),
        image("b", rights="http://creativecommons.org/licenses/by-nc/4.0/"),
    )
    manifest["items"][0]["rights"] = "http://rightsstatements.org/vocab/InC/1.0/"
    a, b = records(iiif(manifest))
    assert a.terms["license"] == "http://rightsstatements.org/vocab/InC/1.0/"
    assert a.terms["manifest_license"] == ONE.license
    assert b.terms["license"] == "http://creativecommons.org/licenses/by-nc/4.0/"


def test_several_images_and_choices_on_a_canvas_are_several_media_of_one_specimen(iiif):
    choice = {
        "type": "Choice",
        "items": [image("day", label={"en": ["Daylight"]}), image("uv", label={"en": ["UV"]})],
    }
    found = records(iiif(painted(manifest_3(ONE), image("a"), choice)))
    assert [one.access_uri[14:-4] for one in found] == ["a", "day", "uv"]
    assert [one.terms.get("variantDescription") for one in found] == [None, "Daylight", "UV"]
    assert len({one.media_id for one in found}) == 3
    assert len({one.specimen_id for one in found}) == 1
    old = manifest_2(ONE)
    [canvas] = old["sequences"][0]["canvases"]
    resource = canvas["images"][0]["resource"]
    canvas["images"][0]["resource"] = {
        "@type": "oa:Choice",
        "default": resource,
        "item": [{"@id": "https://x.org/b.jpg", "@type": "dctypes:Image"}],
    }
    found = records(iiif(old))
    assert [one.access_uri for one in found][1] == "https://x.org/b.jpg"


def test_an_image_keeps_its_id_when_others_join_it(iiif):
    [alone] = records(iiif(painted(manifest_3(ONE), image("b"))))
    found = records(iiif(painted(manifest_3(ONE), image("a"), image("b"), image("c"))))
    assert [one.media_id for one in found].index(alone.media_id) == 1


def test_parts_of_an_image_are_asked_for_as_such(iiif):
    service = {"id": "https://x.org/s", "type": "ImageService3", "profile": "level2"}
    body = {
        "type": "SpecificResource",
        "source": image("a", service=[service]),
        "selector": {"type": "ImageApiSelector", "region": "10,20,30,40", "rotation": "90"},
    }
    whole = image("a", service=[service])
    part, other = records(iiif(painted(manifest_3(ONE), body, whole)))
    assert part.access_uri == "https://x.org/s/10,20,30,40/max/90/default.jpg"
    assert part.media_id != other.media_id


def test_what_is_no_image_is_rejected_and_says_where(iiif):
    film = {"id": "https://x.org/f.mp4", "type": "Video", "format": "video/mp4"}
    manifest = painted(manifest_3(ONE), film, {"type": "Image"}, image("a"))
    empty = {"id": "https://x.org/m/empty", "type": "Canvas", "items": []}
    manifest["items"].append(empty)
    source = iiif(manifest)
    said = [(one.where, one.error.message) for one in rejected(source)]
    assert said == [
        ("0.json, canvas 1", "'https://x.org/f.mp4' is no image: its type is 'Video'."),
        ("0.json, canvas 1", "the image has neither an id nor a service."),
        ("0.json, canvas 2", "the canvas 'https://x.org/m/empty' has no image."),
    ]
    assert len(list(source.records())) == 4


def test_the_size_is_asked_of_each_service_as_it_can(iiif):
    found = records(iiif(manifest_2(ONE), manifest_3(SPECIMENS[1]), size="!2000,2000"))
    assert all(one.access_uri.endswith("/full/!2000,2000/0/default.jpg") for one in found)
    found = records(iiif(manifest_2(ONE), manifest_3(SPECIMENS[1]), size="4000,"))
    assert [one.access_uri.split("/")[-3] for one in found] == ["full", "max"]
    with pytest.raises(ConfigurationError, match="'max', '!w,h'"):
        build(IiifSource, {"path": "x", "size": "huge"}, where="[source]")


@pytest.mark.parametrize(
    ("context", "address"),
    [
        ("http://iiif.io/api/image/3/context.json", "https://x.org/7/full/max/0/default.jpg"),
        ("http://iiif.io/api/image/2/context.json", "https://x.org/7/full/full/0/default.jpg"),
        ("http://library.stanford.edu/iiif/image-api/1.1/context.json",
         "https://x.org/7/full/full/0/native.jpg"),
    ],
)  # fmt: skip
def test_an_image_description_alone_is_a_record(tmp_path, context, address):
    info = {
        "@context": context, "@id": "https://x.org/7", "width": 300, "height": 200,
        "license": "http://creativecommons.org/licenses/by/4.0/", "attribution": "X",
    }  # fmt: skip
    source = IiifSource(path=write_json(tmp_path / "info.json", info))
    [one] = records(source)
    assert one.access_uri == address
    assert one.terms["license"] == "http://creativecommons.org/licenses/by/4.0/"
    assert one.terms["PixelXDimension"] == "300"
    assert IiifSource.recognises(source.path)


def test_manifests_that_a_collection_names_and_nobody_has_are_told(iiif):
    collection = {
        "@id": "https://x.org/c",
        "@type": "sc:Collection",
        "manifests": [{"@id": "https://iiif.example.org/1/manifest"}, "https://x.org/lost"],
        "collections": [{"@id": "https://x.org/other", "@type": "sc:Collection"}],
    }
    source = iiif(collection, manifest_2(ONE))
    [lost] = rejected(source)
    assert "names the manifest 'https://x.org/lost', which is not among the files" in str(
        lost.error
    )
    assert lost.where == "0.json"


def test_manifests_within_a_collection_are_read_and_repeated_ones_told(iiif):
    inner = {"id": "https://x.org/i", "type": "Collection", "items": [manifest_3(ONE)]}
    source = iiif(
        {"id": "https://x.org/c", "type": "Collection", "items": [inner]}, manifest_3(ONE)
    )
    assert len([one for one in source.records() if isinstance(one, Record)]) == 1
    assert "is in an earlier file" in rejected(source)[0].error.message


def test_one_canvas_in_two_manifests_is_one_medium(iiif):
    other = manifest_3(ONE) | {"id": "https://x.org/other"}
    source = iiif(manifest_3(ONE), other)
    assert "stands here twice" in rejected(source)[0].error.message


def test_files_that_are_no_manifests_are_told_and_the_others_read(iiif, tmp_path):
    source = iiif(manifest_3(ONE), {"type": "AnnotationPage"}, {"x": 1}, [1])
    (tmp_path / "iiif" / "bad.json").write_bytes(b'{"id": ')
    (tmp_path / "iiif" / ".tmp-1-x.json").write_bytes(b"unfinished")
    said = {one.where: one.error.message for one in rejected(source)}
    assert "its type is 'AnnotationPage'" in said["1.json"]
    assert "it states no type" in said["2.json"]
    assert "no object" in said["3.json"]
    assert "no JSON" in said["bad.json"]
    assert len(said) == 4
    assert len(source.inputs()) == 5


@pytest.mark.parametrize(
    ("change", "message"),
    [({"id": ""}, "has no id"), ({"items": []}, "has no canvas"), ({"items": "x"}, "no canvas")],
)
def test_manifests_without_what_they_need_are_told(iiif, change, message):
    [one] = rejected(iiif(manifest_3(ONE) | change))
    assert message in one.error.message


def test_a_folder_without_json_says_so(tmp_path):
    with pytest.raises(SourceError, match="no file that ends in"):
        IiifSource(path=tmp_path).inputs()


def test_iiif_is_recognised_and_other_json_not(iiif, tmp_path):
    folder = iiif(manifest_2(ONE)).path
    other = write_json(tmp_path / "other" / "a.json", {"images": []})
    assert IiifSource.recognises(folder)
    assert IiifSource.recognises(folder / "0.json")
    assert not IiifSource.recognises(other)
    assert not IiifSource.recognises(other.parent)
    assert not IiifSource.recognises(tmp_path / "nowhere")
    assert not IiifSource.recognises(tmp_path)
    assert json.loads(other.read_bytes()) == {"images": []}


def test_half_a_character_costs_no_manifest(tmp_path):
    manifest = manifest_3(SPECIMENS[0])
    text = (
        json.dumps(manifest)
        .replace("Scientific name", "Scientific name")
        .replace("A. Photographer", "A. Photo\\ud83egrapher")
    )
    (tmp_path / "m.json").write_text(text, encoding="utf-8")
    (record,) = IiifSource(path=tmp_path).records()
    assert record.terms["creator"] == "A. Photo\N{REPLACEMENT CHARACTER}grapher"


def test_a_file_that_is_nested_too_deeply_is_rejected_alone(tmp_path):
    write_json(tmp_path / "a.json", manifest_3(SPECIMENS[0]))
    (tmp_path / "b.json").write_text("[" * 100_000, encoding="utf-8")
    record, rejected = IiifSource(path=tmp_path).records()
    assert isinstance(record, Record)
    assert "nested too deeply" in rejected.error.message
