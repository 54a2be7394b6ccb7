import numpy as np
import pytest

from wunderkammer.atlas.blocks import BlockFile, write_blocks

ARRAYS = {
    "small": np.arange(7, dtype=np.uint8),
    "boxes": np.arange(12, dtype=np.float32).reshape(3, 4),
    "none": np.empty(0, np.uint32),
    "big endian": np.array([1, 2, 258], ">u2"),
}


@pytest.fixture
def file(tmp_path):
    return BlockFile(tmp_path / "a" / "b.bin", write_blocks(tmp_path / "a" / "b.bin", ARRAYS))


def test_every_block_comes_back_whole_and_by_rows(file):
    for name, array in ARRAYS.items():
        assert (file.read(name) == array).all()
        assert file.read(name).shape == array.shape
        assert (file.read(name, 1, 2) == array[1:2]).all()
        assert file.n_rows(name) == len(array)


def test_a_block_that_is_not_there_is_none_of_the_file(file):
    assert "small" in file
    assert "large" not in file
    with pytest.raises(KeyError):
        file.read("large")
