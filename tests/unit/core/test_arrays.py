"""A stored array that is not what was written is named; nothing else is made of it."""

import io
import os
import pickle

import numpy as np
import pytest

from wunderkammer.core.arrays import open_array, open_graph, open_neighbours
from wunderkammer.core.errors import DamagedFileError

ROWS = np.array([[1, 2], [0, 2], [0, 1]], np.int32)


def npy(values, *, pickled=False):
    out = io.BytesIO()
    np.save(out, values, allow_pickle=pickled)
    return out.getvalue()


def npz():
    out = io.BytesIO()
    np.savez(out, ROWS)
    return out.getvalue()


class Evil:
    def __reduce__(self):
        return (os.mkdir, ("unpickled",))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cannot be read"),
        (npy(ROWS)[:5], "cannot be read"),
        (npy(ROWS)[:40], "cannot be read"),
        (npy(ROWS)[:-1], "cannot be read"),
        (b"\0" * 4096, "never read"),
        (b"\x93NUMPY\x09\x00" + npy(ROWS)[8:], "cannot be read"),
        (npy(ROWS).replace(b"'<i4'", b"'<i9'"), "cannot be read"),
        (npy(ROWS).replace(b"(3, 2)", b"(-3,2)"), "cannot be read"),
        (npy(ROWS).replace(b"(3, 2)", b"(9**9)"), "cannot be read"),
        (npy(np.array([[Evil()]], object), pickled=True), "objects, which may be programs"),
        (pickle.dumps(Evil()), "objects, which may be programs"),
        (npz(), "it holds an archive"),
        (npy(ROWS.ravel()), "int32 (6,), and whole numbers of two axes"),
        (npy(ROWS.astype(float)), "float64 (3, 2), and whole numbers"),
        (npy(np.array([["a"]])), "<U1 (1, 1), and whole numbers"),
    ],
)
def test_what_is_no_table_of_numbers_is_named_and_runs_nothing(
    tmp_path, monkeypatch, content, said
):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "x.npy"
    path.write_bytes(content)
    with pytest.raises(DamagedFileError) as told:
        open_array(path, "i")
    assert said in told.value.message
    assert str(path) in told.value.message
    assert "wk verify" in told.value.hint
    assert [one.name for one in tmp_path.iterdir()] == ["x.npy"]


def test_what_is_gone_is_named(tmp_path):
    with pytest.raises(DamagedFileError, match="it is gone"):
        open_array(tmp_path / "x.npy", "f")


@pytest.mark.parametrize("wrong", [-1, 3])
def test_neighbours_are_rows_of_the_table(tmp_path, wrong):
    path = tmp_path / "x.npy"
    np.save(path, ROWS)
    assert (open_neighbours(path) == ROWS).all()
    spoilt = ROWS.copy()
    spoilt[1, 1] = wrong
    np.save(path, spoilt)
    with pytest.raises(DamagedFileError, match="there are those from 0 to 2"):
        open_neighbours(path)


def test_there_is_a_distance_for_each_neighbour(tmp_path):
    near, far = tmp_path / "i.npy", tmp_path / "d.npy"
    np.save(near, ROWS)
    np.save(far, np.ones((3, 2), np.float32))
    assert open_graph(near, far)[1].sum() == 6
    np.save(far, np.ones((2, 2), np.float32))
    with pytest.raises(DamagedFileError, match=r"d\.npy cannot be used: it holds \(2, 2\)"):
        open_graph(near, far)
