from pathlib import Path

import cv2
import numpy as np
import pytest

import wunderkammer
from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.imaging.masks import decode_mask, encode_mask
from wunderkammer.testing import SpecimenGenerator
from wunderkammer.training.gathering import mask_examples, turn_examples


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    root = tmp_path_factory.mktemp("gathering")
    generator = SpecimenGenerator(seed=5, size_px=160, kinds=("moth",))
    (root / "photographs").mkdir()
    for n in range(4):
        cv2.imwrite(str(root / "photographs" / f"moth {n}.png"), generator.specimen(n).image)
    source = {"ingest.source.name": "folder", "ingest.source.path": str(root / "photographs")}
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
