"""Real records and photographs, from source to site; skipped where they are absent."""

import csv
import json
import signal
import subprocess
import sys
import time

import pytest

import wunderkammer
from wunderkammer.atlas.card_schemas import Card
from wunderkammer.atlas.cards import plain_text

pytestmark = pytest.mark.shared_data

WK = [sys.executable, "-m", "wunderkammer"]
QUICK = ("--set", "features.encoder=colour-histogram", "--set", "embedding.projection=pca")


def wk(*words):
    subprocess.run([*WK, *map(str, words)], check=True, stdout=subprocess.DEVNULL)


def cards_of(collection, folder):
    collection.publish(folder)
    chunks = sorted((folder / "cards").iterdir(), key=lambda path: int(path.stem))
    return [Card.model_validate(one) for path in chunks for one in json.loads(path.read_text())]


def test_museum_insects_killed_in_the_middle(shared_data, tmp_path):
    source = shared_data / "museum-insects"
    root = tmp_path / "insects"
    wk("new", root, "--from", source / "dwca.zip", "--images", source / "images", *QUICK)
    with subprocess.Popen([*WK, "run", "-C", root], stdout=subprocess.DEVNULL) as process:
        while len(list((root / "columns" / "image").glob("part-*"))) < 3:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    collection = wunderkammer.open(root)
    kept = collection.plan()["image"].n_fresh
    assert 3 * 64 <= kept <= 464
    report = collection.run()
    image = next(stage for stage in report.stages if stage.group == "image")
    assert (image.n_done, image.n_fresh) == (464 - kept, kept), "nothing is redone"
    assert collection.plan().nothing_to_do
    assert collection.failures().num_rows == 0
    cards = cards_of(collection, tmp_path / "site")
    with (source / "multimedia.txt").open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        holders = {row["rightsHolder"] for row in rows}
    assert len(cards) == 464
    for card in cards:
        assert card.title
        assert card.credit.licence in {"CC0 1.0", "CC BY 4.0"}
        assert card.credit.licence_url.startswith("https://creativecommons.org/")
        assert card.credit.rights_holder in holders
        assert card.link.startswith(("https://", "http://"))


def test_a_wall_of_a_thousand_photographs(shared_data, tmp_path):
    source = shared_data / "photo-wall"
    root = tmp_path / "wall"
    wk(
        *("new", root, "--from", source / "photographs.csv", "--images", source / "images"),
        *QUICK,
        *("--set", "ingest.source.title={Name} ({Date})"),
        *("--set", "ingest.source.link=https://example.org/{Id}?from={Url}"),
        *("--set", "layout.method.name=grid"),
        *("--set", "layout.method.columns=32", "--set", "layout.method.rows=32"),
    )
    collection = wunderkammer.open(root)
    collection.run()
    cells = collection.query(
        'SELECT count(DISTINCT ("layout/grid/x", "layout/grid/y")) AS cells, '
        'count(DISTINCT "layout/grid/x") AS columns, count(DISTINCT "layout/grid/y") AS rows '
        "FROM media"
    ).to_pylist()
    assert cells == [{"cells": 1000, "columns": 32, "rows": 32}]
    cards = {card.link: card.title for card in cards_of(collection, tmp_path / "site")}
    with (source / "photographs.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            link = f"https://example.org/{row['Id']}?from={row['Url']}"
            date = f" ({row['Date']})" if row["Date"].strip() else ""
            assert cards[link] == plain_text(f"{row['Name']}{date}")
