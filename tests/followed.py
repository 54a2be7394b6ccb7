"""A tutorial followed: its blocks are run one after the other, as a reader would."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from wunderkammer.cli.main import wk
from wunderkammer.testing.__main__ import main as draw

TUTORIALS = Path(__file__).parents[1] / "docs" / "tutorials"
BLOCK = re.compile(r"<!-- run -->\n```(sh|python)\n(.*?)```", re.DOTALL)


def followed(page, smaller):
    """Run the blocks of a tutorial in the current folder; return each with what it said.

    ``smaller`` maps what stands in the text to what takes less time.
    """
    text = (TUTORIALS / page).read_text(encoding="utf-8")
    for large, small in smaller.items():
        assert large in text
        text = text.replace(large, small)
    names = {}
    return [
        (code, shown(code, names) if language == "python" else typed(code))
        for language, code in BLOCK.findall(text)
    ]


def in_a_shell(lines, folder, words):
    """Return what lines print that are typed into bash; ``words`` is a folder for its commands."""
    words.mkdir(exist_ok=True)
    for name, call in (("wk", "-m wunderkammer"), ("python", "")):
        (words / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {call} "$@"\n')
        (words / name).chmod(0o755)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", lines],
        cwd=folder, env={**os.environ, "PATH": f"{words}:{os.environ['PATH']}"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{lines}\n{done.stdout}{done.stderr}"
    return done.stdout


def typed(lines):
    """Return what the commands of some lines print."""
    if "$(" in lines:
        return in_a_shell(lines, Path.cwd(), Path.cwd() / "bin")
    said = ""
    for line in lines.replace("\\\n", " ").splitlines():
        words = shlex.split(line)
        if words[:3] == ["python", "-m", "wunderkammer.testing"]:
            assert draw(words[3:]) == 0
            continue
        if words[0] == "ls":
            said += "\n".join(sorted(path.name for path in Path(words[1]).iterdir()))
            continue
        assert words[0] == "wk"
        done = CliRunner().invoke(wk, words[1:], catch_exceptions=False)
        assert done.exit_code == 0, f"{line}\n{done.output}"
        said += done.output
    return said


def shown(code, names):
    """Return what a block of Python prints; ``names`` are those of the blocks before it."""
    lines = []
    names["print"] = lambda one: lines.append(str(one))
    exec(code, names)
    return "\n".join(lines)
