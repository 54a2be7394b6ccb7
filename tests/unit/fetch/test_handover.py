import asyncio
import random
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wunderkammer.fetch.errors import NotFoundError
from wunderkammer.fetch.handover import Handover, Room, weight
from wunderkammer.fetch.outcomes import NotFetched


@given(st.lists(st.integers(1, 30), max_size=40), st.integers(0, 1_000))
def test_no_more_is_inside_than_there_is_room_for_and_all_get_in(weights, seed):
    rng = random.Random(seed)
    size = 20
    inside, most = 0, 0

    async def one(room, asked):
        nonlocal inside, most
        took = await room.take(asked)
        inside += took
        most = max(most, inside)
        await asyncio.sleep(0 if rng.random() < 0.5 else 0.0001)
        inside -= took
        room.give(took)

    async def all_of_them():
        room = Room(size)
        await asyncio.gather(*(one(room, asked) for asked in weights))
        assert await room.take(size) == size

    asyncio.run(all_of_them())
    assert most <= size


def test_who_gives_up_waiting_leaves_no_hole():
    async def scene():
        room = Room(2)
        await room.take(2)
        waiting = [asyncio.create_task(room.take(1)) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.sleep(0)
        room.give(2)
        waiting[1].cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert waiting[2].result() == 1
        assert await asyncio.wait_for(room.take(1), 1) == 1

    asyncio.run(scene())


def test_heavier_bodies_take_more_room():
    assert weight(None) == weight(b"x") == 1
    assert weight(bytes(1_000_000)) > 10


def test_outcomes_come_in_order_then_the_end_then_the_error():
    handover = Handover()
    outcomes = [NotFetched(f"{n:020d}", NotFoundError("gone")) for n in range(3)]
    handover.put(outcomes[:2])
    assert handover.take(1) == outcomes[:2]
    assert handover.take(0.01) == []
    handover.put(outcomes[2:])
    handover.end(OSError("full"))
    handover.end()
    assert handover.n_waiting == 1
    assert handover.take(1) == outcomes[2:]
    assert handover.take(1) is None
    assert isinstance(handover.error, OSError)


def test_who_waits_is_woken():
    handover = Handover()
    threading.Timer(0.05, handover.end).start()
    began = time.monotonic()
    assert handover.take(10) is None
    assert time.monotonic() - began < 5


def test_nothing_to_put_wakes_nobody():
    handover = Handover()
    handover.put([])
    assert handover.take(0.01) == pytest.approx([])
