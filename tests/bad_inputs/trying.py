"""Tries a bad input through ``wk`` itself, and sees what became of everything around it."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import subprocess
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

import wunderkammer
from bad_inputs.case import BadInput
from wunderkammer import cli
from wunderkammer.core.errors import WunderkammerError
from wunderkammer.core.template import parse_assignment
from wunderkammer.stages.ingest import source_settings

SECONDS = 120
"""Longer than this nothing may take, on a busy machine too."""

THROUGH_WK = 9
"""Every so manieth input goes through the commands, the others through what stands behind them."""

_OF_THE_GOOD = re.compile("occ:lost|K.9999|no still image")
"""What is left out of the archives that are then spoilt, too."""

_DEPTH = ("a", "b", "c")
"""Folders above the one that holds the input, so that '../../x' lies where it is seen."""


@dataclass(frozen=True)
class Outcome:
    """What became of a bad input.

    Attributes
    ----------
    status : int
        With which ``wk`` ended.
    said : str
        Message and hint, or what the first row that was left out is told.
    kept : int
        Records there are.
    left_out : int
        Rows and media that were left out, each with its reason.
    printed : str
        All that was printed.
    seconds, mib : float
        Time; memory, of a process of its own.
    strangers : list of str
        Files that came, went or changed outside the collection.
    """

    status: int
    said: str
    kept: int
    left_out: int
    printed: str
    seconds: float
    mib: float
    strangers: list[str]


def tried(case: BadInput, root: Path, *, by_library: bool = False) -> Outcome:
    """Try a bad input in an empty folder: through ``wk``, or what stands behind it."""
    work = root.joinpath(*_DEPTH)
    given, home = work / "given", work / "collection"
    given.mkdir(parents=True)
    (root / "canary").write_text("still here", encoding="utf-8")
    chosen = case.make(given)
    before, began = snapshot(root, home), time.monotonic()
    status, printed, mib = 0, "", 0.0
    for words in _commands(case, chosen, home):
        if case.most_mib:
            status, said, used = _in_a_process(words, case.most_mib)
        else:
            run = by_the_library if by_library else in_this_one
            (status, said), used = run(words), 0.0
        printed, mib = printed + said, max(mib, used)
        if status:
            break
    seconds = time.monotonic() - began
    after = snapshot(root, home)
    strangers = sorted(n for n in before.keys() | after.keys() if before.get(n) != after.get(n))
    kept, reasons = _held(home)
    said = told(printed) if status else " ".join(reasons[0]) if reasons else ""
    return Outcome(status, plain(said, work), kept, len(reasons), printed, seconds, mib, strangers)


def _commands(case: BadInput, chosen: list[str], home: Path) -> list[list[str]]:
    begin = [] if not chosen else [["new", str(home), *chosen]]
    given = str(home.parent / "given")
    steps = [[word.replace("GIVEN", given) for word in step] for step in case.steps]
    return [*begin, *([*step, "-C", str(home)] for step in steps)]


def in_this_one(words: list[str]) -> tuple[int, str]:
    """Run ``wk`` as its script does; return its status and what it printed.

    An error that is not for users is raised: it would be a stack trace.
    """
    out = io.StringIO()
    before, shown = sys.argv, warnings.showwarning
    sys.argv = ["wk", *words]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            cli.main()
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    finally:
        sys.argv, warnings.showwarning = before, shown
    raise AssertionError(words)


def by_the_library(words: list[str]) -> tuple[int, str]:
    """Do what ``wk new`` and ``wk run ingest`` do, quicker; other commands are run as they are."""
    try:
        if words[0] == "new":
            _made(words[1:])
        elif words[:2] in (["run", "ingest"], ["run", "image"]):
            made = wunderkammer.open(Path(words[-1]))
            made.run(made.upstream(words[1]), n_workers=0)
        else:
            return in_this_one(words)
    except (WunderkammerError, OSError) as error:
        out = io.StringIO()
        with contextlib.redirect_stderr(out):
            status = cli._explain(error)
        return status, out.getvalue()
    return 0, ""


def _made(words: list[str]) -> None:
    home = Path(words[0])
    pairs = list(zip(words[1::2], words[2::2], strict=True))
    given = dict(pairs)
    images = Path(given["--images"]) if "--images" in given else None
    chosen: dict[str, Any] = source_settings(
        Path(given["--from"]), images, given.get("--source"), base=home
    )
    chosen |= dict(parse_assignment(value) for name, value in pairs if name == "--set")
    wunderkammer.create(home, chosen)


def _in_a_process(words: list[str], most_mib: int) -> tuple[int, str, float]:
    """Run ``wk`` in a process of its own; return its most memory in MiB too."""
    most = (most_mib + 4096) << 10  # address space: what is mapped and never touched counts
    limited = f'ulimit -v {most} && exec "$@"'
    with tempfile.NamedTemporaryFile("r") as weight:
        weighed = [sys.executable, "-c", _WEIGHED, weight.name, *words]
        command = ["bash", "-c", limited, "bash", *weighed]
        done = subprocess.run(
            command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        mib = int(weight.read() or sys.maxsize) / 1024
    return done.returncode, done.stdout.decode("utf-8", "replace"), mib


# What wait4 tells is no use: it begins with the size of whoever forked, here of the whole test run.
_WEIGHED = """
import atexit, re, runpy, sys

def weigh(path=sys.argv.pop(1)):
    with open("/proc/self/status") as status, open(path, "w") as weight:
        weight.write(re.search(r"VmHWM:\\s+([0-9]+) kB", status.read())[1])

atexit.register(weigh)
runpy.run_module("wunderkammer", run_name="__main__", alter_sys=True)
"""


def snapshot(root: Path, home: Path) -> dict[str, Any]:
    """Return what lies below a folder, by path, but for a collection and what it made."""
    found: dict[str, Any] = {}
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if Path(folder, name) != home]
        for name in [*names, *folders]:
            path = Path(folder, name)
            if path.is_symlink():
                found[str(path)] = str(path.readlink())
            elif path.is_file():
                found[str(path)] = _digest(path)
            else:
                found[str(path)] = "a folder or device"
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _held(home: Path) -> tuple[int, list[list[str]]]:
    """Return how many records there are, and why others are not."""
    parts = (home / "records").glob("part-*.parquet")
    kept = sum(pq.read_metadata(part).num_rows for part in parts)
    path = home / "columns" / "ingest" / "rejected.parquet"
    rows = pq.read_table(path).to_pylist() if path.exists() else []
    rows = [one for one in rows if not _OF_THE_GOOD.search(one["where"] + one["message"])]
    return kept, [[f"{one['where']}:", one["message"], one["hint"]] for one in rows]


def told(printed: str) -> str:
    """Return message and hint of an error as it was printed."""
    lines = printed.strip().splitlines()
    first = next((n for n, line in enumerate(lines) if line.startswith(("wk: ", "Error: "))), 0)
    return " ".join(line.strip() for line in lines[first:])


def plain(text: str, work: Path) -> str:
    """Return a message without the places and numbers of this one trial."""
    for folder in (f"{work}/", str(work)):
        text = text.replace(folder, "")
    text = re.sub(r"/[0-9a-f]{12}/", "/…/", text)  # a folder that is called after its content
    return re.sub(r"\s+", " ", text)
