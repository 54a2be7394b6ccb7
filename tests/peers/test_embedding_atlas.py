"""Embedding Atlas itself opens our table: its reader, its server, its page in a real browser."""

import json
import re
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from urllib.error import URLError
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import numpy as np
import pyarrow.parquet as pq
import pytest

import chromium
import handed_over
import peers_beside
from wunderkammer.exports.formats import registry
from wunderkammer.exports.writing import export

DOCUMENTED = ("--x", "projection_x", "--y", "projection_y", "--neighbors", "neighbors")
PICTURES = """() => [...document.querySelectorAll("img[src^='data:image/jpeg']")].
    filter((one) => one.complete && one.naturalWidth >= 64).length"""


@pytest.fixture(scope="module")
def program():
    return peers_beside.environment("embedding-atlas")


@pytest.fixture(scope="module")
def mapped(collection, tmp_path_factory, program):
    return handed_over.with_neighbours(collection, tmp_path_factory.mktemp("mapped") / "c")


@pytest.fixture(scope="module")
def table(mapped, tmp_path_factory):
    path = tmp_path_factory.mktemp("table") / "moths-map.parquet"
    export(mapped, registry.get("embedding-atlas")(images=True), path)
    return path


@contextmanager
def opened(path, program, folder):
    """Yield the address at which Embedding Atlas shows a table."""
    command = [sys.executable, "-m", "embedding_atlas.cli", path, *DOCUMENTED, "--degree",
               "--host", "127.0.0.1", "--port", "5055"]  # fmt: skip
    environment = {**program, "XDG_CACHE_HOME": str(folder), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            if "CTRL+C" in line:
                break
        found = re.search(r"http://127\.0\.0\.1:\d+", "".join(said))
        assert found, "".join(said)
        _answers(found[0], process)
        yield found[0]
    finally:
        process.terminate()
        process.wait(10)


def _answers(address, process):
    """Wait for a server that says where it is before it listens."""
    for _ in range(300):
        try:
            urlopen(f"{address}/data/metadata.json", timeout=30).close()
            break
        except URLError:
            assert process.poll() is None
            time.sleep(0.1)


def asked(address, sql):
    """Return the rows of a query to its own database."""
    query = quote(json.dumps({"type": "json", "sql": sql}))
    with urlopen(f"{address}/data/query?query={query}", timeout=30) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def address(table, program, tmp_path_factory):
    with opened(table, program, tmp_path_factory.mktemp("cache")) as found:
        yield found


def test_it_reads_every_row_and_understands_the_neighbours(table, address):
    ours = pq.read_table(table)
    rows = asked(address, "SELECT * EXCLUDE (image) FROM dataset ORDER BY __row_index__")
    assert [row["media_id"] for row in rows] == ours["media_id"].to_pylist()
    for name in ("projection_x", "projection_y"):
        np.testing.assert_allclose([row[name] for row in rows], ours[name].to_numpy())
    near = [cell["ids"] for cell in ours["neighbors"].to_pylist()]
    assert [row["out_degree"] for row in rows] == [len(one) for one in near]
    met = Counter(other for one in near for other in one)
    assert [row["in_degree"] for row in rows] == [met[place] for place in range(len(rows))]
    assert len(set(met.values())) > 1, "some media are like more others than some"


def test_its_page_shows_points_licences_and_pictures(table, address):
    ours = pq.read_table(table)
    host = urlsplit(address).netloc
    with (
        chromium.launched() as browser,
        chromium.visiting(browser, host, others_page=True) as page,
    ):
        page.goto(address)
        page.wait_for_function("/ points/.test(document.body?.innerText)", timeout=120_000)
        page.get_by_title("Card view").click()
        page.wait_for_function(f"({PICTURES})() >= {ours.num_rows}", timeout=60_000)
        said = re.sub(r"\s+", " ", page.inner_text("body"))
        assert f"{ours.num_rows} / {ours.num_rows} points" in said
        for name, n in Counter(ours["licence_name"].to_pylist()).items():
            assert f"{name} {n}" in said
        assert all(one in said for one in ours["media_id"].to_pylist())
