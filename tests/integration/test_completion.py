"""Completion, in the shells themselves."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BASH = """
source <(wk completion bash)
complete -p wk >/dev/null || exit 3
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
COMPREPLY=()
_wk_completion wk "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""

FISH = """
wk completion fish | source
complete -C "$argv"
"""


@pytest.fixture
def environment(tmp_path):
    """Return an environment whose ``wk`` is the one under test."""
    tool = tmp_path / "bin/wk"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nexec {sys.executable} -m wunderkammer "$@"\n')
    tool.chmod(0o755)
    return os.environ | {"PATH": f"{tool.parent}{os.pathsep}{os.environ['PATH']}"}


def offered(shell, environment, where, *words):
    """Return what a shell offers for the last of some words."""
    if shell == "bash":
        command = ["bash", "--norc", "-c", BASH, "bash", *words]
    else:
        command = ["fish", "--no-config", "-c", FISH, " ".join(words)]
    done = subprocess.run(
        command, env=environment, cwd=where, capture_output=True, text=True, check=True
    )
    return [line.split("\t")[0] for line in done.stdout.splitlines() if line]


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_a_real_shell_is_offered_the_words_of_wk_and_of_the_collection(
    shell, environment, collection
):
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    root = collection.root
    assert "doctor" in offered(shell, environment, root, "wk", "do")
    assert offered(shell, environment, root, "wk", "failures", "feat") == [
        "features/colour-histogram"
    ]
    assert "scientificName" in offered(shell, environment, root, "wk", "annotate", "x", "scien")
    assert offered(shell, environment, Path("/"), "wk", "failures", "feat") == []
