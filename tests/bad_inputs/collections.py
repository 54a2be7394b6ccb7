"""Collections in which something was edited: settings, statements, weights."""

import pickle
import struct
import tempfile
from pathlib import Path

from bad_inputs.case import BadInput
from bad_inputs.tables import GOOD, images
from wunderkammer.core.identity import stable_id

SETTINGS, JOURNAL, WEIGHTS = "collection.toml", "Annotations and label files", "Weights"
TOML = """\
[collection]
title = "x"

[ingest]
source = {name = "table", path = "../given/t.csv", images = "../given/images"}
"""
PLAN = [["plan"]]
INGEST = [["run", "ingest"]]
MEDIUM = stable_id("table", "a.gif")


def made(given, text=TOML):
    """Make a collection beside what is given; return that nothing else is to be made."""
    (given / "t.csv").write_bytes(GOOD)
    images(given)
    home = given.parent / "collection"
    home.mkdir()
    (home / "collection.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return home


def settings(name, wrong, text, status=2, kept=0, steps=PLAN):
    """Return the case of a collection.toml."""

    def make(given):
        made(given, text)
        return []

    return BadInput(SETTINGS, name, wrong, make, kept, status, steps)


def journal(name, wrong, content, status=0, steps=(*INGEST, ["query", "select 1 from media"])):
    """Return the case of a journal of annotations; the records stay."""

    def make(given):
        home = made(given)
        (home / "annotations").mkdir()
        (home / "annotations" / "2024-01.jsonl").write_bytes(content)
        return []

    return BadInput(JOURNAL, name, wrong, make, 3, status, list(steps))


def stated(name, wrong, content, status):
    """Return the case of a table for ``wk annotate --from``."""

    def make(given):
        made(given)
        (given / "said.csv").write_bytes(content)
        return []

    return BadInput(
        JOURNAL, name, wrong, make, 3, status,
        [*INGEST, ["annotate", "--from", "GIVEN/said.csv"]],
    )  # fmt: skip


def labels(name, wrong, content, status=1, *more):
    """Return the case of a file for ``wk curate import``."""

    def make(given):
        made(given)
        (given / "labels.json").write_bytes(content)
        return []

    task = ["curate", "new", "quality", "--classes", "good,bad"]
    return BadInput(
        JOURNAL, name, wrong, make, 3, status,
        [*INGEST, task, ["curate", "import", "quality", "GIVEN/labels.json", *more]],
    )  # fmt: skip


EVIDENCE = Path(tempfile.gettempdir()) / "wk-unpickled"
"""Would be there if a pickle had been let."""


class Evil:
    """Writes a file where it is unpickled."""

    def __reduce__(self):
        return (Path.touch, (EVIDENCE,))


def weights(name, wrong, content, encoder="vgg16-fc2", file="w.pth"):
    """Return the case of weights of an encoder, in a file of another program."""

    def make(given):
        made(given)
        (given / file).write_bytes(content)
        return []

    chosen = ["config", "set", f"features.encoder.name={encoder}",
              f"features.encoder.weights=../given/{file}"]  # fmt: skip
    run = ["run", "features", "--workers", "0"]
    return BadInput(WEIGHTS, name, wrong, make, 3, 1, [chosen, run])


def tensors(header, data=b"\0" * 16):
    """Return a safetensors file of a header that may be wrong."""
    return struct.pack("<Q", len(header)) + header + data


HEADER = b'{"x": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}'
LINE = b'{"media_id": "%s", "term": "sex", "value": "female", "who": "x", "when": "2024"}\n' % (
    MEDIUM.encode()
)

CASES = [
    settings("empty", "It has no byte", b"", 0),
    settings("no TOML", "A bracket is not closed", "[collection\ntitle = 1"),
    settings("no UTF-8", "It is windows-1252", TOML.replace("x", "\xfc", 1).encode("cp1252")),
    settings("UTF-16", "It is UTF-16", TOML.encode("utf-16")),
    settings("a mark of byte order", "It begins with the mark that some editors write",
             b"\xef\xbb\xbf" + TOML.encode(), 0, 3, [*INGEST]),
    settings("NUL bytes", "It holds NUL", TOML.encode() + b"\0"),
    settings("nested deeply", "Brackets stand in each other, a hundred thousand deep",
             "x = " + "[" * 100_000),
    settings("a table twice", "A table stands there twice", TOML + "[ingest]\n"),
    settings("an unknown table", "A table has a name that nobody has", TOML + "[featurs]\n"),
    settings("an unknown setting", "A setting has a name that nobody has",
             TOML + "[layout]\nx=1\n"),
    settings("a text for a number", "A number is a text", TOML + '[image]\nthumbnail_px="big"\n'),
    settings("a number for a table", "A table is a number", "ingest = 7\n"),
    settings("numbers for tables", "Tables are lists of numbers", TOML + "features = [1, 2]\n"),
    settings("a list for a title", "The title is a list", TOML.replace('"x"', "[1]", 1)),
    settings("a number for an engine", "The table of engines is a number",
             "engine = 3\n" + TOML),
    settings("a date for the collection", "The collection is a date",
             "collection = 2024-01-01\n"),
    settings("a number beyond measure", "A number has 400 digits",
             TOML + f"[image]\nthumbnail_px = {'9' * 400}\n"),
    settings("a number that is none", "A number is nan", TOML + "[image]\nthumbnail_px = nan\n"),
    settings("an unknown source", "A source is called as nobody is",
             TOML.replace('"table"', '"tabel"')),
    settings("an unknown plug-in", "An encoder is called as nobody is",
             TOML + '[features]\nencoder = "resent18"\n'),
    settings("a plug-in that is a module", "An encoder is named as code to be imported",
             TOML + '[features]\nencoder = "os.system"\n'),
    settings("a path of NUL", "A path holds NUL",
             TOML.replace("../given/t.csv", "a\\u0000b"), 1, 0, INGEST),
    settings("a path that is not there", "The table is gone",
             TOML.replace("t.csv", "u.csv"), 1, 0, INGEST),
    settings("a path of 5,000 letters", "A path is longer than any system takes",
             TOML.replace("../given/t.csv", "x" * 5000), 1, 0, INGEST),
    BadInput(SETTINGS, "not there", "The folder holds no such file",
             lambda given: (made(given) / "collection.toml").unlink() or [], 0, 3, PLAN),
    journal("a line cut off", "The last line ends in its midst", LINE + LINE[:40]),
    journal("lines that are none", "Lines are lists, numbers, texts, empty",
            b'[]\n7\n\n"x"\nnull\n{}\n' + LINE),
    journal("no UTF-8", "A line is windows-1252", LINE.replace(b"female", b"m\xe4nn") + LINE),
    journal("NUL bytes", "Zeros stand in the midst", LINE + b"\0" * 4096 + b"\n" + LINE),
    journal("nested deeply", "A line holds a hundred thousand brackets",
            b"[" * 100_000 + b"\n" + LINE),
    journal("a medium that leads out", "A statement is about '../../canary'",
            LINE.replace(MEDIUM.encode(), b"../../../../canary")),
    journal("a term that is code", "A term would be code for a database",
            LINE.replace(b"sex", b"x'; drop table media; --")),
    journal("half a character", "A text holds half of a pair",
            LINE.replace(b"female", b"\\ud83e")),
    stated("a table of statements without ids", "No column names media", b"x,y\n1,2\n", 1),
    stated("a table of statements about nobody", "Media are named that are not there",
           b"media_id,sex\nzzz,female\n", 2),
    stated("an empty table of statements", "It has no byte", b"", 1),
    stated("statements that are an image", "It is a GIF", b"GIF89a\0\xff\xfe" * 20, 1),
    labels("labels that are no JSON", "The file ends in its midst", b'{"a": 1,'),
    labels("labels nested deeply", "It holds a hundred thousand brackets", b"[" * 100_000),
    labels("labels that there are not", "Labels are -1, 99 and words", b'{"a": -1, "b": 99}'),
    labels("labels that are lists", "A label is a list", b'{"a": [1], "b": {}}'),
    labels("labels that are no text", "The file is no UTF-8", b"\xff\xfe\xfa\xfb"),
    labels("logits that are no numbers", "Predictions are texts", b'{"a": ["x", "y"]}', 1,
           "--logits"),
    labels("logits without end", "Predictions are infinite", b'{"a": [1e999, 1]}', 1, "--logits"),
    weights("a pickle that is a program", "It would write a file when it is read",
            pickle.dumps(Evil())),
    weights("no pickle", "It is a text", b"hello"),
    weights("a header beyond the file", "The header says that it has 2^63 bytes",
            struct.pack("<Q", 1 << 63) + b"{}", file="w.safetensors"),
    weights("tensors beyond the file", "A tensor lies beyond the file's end",
            tensors(HEADER.replace(b"16]", b"99]")), file="w.safetensors"),
    weights("tensors of another network", "It is whole, but of another network",
            tensors(HEADER), file="w.safetensors"),
]  # fmt: skip
