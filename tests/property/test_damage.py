"""A bit that flips in any stored file is found, named, and made good by doing only that again."""

import itertools
import os
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import toy
import wunderkammer
from wunderkammer.core.collection import Collection
from wunderkammer.core.findings import Cure
from wunderkammer.core.identity import stable_id
from wunderkammer.testing import ImageHost

WORDS = [(f"n{i:02d}", f"word{i}" + ("+x" if i % 5 == 0 else ""), "UK") for i in range(12)]

MADE = [
    "records/part-001-000.parquet",
    "records/_SHA256SUMS",
    "columns/ingest/rejected.parquet",
    "columns/ingest/stage.json",
    "columns/measure/part-001-000.parquet",
    "columns/measure/stage.json",
    "columns/measure/_SHA256SUMS",
    "columns/split/part-001-000.parquet",
    "columns/vector/part-001-000.parquet",
    "columns/order/part-001-000.parquet",
    "columns/order/stage.json",
    "columns/order/_SHA256SUMS",
    "artifacts/order/*/sum.txt",
    "artifacts/order/*/_SHA256SUMS",
    "blobs/picture/*/*.txt",
]
"""Every kind of file that a run makes of the toy collection."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Return a finished collection, of which things were stated."""
    root = tmp_path_factory.mktemp("sound") / "words"
    collection = toy.make(root, WORDS)
    for n in range(3):
        collection.annotate([{"media_id": stable_id(f"n{n:02d}"), "term": "sex", "value": f"{n}"}])
    collection.run()
    return root


def copied(sound, tmp_path):
    root = tmp_path / "words"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(sound, root)
    return root


def flip(path, place, bit):
    """Flip a bit and leave the times as they were: nothing but the bytes tells of it."""
    content, about = bytearray(path.read_bytes()), path.stat()
    content[place % len(content)] ^= 1 << bit
    path.write_bytes(content)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def opened(root):
    return Collection(root, toy.pipeline())


def content(root):
    return {n: c for n, c in toy.content(root).items() if not n.startswith("damaged/")}


def one_of(root, pattern, place):
    found = sorted(path for path in root.glob(pattern) if path.stat().st_size)
    return found[place % len(found)]


def test_each_kind_of_file_is_among_those_tried(sound):
    tried = {path for pattern in MADE for path in sound.glob(pattern)}
    names = {path.relative_to(sound).as_posix() for path in tried}
    kinds = {name.replace("split/", "measure/").replace("vector/", "measure/") for name in names}
    others = set(toy.content(sound)) - names
    left = {name for name in others if not name.startswith(("annotations/", "columns/"))}
    assert left == {"collection.toml", "words.csv"}
    assert "columns/measure/_SHA256SUMS" in kinds


@pytest.mark.parametrize("pattern", MADE)
@settings(
    max_examples=int(os.environ.get("DAMAGE_EXAMPLES", "2")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(place=st.integers(0, 1 << 20), bit=st.integers(0, 7))
def test_a_flipped_bit_is_found_and_made_good(sound, tmp_path, pattern, place, bit):
    root = copied(sound, tmp_path)
    path = one_of(root, pattern, place)
    name = path.relative_to(root).as_posix()
    flip(path, place, bit)
    found = opened(root).verify()
    assert name in {one.path for one in found.findings}
    if not name.endswith("_SHA256SUMS"):
        assert [one.path for one in found.findings] == [name]
        assert content(root) != content(sound)
    assert all(one.cure is not Cure.PERSON for one in found.remedies)
    mended = opened(root).verify(repair=True)
    assert not mended.left
    opened(root).run()
    assert content(root) == content(sound)
    assert opened(root).verify().findings == []
    assert opened(root).plan().nothing_to_do


def test_only_what_is_damaged_is_done_again(sound, tmp_path, monkeypatch):
    root, log = copied(sound, tmp_path), tmp_path / "log.txt"
    monkeypatch.setenv("TOY_LOG", str(log))
    flip(one_of(root, "blobs/picture/*/*.txt", 4), 1, 3)
    opened(root).verify(repair=True)
    opened(root).run()
    assert len(log.read_text().splitlines()) == 1, "one picture of one word"
    log.unlink()
    flip(root / "columns/vector/part-001-000.parquet", 900, 3)
    opened(root).verify(repair=True)
    opened(root).run()
    assert {line.split()[0] for line in log.read_text().splitlines()} == {"vector"}
    assert content(root) == content(sound)


@pytest.mark.parametrize("ending", ["jsonl", "seals"])
def test_what_people_stated_is_named_by_its_line_and_never_touched(sound, tmp_path, ending):
    (name,) = (path.relative_to(sound) for path in sound.glob(f"annotations/*.{ending}"))
    lines = (sound / name).read_bytes().splitlines(keepends=True)
    for n, line in enumerate(lines):
        root = copied(sound, tmp_path)
        flip(root / name, sum(map(len, lines[:n])) + len(line) // 2, 2)
        damaged = (root / name).read_bytes()
        found = opened(root).verify(repair=True)
        (finding,) = found.findings
        assert finding.path == name.as_posix()
        if ending == "jsonl":
            assert finding.detail == f"line {n + 1}"
            assert found.left == [finding]
            assert (root / name).read_bytes() == damaged
            assert f"delete {name.with_suffix('.seals').as_posix()}" in found.remedies[0].way
        else:
            assert found.left == []
            assert opened(root).verify().findings == []


def test_statements_that_are_gone_are_missed(sound, tmp_path):
    root = copied(sound, tmp_path)
    (path,) = root.glob("annotations/*.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    (finding,) = opened(root).verify().findings
    assert finding.detail == f"the last {len(lines[-1])} bytes are gone"


def test_the_history_of_a_run_is_set_aside_and_hinders_nothing(sound, tmp_path):
    root = copied(sound, tmp_path)
    (path,) = root.glob("runs/*.json")
    flip(path, 40, 1)
    (finding,) = opened(root).verify(repair=True).findings
    assert finding.path == path.relative_to(root).as_posix()
    assert opened(root).runs() == []
    assert len(list(root.glob("damaged/*/runs/*.json"))) == 1, "it is kept"
    assert opened(root).verify().findings == []


@pytest.mark.parametrize("cut", [0, 1, 100])
@pytest.mark.parametrize("pattern", MADE)
def test_a_half_written_file_is_found_by_a_quick_look_too(sound, tmp_path, pattern, cut):
    root = copied(sound, tmp_path)
    path = one_of(root, pattern, 0)
    if cut >= path.stat().st_size or (cut and "/blobs/" in path.as_posix()):
        pytest.skip("it is no longer than that, or a picture, whose length nobody knows")
    os.truncate(path, cut)
    found = {one.path for one in opened(root).verify(quick=True).findings}
    assert path.relative_to(root).as_posix() in found


def test_a_file_that_is_gone_is_missed_and_made_again(sound, tmp_path):
    root = copied(sound, tmp_path)
    gone = [one_of(root, pattern, 1) for pattern in MADE if "stage.json" not in pattern]
    gone = [path for path in gone if path.name != "_SHA256SUMS"]
    for path in gone:
        path.unlink()
    found = {one.path for one in opened(root).verify(quick=True, repair=True).findings}
    others = {path for path in gone if "blobs" not in path.parts}  # the rows are gone that name it
    assert found == {path.relative_to(root).as_posix() for path in others}
    opened(root).run()
    assert content(root) == content(sound)


def test_without_the_source_records_are_left_alone(sound, tmp_path):
    root = copied(sound, tmp_path)
    path = root / "records" / "part-001-000.parquet"
    flip(path, 500, 1)
    (root / "words.csv").rename(tmp_path / "words.csv")
    found = opened(root).verify(repair=True)
    assert [one.path for one in found.left] == ["records/part-001-000.parquet"]
    assert path.exists()
    assert "put the source back" in found.remedies[0].way
    (tmp_path / "words.csv").rename(root / "words.csv")
    assert opened(root).verify(repair=True).left == []
    opened(root).run()
    assert content(root) == content(sound)


REAL = {
    "media/*/*.jpg": "image",
    "blobs/thumbnail/*/*.jpg": "image",
    "columns/fetch/part-*.parquet": "fetch",
    "columns/features/*/part-*.parquet": "features/colour-histogram",
    "artifacts/tile/*/*/tiles.pmtiles": "tile/relax",
    "artifacts/atlas/*/*/points.bin": "atlas/relax",
}


def test_a_whole_atlas_is_made_good(collection, tmp_path):
    root = tmp_path / "cabinet"
    shutil.copytree(collection.root, root)
    assert wunderkammer.open(root).verify().findings == []
    damaged = [one_of(root, pattern, n) for n, pattern in enumerate(REAL)]
    for path, place in zip(damaged, itertools.count(1000, 7), strict=False):
        flip(path, place, place % 8)
    found = wunderkammer.open(root).verify(repair=True)
    named = {one.path for one in found.findings}
    assert named == {path.relative_to(root).as_posix() for path in damaged}
    assert found.left == []
    report = wunderkammer.open(root).run(n_workers=0)
    assert {one.group for one in report.stages if one.reasons} == set(REAL.values())
    assert content(root) == content(collection.root)
    assert wunderkammer.open(root).verify().findings == []


def test_an_original_that_was_fetched_is_fetched_again_and_no_other(tmp_path):
    with ImageHost() as site:
        names = [f"{n}.jpg" for n in range(5)]
        addresses = "".join(f"K.{name},{site.address(name)}\n" for name in names)
        (tmp_path / "records.csv").write_text(f"catalogNumber,accessURI\n{addresses}")
        made = wunderkammer.create(
            tmp_path / "fetched",
            {
                "ingest.source.name": "table",
                "ingest.source.path": str(tmp_path / "records.csv"),
                "fetch.allow_private": ["127.0.0.0/8"],
                "fetch.requests_per_second": 0,
            },
        )
        made.run(["ingest", "fetch"], n_workers=0)
        sound = content(made.root)
        damaged = sorted(made.root.glob("media/??/*.jpg"))[2]
        flip(damaged, 40_000, 5)
        n_before = len(site.requests())
        found = made.verify(repair=True)
        assert [one.path for one in found.findings] == [damaged.relative_to(made.root).as_posix()]
        assert "fetches it again" in found.remedies[0].way
        assert not damaged.exists()
        made.run(["ingest", "fetch"], n_workers=0)
        asked = [one.path for one in site.requests()[n_before:] if one.path in names]
        assert len(asked) == 1
        assert damaged.read_bytes() == site.content(asked[0])
    assert content(made.root) == sound
    assert made.verify().findings == []
