import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wunderkammer.fetch.rate import SEEN_S, Limit, Pace, per_second


class Clock:
    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now


def most_in(times, window_s):
    """The greatest number of times in any half-open window, counted anew."""
    times = sorted(times)
    return max(sum(start <= one < start + window_s for one in times) for start in times)


def served(pace, clock, n, delay, rng, concurrency=3):
    """Send n requests as early as the pace lets; return when the host saw each.

    The way there takes up to ``delay``; an answer is seen right after its request.
    """
    arrivals, answers = [], []
    while len(arrivals) < n:
        wait = pace.wait_s()
        due = min((when for when, _ in answers), default=None)
        is_full = len(answers) >= concurrency
        if due is not None and (is_full if wait <= 0 else due <= clock.now + wait):
            clock.now = max(clock.now, due)
            answers.sort()
            pace.answered(answers.pop(0)[1])
            continue
        if wait > 0:
            clock.now += wait
            continue
        number = pace.sent()
        arrival = clock.now + rng.random() * delay
        arrivals.append(arrival)
        answers.append((arrival, number))
        clock.now += 1e-6
    return arrivals


@given(
    rate=st.one_of(st.integers(1, 40), st.floats(0.2, 40)),
    delay=st.floats(0, SEEN_S),
    seed=st.integers(0, 2**31),
)
def test_the_host_never_sees_more_than_the_rate_however_uneven_the_way(rate, delay, seed):
    clock = Clock()
    limit = per_second(rate)
    arrivals = served(Pace(clock, limit), clock, 3 * limit.n + 5, delay, random.Random(seed))
    assert most_in(arrivals, 1.0) <= max(1, rate)
    assert most_in(arrivals, limit.window_s) <= limit.n


@given(
    n=st.integers(1, 20),
    window=st.floats(0.5, 60),
    delay_s=st.floats(0, 5),
    seed=st.integers(0, 2**31),
)
def test_all_limits_hold_together(n, window, delay_s, seed):
    clock = Clock()
    pace = Pace(clock, Limit(n, window))
    if delay_s:
        pace.add(Limit(1, delay_s))
    arrivals = served(pace, clock, 2 * n + 3, 0.05, random.Random(seed))
    assert most_in(arrivals, window) <= n
    gaps = [after - before for before, after in itertools.pairwise(sorted(arrivals))]
    assert min(gaps) >= delay_s - 1e-9


@pytest.mark.parametrize("rate", [1, 5, 20, 100])
def test_a_host_that_answers_at_once_is_asked_at_nearly_the_rate(rate):
    clock = Clock()
    n = 4 * rate
    arrivals = served(Pace(clock, per_second(rate)), clock, n + 1, 0.0, random.Random(0))
    assert n / (arrivals[-1] - arrivals[0]) >= rate / 1.06


def test_requests_are_spread_without_bursts_even_after_a_rest():
    clock = Clock()
    pace = Pace(clock, Limit(10, 1.0))
    pace.sent()
    clock.now += 100
    assert pace.wait_s() <= 0
    pace.sent()
    assert pace.wait_s() == pytest.approx(0.105)


def test_without_a_limit_nothing_waits():
    pace = Pace(Clock())
    for _ in range(100):
        assert pace.wait_s() <= 0
        pace.sent()
    assert not pace.limited


def test_a_limit_learned_later_counts_from_the_last_request():
    clock = Clock()
    pace = Pace(clock)
    pace.sent()
    clock.now += 1
    pace.add(Limit(1, 5.0))
    assert 3.9 < pace.wait_s() <= 5.15


def test_a_faster_limit_changes_nothing():
    pace = Pace(Clock(), Limit(1, 2.0))
    pace.add(Limit(10, 1.0))
    assert pace.interval_s == pytest.approx(2.05)


def test_no_rate_is_no_limit():
    assert per_second(0) is None
