"""Libraries held to one thread while a block runs."""

import subprocess
import sys


def told(code: str) -> str:
    """Return what a process prints in which nothing else has loaded libraries."""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout


def test_every_library_has_one_thread_and_its_own_number_after():
    code = """
import numpy, sklearn.linear_model
from threadpoolctl import threadpool_info, threadpool_limits
from wunderkammer.core.one_thread import one_thread
def kinds():
    return sorted({(one["user_api"], one["num_threads"]) for one in threadpool_info()})
with threadpool_limits(2):
    with one_thread():
        print(kinds())
    print(kinds())
    with one_thread("blas"):
        print(kinds())
"""
    assert told(code).splitlines() == [
        "[('blas', 1), ('openmp', 1)]",
        "[('blas', 2), ('openmp', 2)]",
        "[('blas', 1), ('openmp', 2)]",
    ]


def test_a_library_that_is_loaded_later_is_held_as_well():
    code = """
import numpy
from threadpoolctl import threadpool_info, threadpool_limits
from wunderkammer.core.one_thread import one_thread
with one_thread():
    before = len(threadpool_info())
import sklearn.linear_model
threadpool_limits(2)
with one_thread():
    found = threadpool_info()
print(len(found) > before, {one["num_threads"] for one in found})
"""
    assert told(code) == "True {1}\n"
