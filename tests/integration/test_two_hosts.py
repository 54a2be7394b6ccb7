"""A run on two hosts: a worker is killed, then a whole host is cut off; it ends as if alone."""

import json
import os
import signal
import sys
import time

import pytest

import two_hosts
from two_hosts import FAR, HEAD, N_MEDIA, RATE, Groups, Look, Namespaces, Seen

REFUSED = Namespaces.refused()


@pytest.mark.skipif(bool(REFUSED), reason=REFUSED)
def test_a_killed_worker_and_a_cut_cable_cost_nothing(tmp_path):
    with Namespaces(tmp_path) as hosts:
        undisturbed(hosts, tmp_path)


@pytest.mark.skipif(not REFUSED, reason="network namespaces are allowed, and tested instead")
def test_a_killed_worker_and_a_frozen_host_cost_nothing(tmp_path):
    with Groups(tmp_path) as hosts:
        undisturbed(hosts, tmp_path)


def undisturbed(hosts, folder):
    """Run with a worker killed and a host cut off; hold the end against a run left alone."""
    address, keeper = two_hosts.start_cluster(hosts, folder, slowly="0.4")
    driver = hosts.start(HEAD, sys.executable, two_hosts.__file__, folder, address)
    victim = committed(driver, keeper, folder)
    os.kill(victim, signal.SIGKILL)
    committed(driver, keeper, folder, beside=victim)
    hosts.cut(FAR)
    n_before = len(list(two_hosts.batches(folder / "apart")))
    assert driver.wait(150) == 0
    seen = Seen(**json.loads((folder / "seen.json").read_text()))
    assert n_before < N_MEDIA // Look.batch_size - 3, "the host was cut off too late to be missed"
    assert seen.n_lost >= 2
    assert seen.n_media == seen.n_done == seen.n_files == N_MEDIA
    assert seen.differs == []
    assert seen.most_often == 1
    assert seen.busiest <= RATE


def committed(driver, keeper, folder, beside=None):
    """Wait until a far worker, and not a certain one, has a batch committed; return its id."""
    while True:
        found = two_hosts.done_below(keeper, list(two_hosts.batches(folder / "apart")))
        for pid in found:
            if pid != beside:
                return pid
        assert driver.poll() is None, "the driver ended too early"
        time.sleep(0.05)
