"""The page on handing tiles over works as it is written, and its table is true."""

import contextlib
import re
import shlex
import zipfile
from pathlib import Path

from click.testing import CliRunner

from wunderkammer.atlas.containers import PMTilesReader, verify_pmtiles
from wunderkammer.cli.main import wk

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "export-tiles.md"


def typed(line, collection):
    words = shlex.split(line.replace("-C moths", f"-C {collection.root}"))
    done = CliRunner().invoke(wk, words[1:], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_tiles_of_a_collection_are_handed_over(collection, tmp_path):
    text = PAGE.read_text(encoding="utf-8")
    (block,) = re.findall(r"<!-- run -->\n```sh\n(.*?)```", text, re.DOTALL)
    with PMTilesReader(collection.artifacts("tile") / "tiles.pmtiles") as tiles:
        n_tiles = len(list(tiles.tiles()))
    with contextlib.chdir(tmp_path):
        said = [typed(line, collection) for line in block.splitlines()]
    assert [line.partition(":")[0] for line in said] == ["moths.dzi", "moths.zip"]
    assert f"moths.zip: {n_tiles} tiles" in said[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "moths.dzi", "moths.zip", "moths_files"
    ]  # fmt: skip
    with zipfile.ZipFile(tmp_path / "moths.zip") as archive:
        assert {"tiles.json", "0/0/0.jpg"} < set(archive.namelist())


def test_the_form_may_be_any_of_the_table_and_twice_the_pixels(collection, tmp_path):
    forms = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(forms) == ["directory", "dzi", "pmtiles", "zip"]
    for form in forms:
        target = tmp_path / ("folder" if form == "directory" else f"a.{form}")
        typed(f"wk export tiles --as {form} --to {target} --retina -C moths", collection)
        assert target.exists()
    assert verify_pmtiles(tmp_path / "a.pmtiles") == []
    assert '"tile_px":512' in (tmp_path / "folder" / "tiles.json").read_text().replace(" ", "")


def test_what_the_stage_wrote_keeps_the_specification(collection):
    for name in ("tiles.pmtiles", "tiles@2x.pmtiles"):
        assert verify_pmtiles(collection.artifacts("tile") / name) == []
