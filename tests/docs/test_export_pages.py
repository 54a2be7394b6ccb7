"""The pages on formats of exports work as they are written."""

import contextlib
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

import gbif_rules
import hand_cut
import wunderkammer
from hand_cut import Told
from wunderkammer.cli.main import wk
from wunderkammer.exports.formats import registry

DOCS = Path(__file__).parents[2] / "docs" / "how-to"
BLOCK = re.compile(r"<!-- run -->\n```sh\n(.*?)```", re.DOTALL)
PAGES = ("machine-learning.md", "share-with-gbif.md", "iiif-export.md", "ro-crate.md")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a collection called moths, of which one medium has no licence."""
    folder = tmp_path_factory.mktemp("pages")
    told = [Told("a"), Told("b", told={"record": {"license": ""}}), Told("c")]
    hand_cut.make(folder / "moths", told, {"collection.contact": "curator@example.org"})
    return folder


@pytest.mark.parametrize("page", PAGES)
def test_each_command_of_the_page_does_what_it_says(page, folder, monkeypatch):
    monkeypatch.setattr(wunderkammer, "pipeline", lambda: hand_cut.PIPELINE)
    text = (DOCS / page).read_text(encoding="utf-8")
    n_commands = 0
    with contextlib.chdir(folder):
        for block in BLOCK.findall(text):
            for line in block.splitlines():
                words = shlex.split(line)[1:]
                done = CliRunner().invoke(wk, words, catch_exceptions=False)
                assert done.exit_code == 0, f"{line}\n{done.output}"
                assert "2 media (" in done.output
                assert Path(words[words.index("--to") + 1]).exists()
                n_commands += 1
    assert n_commands


def test_the_files_that_the_pages_name_are_there(folder, monkeypatch):
    test_each_command_of_the_page_does_what_it_says("iiif-export.md", folder, monkeypatch)
    test_each_command_of_the_page_does_what_it_says("ro-crate.md", folder, monkeypatch)
    for page, made in (("iiif-export.md", "moths-iiif"), ("ro-crate.md", "moths-crate")):
        text = (DOCS / page).read_text(encoding="utf-8")
        for path in (folder / made).iterdir():
            if not path.name.startswith("."):
                assert f"`{path.name}" in text, path.name


def test_the_archive_of_the_page_is_one_that_gbif_takes(folder, monkeypatch, tmp_path):
    import zipfile

    test_each_command_of_the_page_does_what_it_says("share-with-gbif.md", folder, monkeypatch)
    with zipfile.ZipFile(folder / "moths.zip") as archive:
        archive.extractall(tmp_path)
    assert gbif_rules.breaches(tmp_path) == []


def test_every_format_has_a_page_and_every_option_its_row_in_the_reference():
    told = "\n".join((DOCS / page).read_text(encoding="utf-8") for page in PAGES)
    for name in registry.names():
        assert f"wk export {name} " in told
