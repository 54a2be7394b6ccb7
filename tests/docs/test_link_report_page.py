"""The page on link reports works as it is written."""

import contextlib
import csv
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from wunderkammer.cli.main import wk
from wunderkammer.reports.links import CSV_COLUMNS
from wunderkammer.testing import ImageHost
from wunderkammer.testing.hosts.answers import status
from wunderkammer.testing.hosts.rules import Rule

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "link-report.md"
BLOCK = re.compile(r"<!-- run -->\n```sh\n(.*?)```", re.DOTALL)


def typed(lines):
    """Return what the commands of some lines print."""
    said = ""
    for line in lines.splitlines():
        done = CliRunner().invoke(wk, shlex.split(line)[1:], catch_exceptions=False)
        assert done.exit_code == 0, f"{line}\n{done.output}"
        said += done.output
    return said


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """Follow the page with four records of a host that has lost one image; return what is said."""
    folder = tmp_path_factory.mktemp("links")
    with ImageHost([Rule(status(410), path="gone.jpg")], in_thread=True) as site:
        with (folder / "records.csv").open("w", newline="", encoding="utf-8") as stream:
            table = csv.writer(stream)
            table.writerow(
                ["catalogNumber", "institutionCode", "accessURI", "license", "rightsHolder"]
            )
            for name, home in (("a", "KMO"), ("gone", "KMO"), ("b", "HCW"), ("c", "HCW")):
                licence = "CC BY 4.0" if home == "KMO" else ""
                table.writerow([name, home, site.address(f"{name}.jpg"), licence, "The Museum"])
        with contextlib.chdir(folder):
            typed(
                "wk new moths --from records.csv --source table --set fetch.requests_per_second=0"
            )
            typed("wk config set fetch.allow_private='[\"127.0.0.0/8\"]' -C moths")
            said = [typed(block) for block in BLOCK.findall(PAGE.read_text(encoding="utf-8"))]
    return folder, said


def test_the_summary_names_problems_and_publishers(followed):
    _, said = followed
    assert re.search(r"4 media, 3 fetched, 3 with a problem", said[0])
    assert re.search(r"1  dead links", said[0])
    assert re.search(r"2  HCW \(2 media\)", said[0])


def test_the_files_are_written_as_the_page_describes_them(followed):
    folder, _ = followed
    with (folder / "links.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert sorted(row["problem"] for row in rows) == ["dead_link", "no_licence", "no_licence"]
    assert "HCW" in (folder / "links.html").read_text(encoding="utf-8")
    assert "HCW" not in (folder / "kmo.html").read_text(encoding="utf-8")
