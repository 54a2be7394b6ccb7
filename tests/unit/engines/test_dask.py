"""The Dask engine; what all engines promise is in tests/contract."""

import socket
import sys

import dask
import pytest

from clusters import dask_cluster, square
from wunderkammer.core.engine import Needs
from wunderkammer.core.errors import EngineError, WorkerLostError
from wunderkammer.core.resources import EngineSettings
from wunderkammer.engines import engine_of
from wunderkammer.engines.dask import DaskEngine


def test_a_missing_library_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(EngineError) as caught:
        engine_of(EngineSettings(kind="dask", address="tcp://127.0.0.1:1"))
    assert "pip install 'wunderkammer[dask]'" in caught.value.hint


def test_without_an_address_it_says_how_to_start_a_scheduler():
    with pytest.raises(EngineError) as caught:
        DaskEngine("")
    assert "dask scheduler" in caught.value.hint


def test_nobody_there_is_said_also_of_the_address_in_dasks_own_settings():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "0.5s"}),
        dask.config.set(scheduler_address=address),
        pytest.raises(EngineError, match=f"no Dask scheduler answers at {address}"),
    ):
        DaskEngine("")


def test_needs_are_what_workers_declare():
    with dask_cluster(resources={"GPU": 1}) as address, DaskEngine(address) as engine:
        assert engine.n_at_once(Needs(n_gpus=0.5)) == 2
        assert engine.submit(square, 3, needs=Needs(n_gpus=1)).result() == 9
        with pytest.raises(EngineError) as caught:
            engine.n_at_once(Needs(n_gpus=2, memory_gb=16))
        assert "--resources 'GPU=2 MEMORY=16'" in caught.value.hint
        assert address in engine.about


def test_a_scheduler_that_is_gone_ends_calls():
    with dask_cluster(1) as address:
        engine = DaskEngine(address)
        waiting = engine.submit(square, 3, needs=Needs(n_gpus=1))
        assert not waiting.done()
    with engine, pytest.raises((EngineError, WorkerLostError)):
        waiting.result(timeout=60)


def test_a_cluster_without_workers_is_waited_for_and_then_named():
    wait = {"distributed.scheduler.no-workers-timeout": "1s"}
    with dask_cluster(0) as address, dask.config.set(wait), DaskEngine(address) as engine:
        assert engine.n_workers == 1
        for call in [engine.submit(square, n) for n in range(3)]:
            with pytest.raises(EngineError, match="no Dask worker was there") as caught:
                call.result(timeout=60)
        assert "NO_WORKERS_TIMEOUT" in caught.value.hint
