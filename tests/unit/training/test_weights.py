from pathlib import Path

import pyarrow as pa
import pytest
import torch

from wunderkammer.core.errors import StageError
from wunderkammer.training.weights import TENSORS, read_weights, weights_folder, write_weights

SPLIT = pa.table({"media_id": ["a", "b"], "part": ["train", "test"]})


def written(parent: Path, value: float = 1.5, name: str | None = None) -> Path:
    tensors = {"layer.weight": torch.full((2, 3), value), "count": torch.tensor(7)}
    return write_weights(
        parent,
        tensors,
        card={"what": "A test."},
        settings={"kind": "unet", "side_px": 64},
        metrics={"iou": 0.5},
        split=SPLIT,
        name=name,
    )


def test_what_was_written_is_read(tmp_path: Path) -> None:
    weights = read_weights(written(tmp_path), "unet")
    assert torch.equal(weights.tensors["layer.weight"], torch.full((2, 3), 1.5))
    assert weights.tensors["layer.weight"].dtype == torch.float32
    assert weights.tensors["count"].item() == 7
    assert weights.card["what"] == "A test."
    assert weights.settings["side_px"] == 64
    assert weights.metrics == {"iou": 0.5}
    assert weights.split().to_pylist() == SPLIT.to_pylist()


def test_the_folder_is_named_by_what_is_in_it(tmp_path: Path) -> None:
    first, same, other = written(tmp_path), written(tmp_path), written(tmp_path, 2.5)
    assert first == same != other
    assert read_weights(first, "unet").card["sha256"].startswith(first.name)


def test_weights_are_stored_in_half_the_bytes(tmp_path: Path) -> None:
    folder = write_weights(
        tmp_path,
        {"w": torch.zeros(100_000)},
        card={},
        settings={"kind": "unet"},
        metrics={},
        split=SPLIT,
    )
    assert (folder / TENSORS).stat().st_size < 201_000


def test_changed_tensors_are_refused(tmp_path: Path) -> None:
    folder = written(tmp_path)
    content = bytearray((folder / TENSORS).read_bytes())
    content[-1] ^= 1
    (folder / TENSORS).write_bytes(content)
    with pytest.raises(StageError, match="not the file that its card speaks of"):
        read_weights(folder, "unet")


def test_a_missing_file_and_another_kind_are_named(tmp_path: Path) -> None:
    folder = written(tmp_path)
    with pytest.raises(StageError, match="holds 'unet' weights, not 'rotation-net'"):
        read_weights(folder, "rotation-net")
    (folder / "card.toml").unlink()
    with pytest.raises(StageError, match=r"card\.toml is missing"):
        read_weights(folder, "unet")


def test_weights_are_named_by_their_first_digits_by_a_path_or_not_at_all(tmp_path: Path) -> None:
    folder = written(tmp_path / "weights")
    shipped = tmp_path / "shipped"
    assert weights_folder("", tmp_path, shipped) == shipped
    assert weights_folder(folder.name[:6], tmp_path, shipped) == folder
    assert weights_folder(str(folder), tmp_path, shipped) == folder
    assert weights_folder("weights/elsewhere", tmp_path, shipped) == tmp_path / "weights/elsewhere"
