"""Libraries held to one thread while a block runs."""

import subprocess
import sys

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from wunderkammer.core.one_thread import one_thread


def test_every_library_has_one_thread_and_its_own_number_after():
    np.ones((2, 2)) @ np.ones((2, 2))
    with threadpool_limits(2):
        with one_thread():
            assert {one["num_threads"] for one in threadpool_info()} == {1}
        assert {one["num_threads"] for one in threadpool_info()} == {2}
        with one_thread("blas"):
            kinds = {one["user_api"]: one["num_threads"] for one in threadpool_info()}
    assert kinds == {"blas": 1} | dict.fromkeys(kinds.keys() - {"blas"}, 2)


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
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True {1}\n"
