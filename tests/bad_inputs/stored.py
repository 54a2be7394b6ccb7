"""Networks as ONNX, and arrays that a collection keeps: cut off, of another kind, programs."""

import functools
import io
import pickle
import shutil
import tempfile
from pathlib import Path

import numpy as np

import wunderkammer
from bad_inputs.case import BadInput
from bad_inputs.collections import TOML, Evil, made
from tiny_onnx import darkness

NETWORKS, ARRAYS = "Networks as ONNX", "Stored arrays (.npy)"
WITH_NEIGHBOURS = TOML + (
    '[fingerprint]\n[features]\nencoder = "colour-histogram"\n[neighbours]\n'
    '[embedding]\nprojection = "pca"\n'
)


@functools.cache
def _finished():
    """Return the folder of a collection whose neighbours are found; it goes with the process."""
    kept = tempfile.TemporaryDirectory()
    given = Path(kept.name, "given")
    given.mkdir()
    home = made(given, WITH_NEIGHBOURS)
    collection = wunderkammer.open(home)
    collection.run([*collection.upstream("neighbours"), "embedding"], n_workers=0)
    return kept, home


def network(name, wrong, content, status=1):
    """Return the case of a network that cuts out."""

    def make(given):
        shutil.copytree(_finished()[1], given.parent / "collection")
        (given / "n.onnx").write_bytes(content)
        return []

    chosen = ["config", "set", "cutout.segmenter.name=onnx",
              "cutout.segmenter.path=../given/n.onnx"]  # fmt: skip
    run = ["run", "cutout", "--only", "--workers", "0"]
    return BadInput(NETWORKS, name, wrong, make, 3, status, [chosen, run])


def array(name, wrong, content, file="indices.npy"):
    """Return the case of an array that a stage wrote and somebody spoilt."""

    def make(given):
        _, finished = _finished()
        home = given.parent / "collection"
        shutil.copytree(finished, home)
        (path,) = home.rglob(file)
        path.unlink()
        if content is not None:
            path.write_bytes(content)
        return []

    export = ["export", "embedding-atlas", "--to", "GIVEN/out", "--licence", "CC0-1.0",
              "--rights-holder", "x"]  # fmt: skip
    return BadInput(ARRAYS, name, wrong, make, 3, 1, [export])


def saved(values, *, pickled=False):
    """Return an array as a file's bytes."""
    out = io.BytesIO()
    np.save(out, values, allow_pickle=pickled)
    return out.getvalue()


GOOD = saved(np.array([[1, 2], [0, 2], [0, 1]], np.int32))
NETWORK = darkness()

CASES = [
    network("empty", "It has no byte", b""),
    network("cut off", "Half of it is missing", NETWORK[: len(NETWORK) // 2]),
    network("a web page", "A log-in page was saved as the network", b"<!DOCTYPE html>\n" * 20),
    network("a pickle that is a program", "It would write a file when it is read",
            pickle.dumps(Evil())),
    network("one channel", "It takes grey images", darkness(channels=1)),
    network("two inputs", "It asks for two images", darkness(inputs=("image", "other"))),
    array("empty", "It has no byte", b""),
    array("gone", "The file is not there", None),
    array("cut off", "The last numbers are missing", GOOD[:-5]),
    array("objects that are programs", "It holds objects, which would write a file when read",
          saved(np.array([[Evil()]], object), pickled=True)),
    array("rows that there are not", "It names the neighbours -7 and 999",
          saved(np.array([[1, 2], [-7, 2], [0, 999]], np.int32))),
    array("more than any memory", "The header claims 2^62 rows",
          GOOD.replace(b"(3, 2)", b"(4611686018427387904, 2)").replace(b" " * 18 + b"\n", b"\n")),
    array("fewer distances", "Distances are fewer than neighbours",
          saved(np.zeros((1, 2), np.float32)), "distances.npy"),
]  # fmt: skip
