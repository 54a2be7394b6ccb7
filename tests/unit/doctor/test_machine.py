"""What is found of a machine."""

import json
import os
import subprocess
import sys

import pytest

from wunderkammer.doctor.machine import machine

N_CORES = len(os.sched_getaffinity(0))


def levels(findings, about):
    return [str(one.level) for one in findings if one.about == about]


def found(variables, tmp_path):
    return list(machine(variables, tmp_path))


def test_a_plain_shell_has_nothing_to_mend(tmp_path):
    findings = found({}, tmp_path)
    assert levels(findings, "threads") == ["ok"]
    assert "problem" not in {one.level for one in findings}
    assert {one.about for one in findings} >= {"python", "cores", "memory", "threads", "text"}


@pytest.mark.parametrize(
    ("name", "value", "level"),
    [
        ("OMP_NUM_THREADS", str(N_CORES), "ok"),
        ("OMP_NUM_THREADS", str(N_CORES * 2), "note"),
        ("MKL_NUM_THREADS", "4000", "note"),
        ("NUMBA_NUM_THREADS", "all", "problem"),
        ("OPENBLAS_NUM_THREADS", "0", "problem"),
        ("OMP_PROC_BIND", "true", "note"),
        ("OMP_PROC_BIND", "false", "ok"),
        ("OMP_NUM_THREADS", "", "ok"),
    ],
)
def test_variables_that_spoil_threads_are_found(tmp_path, name, value, level):
    found_here = [one for one in found({name: value}, tmp_path) if one.about == "threads"]
    assert [str(one.level) for one in found_here] == [level]
    if level != "ok":
        assert name in found_here[0].message
        assert f"unset {name}" in found_here[0].hint


def test_a_container_that_gives_little_is_told_with_what_to_do(tmp_path):
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/cgroup").write_text("0::/\n")
    (tmp_path / "sys/fs/cgroup").mkdir(parents=True)
    (tmp_path / "sys/fs/cgroup/memory.max").write_text("1500000000\n")
    findings = found({}, tmp_path)
    (memory,) = [one for one in findings if one.about == "memory"]
    assert memory.level == "note"
    assert "1.5 GB of memory may be used of the machine's" in memory.message
    assert "wk run --workers 1" in memory.hint


def test_limits_of_the_shell_are_found():
    code = (
        "import json, resource\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10 ** 9, 10 ** 9))\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2 * 10 ** 9, 2 * 10 ** 9))\n"
        "from wunderkammer.doctor.machine import machine\n"
        "print(json.dumps([[f.about, f.level, f.message] for f in machine({})]))\n"
    )
    environment = {k: v for k, v in os.environ.items() if k not in {"LANG", "LC_ALL"}}
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", code],
        env=environment | {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    told = {about: (level, message) for about, level, message in json.loads(done.stdout)}
    assert told["open files"] == (
        "note", "a process may hold 256 files open; serving many visitors takes more."
    )  # fmt: skip
    assert told["file size"][0] == "problem"
    assert "files of 1.0 GB at most" in told["file size"][1]
    assert "2.0 GB of memory may be used" in told["memory"][1]
    assert told["text"][0] == "note"
