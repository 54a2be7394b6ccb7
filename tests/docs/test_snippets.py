"""What tutorials and recipes tell to do works when it is done."""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from followed import in_a_shell

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(r"<!-- (.+?) -->\n```(\w+)\n(.*?)```", re.DOTALL)


def blocks(page, mark):
    """Return what follows a mark in its comment, and the block below it."""
    for comment, _, code in FENCE.findall(page.read_text(encoding="utf-8")):
        if comment.startswith(mark):
            yield comment.removeprefix(mark).strip(), code


@pytest.fixture
def shell(tmp_path):
    """Return what types lines in a folder, as somebody who follows a tutorial."""
    folder = tmp_path / "work"
    folder.mkdir()

    def typed(lines):
        return in_a_shell(lines, folder, tmp_path / "bin")

    typed.folder = folder
    return typed


def followed(page, shell):
    """Run a tutorial's blocks one after the other; return each with what it printed."""
    fewer = [code.replace("--n 60", "--n 20") for _, code in blocks(page, "run")]
    found = [(code, shell(code)) for code in fewer]
    assert len(found) > 3
    return found


def test_a_first_atlas(shell):
    said = followed(DOCS / "tutorials" / "first-atlas.md", shell)
    plans = [out for code, out in said if code.strip().endswith("wk plan -C cabinet")]
    assert plans[0].startswith("ingest: new\n")
    assert plans[1] == "nothing to do\n"
    assert re.fullmatch(r"stated: sex = female\natlas/relax: \d+ input changed\n", plans[2])
    assert re.search(r"layout/grid: \d+ done", plans[3])
    assert re.search(r"\ntile/grid: \d+ new\natlas/grid: new\n", plans[3])
    assert (shell.folder / "public" / "atlas.json").is_file()
    assert "female" in shell(
        'wk query "select sex from media order by media_id limit 1" --format csv -C cabinet'
    )


def test_a_wall_of_photographs(shell):
    write_photographs(shell.folder, n=17)
    said = followed(DOCS / "tutorials" / "photograph-wall.md", shell)
    records = next(out for code, out in said if "wk failures" in code)
    assert "Photograph 0 (1893-1903)" in records
    assert "https://library.example/object/100/" in records
    years = next(out for code, out in said if "year_from" in code)
    assert re.search(r"Photograph 0 \(1893-1903\) +1893 +1903", years)
    shown = next(out for code, out in said if "config show" in code)
    assert "columns = 4" in shown
    columns = shell(
        'wk query "select count(distinct \\"layout/grid/x\\") as n from media" --format csv -C wall'
    )
    assert columns.split() == ["n", "4"]
    assert (shell.folder / "public" / "atlas.json").is_file()


def write_photographs(folder, n):
    """Write the table and the folder that the tutorial begins with, small."""
    (folder / "photographs").mkdir()
    noise = np.random.default_rng(0)
    with (folder / "photographs.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["Filename", "Id", "Name", "Date", "Subjects"])
        for number in range(n):
            name = f"{number:04}.jpg"
            date = ["1893-1903", "[1894-1900, approximate]", "Unknown"][number % 3]
            table.writerow([name, 100 + number, f"Photograph {number}", date, "Camps | Rivers"])
            pixels = np.full((60, 80, 3), noise.integers(0, 255, 3), np.uint8)
            Image.fromarray(pixels).save(folder / "photographs" / name)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Return a copy of the project with every recipe followed."""
    root = tmp_path_factory.mktemp("house")
    leave_out = shutil.ignore_patterns("__pycache__", "docs", "browser")
    for name in ("src", "tests"):
        shutil.copytree(ROOT / name, root / name, ignore=leave_out)
    shutil.copy(ROOT / "pyproject.toml", root)
    page = ROOT / "CONTRIBUTING.md"
    for name, code in blocks(page, "file:"):
        (root / name).write_text(code, encoding="utf-8")
    for name, code in blocks(page, "append to:"):
        path = root / name
        head, table, rest = path.read_text(encoding="utf-8").partition("\n\nMAKERS:")
        path.write_text(f"{head}\n\n{code}{table}{rest}", encoding="utf-8")
    for where, code in blocks(page, "insert in:"):
        name, _, place = where.partition(", after: ")
        insert(root / name, place, code)
    return root


def insert(path, place, code):
    """Insert lines after the only line that holds ``place``."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    [number] = [n for n, line in enumerate(lines) if place in line]
    path.write_text("".join([*lines[: number + 1], code, *lines[number + 1 :]]), encoding="utf-8")


def run_in(house, *words):
    """Run Python with the copy in place of the installed package."""
    environment = {**os.environ, "PYTHONPATH": str(house / "src")}
    done = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=house, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
    return done.stdout


RECIPES = ("mean-colour", "shelf", "json-lines")


def test_recipes_meet_the_contracts_of_their_families(house):
    said = run_in(
        house, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/contract",
        "tests/unit/stages/test_sharpness.py", "-k", f"{' or '.join(RECIPES)} or sharp",
        "--collect-only",
    )  # fmt: skip
    assert all(said.count(f"[{name}") >= 3 for name in RECIPES), said
    run_in(
        house, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/contract",
        "tests/unit/stages/test_sharpness.py", "-k", f"{' or '.join(RECIPES)} or sharp",
    )  # fmt: skip


def test_recipes_work_together_in_a_collection(house, tmp_path):
    made = (
        "from pathlib import Path; from wunderkammer.testing import archives;"
        f"archives.make_json_lines(Path({str(tmp_path)!r}))"
    )
    run_in(house, "-c", made)
    new = ("--from", tmp_path / "records.jsonl", "--images", tmp_path / "images")
    chosen = ("features.encoder=mean-colour", "embedding.projection=pca", "layout.method=shelf")
    wk = ("-m", "wunderkammer")
    settings = [word for one in chosen for word in ("--set", one)]
    run_in(house, *wk, "new", tmp_path / "c", *new, "--source", "json-lines", *settings)
    run_in(house, *wk, "run", "--workers", "1", "-C", tmp_path / "c")
    sql = (
        "select count(*) as n, count(sharpness) as sharp, "
        'count("layout/shelf/x") as placed from media'
    )
    answer = run_in(house, *wk, "query", sql, "--format", "csv", "-C", tmp_path / "c")
    assert answer.split() == ["n,sharp,placed", "4,4,4"]
    assert "1 x RecordError" in run_in(house, *wk, "failures", "-C", tmp_path / "c")
    assert "--side_px" in run_in(house, *wk, "run", "sharpness", "--help")


def test_recipes_are_clean(house):
    files = [name for name, _ in blocks(ROOT / "CONTRIBUTING.md", "file:")]
    ruff = Path(sys.executable).parent / "ruff"
    for check in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [ruff, *check, "--no-cache", *files, "src/wunderkammer/testing/archives.py"],
            cwd=house, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_on_files_reads_a_collection_without_us(collection):
    """DuckDB's example runs; of pandas' and R's only the paths can be checked here."""
    import duckdb

    page = (DOCS / "reference" / "on-disk.md").read_text(encoding="utf-8")
    sql, in_a_bucket = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    assert "s3://" in in_a_bucket
    done = subprocess.run(
        [sys.executable, "-c", f"import duckdb; print(len(duckdb.sql({sql!r}).fetchall()))"],
        cwd=collection.root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    [(n_records,)] = duckdb.sql(
        f"SELECT count(*) FROM '{collection.root}/records/part-*.parquet'"
    ).fetchall()
    assert int(done.stdout) == n_records > 0
    for pattern in re.findall(r'table\("([^"]+)"\)', page):
        assert list(collection.root.glob(pattern)), pattern
