"""A newer format is refused, an older one brought up to date."""

import tomllib

import pytest

import toy
from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import ConfigurationError, FormatError
from wunderkammer.core.files import read_json, write_json
from wunderkammer.core.formats import FORMAT, format_of, stamped


def test_a_collection_that_does_not_say_is_of_the_first_format():
    assert format_of({}) == 1
    assert format_of({"format": 2}) == 2


@pytest.mark.parametrize("value", [0, -1, True, "2", 1.5])
def test_what_is_no_format_is_refused(value):
    with pytest.raises(ConfigurationError, match="is no format; there are 1 to"):
        format_of({"format": value})


def test_a_newer_format_is_refused_with_what_to_install(collection):
    (path,) = (collection.root / "runs").glob("*.json")
    record = read_json(path)
    record["software"]["wunderkammer"] = "7.3.0"
    write_json(path, record)
    text = (collection.root / "collection.toml").read_text()
    newer = text.replace(f"format = {FORMAT}", f"format = {FORMAT + 1}")
    (collection.root / "collection.toml").write_text(newer)
    before = toy.content(collection.root)
    with pytest.raises(FormatError, match=f"names format {FORMAT + 1}") as refused:
        Collection(collection.root, toy.pipeline())
    assert "pip install --upgrade 'wunderkammer>=7.3.0'" in refused.value.hint
    assert toy.content(collection.root) == before


@pytest.mark.parametrize(
    "text",
    [
        "[collection]\ntitle = 'format = 9'\n[engine]\n",
        "# words\n\n[collection]\n",
        "format = 1\n[collection]\n",
        "# words\nformat=1 # the first\n\n[collection]\n",
        "",
    ],
)
def test_the_format_is_written_once_above_all_tables(text):
    made = tomllib.loads(stamped(text))
    assert made.pop("format") == FORMAT
    before = tomllib.loads(text)
    before.pop("format", None)
    assert made == before
    assert stamped(stamped(text)) == stamped(text)


def test_the_first_run_brings_an_old_collection_up_to_date_and_does_nothing_else(collection, log):
    expected = toy.content(collection.root)
    log()
    for path in collection.root.rglob("_SHA256SUMS"):
        path.unlink()
    toml = collection.root / "collection.toml"
    toml.write_text(toml.read_text().replace(f"format = {FORMAT}\n", ""))
    old = Collection(collection.root, toy.pipeline())
    assert old.plan().nothing_to_do
    assert len(old.verify().unproven) > 10, "nothing is noted of any file"
    old.run()
    assert log() == {}
    assert {n: c for n, c in toy.content(collection.root).items() if n != "collection.toml"} == {
        n: c for n, c in expected.items() if n != "collection.toml"
    }
    assert tomllib.loads(toml.read_text())["format"] == FORMAT
    assert Collection(collection.root, toy.pipeline()).verify().unproven == []
