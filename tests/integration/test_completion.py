"""Completion, in the shells themselves."""

import os
import pty
import select
import shutil
import subprocess
import sys
import time
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


ZSH = """
autoload -Uz compinit && compinit -u -d $ZDOTDIR/dump
fpath=($ZDOTDIR $fpath); autoload -Uz _wk; compdef _wk wk
PROMPT='' RPROMPT=''; unsetopt prompt_sp; bindkey -e
echo ready
"""


def completed(environment, where, tmp_path, *words):
    """Return what is on a line of zsh, word for word typed, after the key Tab."""
    script = subprocess.run(
        ["wk", "completion", "zsh"], env=environment, capture_output=True, check=True
    )
    (tmp_path / "_wk").write_bytes(script.stdout)
    (tmp_path / ".zshrc").write_text(ZSH)
    told = environment | {"ZDOTDIR": str(tmp_path), "TERM": "xterm"}
    ours, theirs = pty.openpty()
    shell = subprocess.Popen(
        ["zsh", "-d", "-i"], env=told, cwd=where, stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True,
    )  # fmt: skip
    try:
        os.close(theirs)
        read_until(ours, b"ready")
        os.write(ours, " ".join(words).encode() + b"\t\x01echo '<\x05>'\n")
        return read_until(ours, b"\n<", b">\r").decode()
    finally:
        shell.kill()
        shell.wait()
        os.close(ours)


def read_until(terminal, *marks):
    """Return what a terminal shows between two marks, or up to one; half a minute is enough."""
    shown, end = b"", time.monotonic() + 30
    *before, last = marks
    while time.monotonic() < end:
        if select.select([terminal], [], [], 1)[0]:
            shown += os.read(terminal, 4096)
        for mark in before:
            if mark in shown and last in shown[shown.index(mark) :]:
                inside = shown[shown.index(mark) + len(mark) :]
                return inside[: inside.index(last)]
        if not before and last in shown:
            return shown
    raise AssertionError(shown)


def test_zsh_completes_with_the_key_tab(environment, collection, tmp_path):
    if shutil.which("zsh") is None:
        pytest.skip("there is no zsh here")
    root = collection.root
    for words, whole in (
        (["wk", "doct"], "wk doctor"),
        (["wk", "failures", "feat"], "wk failures features/colour-histogram"),
        (["wk", "annotate", "x", "scien"], "wk annotate x scientificName"),
    ):
        assert completed(environment, root, tmp_path, *words).strip() == whole


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
