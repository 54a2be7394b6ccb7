"""A small collection to export: told masks, names by people, licences and media without any."""

import shutil

import hand_cut
import wunderkammer
from hand_cut import Told
from wunderkammer.exports.selection import Selection
from wunderkammer.exports.writing import export

SHIFTED = hand_cut.specimen(shift=30.0, long=40.0)[0]
ROUND = hand_cut.specimen(long=30.0, wide=30.0)[0]

TOLD = (
    Told("a", told={"record": {"catalogNumber": "BM 1/2", "license": "CC0"}}),
    Told("b", machine=SHIFTED, told={"confidence": 0.6}),
    Told("c", machine=ROUND, told={"n": 2}),
    Told("plain", told={"rejected": True, "reason": "too small"}),
    Told("unlicensed", told={"record": {"license": ""}}),
    Told("unowned", told={"record": {"rightsHolder": ""}}),
)
LEAVING = 5
"""Media with licence and holder: a, b, both of c, and the one without a cut-out."""


def make(root):
    """Make it, state names and a label, and write what a person would into collection.toml."""
    about = {
        "collection.description": "Specimens that were\n\ndrawn.",
        "collection.citation": "Hand (2026): Cut.",
        "collection.publisher": "The Museum",
        "collection.website": "https://museum.example.org/",
        "collection.contact": "curator@example.org",
    }
    made = hand_cut.make(root, list(TOLD), about)
    ids = hand_cut.ids(made)
    made.annotate(
        [
            {"media_id": ids["a"], "term": "scientificName", "value": "Idea leuconoe",
             "who": "ada", "when": "2026-03-01T10:00:00+00:00"},
            {"media_id": ids["a"], "term": "genus", "value": "Idea", "who": "ada",
             "when": "2026-03-01T10:00:00.004+00:00"},
            {"media_id": ids["a"], "term": "dateIdentified", "value": "2026-02-28", "who": "ada",
             "when": "2026-03-01T10:00:00.005+00:00"},
            {"media_id": ids["a"], "term": "genus", "value": "Danaus", "who": "ben",
             "when": "2026-03-02T10:00:00+00:00"},
            {"media_id": ids["b"], "term": "quality", "value": "good <b>", "who": "ben",
             "when": "2026-03-02T10:00:00+00:00"},
        ]
    )  # fmt: skip
    made.run(n_workers=0)
    return made


def out(collection, form, target, where="", **rights):
    """Export into a new folder; return what was said."""
    shutil.rmtree(target, ignore_errors=True)
    return export(collection, form, target, Selection(where, **rights))


def with_neighbours(collection, root):
    """Return a copy of a finished collection that also knows the four most alike of each medium."""
    shutil.copytree(collection.root, root)
    with (root / "collection.toml").open("a") as file:
        file.write("\n[neighbours]\nk = 4\n")
    copy = wunderkammer.open(root)
    copy.run(copy.upstream("neighbours"), n_workers=0)
    return copy
