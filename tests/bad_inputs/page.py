"""The page that tells of every bad input that was tried, and what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import wunderkammer
from bad_inputs import pictures
from bad_inputs.case import BadInput
from bad_inputs.pictures import PICTURES
from bad_inputs.trying import Outcome, plain

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "bad-inputs.md"
_LONGEST = 260

INTRO = """\
# Bad input

What others give is sometimes broken, and sometimes meant to break things. Each row below is such an
input: it is made, given to `wk`, or to the functions that its commands call, and what happened is
written here by `scripts/bad_inputs.py`. The
tests try all of them again, and fail if anything here is no longer so, if a good row beside a bad
one is not kept, if a file outside of the collection comes, goes or changes, or if it takes more
memory or time than it should. {n} are tried.

*Ends with* is the exit code of `wk`: 0 done, 1 could not be done, 2 wrong words or settings, 3 no
usable collection. *Kept* are the records that are there in the end; of every table or export that
ends with 0 these are all that are good. *Left out* are rows beside them, each of which
`wk failures` tells with its reason; the first is shown.

Besides, the readers are tried with files that were spoilt at random: see
[Contributing](../contributing.md#tests). What a page in the browser makes of a broken atlas is
tried in `tests/browser/test_broken_sites.py`."""


def page(outcomes: Mapping[BadInput, Outcome], images: Mapping[str, str]) -> str:
    """Return the page.

    Parameters
    ----------
    outcomes : mapping
        What became of each bad input.
    images : mapping of str to str
        What was said of each image by its name; empty if it was decoded.
    """
    parts = [INTRO.format(n=f"{len(outcomes) + len(images):,}")]
    for reader in dict.fromkeys(case.reader for case in outcomes):
        rows = [row(case, one) for case, one in outcomes.items() if case.reader == reader]
        parts += [f"## {reader}", _table(["input", "what is wrong", "ends with", "kept",
                                          "left out", "what is said"], rows)]  # fmt: skip
    rows = [picture_row(one.name, one.wrong, images[one.name]) for one in PICTURES]
    told = (
        f"All {len(rows)} lay in one folder, and were read by one run: those that can be decoded "
        "are, each to its last pixel, whatever lies beside them."
    )
    head = ["input", "what is odd", "decoded", "what is said"]
    return "\n\n".join([*parts, f"## {pictures.READER}", told, _table(head, rows)]) + "\n"


def row(case: BadInput, outcome: Outcome) -> list[str]:
    """Return the row of a bad input."""
    return [
        case.name, case.wrong, str(outcome.status), str(outcome.kept), str(outcome.left_out),
        outcome.said,
    ]  # fmt: skip


def picture_row(name: str, wrong: str, said: str) -> list[str]:
    """Return the row of an image."""
    return [f"`{name}`", wrong, "no" if said else "yes", said]


def line(cells: Iterable[str]) -> str:
    """Return a row as it stands on the page."""
    return f"| {' | '.join(map(_cell, cells))} |"


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join([line(head), f"|{'---|' * len(head)}", *map(line, rows)])


def _cell(text: str) -> str:
    """Return a text as a cell: nothing in it is markup, nothing moves a terminal."""
    if text.startswith("`"):
        return text
    shown = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)
    short = shown[:_LONGEST] + ("…" if len(shown) > _LONGEST else "")
    return short.translate({ord(sign): f"&#{ord(sign)};" for sign in "\\`*_[]<>|{}#"})


def tried_pictures(root: Path) -> dict[str, str]:
    """Read all images in one run; return what is said of each, nothing of those decoded."""
    folder = root / "given"
    folder.mkdir(parents=True)
    for one in PICTURES:
        (folder / one.name).write_bytes(one.content)
    settings = {"ingest.source.name": "folder", "ingest.source.path": str(folder)}
    made = wunderkammer.create(root / "collection", settings)
    made.run(made.upstream("image"), n_workers=0)
    names = made.query("select media_id, original_file from media").to_pylist()
    failed = {one["media_id"]: one for one in made.failures("image").to_pylist()}
    said = {}
    for one in names:
        why = failed.get(one["media_id"], {})
        text = " ".join(filter(None, (why.get("message"), why.get("hint"))))
        said[one["original_file"]] = plain(text, root)
    return said
