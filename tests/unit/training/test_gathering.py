from pathlib import Path

import cv2
import numpy as np
import pytest

import wunderkammer
from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import ConfigurationError, ImageMissingError
from wunderkammer.imaging.masks import decode_mask, encode_mask
from wunderkammer.testing import SpecimenGenerator
from wunderkammer.training.gathering import mask_examples, picture_examples, turn_examples


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    root = tmp_path_factory.mktemp("gathering")
    generator = SpecimenGenerator(seed=5, size_px=160, kinds=("moth",))
    (root / "photographs").mkdir()
    for n in range(4):
        cv2.imwrite(str(root / "photographs" / f"moth {n}.png"), generator.specimen(n).image)
    source = {
        "ingest.source.name": "folder",
        "ingest.source.path": str(root / "photographs"),
        "ingest.source.taxon_from": "{order} {n}",
    }
    made = wunderkammer.create(root / "collection", source)
    made.run(["ingest", "fetch"], n_workers=0)
    return made


def ids(collection: Collection) -> list[str]:
    return sorted(collection.query("SELECT media_id FROM records")["media_id"].to_pylist())


def white(share: float) -> bytes:
    mask = np.zeros((160, 160), bool)
    mask[: int(160 * share)] = True
    return encode_mask(mask)


def test_masks_of_a_folder_are_found_by_id_and_by_file_name(
    collection: Collection, tmp_path: Path
) -> None:
    first = ids(collection)[0]
    (tmp_path / f"{first}.png").write_bytes(white(0.5))
    (tmp_path / "moth 2.png").write_bytes(white(0.5))
    (tmp_path / "beetle.png").write_bytes(white(0.5))
    examples, skipped = mask_examples(collection, tmp_path)
    assert len({one.media_id for one in examples} | {first}) == len(examples) in {1, 2}
    assert [one.media_id for one in skipped] == ["beetle.png"]
    assert examples[0].image().shape[2] == 3


def test_what_a_person_drew_comes_before_a_file_and_can_be_taken_back(
    collection: Collection, tmp_path: Path
) -> None:
    medium = ids(collection)[1]
    (tmp_path / f"{medium}.png").write_bytes(white(0.25))
    drawn = collection.root / "annotations" / "masks" / "drawn.png"
    drawn.parent.mkdir(parents=True, exist_ok=True)
    drawn.write_bytes(white(0.75))
    statement = {"media_id": medium, "term": "mask", "value": "annotations/masks/drawn.png"}
    collection.annotate([statement])
    (example,), _ = mask_examples(collection, tmp_path)
    assert decode_mask(example.mask()).mean() == pytest.approx(0.75, abs=0.01)
    collection.annotate([{**statement, "value": None}])
    (example,), _ = mask_examples(collection, tmp_path)
    assert decode_mask(example.mask()).mean() == pytest.approx(0.25, abs=0.01)


def test_a_turn_needs_a_cut_out_and_an_angle(collection: Collection, tmp_path: Path) -> None:
    first, second = ids(collection)[:2]
    (tmp_path / "turns.csv").write_text(f"id,degrees\n{first},12.5\nunknown,3\n{second},west\n")
    examples, skipped = turn_examples(collection, tmp_path / "turns.csv")
    assert not examples, "nothing has been cut out"
    assert len(skipped) == 3
    root = tmp_path / "cut"
    source = {"ingest.source.name": "folder", "ingest.source.path": str(root.parent / "moths")}
    (root.parent / "moths").mkdir()
    specimen = SpecimenGenerator(seed=5, size_px=240, kinds=("moth",), bad_share=0).specimen(1)
    cv2.imwrite(str(root.parent / "moths" / "a.png"), specimen.image)
    made = wunderkammer.create(
        root,
        {
            **source,
            "cutout.segmenter.name": "contrast",
            "cutout.keep.several": False,
        },
    )
    made.run(["ingest", "fetch", "image", "cutout"], n_workers=0)
    (medium,) = ids(made)
    (tmp_path / "turns.csv").write_text(f"{medium},12.5\n")
    (example,), _ = turn_examples(made, tmp_path / "turns.csv", "to-turn")
    assert example.angle_deg == -12.5
    assert example.load().shape[2] == 4
    made.annotate([{"media_id": medium, "term": "angle_deg", "value": "90"}])
    (example,), _ = turn_examples(made, tmp_path / "turns.csv")
    assert example.angle_deg == 90, "what a person stated comes before a file"


def test_a_folder_that_is_not_there_is_named(collection: Collection, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no folder"):
        mask_examples(collection, tmp_path / "nowhere")


@pytest.fixture(scope="module")
def pictured(collection: Collection) -> Collection:
    collection.run(["image"], n_workers=0)
    return wunderkammer.open(collection.root)


def test_pictures_are_the_photographs_where_nothing_was_cut_out(pictured: Collection) -> None:
    examples = picture_examples(pictured)
    assert [one.media_id for one in examples] == ids(pictured)
    assert examples[0].load().shape[2] == 3
    assert len({one.content for one in examples}) == len(examples)
    assert {one.content for one in picture_examples(pictured, "image")} == {
        one.content for one in examples
    }


def test_a_label_is_what_a_person_stated_before_what_the_source_says(pictured: Collection) -> None:
    first, second = ids(pictured)[:2]
    pictured.annotate([{"media_id": first, "term": "order", "value": "Diptera"}])
    told = {one.media_id: one.labels for one in picture_examples(pictured, labels=["order"])}
    assert told[first] == {"order": "Diptera"}
    assert told[second] == {"order": "moth"}


def test_only_the_training_set_of_a_sample_is_gathered(tmp_path: Path) -> None:
    (tmp_path / "moths").mkdir()
    for name in "abcdef":
        pixels = np.full((40, 60, 3), 20 * ord(name) % 255, np.uint8)
        cv2.imwrite(str(tmp_path / "moths" / f"{name}.png"), pixels)
    settings = {
        "ingest.source.name": "folder",
        "ingest.source.path": str(tmp_path / "moths"),
        "sample.sample": "parts",
        "sample.split.name": "shares",
        "sample.split.validation": 0.0,
        "sample.split.test": 0.5,
    }
    made = wunderkammer.create(tmp_path / "sampled", settings)
    made.run(["ingest", "fetch", "image", "sample"], n_workers=0)
    sql = "SELECT media_id FROM media WHERE \"sample/parts/split\" = 'train' ORDER BY media_id"
    wanted = made.query(sql)["media_id"].to_pylist()
    assert len(wanted) == 3
    assert [one.media_id for one in picture_examples(made, sample="parts")] == wanted
    with pytest.raises(ConfigurationError, match="no sample 'part'") as caught:
        picture_examples(made, sample="part")
    assert "parts" in caught.value.hint


def test_cut_outs_come_before_photographs_and_belong_to_their_specimen(tmp_path: Path) -> None:
    (tmp_path / "moths").mkdir()
    generator = SpecimenGenerator(seed=5, size_px=160, kinds=("moth",), bad_share=0)
    cv2.imwrite(str(tmp_path / "moths" / "a.png"), generator.specimen(1).image)
    settings = {
        "ingest.source.name": "folder",
        "ingest.source.path": str(tmp_path / "moths"),
        "cutout.segmenter.name": "contrast",
        "cutout.keep.several": False,
    }
    made = wunderkammer.create(tmp_path / "cut", settings)
    made.run(["ingest", "fetch", "image", "cutout"], n_workers=0)
    (cut,), (whole,) = picture_examples(made), picture_examples(made, "image")
    assert cut.media_id == whole.media_id
    assert cut.group == whole.group
    assert cut.content != whole.content
    assert (cut.load()[0, 0] == 255).all(), "around the specimen it is white"


def test_a_picture_that_is_not_there_or_an_unknown_column_is_told(pictured: Collection) -> None:
    with pytest.raises(ImageMissingError, match="no medium has a picture of the stage 'upright'"):
        picture_examples(pictured, "upright")
    with pytest.raises(ConfigurationError, match="no column 'sex_of_moon'"):
        picture_examples(pictured, labels=["sex_of_moon"])
