import itertools
import json

import pytest

from wunderkammer.core.errors import ConfigurationError, SourceError
from wunderkammer.core.settings import build
from wunderkammer.sources import Record
from wunderkammer.sources.coco import CocoSource
from wunderkammer.testing.fake_archive import ONE_PIXEL, SPECIMENS
from wunderkammer.testing.library_makers import coco_of, write_json

PLAIN = {
    "images": [
        {"id": 1, "file_name": "a.jpg", "coco_url": "http://x.org/a.jpg", "width": 640},
        {"id": 2, "file_name": "b.jpg", "flickr_url": "http://f.org/b.jpg"},
        {"id": 3, "file_name": "c.jpg"},
    ],
    "annotations": [
        {"id": 9, "image_id": 1, "category_id": 7, "segmentation": [[1, 2, 3.5]], "iscrowd": 0},
        {"id": 8, "image_id": 1, "category_id": 5, "bbox": [1, 2.5, 3, 4], "area": 12.25},
        {"id": 10, "image_id": 1, "category_id": 5},
        {"id": 11, "image_id": 2, "category_id": 7},
    ],
    "categories": [
        {"id": 5, "name": "leaf", "supercategory": "organ"},
        {"id": 7, "name": "flower", "supercategory": "organ"},
    ],
}


@pytest.fixture
def coco(tmp_path):
    """Write COCO metadata and return its source."""

    def write(metadata, **chosen):
        return CocoSource(path=write_json(tmp_path / "metadata.json", metadata), **chosen)

    return write


def read(source):
    """Return the records by file name, and what was rejected by where."""
    found = list(source.records())
    records = {one.terms["image_id"]: one for one in found if isinstance(one, Record)}
    return records, {one.where: one.error for one in found if not isinstance(one, Record)}


def test_the_half_earth_kind_fills_the_terms_of_a_specimen(coco):
    records, _ = read(coco(coco_of(SPECIMENS)))
    terms = records["2"].terms
    assert terms["scientificName"] == "Papilio machaon Linnaeus, 1758"
    assert terms["genus"] == "Papilio"
    assert terms["family"] == "Papilionidae"
    assert terms["order"] == "Lepidoptera"
    assert terms["institutionCode"] == "The Museum"
    assert terms["license"] == SPECIMENS[1].license
    assert terms["UsageTerms"] == "Licence 2"
    assert terms["annotation_id"] == "12"
    assert terms["PixelXDimension"] == "1"
    assert terms["rightsHolder"] == "The Museum"


def test_the_order_of_the_members_does_not_matter(coco):
    whole = coco_of(SPECIMENS)
    names = ("images", "annotations", "categories", "licenses")
    rest = {name: value for name, value in whole.items() if name not in names}
    found = [
        sorted(map(str, coco({name: whole[name] for name in order} | rest).records()))
        for order in itertools.islice(itertools.permutations(names), 0, 24, 5)
    ]
    assert len(found[0]) == len(SPECIMENS) + 2
    assert all(one == found[0] for one in found)


def test_of_several_annotations_each_category_is_told_once(coco):
    records, rejected = read(coco(PLAIN))
    assert not rejected
    first, second, third = (records[n].terms for n in "123")
    assert first["subject"] == "flower | leaf"
    assert first["supercategory"] == "organ"
    assert first["annotation_id"] == "10 | 8 | 9"
    assert first["bbox"] == "[1, 2.5, 3, 4]"
    assert first["area"] == "12.25"
    assert "segmentation" not in first
    assert second["subject"] == "flower"
    assert "subject" not in third
    assert "genus" not in first


def test_names_of_two_words_are_scientific_names_unless_the_settings_differ(coco):
    categories = [{"id": 5, "name": "Rosa canina"}, {"id": 7, "name": "Salix alba"}]
    records, _ = read(coco(PLAIN | {"categories": categories}))
    assert records["1"].terms["scientificName"] == "Rosa canina | Salix alba"
    assert records["1"].terms["genus"] == "Rosa | Salix"
    records, _ = read(coco(PLAIN | {"categories": categories}, category_term="subject"))
    assert records["1"].terms["subject"] == "Rosa canina | Salix alba"


def test_an_address_is_taken_where_there_is_no_file(coco, tmp_path):
    (tmp_path / "b.jpg").write_bytes(ONE_PIXEL)
    records, _ = read(coco(PLAIN))
    assert records["1"].access_uri == "http://x.org/a.jpg"
    assert records["1"].original_file == ""
    assert records["2"].access_uri == "http://f.org/b.jpg"
    assert records["2"].original_file == "b.jpg"
    assert records["3"].original_file == "c.jpg"  # named and not here: a later stage says so


def test_every_entry_is_used_or_explained(coco):
    metadata = {
        "images": [
            {"id": 1, "file_name": "a.jpg"},
            {"file_name": "b.jpg"},
            "c.jpg",
            {"id": 1, "file_name": "d.jpg"},
            {"id": 5},
            {"id": 6, "file_name": "../e.jpg"},
            ["nested", ["deep"]],
            {"id": 7, "file_name": "f.jpg"},
        ],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 3},
            {"id": 2, "image_id": 1, "category_id": 4},
            {"id": 3, "image_id": 99, "category_id": 3},
            {"id": 4, "image_id": 1},
        ],
        "categories": [{"id": 3, "name": "Rosa canina"}, {"id": 3, "name": "Rosa alba"}],
    }
    records, rejected = read(coco(metadata))
    said = {where.removeprefix("metadata.json, "): one.message for where, one in rejected.items()}
    assert set(records) == {"1", "7"}
    assert records["1"].terms["scientificName"] == "Rosa canina"
    assert records["1"].terms["annotation_id"] == "1"
    assert "no 'id'" in said.pop("images, entry 2")
    assert "a text, not an object" in said.pop("images, entry 3")
    assert "earlier image has the id '1'" in said.pop("images, entry 4")
    assert "neither file_name nor coco_url" in said.pop("images, entry 5")
    assert "outside the images folder" in said.pop("images, entry 6")
    assert "an array, not an object" in said.pop("images, entry 7")
    assert "category '4', which is not in the file" in said.pop("annotations, entry 2")
    assert "image '99', which is not in the file" in said.pop("annotations, entry 3")
    assert "no 'category_id'" in said.pop("annotations, entry 4")
    assert not said


def test_without_any_category_every_annotation_is_explained_and_the_images_stay(coco):
    records, rejected = read(coco(PLAIN | {"categories": []}))
    assert set(records) == {"1", "2", "3"}
    assert len(rejected) == len(PLAIN["annotations"])


def test_ids_of_images_may_change_and_be_texts(coco):
    first = [one.media_id for one in read(coco(PLAIN))[0].values()]
    numbers = {1: "x", 2: "y", 3: "z"}
    images = [one | {"id": numbers[one["id"]]} for one in PLAIN["images"]]
    annotations = [one | {"image_id": numbers[one["image_id"]]} for one in PLAIN["annotations"]]
    renumbered, rejected = read(coco(PLAIN | {"images": images, "annotations": annotations}))
    assert [one.media_id for one in renumbered.values()] == first
    assert not rejected


def test_images_are_found_below_the_folder_with_or_without_its_first_names(coco, tmp_path):
    for folder in ("here/train/images/1", "there/1"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.jpg").write_bytes(ONE_PIXEL)
    images = [{"id": 1, "file_name": "train/images/1/a.jpg"}]
    metadata = PLAIN | {"images": images, "annotations": []}
    for name, found in (("here", "train/images/1/a.jpg"), ("there", "1/a.jpg")):
        records, _ = read(coco(metadata, images=tmp_path / name))
        assert records["1"].original_file == found


def test_links_that_leave_the_folder_are_not_followed(coco, tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.jpg").write_bytes(ONE_PIXEL)
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a.jpg").symlink_to(tmp_path / "secret" / "a.jpg")
    (tmp_path / "images" / "sub").symlink_to(tmp_path / "secret")
    (tmp_path / "images" / "b.jpg").write_bytes(ONE_PIXEL)
    names = ["a.jpg", "sub/a.jpg", "b.jpg"]
    images = [
        {"id": n, "file_name": name, "coco_url": f"http://x.org/{n}"}
        for n, name in enumerate(names)
    ]
    records, _ = read(
        coco(PLAIN | {"images": images, "annotations": []}, images=tmp_path / "images")
    )
    assert [one.original_file for one in records.values()] == ["", "", "b.jpg"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "broken JSON"),
        (b'{"images": [{"id": 1, "file_', "broken JSON after 'images'"),
        (b'{"images": [{"id": 1}], "annotations": [}', "broken JSON after 'annotations'"),
        (b'{"images": [{"id": 1,, }]}', "broken JSON after 'images'"),
        (b"<html><body>Not found", "broken JSON"),
        (b"[1, 2]", "it begins with an array"),
    ],
)
def test_a_broken_file_says_where(tmp_path, content, message):
    (tmp_path / "m.json").write_bytes(content)
    with pytest.raises(SourceError, match=message):
        list(CocoSource(path=tmp_path / "m.json").records())


@pytest.mark.parametrize(
    ("missing", "instead", "message", "hint"),
    [
        ("images", "image", "no member 'images'", "Did you mean 'image'"),
        ("annotations", "annotation", "no member 'annotations'", "Did you mean 'annotation'"),
        ("categories", "info", "no member 'categories'", "set annotated = false"),
    ],
)
def test_a_missing_section_is_named_with_what_there_is(coco, missing, instead, message, hint):
    metadata = {instead if name == missing else name: value for name, value in PLAIN.items()}
    with pytest.raises(SourceError, match=message) as caught:
        list(coco(metadata).records())
    assert hint in caught.value.hint


def test_images_whose_labels_are_withheld_are_read_where_it_is_said_so(coco):
    records, rejected = read(coco({"images": PLAIN["images"]}, annotated=False))
    assert set(records) == {"1", "2", "3"}
    assert not rejected


def test_a_file_that_is_not_there_names_its_neighbour(tmp_path):
    (tmp_path / "metadata.json").write_text("{}")
    with pytest.raises(SourceError, match="no file at") as caught:
        list(CocoSource(path=tmp_path / "metadat.json").records())
    assert "Did you mean 'metadata.json'" in caught.value.hint


def test_an_unknown_term_for_names_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="category_term"):
        build(CocoSource, {"path": tmp_path, "category_term": "taxon"}, where="[source]")


def test_many_images_with_members_that_only_some_have_lose_nothing(coco):
    n = 70_000
    metadata = {
        "annotations": [
            {"id": i, "image_id": (i * 7919) % n, "category_id": i % 40} for i in range(n)
        ],
        "images": [
            {"id": i, "file_name": f"{i}.jpg"} | ({"late": "x"} if i > n - 5 else {})
            for i in range(n)
        ],
        "categories": [{"id": i, "name": f"Genus{i} species", "family": "F"} for i in range(40)],
    }
    records, rejected = read(coco(metadata))
    names = {one["image_id"]: one["category_id"] for one in metadata["annotations"]}
    assert not rejected
    assert len(records) == n
    assert sum("late" in one.terms for one in records.values()) == 4
    assert all(one.terms["genus"] == f"Genus{names[int(image)]}" for image, one in records.items())


def test_coco_is_recognised_and_other_json_not(coco, tmp_path):
    write_json(tmp_path / "manifest.json", {"@context": "x", "images": [], "items": []})
    write_json(tmp_path / "other.json", {"info": {"x": 1}, "rows": []})
    write_json(tmp_path / "late.json", {"info": {"x": "y" * 2000}, "licenses": [], "images": []})
    path = coco(PLAIN).path
    known = [one.name for one in sorted(tmp_path.iterdir()) if CocoSource.recognises(one)]
    assert known == ["late.json", "metadata.json"]
    assert json.loads(path.read_bytes())
    assert not CocoSource.recognises(tmp_path)


def test_members_that_differ_in_capitals_alone_are_kept_apart(tmp_path):
    first = {"id": 1, "file_name": "a.jpg", "Note": "x"}
    second = {"id": 2, "file_name": "b.jpg", "note": "y"}
    path = write_json(tmp_path / "coco.json", {"images": [first, second]})
    records = CocoSource(path=path, annotated=False).records()
    notes = [{k: v for k, v in one.terms.items() if "ote" in k} for one in records]
    assert notes == [{"Note": "x"}, {"note_2": "y"}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"images": [{"id": 1, "x": ' + "[" * 5000, "broken JSON after 'images'"),
        ('{"images": [{"id": ' + "9" * 5000 + "}]}", "broken JSON after 'images'"),
        ('{"images": [{"id": 1, "file_name": "\\ud83e"', "broken JSON after 'images'"),
    ],
)
def test_numbers_and_depths_that_nobody_writes_are_refused(tmp_path, text, said):
    (tmp_path / "coco.json").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=said):
        list(CocoSource(path=tmp_path / "coco.json").records())
