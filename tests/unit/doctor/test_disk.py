"""What is found of a disk."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from wunderkammer.doctor.disk import disk, file_system

MOUNTS = """\
21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
30 21 0:40 / {here} rw shared:5 - {kind} host:/share rw
31 21 0:41 / {here}-more rw - ext4 /dev/sdb1 rw
"""


def on(kind, tmp_path):
    system, here = tmp_path / "system", tmp_path / "here with space"
    (system / "proc/self").mkdir(parents=True)
    here.mkdir()
    text = MOUNTS.format(here=str(here).replace(" ", "\\040"), kind=kind)
    (system / "proc/self/mountinfo").write_text(text)
    return {one.about: one for one in disk(here, system)}, here, system


def test_a_good_disk_has_nothing_to_mend_and_keeps_no_trace(tmp_path):
    findings = list(disk(tmp_path))
    assert {one.about for one in findings} >= {"room", "whole files", "locks", "letters"}
    assert "problem" not in {one.level for one in findings}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "level", "said"),
    [
        ("ext4", "ok", "ext4, on this machine"),
        ("nfs4", "note", "one machine may not see that another is writing"),
        ("fuse.s3fs", "problem", "cannot rename whole files"),
        ("vfat", "note", "end at 4.3 GB"),
        ("tmpfs", "note", "gone when the machine restarts"),
    ],
)
def test_the_kind_of_file_system_decides(tmp_path, kind, level, said):
    findings, here, system = on(kind, tmp_path)
    assert (findings["file system"].level, file_system(here / "in", system)) == (level, kind)
    assert said in findings["file system"].message
    assert file_system(tmp_path, system) == "ext4"
    assert (findings["file system"].hint == "") == (level == "ok")


def test_no_folder_is_a_problem(tmp_path):
    (finding,) = disk(tmp_path / "gone")
    assert finding.level == "problem"


def test_a_folder_that_takes_nothing_is_a_problem(tmp_path):
    """Tried as a user without rights: one who may do everything is refused nothing."""
    closed = Path(tempfile.mkdtemp())  # others may look into it, which they may not into tmp_path
    closed.chmod(0o555)
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom wunderkammer.doctor.disk import disk\n"
        "list(disk(Path(sys.argv[2])))  # all is imported while it can be read\n"
        "if os.getuid() == 0:\n    os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "print([f'{f.level}: {f.message} {f.hint}' for f in disk(Path(sys.argv[1]))][-1])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, closed, tmp_path], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(f"problem: nothing can be written to {closed}: Permission denied")
    assert "-C" in done.stdout
    assert list(closed.iterdir()) == []
    closed.rmdir()
