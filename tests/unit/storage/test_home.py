"""A collection at an address is opened, made and stated about as one in a folder is."""

import os
import subprocess
import sys

import pytest

import wunderkammer
from buckets import forget
from wunderkammer.core.errors import NotACollectionError
from wunderkammer.storage.home import home_of
from wunderkammer.storage.working_copy import copy_folder

SETTINGS = {"ingest.source.name": "folder", "ingest.source.path": "/nowhere"}


@pytest.fixture
def address(tmp_path, copies):
    yield f"file://{tmp_path}/bucket/moths"
    forget()


def test_a_collection_made_at_an_address_is_opened_from_there(address, copies):
    wunderkammer.create(address, {**SETTINGS, "collection.title": "Moths"})
    copies("there")
    opened = wunderkammer.open(address)
    assert opened.configuration.about.title == "Moths"
    assert opened.root == copy_folder(address)
    assert opened.address == address
    assert address in repr(opened)
    with pytest.raises(NotACollectionError, match="is a collection already"):
        wunderkammer.create(address, SETTINGS)


def test_where_nothing_is_it_says_so(address):
    with pytest.raises(NotACollectionError, match="holds no collection") as refused:
        wunderkammer.open(address)
    assert f"wk new {address}" in refused.value.hint


def test_the_folder_of_a_copy_is_known_as_one(address):
    made = wunderkammer.create(address, SETTINGS)
    again = wunderkammer.open(made.root)
    assert again.home is home_of(made.root)


def test_what_is_stated_goes_up_within_seconds_and_at_the_end_at_once(address, copies):
    program = (
        "import sys, wunderkammer\n"
        "wunderkammer.open(sys.argv[1]).annotate("
        "[{'media_id': '0123456789abcdef0123', 'term': 'sex', 'value': 'female'}])\n"
    )
    wunderkammer.create(address, SETTINGS)
    copies("there")
    subprocess.run([sys.executable, "-c", program, address], check=True)
    copies("elsewhere")
    forget()
    rows = list((wunderkammer.open(address).root / "annotations").glob("*.jsonl"))
    assert "female" in rows[0].read_text()


def test_a_process_that_the_holder_started_writes_without_asking_again(address, monkeypatch):
    made = wunderkammer.create(address, SETTINGS)
    with made.home.hold():
        assert os.environ["WUNDERKAMMER_HELD"] == str(made.root)
        monkeypatch.setattr("wunderkammer.storage.home._homes", {})
        with home_of(made.root).hold():
            (made.root / "by a child").write_text("")
    assert made.home.copy.index.known("by a child") is not None
