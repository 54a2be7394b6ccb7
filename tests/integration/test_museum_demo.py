"""``wk demo --museum``: real records, photographs from wherever they are to be had."""

import subprocess
import sys

import wunderkammer
from wunderkammer.testing import ImageHost
from wunderkammer.testing.museum import museum_hosts, write_museum_archive
from wunderkammer.vocab.licences import licence

QUICK = (
    "--set", "fetch.allow_private=['127.0.0.0/8']", "--set", "fetch.requests_per_second=0",
    "--set", "fetch.tries=1", "--set", "features.encoder=colour-histogram",
    "--set", "embedding.projection=pca", "--no-serve",
)  # fmt: skip


def demo(folder, *words):
    command = [sys.executable, "-m", "wunderkammer", "demo", str(folder), "--museum", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)


def test_the_photographs_are_fetched_and_become_an_atlas(tmp_path):
    with ImageHost(n_hosts=1) as site:
        mirror = site.origins[0]
        done = demo(tmp_path / "museum", "--contact", "me@example.org", "--mirror", mirror, *QUICK)
        assert done.returncode == 0, done.stderr
        asked = [one for one in site.requests() if one.path != "robots.txt"]
    assert len(asked) == 218
    assert {one.path.split("/")[0] for one in asked} == set(museum_hosts())
    assert all("me@example.org" in one.headers["user-agent"] for one in asked)
    collection = wunderkammer.open(tmp_path / "museum")
    assert collection.failures().num_rows == 0
    assert collection.status()[-1].n_done == 218


def test_without_the_museums_it_says_so_and_offers_the_other_demo(tmp_path):
    with ImageHost(refusing=[0]) as site:
        mirror = site.origins[0]
        done = demo(tmp_path / "museum", "--contact", "me@example.org", "--mirror", mirror, *QUICK)
    assert done.returncode == 1
    assert "none of the museums can be reached" in done.stderr
    assert "wk demo" in done.stderr


def test_nobody_asks_the_museums_anonymously(tmp_path):
    done = demo(tmp_path / "museum")
    assert done.returncode == 2
    assert "--contact" in done.stderr
    assert not (tmp_path / "museum").exists()


def test_every_record_that_ships_is_free_of_rights(tmp_path):
    assert write_museum_archive(tmp_path) == 218
    from wunderkammer.sources.dwca import DwcaSource

    records = list(DwcaSource(path=tmp_path).records())
    assert len(records) == 218
    for record in records:
        assert licence(record.terms["license"]).spdx == "CC0-1.0"
        assert licence(record.terms.get("core_license", "CC0")).spdx == "CC0-1.0"
        assert record.terms["rightsHolder"]
        assert record.access_uri.startswith("https://")
