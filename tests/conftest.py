"""Fixtures for all tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# A slow machine is no failure. Continuous integration tries the same examples each time, so that
# what it says is about the change at hand; everywhere else they are new ones.
settings.register_profile("steady", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("steady")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

SMALL = {
    "collection.title": "Small cabinet",
    "ingest.source.name": "dwca",
    "ingest.source.path": "source",
    "features.encoder": "colour-histogram",
    "embedding.projection": "pca",
}
"""Settings of a collection that runs in seconds: no network's weights, no t-SNE."""


@pytest.fixture(scope="session")
def shared_data():
    """Return the folder of real collections, or skip the test where there is none."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real collections are not beside this checkout")
    return SHARED_DATA


@pytest.fixture(scope="session")
def archive(tmp_path_factory):
    """Return a Darwin Core archive of 24 synthetic specimens with their images."""
    from wunderkammer.testing import SpecimenGenerator, write_archive

    folder = tmp_path_factory.mktemp("archive") / "source"
    write_archive(folder, SpecimenGenerator(seed=5, size_px=320, ventral_share=0), 24)
    return folder


@pytest.fixture(scope="session")
def collection(tmp_path_factory, archive):
    """Return a finished collection of these specimens; tests only read it."""
    import shutil

    import wunderkammer

    root = tmp_path_factory.mktemp("collections") / "small-cabinet"
    shutil.copytree(archive, root / "source")
    made = wunderkammer.create(root, SMALL)
    made.run(n_workers=0)
    return made


@pytest.fixture(scope="session")
def cabinet_to_curate(tmp_path_factory, archive):
    """Return a finished collection with cut-outs, turns and a task, of which things are stated."""
    import curated

    return curated.make(tmp_path_factory.mktemp("curated") / "cabinet", archive)


@pytest.fixture(scope="session")
def handed(tmp_path_factory):
    """Return a collection whose masks, names and licences are told; tests only read it."""
    import handed_over

    return handed_over.make(tmp_path_factory.mktemp("handed") / "cut")


@pytest.fixture(scope="session")
def photographed(tmp_path_factory, collection):
    """Return a finished collection whose page finds by a photograph by itself."""
    pytest.importorskip("onnxscript")
    import photographed

    return photographed.make(tmp_path_factory.mktemp("photographed") / "cabinet", collection)


@pytest.fixture(scope="session")
def address(collection):
    """Return the address of a real server that shows the finished collection."""
    with serving(collection.root) as found:
        yield found


@pytest.fixture(scope="session")
def bucket_server():
    """Return a real server of objects on loopback, such as S3 is one."""
    import bucket_server

    with bucket_server.serving() as server:
        yield server


@pytest.fixture
def s3(bucket_server, monkeypatch):
    """Return the address of an empty bucket that this environment leads to."""
    for name, value in bucket_server.environment.items():
        monkeypatch.setenv(name, value)
    return bucket_server.bucket()


@pytest.fixture
def copies(tmp_path, monkeypatch):
    """Return a function that says where working copies lie from now on: another machine."""

    def elsewhere(name):
        monkeypatch.setenv("WUNDERKAMMER_COPIES", str(tmp_path / "copies" / name))
        return tmp_path / "copies" / name

    elsewhere("here")
    return elsewhere


class serving:  # noqa: N801 - reads as a word: with serving(root) as address
    """Runs ``wk serve`` in a process of its own while a block runs."""

    def __init__(self, root):
        self.command = [sys.executable, "-m", "wunderkammer", "serve", "-C", root, "--port", "0"]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert "The atlas is at http://127.0.0.1:" in line, line
        return line.split()[4]

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
