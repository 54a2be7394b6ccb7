"""Folders with names, links and devices that nobody should put there."""

import os
import socket
from pathlib import Path

from bad_inputs.case import BadInput
from bad_inputs.tables import GOOD, table
from wunderkammer.testing.fake_archive import ONE_PIXEL

READER = "Folders of images"
RUN = [["run", "image", "--workers", "0"]]


def case(name, wrong, spoil, kept=3, status=0, **how):
    """Return the case of a folder with three good images and something else."""

    def make(folder):
        root = folder / "photographs"
        root.mkdir()
        for letter in "abc":
            (root / f"{letter}.gif").write_bytes(ONE_PIXEL)
        spoil(root)
        return ["--from", str(root), "--source", "folder"]

    return BadInput(READER, name, wrong, make, kept, status, **how)


def named(*names):
    """Return what puts images of some names into a folder."""

    def put(root):
        for name in names:
            (root / os.fsdecode(name)).write_bytes(ONE_PIXEL)

    return put


def linked(name, target):
    """Return what puts a link into a folder."""
    return lambda root: (root / name).symlink_to(target)


def deep(root):
    """Put an image a hundred folders deep."""
    for _ in range(100):
        root = root / "deep"
    root.mkdir(parents=True)
    (root / "d.gif").write_bytes(ONE_PIXEL)


def socketed(root):
    """Put a socket into a folder, under a path that is short enough for one."""
    with socket.socket(socket.AF_UNIX) as one:
        home = Path.cwd()
        os.chdir(root)
        try:
            one.bind("s.gif")
        finally:
            os.chdir(home)


def beside_a_table(name, wrong, spoil, kept, status=0):
    """Return the case of a table whose images folder holds something else."""

    def make(folder):
        words = table(folder, GOOD)
        spoil(folder / "images")
        return words

    return BadInput(READER, name, wrong, make, kept, status)


CASES = [
    case("empty", "There is no image in the folder",
         lambda root: [one.unlink() for one in root.iterdir()], 0, 1),
    case("photographs of a phone", "Some images are HEIC, and one of them is there as JPEG, too",
         named("IMG_1.HEIC", "IMG_2.HEIC", "IMG_2.jpg"), 4),
    case("scans in a PDF", "There is a PDF and no image",
         lambda root: [one.rename(one.with_suffix(".pdf")) for one in root.iterdir()], 0, 1),
    case("line ends in names", "Names hold line ends and tabs", named("x\ny.gif", "x\ty.gif"), 5,
         steps=RUN),
    case("signs of control in names", "Names would colour a terminal and ring its bell",
         named("\x1b[31mred\x07.gif"), 4, steps=RUN),
    case("names of no text", "Names are bytes that are no UTF-8", named(b"\xff\xfe.gif"), 3,
         steps=RUN),
    case("emoji and right to left", "Names hold what few fonts know",
         named("\U0001f98b.gif", "\u202egpj.gif", "\u0915\u0940\u091f.gif"), 6, steps=RUN),
    case("very long names", "A name has 255 bytes", named("x" * 251 + ".gif"), 4, steps=RUN),
    case("quotes and dollars in names", "Names would be commands for a shell or a database",
         named("$(rm -rf ~).gif", "'; drop table media; --.gif", "%s%n.gif", "*.gif"), 7,
         steps=RUN),
    case("names that differ in capitals", "Names differ in capitals alone",
         named("A.GIF", "a.GIF"), 5, steps=RUN),
    case("names that differ in spelling", "Names are equal but for their Unicode spelling",
         named("e\u0301.gif", "\u00e9.gif"), 4),
    case("names of blanks and dots", "Names are blanks, begin with dots, or end with them",
         named(" .gif", "...gif", ".hidden.gif", "x..gif"), 5, steps=RUN),
    case("a file of no byte", "An image has no byte", lambda root: (root / "d.gif").touch(), 4),
    case("a link out of the folder", "An image is a link to a file elsewhere",
         linked("d.gif", "../../../../../canary"), 3),
    case("a link to a folder elsewhere", "A folder is a link to /etc", linked("etc", "/etc"), 3),
    case("a link to nothing", "An image is a link that leads to nothing", linked("d.gif", "no"), 3),
    case("a link to itself", "An image is a link that leads to itself", linked("d.gif", "d.gif"),
         3),
    case("a folder that holds itself", "A folder is a link to the one it lies in",
         linked("loop", "."), 3),
    case("a pipe", "An image is a pipe, which would never end",
         lambda root: os.mkfifo(root / "d.gif"), 3),
    case("a socket", "An image is a socket", socketed, 3),
    case("a device", "An image is a link to /dev/zero, which would never end",
         linked("d.gif", "/dev/zero"), 3),
    case("a folder with an image's name", "A folder is called 'd.gif'",
         lambda root: (root / "d.gif").mkdir(), 3),
    case("a hundred folders deep", "An image lies a hundred folders deep", deep, 4, steps=RUN),
    case("not there", "The folder is gone when it is read",
         lambda root: [*(one.unlink() for one in root.iterdir()), root.rmdir()], 0, 1),
    beside_a_table("a pipe beside a table", "The folder of a table's images holds a pipe",
                   lambda root: os.mkfifo(root / "d.gif"), 3),
    beside_a_table("a link to nothing beside a table", "The folder of a table's images holds one",
                   linked("d.gif", "no"), 3),
    beside_a_table("names of no text beside a table", "The folder of a table's images holds one",
                   named(b"\xff.gif"), 3),
    beside_a_table("a loop beside a table", "The folder of a table's images leads to itself",
                   linked("loop", "."), 3),
]  # fmt: skip
