"""Whatever is done to the bytes of a good file, it is read, or refused in words."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bad_inputs.collections import HEADER, TOML, tensors
from bad_inputs.pictures import PICTURES
from mutated import SPLICES, examples, mutated, mutations, spoil
from wunderkammer.core.configuration import read_configuration
from wunderkammer.core.errors import StageError, WunderkammerError
from wunderkammer.encoders.vgg16_fc2 import _read
from wunderkammer.fetch.verify import verify
from wunderkammer.imaging.decoding import decode
from wunderkammer.sources import Record, Rejected, registry
from wunderkammer.stages import STAGES
from wunderkammer.testing.archives import MAKERS, write_dwca
from wunderkammer.testing.fake_archive import SPECIMENS

META = st.tuples(st.integers(0, 4000), st.integers(0, 60), st.sampled_from(SPLICES))
GOOD = [one.content for one in PICTURES if one.decoded]


@pytest.fixture(scope="module", params=sorted(MAKERS))
def made(request, tmp_path_factory):
    """Return a good archive of each source, and the folder it lies in."""
    root = tmp_path_factory.mktemp(request.param)
    return root, MAKERS[request.param](root, SPECIMENS).source


def said(error):
    """Hold that an error says something."""
    assert str(error)


def moved(source, root, to):
    """Return a source that reads a copy of its archive."""
    paths = {
        name: to / value.relative_to(root) for name, value in source if isinstance(value, Path)
    }
    return source.model_copy(update=paths)


@given(st.integers(0, 999), mutations)
@examples(3)
def test_a_spoilt_export_is_read_or_refused_in_words(made, which, steps):
    root, good = made
    with TemporaryDirectory() as folder:
        copy, scratch = Path(folder, "copy"), Path(folder, "scratch")
        shutil.copytree(root, copy, symlinks=True)
        scratch.mkdir()
        source = moved(good, root, copy)
        spoil(source.path, which, steps)
        assert all(kind.recognises(source.path) in {True, False} for kind in registry)
        for read in (source.citation, source.inputs, source.records):
            try:
                found = list(read())
            except WunderkammerError as error:
                said(error)
            else:
                if read == source.records:
                    assert all(isinstance(one, Record | Rejected) for one in found)
        try:
            assert all(one is not None for one in source.batches(scratch))
        except WunderkammerError as error:
            said(error)


@given(mutations)
@examples(12)
def test_a_spoilt_description_is_read_or_refused_in_words(steps):
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.zip")
        write_dwca(path, [["1", "1", "Aus", "", "", ""]], [["1", "http://x.org/a.jpg", *[""] * 7]])
        spoil(path, 1 + 5 * 2, steps)  # of the sorted members, meta.xml
        source = registry.get("dwca").model_validate({"path": path})
        try:
            assert all(isinstance(one, Record | Rejected) for one in source.records())
        except WunderkammerError as error:
            said(error)


@given(st.sampled_from(GOOD), mutations)
@examples(60)
def test_a_spoilt_image_is_decoded_or_refused_in_words(content, steps):
    spoilt = mutated(content, steps)
    for read in (decode, verify):
        try:
            found = read(spoilt, max_pixels=1 << 22)
        except WunderkammerError as error:
            said(error)
            continue
        assert found.width > 0
        if read is decode:
            assert found.pixels.dtype == np.uint8
            assert found.pixels.shape[2] == 3


@given(mutations)
@examples(12)
def test_spoilt_settings_are_read_or_refused_in_words(steps):
    with TemporaryDirectory() as folder:
        Path(folder, "collection.toml").write_bytes(mutated(TOML.encode(), steps))
        try:
            assert read_configuration(Path(folder), STAGES).stages
        except WunderkammerError as error:
            said(error)


@given(mutations)
@examples(12)
def test_spoilt_tensors_are_read_or_refused(steps):
    from safetensors import SafetensorError

    with TemporaryDirectory() as folder:
        path = Path(folder, "w.safetensors")
        path.write_bytes(mutated(tensors(HEADER), steps))
        try:
            assert all(one.ndim >= 0 for one in _read(path).values())
        except (SafetensorError, StageError) as error:
            said(error)
