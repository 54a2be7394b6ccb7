"""What every store does, whoever keeps the objects."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from wunderkammer.storage.store import Store

MB = 1 << 20


@pytest.fixture(params=["file", "memory", "s3"])
def address(request, tmp_path):
    if request.param == "s3":
        return f"{request.getfixturevalue('s3')}/some/where"
    return f"{request.param}://{tmp_path}/some/where"


@pytest.fixture
def store(address):
    return Store(address)


def test_what_is_written_is_read(store):
    assert store.read("a/one") is None
    store.put("a/one", b"1")
    store.put("a/one", b"22")
    assert store.read("a/one") == b"22"


def test_a_name_is_created_once_and_by_one_alone(store):
    with ThreadPoolExecutor(8) as pool:
        created = list(pool.map(lambda n: store.create("next", b"%d" % n), range(8)))
    assert created.count(True) == 1
    assert store.read("next") == b"%d" % created.index(True)


def test_creating_the_same_again_says_that_it_is_there(store):
    """An answer that got lost on its way is asked for again."""
    assert store.create("one", b"mine")
    assert store.create("one", b"mine")
    assert not store.create("one", b"another's")


def test_names_come_from_where_one_asks(store):
    for name in ("m/3", "m/1", "m/2", "n/1"):
        store.put(name, name.encode())
    assert sorted((one.name, one.size) for one in store.names("m/")) == [
        ("m/1", 3), ("m/2", 3), ("m/3", 3),
    ]  # fmt: skip
    assert sorted(one.name for one in store.names("m/", after="m/1")) == ["m/2", "m/3"]


def test_what_is_removed_is_gone_and_what_is_not_there_is_no_error(store):
    store.put("a/1", b"")
    store.put("a/2", b"")
    store.remove(["a/1", "a/never"])
    assert [one.name for one in store.names("a/")] == ["a/2"]


def test_a_large_file_goes_up_in_parts_and_comes_back_whole(store, tmp_path):
    content = os.urandom(MB) * 20 + b"the end"
    (tmp_path / "large").write_bytes(content)
    store.put("large", tmp_path / "large")
    assert store.download("large", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == content
    assert not store.download("never", tmp_path / "nothing")


def test_an_upload_that_is_killed_leaves_nothing_that_could_be_read(store, address):
    if address.startswith("memory:"):
        pytest.skip("the memory of a process dies with it")
    program = (
        "import os, signal, sys\n"
        "from wunderkammer.storage.store import Store\n"
        "def pieces():\n"
        "    for n in range(9):\n"
        "        if n == 6: os.kill(os.getpid(), signal.SIGKILL)\n"
        "        yield bytes(8 << 20)\n"
        "Store(sys.argv[1]).put('torn', pieces())\n"
    )
    done = subprocess.run([sys.executable, "-c", program, address], check=False)
    assert done.returncode == -signal.SIGKILL
    assert store.read("torn") is None
    assert list(store.names("")) == []
