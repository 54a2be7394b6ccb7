"""``wk doctor`` as a person calls it."""

import json
import os
import subprocess
import sys


def doctor(*arguments, **variables):
    return subprocess.run(
        [sys.executable, "-m", "wunderkammer", "doctor", *map(str, arguments)],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_machine_that_the_tests_run_on_has_no_problem(collection):
    done = doctor("-C", collection.root, "--json", OMP_NUM_THREADS="2")
    assert done.returncode == 0, done.stdout
    told = json.loads(done.stdout)
    assert told["counts"]["problem"] == 0
    assert sum(told["counts"].values()) == len(told["findings"])
    assert {one["section"] for one in told["findings"]} == {
        "machine", "gpu", "disk", "libraries", "images", "package", "network", "collection"
    }  # fmt: skip
    assert all(one["hint"] or one["level"] != "problem" for one in told["findings"])


def test_a_problem_ends_with_code_1_and_says_what_to_do(tmp_path):
    done = doctor("-C", tmp_path, NUMBA_NUM_THREADS="many", SSL_CERT_FILE="/nothing.pem")
    assert done.returncode == 1
    assert "  PROBLEM threads: NUMBA_NUM_THREADS is 'many'" in done.stdout
    assert "           unset NUMBA_NUM_THREADS\n" in done.stdout
    assert "  PROBLEM collection: " in done.stdout
    assert "problems to mend" in done.stdout.splitlines()[-1]
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert len(lines) <= 60, "it stays about a screen"
