"""The site of a collection."""

import json
import shutil

import pytest

import wunderkammer
from wunderkammer.core.errors import ConfigurationError, StageError


def test_an_atlas_that_is_not_built_is_not_published(tmp_path):
    made = wunderkammer.create(
        tmp_path / "new", {"ingest.source.name": "folder", "ingest.source.path": "images"}
    )
    with pytest.raises(StageError, match="has not run"):
        made.publish(tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_file_that_is_gone_is_published_again(collection, tmp_path):
    n_files = collection.publish(tmp_path)
    (tmp_path / "atlas.json").unlink()
    (tmp_path / "points.bin").write_bytes(b"half")
    assert collection.publish(tmp_path) == n_files
    assert (tmp_path / "atlas.json").read_bytes() == collection.site().atlas_json()
    assert (tmp_path / "points.bin").read_bytes() != b"half"


def test_what_was_published_and_is_no_more_is_removed_and_nothing_else(collection, tmp_path):
    collection.publish(tmp_path)
    names = json.loads((tmp_path / ".published.json").read_text())
    (tmp_path / "cards" / "99.json").write_text("[]")
    (tmp_path / "CNAME").write_text("atlas.example.org")
    (tmp_path / ".published.json").write_text(json.dumps([*names, "cards/99.json"]))
    collection.publish(tmp_path)
    assert not (tmp_path / "cards" / "99.json").exists()
    assert (tmp_path / "CNAME").exists()


def test_texts_colours_and_logo_are_published_without_a_run(collection, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(collection.root, root)
    (root / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    toml = (root / "collection.toml").read_text()
    told = (
        'citation = "Cite <me>"\nwebsite = "javascript:alert(1)"\nlogo = "logo.svg"\n'
        'accent = "#00527a"\ntheme = "dark"\n'
        '[collection.translations.de]\ntitle = "Kabinett"\n'
        '[collection.translations.de.layout_titles]\nrelax = "Nach Gestalt"\n'
    )
    title = 'title = "Small cabinet"\n'
    (root / "collection.toml").write_text(toml.replace(title, title + told))
    wunderkammer.open(root).publish(tmp_path / "site")
    atlas = json.loads((tmp_path / "site" / "atlas.json").read_text())
    assert atlas["citation"] == "Cite <me>"
    assert atlas["website"] == ""
    assert atlas["translations"]["de"]["title"] == "Kabinett"
    assert atlas["translations"]["de"]["layout_titles"] == {"relax": "Nach Gestalt"}
    assert atlas["appearance"]["light"]["accent"] == "#00527a"
    assert "<title>Small cabinet</title>" in (tmp_path / "site" / "index.html").read_text()
    assert atlas["appearance"]["dark"] == {}
    assert atlas["appearance"]["theme"] == "dark"
    assert (tmp_path / "site" / atlas["appearance"]["logo"]).is_file()


def test_colours_that_cannot_be_read_are_not_published(collection, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(collection.root, root)
    toml = (root / "collection.toml").read_text()
    title = 'title = "Small cabinet"\n'
    (root / "collection.toml").write_text(toml.replace(title, title + 'accent = "#ffcc00"\n'))
    with pytest.raises(ConfigurationError, match="contrast"):
        wunderkammer.open(root).publish(tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_looks_that_no_page_can_have_are_refused_before_they_are_written(tmp_path):
    from click.testing import CliRunner

    from wunderkammer.cli.config import command

    wunderkammer.create(tmp_path, {"ingest.source.name": "folder", "ingest.source.path": "x"})
    before = (tmp_path / "collection.toml").read_bytes()

    def set_to(*assignments):
        return CliRunner().invoke(command, ["set", *assignments, "-C", str(tmp_path)]).exception

    for assignment, said in {
        "collection.logo=logo.png": "cannot be read",
        "collection.accent=#ffcc00": "hard to read",
        "collection.paper=green": "is no colour",
    }.items():
        refused = set_to("collection.title=x", assignment)
        assert isinstance(refused, ConfigurationError)
        assert said in refused.message
        assert (tmp_path / "collection.toml").read_bytes() == before
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert set_to("collection.logo=logo.png", "collection.accent=#00527a") is None
    assert 'logo = "logo.png"' in (tmp_path / "collection.toml").read_text()


def test_a_title_of_no_layout_is_refused_with_those_there_are(collection, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(collection.root, root)
    toml = (root / "collection.toml").read_text()
    told = '[collection.translations.de.layout_titles]\nrelaxed = "Nach Gestalt"\n'
    title = 'title = "Small cabinet"\n'
    (root / "collection.toml").write_text(toml.replace(title, title + told))
    with pytest.raises(ConfigurationError, match=r"no layout is called 'relaxed'\.") as error:
        wunderkammer.open(root).publish(tmp_path / "site")
    assert error.value.hint == "Did you mean 'relax'? Known: relax."
