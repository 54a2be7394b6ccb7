"""Repair: what is set aside, what is left; that a run makes it good is tests/property."""

import pytest

import toy
from wunderkammer.core import parts as parts_module
from wunderkammer.core.collection import Collection
from wunderkammer.core.findings import Cure, Fault, Finding
from wunderkammer.core.repair import Repair

WORDS = [(f"n{i:03d}", f"word{i}" + ("+x" if i % 3 == 0 else ""), "UK") for i in range(60)]


@pytest.mark.parametrize(
    ("path", "cure"),
    [
        ("records/part-001-000.parquet", Cure.RUN),
        ("columns/measure/part-001-000.parquet", Cure.RUN),
        ("columns/order/stage.json", Cure.RUN),
        ("artifacts/order/0123456789ab/sum.txt", Cure.RUN),
        ("columns/of-old/part-001-000.parquet", Cure.ASIDE),
        ("runs/1.json", Cure.ASIDE),
        ("evaluation/cells/a/b.json", Cure.ASIDE),
        ("weights/0123456789ab/weights.safetensors", Cure.PERSON),
        ("curation/quality/applied.safetensors", Cure.PERSON),
        ("annotations/2026-11.jsonl", Cure.PERSON),
        ("annotations/masks/ab.png", Cure.PERSON),
        ("annotations/2026-11.seals", Cure.NOTES),
        ("columns/order/_SHA256SUMS", Cure.NOTES),
    ],
)
def test_what_people_made_is_left_to_people(collection, path, cure):
    remedy = Repair(collection.root, collection.configuration).remedy(
        Finding(path, Fault.OTHER_BYTES)
    )
    assert remedy.cure is cure
    assert remedy.depends
    assert remedy.way.endswith(".")


@pytest.mark.parametrize("group", ["measure", "split", "vector"])
def test_one_part_of_several_costs_its_rows_alone(tmp_path, monkeypatch, group):
    monkeypatch.setattr(parts_module, "ROWS_PER_SHARD", 10)
    root, log = tmp_path / "words", tmp_path / "log.txt"
    collection = toy.make(root, WORDS)
    collection.run()
    expected = toy.content(root)
    n_rows = collection.query(f"SELECT count(*) AS n FROM {group}").to_pylist()[0]["n"]
    path = sorted((root / "columns" / group).glob("part-*.parquet"))[3]
    path.write_bytes(path.read_bytes()[:-1] + b"2")
    monkeypatch.setenv("TOY_LOG", str(log))
    assert collection.verify(repair=True).left == []
    collection.run()
    done = log.read_text().splitlines()
    assert 0 < len(done) < n_rows * 2 // 3
    assert {line.split()[0] for line in done} == {group}
    after = {name: c for name, c in toy.content(root).items() if not name.startswith("damaged/")}
    assert after == expected
    (aside,) = root.glob(f"damaged/*/columns/{group}/part-*.parquet")
    assert aside.read_bytes().endswith(b"PAR2")


def test_what_is_set_aside_keeps_its_bytes(tmp_path):
    root = tmp_path / "words"
    toy.make(root, WORDS[:5]).run()
    path = next((root / "blobs").rglob("*.txt"))
    path.write_bytes(b"damaged")
    collection = Collection(root, toy.pipeline())
    collection.verify(repair=True)
    (aside,) = root.glob("damaged/*/blobs/*/*/*.txt")
    assert aside.read_bytes() == b"damaged"
    assert collection.plan()["measure"].n_todo == 1
