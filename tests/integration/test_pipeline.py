"""The whole pipeline through the command line, as a user runs it."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

import wunderkammer
from wunderkammer.atlas.card_schemas import Card
from wunderkammer.atlas.schemas import Atlas

WK = [sys.executable, "-m", "wunderkammer"]
QUICK = ("--set", "features.encoder=colour-histogram", "--set", "embedding.projection=pca")


def wk(*words, code=0):
    """Run wk and return what it printed; stderr comes after stdout."""
    done = subprocess.run([*WK, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def finished(tmp_path_factory, archive):
    """Return the folder of a collection made and run by commands."""
    root = tmp_path_factory.mktemp("finished") / "cabinet"
    shutil.copytree(archive, root / "source")
    said = wk("new", root, "--from", root / "source", *QUICK)
    assert "as 'dwca'" in said
    assert wk("run", "-C", root).endswith(f"Next: wk serve -C {root}\n")
    return root


@pytest.fixture
def cabinet(tmp_path, finished):
    """Return a copy that a test may change."""
    shutil.copytree(finished, tmp_path / "cabinet")
    return tmp_path / "cabinet"


def test_a_finished_collection_has_nothing_to_do(finished):
    assert wk("plan", "-C", finished) == "nothing to do\n"
    said = wk("run", "-C", finished)
    assert "image: 24 up to date" in said


def test_looking_at_a_plan_loads_nothing_heavy(finished):
    code = (
        "import sys, wunderkammer; wunderkammer.open(sys.argv[1]).plan(); "
        "print(*sorted({'numba', 'pandas', 'scipy', 'torch'} & set(sys.modules)))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, finished], capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == []


def test_every_medium_is_on_the_map_with_name_licence_and_credit(finished, tmp_path):
    wk("publish", tmp_path / "site", "-C", finished)
    atlas = Atlas.model_validate_json((tmp_path / "site" / "atlas.json").read_bytes())
    assert atlas.n_media == 24
    cards = json.loads((tmp_path / "site" / "cards" / "0.json").read_text())
    for card in map(Card.model_validate, cards):
        assert card.title
        assert card.credit.licence
        assert card.credit.rights_holder or card.credit.creator
        assert (tmp_path / "site" / card.picture.path).exists()


def test_added_images_are_the_only_ones_encoded(cabinet, tmp_path):
    from wunderkammer.testing import SpecimenGenerator, write_archive

    shutil.rmtree(cabinet / "source")
    write_archive(cabinet / "source", SpecimenGenerator(seed=5, size_px=320, ventral_share=0), 34)
    wk("run", "ingest", "-C", cabinet)
    said = wk("plan", "-C", cabinet)
    assert "image: 10 new (24 up to date)" in said
    assert "features/colour-histogram: 10 new (24 up to date)" in said
    said = wk("run", "-C", cabinet)
    assert "features/colour-histogram: 10 done" in said
    atlas = wunderkammer.open(cabinet).site().atlas_json()
    assert json.loads(atlas)["n_media"] == 34
    assert wk("plan", "-C", cabinet) == "nothing to do\n"


def test_a_changed_image_is_done_again_and_no_other(cabinet):
    path = sorted((cabinet / "source" / "images").iterdir())[3]
    Image.fromarray(np.asarray(Image.open(path))[::-1]).save(path)
    wk("run", "ingest", "-C", cabinet)
    assert "image: 1 input changed (23 up to date)" in wk("plan", "-C", cabinet)
    wk("run", "-C", cabinet)
    assert wk("plan", "-C", cabinet) == "nothing to do\n"


def test_a_broken_image_costs_itself_only(cabinet):
    path = sorted((cabinet / "source" / "images").iterdir())[3]
    good = path.read_bytes()
    path.write_bytes(good[: len(good) // 2])
    said = wk("run", "-C", cabinet)
    assert "1 row has failed so far" in said
    assert "cannot be decoded whole" in wk("failures", "-C", cabinet)
    assert json.loads(wunderkammer.open(cabinet).site().atlas_json())["n_media"] == 23
    wk("run", "-C", cabinet, "--strict", code=4)
    path.write_bytes(good)
    wk("run", "-C", cabinet)
    assert "nothing has failed" in wk("failures", "-C", cabinet)


def test_killed_in_the_middle_and_resumed_redoes_nothing(tmp_path, archive):
    root = tmp_path / "cabinet"
    shutil.copytree(archive, root / "source")
    wk("new", root, "--from", root / "source", *QUICK)
    with subprocess.Popen([*WK, "run", "-C", root], stdout=subprocess.DEVNULL) as process:
        while not list((root / "columns" / "image").glob("part-*")):
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    kept = wunderkammer.open(root).plan()["image"]
    assert kept.n_fresh == 24
    assert "image: 24 up to date" in wk("run", "-C", root)


def test_a_photograph_wall_from_a_table_with_templates(tmp_path):
    generator = np.random.default_rng(0)
    (tmp_path / "images").mkdir()
    with (tmp_path / "photos.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Filename", "Id", "Name", "Year"])
        for n in range(12):
            pixels = generator.integers(0, 255, (60, 90, 3), np.uint8)
            Image.fromarray(pixels).save(tmp_path / "images" / f"{n:02d}.jpg")
            writer.writerow([f"{n:02d}.jpg", f"A{n:03d}", f"Photograph, no. {n}", 1890 + n])
    wk(
        *("new", tmp_path / "wall", "--from", tmp_path / "photos.csv"),
        *("--images", tmp_path / "images", *QUICK),
        *("--set", "ingest.source.title={Name} ({Year})"),
        *("--set", "ingest.source.link=https://example.org/{Id}/{Year}"),
        *("--set", "layout.method.name=grid"),
        *("--set", "layout.method.columns=4", "--set", "layout.method.rows=3"),
    )
    wk("run", "-C", tmp_path / "wall")
    wk("publish", tmp_path / "site", "-C", tmp_path / "wall")
    cards = json.loads((tmp_path / "site" / "cards" / "0.json").read_text())
    assert {card["title"] for card in cards} == {
        f"Photograph, no. {n} ({1890 + n})" for n in range(12)
    }
    assert {card["link"] for card in cards} == {
        f"https://example.org/A{n:03d}/{1890 + n}" for n in range(12)
    }
    rows = wunderkammer.open(tmp_path / "wall").query(
        'SELECT DISTINCT round("layout/grid/x", 3) AS x FROM media'
    )
    assert rows.num_rows == 4


def test_options_of_a_stage_are_written_down(cabinet):
    said = wk("run", "layout", "-C", cabinet, "--method", "grid", "--method.columns", "6")
    assert 'collection.toml: layout.method.name = "grid"' in said
    assert "layout/grid: 24 done" in said
    assert "columns = 6" in (cabinet / "collection.toml").read_text()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("run", "-C", "nowhere"), 3, "is not a collection"),
        (("rum",), 2, "there is no command 'rum'. Did you mean 'run'?"),
        (("run", "layuot"), 2, "there is no stage 'layuot'. Did you mean 'layout'?"),
        (("new", "x", "--from", "nowhere.csv"), 1, "nowhere.csv is not there."),
    ],
)
def test_mistakes_get_a_message_and_a_code(tmp_path, monkeypatch, words, code, message):
    monkeypatch.chdir(tmp_path)
    said = wk(*words, code=code)
    assert message in said
    assert "Traceback" not in said


def test_a_query_answers_in_every_form(finished, tmp_path):
    sql = "SELECT family, count(*) AS n FROM media GROUP BY 1 ORDER BY 2 DESC, 1"
    as_json = json.loads(wk("query", sql, "--format", "json", "-C", finished))
    as_csv = list(csv.DictReader(wk("query", sql, "--format", "csv", "-C", finished).splitlines()))
    wk("query", sql, "--format", "parquet", "-o", tmp_path / "a.parquet", "-C", finished)
    import pyarrow.parquet as pq

    assert pq.read_table(tmp_path / "a.parquet").to_pylist() == as_json
    assert [int(row["n"]) for row in as_csv] == [row["n"] for row in as_json]
    assert sum(row["n"] for row in as_json) == 24
    assert "(1 row)" in wk("query", "SELECT 1 AS one", "-C", finished)


def test_an_annotation_reaches_the_card(cabinet):
    collection = wunderkammer.open(cabinet)
    rows = collection.query("SELECT media_id, sex FROM media ORDER BY media_id LIMIT 1")
    media_id, before = rows.to_pylist()[0].values()
    wk("annotate", media_id, "sex", "hermaphrodite", "--who", "Ada", "-C", cabinet)
    assert "atlas/relax: 24 input changed" in wk("plan", "-C", cabinet)
    wk("run", "-C", cabinet)
    text = (wunderkammer.open(cabinet).artifacts("atlas") / "cards" / "0.json").read_text()
    assert "hermaphrodite" in text
    (row,) = wunderkammer.open(cabinet).query("SELECT * FROM annotations").to_pylist()
    assert (row["who"], row["value"], row["was"]) == ("Ada", "hermaphrodite", before)


def test_every_setting_in_force_is_shown_as_it_would_be_written(finished, tmp_path):
    import tomllib

    shown = tomllib.loads(wk("config", "show", "-C", finished))
    assert shown["features"]["encoder"]["name"] == "colour-histogram"
    assert shown["tile"]["style"]["retina"] is True
    (tmp_path / "collection.toml").write_text(wk("config", "show", "-C", finished))
    again = wunderkammer.open(tmp_path).configuration
    before = wunderkammer.open(finished).configuration
    assert [one.digest() for one in again.stages] == [one.digest() for one in before.stages]


def test_settings_are_changed_in_place(cabinet):
    assert (
        wk("config", "set", "layout.method.gap=0.2", "-C", cabinet) == "layout.method.gap = 0.2\n"
    )
    assert "# Name of the collection." in (cabinet / "collection.toml").read_text()
    assert "method.gap: 0.08 → 0.2" in wk("plan", "-C", cabinet)
    assert "there is no setting 'gapp'" in wk(
        "config", "set", "layout.gapp=1", "-C", cabinet, code=2
    )


def test_two_encoders_side_by_side_run_by_their_names(cabinet):
    text = (cabinet / "collection.toml").read_text()
    start, end = text.index("[features]"), text.index("# Project the features")
    two = '[[features]]\nencoder = "colour-histogram"\n[[features]]\nencoder = {name = '
    two += '"colour-histogram", levels = 1}\n'
    (cabinet / "collection.toml").write_text(text[:start] + two + text[end:])
    assert "two stages are called 'features/colour-histogram'" in wk("plan", "-C", cabinet, code=2)
    other = two.replace('{name = "colour-histogram", levels = 1}', '"efficientnet-lite0"')
    (cabinet / "collection.toml").write_text(text[:start] + other + text[end:])
    assert "features/efficientnet-lite0: 24 new" in wk("plan", "-C", cabinet)
    said = wk("run", "features/efficientnet-lite0", "--workers", "0", "-C", cabinet)
    assert "features/efficientnet-lite0: 24 done" in said
    assert "features/colour-histogram" not in said


def test_failures_of_media_that_are_gone_are_gone(cabinet):
    path = min((cabinet / "source" / "images").iterdir())
    rows = wunderkammer.open(cabinet).query('SELECT original_file, "occurrenceID" FROM media')
    files = dict(zip(*rows.to_pydict().values(), strict=True))
    occurrence = next(value for name, value in files.items() if name.endswith(path.name))
    path.write_bytes(b"<html>not found")
    wk("run", "-C", cabinet)
    said = wk("failures", "-C", cabinet)
    assert "it looks like a web page" in said
    assert path.name in said
    for name in ("occurrence.txt", "multimedia.txt"):
        table = cabinet / "source" / name
        lines = [line for line in table.read_text().splitlines() if occurrence not in line]
        table.write_text("\n".join(lines) + "\n")
    path.unlink()
    wk("run", "-C", cabinet, "--strict")
    assert wk("failures", "-C", cabinet) == "nothing has failed\n"


def test_the_same_image_twice_is_reported_and_kept(tmp_path):
    (tmp_path / "images" / "deeper").mkdir(parents=True)
    pixels = np.random.default_rng(0).integers(0, 255, (3, 40, 60, 3), np.uint8)
    for n, one in enumerate(pixels):
        Image.fromarray(one).save(tmp_path / "images" / f"{n}.png")
    shutil.copy(tmp_path / "images" / "0.png", tmp_path / "images" / "deeper" / "again.png")
    wk("new", tmp_path / "folder", "--from", tmp_path / "images", *QUICK)
    wk("run", "duplicates", "-C", tmp_path / "folder")
    collection = wunderkammer.open(tmp_path / "folder")
    kept = {
        row["media_id"]: (row["original_file"], row["duplicate_of"])
        for row in collection.query(
            "SELECT media_id, original_file, duplicate_of FROM media"
        ).to_pylist()
    }
    pairs = [{name, kept[of][0]} for name, of in kept.values() if of]
    assert pairs == [{"0.png", "deeper/again.png"}]
    assert "1 media repeat another to the last byte" in wk("status", "-C", tmp_path / "folder")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_the_words_of_wk(shell):
    script = wk("completion", shell)
    assert "_WK_COMPLETE" in script


def test_completion_knows_commands_and_stages():
    environment = os.environ | {"_WK_COMPLETE": "bash_complete", "COMP_WORDS": "wk run lay"}
    done = subprocess.run(
        WK, env=environment | {"COMP_CWORD": "2"}, capture_output=True, text=True, check=False
    )
    assert "layout" in done.stdout


def test_a_full_disk_is_said_and_loses_nothing(cabinet):
    """A limit on the size of files stands in for the disk: the system refuses the write."""
    before = wunderkammer.open(cabinet).plan()["image"].n_fresh
    toml = cabinet / "collection.toml"
    toml.write_text(toml.read_text().replace("# thumbnail_px = 512", "thumbnail_px = 300"))
    limited = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
        f"sys.argv = ['wk', 'run', 'image', '--workers', '0', '-C', {str(cabinet)!r}]\n"
        "from wunderkammer.cli import main\nmain()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "File too large" in done.stderr
    assert "What was committed is kept; run again." in done.stderr
    assert "'wk doctor' says what is wrong with the disk." in done.stderr
    assert "Traceback" not in done.stderr
    assert wk("failures", "-C", cabinet) == "nothing has failed\n"
    wk("run", "-C", cabinet)
    plan = wunderkammer.open(cabinet).plan()
    assert plan.nothing_to_do
    assert plan["image"].n_fresh == before
