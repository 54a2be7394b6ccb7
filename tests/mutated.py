"""Bytes that were once a good file, and how many of them the tests on bad input try."""

import io
import os
import zipfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

DEEPER = int(os.environ.get("FUZZ_DEPTH", "1"))
"""``make fuzz`` sets it: how many times as many examples as continuous integration tries."""

SPLICES = (
    *(
        b"",
        b"\0",
        b"\xff",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b'"',
        b'""',
        b"'",
        b"<",
        b">",
        b"&",
        b"]]>",
    ),
    *(b"\n", b"\r", b"\r\n", b"\t", b",", b";", b"|", b":", b"{", b"}", b"[", b"]", b"null"),
    *(b"-1", b"0", b"1e999", b"NaN", b"9" * 25, b"9" * 5000, b"true", b"../../x", b"/etc/passwd"),
    *(
        b"\\ud800",
        b"\xed\xa0\x80",
        b"\xf0\x9f\xa6\x8b",
        b"a" * 300,
        b"%",
        b"{0}",
        b"\x1a",
        b"http://[",
    ),
    *(b"[" * 3000, b"<a>" * 500, b"media_id", b"specimen_id", b"http://[", b"row:number"),
)
"""What is set into files where it has no business."""

mutations = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "end", "repeat", "splice", "replace", "swap"]),
        st.integers(0, 1 << 20),
        st.integers(0, 1 << 20),
        st.sampled_from(SPLICES),
    ),
    min_size=1,
    max_size=4,
)


def examples(n):
    """Return the settings of a test that tries ``n`` examples, or as many more as are asked for."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
    return settings(max_examples=n * DEEPER, deadline=None, suppress_health_check=slow)


def mutated(content, steps):
    """Return bytes after some steps, each of which spoils them a little."""
    for kind, first, second, splice in steps:
        content = _step(content, kind, first, second, splice)
    return content


def _step(content, kind, first, second, splice):
    at = first % (len(content) + 1)
    end = min(len(content), at + second % 64)
    before, inside, after = content[:at], content[at:end], content[end:]
    if kind == "swap":
        return _swapped(content, at, second)
    if kind == "flip":
        inside = bytes([inside[0] ^ (1 << second % 8)]) + inside[1:] if inside else b""
    changed = {
        "flip": before + inside + after,
        "cut": before + after,
        "end": before,
        "repeat": before + inside * (2 + second % 3) + after,
        "splice": before + splice + inside + after,
        "replace": before + splice + after,
    }
    return changed[kind]


def _swapped(content, at, second):
    """Return a text with two of its lines, or two cells of them, in each other's place."""
    for mark in (b"\n", b",", b"\t", b" "):
        parts = content.split(mark)
        if len(parts) > 2:
            one, other = at % len(parts), second % len(parts)
            parts[one], parts[other] = parts[other], parts[one]
            return mark.join(parts)
    return content[::-1]


def spoil(path, which, steps):
    """Spoil one file of an archive: of a folder, of a zip, or the zip itself.

    Parameters
    ----------
    path : Path
        A folder, or a file.
    which : int
        Says which of the files.
    steps : list
        As :data:`mutations` draws them.
    """
    if path.is_dir():
        files = sorted(one for one in path.rglob("*") if one.is_file() and not one.is_symlink())
        spoil(files[which % len(files)], which // len(files), steps)
        return
    content = path.read_bytes()
    if not zipfile.is_zipfile(path) or which % 5 == 0:
        path.write_bytes(mutated(content, steps))
        return
    with zipfile.ZipFile(path) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    chosen = sorted(files)[which % len(files)]
    files[chosen] = mutated(files[chosen], steps)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, inside in files.items():
            archive.writestr(name, inside)
    Path(path).write_bytes(out.getvalue())
