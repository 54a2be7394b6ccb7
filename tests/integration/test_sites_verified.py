"""A published site is held against what was noted of it: each flipped bit is found and named."""

import json
import os
import shutil
import subprocess

import pytest
from click.testing import CliRunner

import wunderkammer
from wunderkammer.cli.main import wk
from wunderkammer.core.errors import NotPublishedError
from wunderkammer.core.findings import Fault
from wunderkammer.core.published import verify_site
from wunderkammer.core.publishing import ENTRIES, PUBLISHED
from wunderkammer.core.sums import SUMS


@pytest.fixture(scope="module")
def published(tmp_path_factory, collection):
    """Return a site that shares no file with its collection, as one on a host."""
    folder = tmp_path_factory.mktemp("published")
    collection.publish(folder / "made")
    shutil.copytree(folder / "made", folder / "site")
    return folder / "site"


@pytest.fixture
def site(tmp_path, published):
    shutil.copytree(published, tmp_path / "site")
    return tmp_path / "site"


def flip(path, place=0, bit=3):
    """Flip a bit in a file of its own and leave the time as it was."""
    content, about = bytearray(path.read_bytes()), path.stat()
    content[place % len(content)] ^= 1 << bit
    path.unlink()
    path.write_bytes(content)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def kinds(site):
    """Return one file of each kind by where it lies and how its name ends."""
    found = {}
    for path in sorted(site.rglob("*")):
        if path.is_file() and path.name != SUMS:
            name = path.relative_to(site)
            found[name.parts[0] if len(name.parts) > 1 else name.name, path.suffix] = path
    return sorted(found.values())


def test_a_site_is_sound_and_every_file_of_it_was_looked_at(site):
    names = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    (site / "CNAME").write_text("atlas.example.org")
    found = verify_site(site)
    assert (found.findings, found.remedies) == ([], [])
    assert found.n_files == len(names - {SUMS})
    assert found.n_bytes == sum((site / name).stat().st_size for name in names - {SUMS})
    quick = verify_site(site, quick=True)
    assert (quick.findings, quick.n_bytes) == ([], found.n_bytes)


def test_a_flipped_bit_in_any_file_is_found_and_named(site):
    flipped = kinds(site)
    assert len(flipped) > 15
    assert {*ENTRIES, PUBLISHED, "points.bin", "tiles.pmtiles"} - {"licences.md", "shell.json",
        "sw.js"} <= {path.name for path in flipped}  # fmt: skip
    for n, path in enumerate(flipped):
        flip(path, 7 * n, n % 8)
    found = verify_site(site)
    assert [one.path for one in found.findings] == sorted(
        path.relative_to(site).as_posix() for path in flipped
    )
    assert {one.fault for one in found.findings} == {Fault.OTHER_BYTES}
    assert all(f"wk publish {site}" in one.way for one in found.remedies)
    assert verify_site(site, quick=True).findings == [], "no length has changed"


def test_what_is_gone_or_cut_short_is_found_by_a_quick_look_too(site):
    (site / "points.bin").unlink()
    os.truncate(site / "tiles.pmtiles", 1000)
    for quick in (False, True):
        found = {one.path: one.fault for one in verify_site(site, quick=quick).findings}
        assert found == {"points.bin": Fault.MISSING, "tiles.pmtiles": Fault.OTHER_BYTES}


def test_publishing_again_mends_all_that_was_damaged(collection, tmp_path):
    site = tmp_path / "site"
    collection.publish(site)
    was = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    for path in kinds(site):
        flip(path)
    collection.publish(site)
    assert verify_site(site).findings == []
    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == was
    for place in (10, 200, -5):
        flip(site / SUMS, place)
        assert SUMS in {one.path for one in verify_site(site).findings}
        collection.publish(site)
        assert verify_site(site).findings == []


def test_a_picture_with_two_names_is_mended_in_the_collection_first(collection, tmp_path):
    root, site = tmp_path / "cabinet", tmp_path / "site"
    shutil.copytree(collection.root, root)
    made = wunderkammer.open(root)
    made.publish(site)
    picture = next(path for path in sorted(site.glob("pictures/*/*")) if path.stat().st_nlink > 1)
    whole = picture.read_bytes()
    with picture.open("r+b") as file:
        file.seek(100)
        file.write(bytes([whole[100] ^ 4]))
    found = verify_site(site)
    assert [one.path for one in found.findings] == [picture.relative_to(site).as_posix()]
    assert "'wk verify --repair' and 'wk run'" in found.remedies[0].way
    assert made.verify(repair=True).left == []
    wunderkammer.open(root).run(n_workers=0)
    wunderkammer.open(root).publish(site)
    assert verify_site(site).findings == []
    assert picture.read_bytes() == whole


def test_a_publishing_that_did_not_come_to_its_end_is_told(site):
    (site / SUMS).unlink()
    (finding,) = verify_site(site).findings
    assert (finding.path, finding.fault) == (SUMS, Fault.MISSING)
    assert "did not come to its end" in finding.detail


def test_a_folder_that_is_no_site_is_refused(tmp_path, collection):
    for folder in (tmp_path, collection.root):
        with pytest.raises(NotPublishedError, match="no published site"):
            verify_site(folder)


def test_damaged_notes_lead_nowhere_else(site, tmp_path):
    (tmp_path / "secret").write_text("mine")
    text = (site / SUMS).read_text().replace("  points.bin", "  ../secret")
    (site / SUMS).write_text(text)
    found = verify_site(site)
    assert [one.path for one in found.findings] == [SUMS]


def test_others_can_look_without_this_software(site):
    if shutil.which("sha256sum") is None:
        pytest.skip("there is no sha256sum here")
    command = ["sha256sum", "--check", "--quiet", SUMS]
    assert subprocess.run(command, cwd=site, check=False).returncode == 0
    flip(site / "points.bin")
    assert subprocess.run(command, cwd=site, capture_output=True, check=False).returncode == 1


def test_the_command_names_what_is_damaged_and_what_to_do(site):
    flip(site / "points.bin")
    said = CliRunner().invoke(wk, ["verify", str(site)])
    assert said.exit_code == 5
    assert "points.bin has other bytes than were stored" in said.output
    assert f"'wk publish {site} -C COLLECTION' puts it back" in said.output
    assert CliRunner().invoke(wk, ["verify", str(site), "--quick"]).exit_code == 0
    refused = CliRunner().invoke(wk, ["verify", str(site), "--repair"])
    assert refused.exit_code == 2
    assert "published again" in refused.output


def test_the_list_of_what_was_published_may_be_damaged_too(collection, tmp_path):
    collection.publish(tmp_path)
    (tmp_path / PUBLISHED).write_text("[")
    collection.publish(tmp_path)
    assert len(json.loads((tmp_path / PUBLISHED).read_text())) > 24
    assert verify_site(tmp_path).findings == []
