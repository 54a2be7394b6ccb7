import asyncio
import itertools
import time

import pytest

from wunderkammer.fetch.host import HEARD_S, Host, LeaveHost, NotNow, Turn
from wunderkammer.fetch.ledger import Ledger
from wunderkammer.fetch.policy import Policy


@pytest.fixture
def ledger(tmp_path):
    ledger = Ledger(tmp_path)
    yield ledger
    ledger.close()


def host_of(ledger, **settings):
    return Host("museum.example", Policy(**settings), ledger)


async def sent_at(host):
    async with Turn(host) as turn:
        turn.use()
        return time.monotonic()


def test_turns_are_spaced_though_many_wait(ledger):
    async def scene():
        host = host_of(ledger, requests_per_second=20, concurrency_per_host=8)
        times = sorted(await asyncio.gather(*(sent_at(host) for _ in range(8))))
        gaps = [after - before for before, after in itertools.pairwise(times)]
        assert min(gaps) >= 1.05 / 20 - 0.001
        assert host.n_requests == 8

    asyncio.run(scene())


@pytest.mark.parametrize("answers", [True, False])
def test_the_next_request_waits_for_the_answer_but_not_for_ever(ledger, answers):
    async def scene():
        host = host_of(ledger, requests_per_second=1000, concurrency_per_host=2)
        async with Turn(host) as turn:
            turn.use()
            start = time.monotonic()
            second = asyncio.create_task(sent_at(host))
            await asyncio.sleep(0.2)
            assert not second.done()
            if answers:
                turn.heard()
            waited = await second - start
        assert 0.2 <= waited < 0.5 if answers else waited >= HEARD_S

    asyncio.run(scene())


def test_a_turn_that_is_not_used_costs_nothing(ledger):
    async def scene():
        host = host_of(ledger, requests_per_second=1)
        for _ in range(5):
            async with Turn(host):
                pass
        await asyncio.wait_for(sent_at(host), 1)

    asyncio.run(scene())


def test_a_host_that_closes_while_a_request_is_made_ready_stops_it(ledger):
    async def scene():
        host = host_of(ledger, requests_per_second=0)
        async with Turn(host) as turn:
            host.close(429, 5.0)
            with pytest.raises(NotNow):
                turn.use()
        assert host.n_requests == 0

    asyncio.run(scene())


def test_one_turn_is_for_one_request(ledger):
    async def scene():
        host = host_of(ledger, requests_per_second=0)
        async with Turn(host) as turn:
            turn.use()
            with pytest.raises(NotNow):
                turn.use()

    asyncio.run(scene())


def test_a_window_is_remembered_and_never_shortened(ledger):
    host = host_of(ledger)
    host.close(503, 100.0)
    host.close(429, 1.0)
    assert 99 < host.closed_for_s() <= 100
    again = host_of(ledger)
    assert 98 < again.closed_for_s() <= 100
    assert "503" in again.why or "429" in again.why


def test_beyond_patience_a_host_is_left_and_stays_left(ledger):
    async def scene():
        host = host_of(ledger, patience_s=10)
        host.close(429, 60.0)
        for _ in range(2):
            with pytest.raises(LeaveHost) as caught:
                await sent_at(host)
        assert caught.value.why == "answered 429 with Retry-After"
        assert 55 < caught.value.until - time.time() <= 60

    asyncio.run(scene())


def test_a_slow_crawl_delay_is_not_waited_for_beyond_patience(ledger):
    async def scene():
        host = host_of(ledger, patience_s=10, hosts={"museum.example": {"delay_s": 3_600}})
        await sent_at(host)
        with pytest.raises(LeaveHost, match="between requests"):
            await sent_at(host)

    asyncio.run(scene())


def test_without_retry_after_pauses_double_and_begin_again_after_an_answer(ledger):
    host = host_of(ledger, backoff_s=2)
    pauses = []
    for _ in range(4):
        host.close(503, None)
        pauses.append(host.closed_for_s())
    for n, pause in enumerate(pauses):
        assert 2 ** (n + 1) / 2 - 0.1 <= pause <= 2 ** (n + 1)
    fresh = host_of(ledger, backoff_s=2, hosts={})
    fresh.answered()
    assert fresh.waiting_until() is not None
