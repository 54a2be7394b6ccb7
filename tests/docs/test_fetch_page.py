"""The page on fetching works as it is written, against a real host."""

import csv
import re
import shlex
from pathlib import Path

from click.testing import CliRunner

import wunderkammer
from wunderkammer.cli.main import wk
from wunderkammer.testing import ImageHost
from wunderkammer.testing.hosts.answers import status
from wunderkammer.testing.hosts.rules import Rule

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "fetch.md"
LICENCES = ("CC0", "CC BY 4.0", "© The Museum")


def test_the_page_on_fetching(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"<!-- run -->\n```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) >= 4
    with ImageHost([Rule(status(404), path="3.jpg")], in_thread=True) as site:
        with Path("moths.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(["catalogNumber", "accessURI", "license"])
            for n in range(9):
                writer.writerow([f"K.{n}", site.address(f"{n}.jpg"), LICENCES[n % 3]])
        begin = "wk new moths --from moths.csv --set fetch.allow_private=127.0.0.1 "
        said = [typed(begin + "--set fetch.requests_per_second=0")]
        said += [typed(line) for block in blocks for line in block.splitlines()]
        requests = [one for one in site.requests() if one.path != "robots.txt"]
    assert all(one.headers["from"] == "you@museum.example" for one in requests)
    collection = wunderkammer.open("moths")
    rows = {row["catalogNumber"]: row for row in collection.query("FROM media").to_pylist()}
    fetched = {name for name, row in rows.items() if row["content_sha256"]}
    assert fetched == {"K.0", "K.1", "K.4", "K.6", "K.7"}
    assert sum(one.status == 304 for one in requests) == len(fetched)
    errors = {row["where"]: row["error"] for row in collection.failures().to_pylist()}
    assert errors["K.3"] == "NotFoundError"
    assert errors["K.2"] == "LicenceRefusedError"
    assert "fetch.licences" in "".join(said)


def typed(line):
    """Return what one command prints."""
    done = CliRunner().invoke(wk, shlex.split(line)[1:], catch_exceptions=False)
    assert done.exit_code == 0, f"{line}\n{done.output}"
    return done.output
