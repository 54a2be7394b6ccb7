"""Steps of the whole pipeline, each killed at moments drawn by lot and then gone on with.

Run: python tests/killing.py FOLDER N_KILLS SEED STEP...    prints a JSON object a step

Two folders go through the same steps. In ``alone`` nobody disturbs them. In ``killed`` each
is killed, looked at, killed again as often as asked, and finished; then both folders must be
equal, but for what tells of runs and times. That is why the next step begins with two copies
of what was killed: it may write down runs and times, too. A step runs in a fork of this
process: the libraries are read once, not once a kill.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib
import itertools
import json
import os
import random
import re
import shutil
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

COLLECTION = "cabinet"

TOML = """format = 2
[collection]
title = "Killed"
[ingest.source]
name = "dwca"
path = "source"
[embedding]
projection = "pca"
[tile]
style.retina = false
"""
FEATURES = """
[features]
encoder = "colour-histogram"
"""
ASKED = {
    "sample": '[sample]\nsample = "half"\nsplit = "none"\n',
    "measure": "[measure]\n",
    "cutout": '[cutout]\nsegmenter = "contrast"\n',
    "upright": '[upright]\norienter = "principal-axis"\n',
    "deepzoom": "[deepzoom]\nmin_px = 64\ntile_px = 256\n",
    "sort": '[[sort]]\ntask = "quality"\nclasses = ["good", "bad"]\n',
    "identify": '[identify]\nrank = "family"\nleast = 1\nn_folds = 2\n',
    "neighbours": "[neighbours]\nk = 4\n",
    "photograph": (
        '[[features]]\nencoder = "colour-histogram"\n'
        '[[features]]\nencoder = "efficientnet-lite0"\n'
        '[photograph]\nfeatures = "efficientnet-lite0"\nn_components = 4\n'
    ),
}
"""What a collection asks for where such a step is to be killed."""

_DISK = ("fsync", "replace", "rename", "unlink", "rmdir", "link")
_SKIPPED = tuple(f"{COLLECTION}/{name}" for name in ("runs/", "cache/", ".lock"))
_TIMES = re.compile(
    rb'("(?:when|seconds|dateCreated|datePublished|startTime|endTime)": )("[^"]*"|[0-9.e-]+)'
    rb"|Made by Wunderkammer \S+ on [0-9-]+ [0-9:]+ UTC"
)
_OF_TIMES = re.compile(
    r".*\.seals|.*/rounds/0001/_SHA256SUMS|.*/evaluation/cells/.*/_SHA256SUMS"
    r"|trained/work/.*|trained/weights/.*/(_SHA256SUMS|card\.toml)"
)
"""What says when it was written, digests of such files, and what a training leaves for itself."""

_JOURNALS = frozenset({"images/manifest.jsonl"})
"""What an export goes on from; it grows by lines, and its end may be torn."""

_TRIES = 4

Do = Callable[[Path], None]


def of_stage(group: str) -> Do:
    """Return what brings a stage up to date."""

    def do(folder: Path) -> None:
        import wunderkammer

        wunderkammer.open(folder / COLLECTION).run([group], n_workers=0)

    return do


def of_command(*words: str) -> Do:
    """Return what runs a command of the command line; '{}' stands for the folder."""

    def do(folder: Path) -> None:
        from wunderkammer.cli.main import wk

        given = [word.replace("{}", str(folder)) for word in words]
        with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
            wk.main([*given, "-C", str(folder / COLLECTION)], standalone_mode=False)

    return do


def sorted_round(folder: Path) -> None:
    """Label media as a person would, and train a round if there is none; apply it."""
    import wunderkammer
    from wunderkammer.curation.rounds import round_numbers
    from wunderkammer.curation.sorting import Sorting

    collection = wunderkammer.open(folder / COLLECTION)
    sorting = Sorting(collection)
    labels = {one: ("good", "bad")[n % 2] for n, one in enumerate(sorting.media.ids[:8])}
    if not sorting.votes().labels:
        sorting.say(labels, "ada")
    if not round_numbers(collection.root, "quality"):
        sorting.train()


def trained(folder: Path) -> None:
    """Train a small encoder, or go on with it."""
    from tiny_encoders import tiny, trained_in

    trained_in(folder / "trained", tiny("triplet"))


_QUICK = (
    "--set", "embedding.projections=['pca']", "--set", "silhouette.n_resamples=5", "--set",
    "mislabels.n_resamples=5", "--set", "mislabels.fractions=[0.1]", "--set",
    "learning_curve.n_draws=1", "--set", "learning_curve.n_labelled=[1]",
)  # fmt: skip

_PLAIN = ("coco", "croissant", "dwca", "embedding-atlas", "fiftyone", "imagefolder", "ro-crate")
FORMATS = {
    **dict.fromkeys(_PLAIN, ()),
    "iiif": ("--url", "https://museum.example.org/iiif"),
    "table": (),
}  # fmt: skip

STEPS: dict[str, Do] = {
    **{one: of_stage(one) for one in (
        "ingest", "sample", "fetch", "image", "fingerprint", "duplicates", "measure", "cutout",
        "upright", "deepzoom", "features",
    )},
    "curate": sorted_round,
    **{one: of_stage(one) for one in (
        "sort", "identify", "neighbours", "embedding", "layout", "tile", "atlas", "photograph",
        "places",
    )},
    "publish": of_command("publish", "{}/site"),
    **{
        f"export {one}": of_command("export", one, "--to", f"{{}}/{one}", *words)
        for one, words in FORMATS.items()
    },
    "export images": of_command("export", "images", "--to", "{}/images", "--workers", "0"),
    "export features": of_command("export", "features", "--to", "{}/vectors"),
    "export tiles": of_command("export", "tiles", "--to", "{}/map.dzi", "--as", "dzi"),
    "examination": of_command("evaluate", *_QUICK, "--threads", "1", "--workers", "0"),
    "train": trained,
}  # fmt: skip
"""What is killed, in the order that data flow."""


ALWAYS = (
    "ingest", "fetch", "image", "fingerprint", "duplicates", "features", "embedding", "layout",
    "tile", "atlas", "places",
)  # fmt: skip
"""Stages that run in any collection: where nobody asks for them they are done, not killed."""


def main() -> None:
    """Kill each step as often as asked, and print what was found."""
    folder, n_kills, seed, *names = Path(sys.argv[1]), *sys.argv[2:]
    asked = "".join(text for step, text in ASKED.items() if step in names)
    toml = TOML + ("" if "photograph" in names else FEATURES) + asked
    for name in ("alone", "killed"):
        root = folder / name / COLLECTION
        shutil.copytree(folder / "source", root / "source")
        (root / "collection.toml").write_text(toml)
    waiting: list[str] = []
    for name, do in STEPS.items():
        if name in names:
            prepare(folder, waiting)
            found = trial(folder, name, do, int(n_kills), random.Random(f"{seed} {name}"))
            sys.stdout.write(f"{json.dumps(found)}\n")
            sys.stdout.flush()
            copied(folder / "killed", folder / "alone")
        elif name in ALWAYS:
            waiting.append(name)


def prepare(folder: Path, waiting: list[str]) -> None:
    """Run stages that are not to be killed, once, for both folders."""
    if not waiting:
        return

    def run() -> None:
        import wunderkammer

        wunderkammer.open(folder / "alone" / COLLECTION).run(waiting, n_workers=0)

    undisturbed(run)
    copied(folder / "alone", folder / "killed")
    waiting.clear()


def copied(folder: Path, target: Path) -> None:
    """Put a copy of a folder in the place of another."""
    shutil.rmtree(target)
    shutil.copytree(folder, target)


def trial(folder: Path, name: str, do: Do, n_kills: int, draw: random.Random) -> dict[str, Any]:
    """Run a step alone, kill it elsewhere, finish it there, and tell what differs."""
    alone, killed, before = (folder / one for one in ("alone", "killed", "before"))
    shutil.copytree(killed, before, copy_function=os.link)
    seconds, n_writes = undisturbed(functools.partial(do, alone))
    expected = content(alone)
    found: dict[str, Any] = {"step": name, "n_kills": 0, "n_writes": n_writes, "wrong": []}
    old, tries = content(before), 0
    while found["n_kills"] < n_kills and tries < _TRIES * n_kills:
        tries += 1
        by_write = draw.random() < 0.5
        moment = draw.randint(1, max(n_writes, 1)) if by_write else draw.uniform(0, seconds)
        died = killed_at(functools.partial(do, killed), moment)
        found["n_kills"] += died
        if name in ALWAYS or name in ASKED or name in {"curate", "examination", "train"}:
            found["wrong"] += damaged(killed, name)
        found["wrong"] += half_written(killed, old, expected)
        if not died:  # it had come to its end
            copied(before, killed)
            seconds /= 1 if by_write else 2
    in_a_child(functools.partial(do, killed))
    now = content(killed)
    found["differs"] = sorted(n for n in now.keys() | expected if now.get(n) != expected.get(n))
    found["unfinished"] = sorted(one for one in files(killed) if "/.tmp-" in f"/{one}")
    shutil.rmtree(before)
    return found


def undisturbed(do: Callable[[], None]) -> tuple[float, int]:
    """Do something in a child; return how long it took and how often it turned to the disk.

    What the child has imported is imported here too, so that the next one need not.
    """
    reading, writing = os.pipe()

    def told() -> None:
        count = watch_disk(None)
        start = time.perf_counter()
        do()
        said = [time.perf_counter() - start, next(count) - 1, sorted(sys.modules)]
        os.write(writing, json.dumps(said).encode())

    collected: list[bytes] = []
    pieces = iter(lambda: os.read(reading, 1 << 16), b"")
    reader = threading.Thread(target=collected.extend, args=(pieces,))
    pid = forked(told)
    os.close(writing)
    reader.start()
    _, status = os.waitpid(pid, 0)
    reader.join()
    os.close(reading)
    assert status == 0, "the step fails though nobody disturbs it"
    seconds, n_writes, modules = json.loads(b"".join(collected))
    for name in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    return float(seconds), int(n_writes)


def killed_at(do: Callable[[], None], moment: float) -> bool:
    """Do something in a child that is killed; return whether it died before it had ended.

    A whole number counts turns to the disk, a fraction is in seconds.
    """
    if isinstance(moment, int):
        pid = forked(lambda: (watch_disk(moment), do()))
    else:
        pid = forked(do)
        time.sleep(moment)
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    assert status in {0, signal.SIGKILL}, "the step fails after a kill"
    return status != 0


def in_a_child(do: Callable[[], None]) -> None:
    """Do something in a child, to its end."""
    _, status = os.waitpid(forked(do), 0)
    assert status == 0, "what was killed cannot be finished"


def forked(do: Callable[[], object]) -> int:
    """Begin something in a child; return its number."""
    pid = os.fork()
    if pid:
        return pid
    try:
        do()
    except BaseException:  # noqa: BLE001 - a child must never return into the parent's code
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def watch_disk(last: int | None) -> Iterator[int]:
    """Count how often this process flushes, names or removes a file; die at the last time."""
    count = itertools.count(1)

    def watched(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*given: Any, **more: Any) -> Any:
            if next(count) == last:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*given, **more)

        return call

    for name in _DISK:
        setattr(os, name, watched(getattr(os, name)))
    return count


def damaged(folder: Path, step: str) -> list[str]:
    """Return what is wrong with a collection as a killed step has left it; nothing is changed."""
    reading, writing = os.pipe()

    def look() -> None:
        import wunderkammer
        from wunderkammer.core.verification import Verifier

        collection = wunderkammer.open(folder / COLLECTION)
        found = Verifier(collection.root, collection.configuration).verify().findings
        collection.plan([step] if step in ALWAYS or step in ASKED else [])
        os.write(writing, json.dumps([f"{one.path} {one.fault}" for one in found]).encode())

    in_a_child(look)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        return list(json.loads(said.read()))


def half_written(folder: Path, old: dict[str, str], expected: dict[str, str]) -> list[str]:
    """Return files beside the collection that are neither as they were nor as they shall be.

    A journal says what is there so far, and that must be there whole.
    """
    now = content(folder)
    wrong = [
        f"{name} is half written"
        for name, digest in now.items()
        if not name.startswith((f"{COLLECTION}/", "trained/work/"))
        and name not in _JOURNALS
        and digest not in {old.get(name), expected.get(name)}
    ]
    told = [one for name in _JOURNALS & now.keys() for one in told_by(folder / name)]
    missed = (path.name for path, n_bytes in told if not is_of(path, n_bytes))
    return [*wrong, *(f"{name} is told of and not whole" for name in missed)]


def told_by(journal: Path) -> list[tuple[Path, int]]:
    """Return each file that a journal tells of, and its bytes; a torn line tells nothing."""
    rows = []
    for line in journal.read_text().splitlines():
        with contextlib.suppress(ValueError):
            rows.append(json.loads(line))
    return [(journal.parent / row["file"], row["n_bytes"]) for row in rows]


def is_of(path: Path, n_bytes: int) -> bool:
    """Tell whether a file is there with so many bytes."""
    return path.is_file() and path.stat().st_size == n_bytes


def files(folder: Path) -> list[str]:
    """Return every file that is not of one run alone."""
    names = (one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file())
    return [name for name in names if not name.startswith(_SKIPPED)]


def content(folder: Path) -> dict[str, str]:
    """Return the digest of every file that must be equal, whenever it was written."""
    names = (name for name in files(folder) if "/.tmp-" not in f"/{name}")
    return {
        name: hashlib.sha256(_TIMES.sub(b"", (folder / name).read_bytes())).hexdigest()
        for name in names
        if not _OF_TIMES.fullmatch(name)
    }


if __name__ == "__main__":
    main()
