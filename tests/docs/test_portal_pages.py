"""The pages on portals work as they are written, down to the images, fetched from a real host."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from wunderkammer.cli.main import wk
from wunderkammer.testing import ImageHost
from wunderkammer.testing.export_makers import (
    guid_of,
    idigbio_medium,
    idigbio_occurrence,
    idigbio_raw,
    idigbio_raw_medium,
    nhm_medium,
    nhm_specimen,
    write_idigbio,
    write_nhm,
    write_zip,
)
from wunderkammer.testing.fake_archive import SPECIMENS
from wunderkammer.testing.gbif_makers import (
    DATASET_CITATION,
    gbif_answer,
    gbif_files,
    gbif_medium,
    gbif_occurrence,
    gbif_verbatim,
    write_gbif_harvest,
)

PAGES = Path(__file__).parents[2] / "docs" / "how-to"
BLOCK = re.compile(r"<!-- run -->\n```sh\n(.*?)```", re.DOTALL)


def typed(lines):
    """Return what the commands of some lines print."""
    said = ""
    for line in lines.splitlines():
        words = shlex.split(line, comments=True)
        if words:
            done = CliRunner().invoke(wk, words[1:], catch_exceptions=False)
            assert done.exit_code == 0, f"{line}\n{done.output}"
            said += done.output
    return said


def followed(page):
    """Run the blocks of a page one after the other; return what they print together."""
    blocks = BLOCK.findall((PAGES / page).read_text(encoding="utf-8"))
    assert len(blocks) >= 3
    return "".join(typed(block) for block in blocks)


@pytest.fixture(scope="module")
def site():
    with ImageHost() as host:
        yield host


@pytest.fixture
def address(site, tmp_path, monkeypatch):
    """Stand in an empty folder; return the address of a specimen's photograph."""
    monkeypatch.chdir(tmp_path)
    return lambda specimen: site.address(f"{tmp_path.name}/{specimen.catalog_number}.jpg")


def fetched(site, collection):
    """Fetch the images of a collection; return how many are here, as they were served."""
    where = """'fetch.allow_private=["127.0.0.1"]' fetch.requests_per_second=1000"""
    typed(f"wk config set collection.contact=tests@example.org {where} -C {collection}")
    typed(f"wk fetch -C {collection}")
    columns = "accessURI, content_sha256, license, rightsHolder, creator"
    said = typed(f'wk query "select {columns} from media" --format csv -C {collection}')
    rows = [line.split(",", 2) for line in said.splitlines()[1:]]
    for found, sha256, credit in rows:
        assert sha256 == site.sha256(found.split("/", 3)[3])
        assert "The Museum" in credit
    return len(rows)


def test_the_page_on_the_natural_history_museum(site, address):
    media = [nhm_medium(one, identifier=address(one)) for one in SPECIMENS]
    media.append(nhm_medium(SPECIMENS[0], identifier="x", title="a_label_b"))
    write_nhm(Path("nhm.zip"), [nhm_specimen(one) for one in SPECIMENS], media)
    said = followed("nhm.md")
    assert "as 'nhm'" in said
    assert "pictures of labels" in said
    assert fetched(site, "butterflies") == len(SPECIMENS)


def test_the_page_on_gbif(site, address):
    media = [gbif_medium(one, identifier=address(one)) for one in SPECIMENS]
    files = gbif_files(
        [gbif_occurrence(one) for one in SPECIMENS],
        [gbif_verbatim(one) for one in SPECIMENS],
        [*media, gbif_medium(SPECIMENS[0], type="Sound")],
    )
    write_zip(Path("0012345-260301000000000.zip"), files)
    said = followed("gbif.md")
    assert "as 'gbif'" in said
    assert "ca. 1890" in said
    assert "is no still image" in said
    assert DATASET_CITATION.rstrip(".") in Path("citations.csv").read_text()
    assert fetched(site, "papilio") == len(SPECIMENS)


def test_the_page_on_gbif_from_a_search(site, address):
    answers = [
        gbif_answer(one, media=[gbif_medium(one, identifier=address(one))]) for one in SPECIMENS
    ]
    write_gbif_harvest(Path("apollo/source"), answers)
    line = "wk new apollo --from apollo/source\n"
    assert line in (PAGES / "gbif.md").read_text(encoding="utf-8")
    assert "as 'gbif'" in typed(line)
    typed("wk run ingest -C apollo")
    assert fetched(site, "apollo") == len(SPECIMENS)


def test_the_page_on_idigbio(site, address):
    pictures = [(one, address(one), "first") for one in SPECIMENS]
    pictures.append((SPECIMENS[0], site.address("another/view.jpg"), "second"))
    write_idigbio(
        Path("idigbio.zip"),
        [idigbio_occurrence(one) for one in SPECIMENS],
        [idigbio_raw(one) for one in SPECIMENS],
        [
            idigbio_medium(one, **{"ac:accessURI": at, "idigbio:uuid": guid_of(one, which)})
            for one, at, which in pictures
        ],
        [idigbio_raw_medium(one, **{"ac:accessURI": at}) for one, at, _ in pictures],
    )
    said = followed("idigbio.md")
    assert "as 'idigbio'" in said
    assert "Papilio machaon Linnaeus, 1758" in said
    assert fetched(site, "sedges") == len(SPECIMENS) + 1
