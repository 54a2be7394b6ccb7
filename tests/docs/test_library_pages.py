"""The pages on libraries and image sets work as they are written."""

import re
import shlex
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from wunderkammer.cli.main import wk
from wunderkammer.testing.fake_archive import SPECIMENS
from wunderkammer.testing.library import write_tabs
from wunderkammer.testing.library_makers import make_bhl, make_coco, make_iiif, write_json

PAGES = Path(__file__).parents[2] / "docs" / "how-to"
BLOCK = re.compile(r"<!-- run -->\n```sh\n(.*?)```", re.DOTALL)


def followed(page):
    """Run the blocks of a page one after the other; return what they print together."""
    said = ""
    blocks = BLOCK.findall((PAGES / page).read_text(encoding="utf-8"))
    assert len(blocks) >= 2
    for line in "".join(blocks).splitlines():
        done = CliRunner().invoke(wk, shlex.split(line)[1:], catch_exceptions=False)
        assert done.exit_code == 0, f"{line}\n{done.output}"
        said += done.output
    return said


def counted(collection):
    """Return how many records a collection has."""
    query = ["query", "select count(*) as n from records", "--format", "csv", "-C", collection]
    return int(CliRunner().invoke(wk, query).output.split()[-1])


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_on_the_biodiversity_heritage_library(folder):
    make_bhl(folder / "export")
    rights = ("ItemID", "RightsStatus", "HoldingInstitution")
    item = ("77", "Public domain. No longer protected.", "The Museum")
    write_tabs(folder / "export" / "item.txt", rights, [item])
    with zipfile.ZipFile("data.zip", "w") as archive:
        for path in (folder / "export").iterdir():
            archive.write(path, f"data/{path.name}")
    Path("page-ids.txt").write_text("11\n\n12\n13")
    said = followed("bhl.md")
    assert said.count("as 'bhl'") == 2
    assert "exclusive = true" in said
    assert "the line is empty" in said
    assert "maximum = 2" in said
    assert re.search(r"Public domain +The Museum +4", said)
    assert (counted("plates"), counted("chosen")) == (len(SPECIMENS), 2)


def test_the_page_on_coco(folder):
    make_coco(folder / "train")
    write_json(folder / "test" / "metadata.json", {"images": [{"id": 1, "file_name": "1.jpg"}]})
    said = followed("coco.md")
    assert said.count("as 'coco'") == 2
    assert "Papilionidae" in said
    assert "which is not in the file" in said
    assert (counted("herbarium"), counted("unlabelled")) == (len(SPECIMENS), 1)


def test_the_page_on_iiif(folder):
    make_iiif(folder / "sheets")
    (folder / "sheets" / "manifests").rename(folder / "sheets" / "source")
    said = followed("iiif.md")
    assert "as 'iiif'" in said
    assert "K.0001" in said
    assert "which is not among the files" in said
    assert counted("sheets") == len(SPECIMENS)
