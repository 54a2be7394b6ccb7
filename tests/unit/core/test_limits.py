"""What a process may use, as the system tells it: read from folders laid out as the system's."""

import os
import subprocess
import sys

import pytest

from wunderkammer.core.limits import cores_allowed, machine_memory, memory_allowed

THERE = len(os.sched_getaffinity(0))


def system(root, groups, files):
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(groups)
    for name, text in files.items():
        path = root / "sys/fs/cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n")
    return root


def test_without_groups_the_machine_counts(tmp_path):
    assert cores_allowed(tmp_path) == THERE
    assert memory_allowed(tmp_path) in range(1, machine_memory() + 1)


@pytest.mark.parametrize(("quota", "cores"), [("50000 100000", 1), ("100000 100000", 1)])
def test_a_share_of_a_core_is_one(tmp_path, quota, cores):
    root = system(tmp_path, "0::/\n", {"cpu.max": quota})
    assert cores_allowed(root) == cores


def test_the_strictest_of_the_groups_above_counts(tmp_path):
    files = {
        "jobs/memory.max": "300000000",
        "jobs/one/memory.max": "max",
        "jobs/one/cpu.max": "max 100000",
        "jobs/cpu.max": "100000 100000",
        "other/memory.max": "5",
    }
    root = system(tmp_path, "0::/jobs/one\n", files)
    assert memory_allowed(root) == 300_000_000
    assert cores_allowed(root) == 1


def test_groups_of_the_first_version_are_read_too(tmp_path):
    files = {
        "memory/box/memory.limit_in_bytes": "200000000",
        "memory/memory.limit_in_bytes": "9223372036854771712",
        "cpu,cpuacct/box/cpu.cfs_quota_us": "40000",
        "cpu,cpuacct/box/cpu.cfs_period_us": "100000",
        "cpu,cpuacct/cpu.cfs_quota_us": "-1",
        "cpu,cpuacct/cpu.cfs_period_us": "100000",
    }
    root = system(tmp_path, "4:memory:/box\n3:cpu,cpuacct:/box\n", files)
    assert memory_allowed(root) == 200_000_000
    assert cores_allowed(root) == 1


def test_no_limit_is_no_limit(tmp_path):
    files = {"memory.max": "max", "cpu.max": "max 100000"}
    root = system(tmp_path, "0::/\n", files)
    assert cores_allowed(root) == THERE
    assert memory_allowed(root) == memory_allowed(tmp_path / "nothing")


def test_the_shells_limit_counts():
    code = (
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "from wunderkammer.core.limits import memory_allowed\n"
        "print(memory_allowed())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) <= 1 << 30
