from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wunderkammer.fetch.retry import (
    LONGEST_PAUSE_S,
    LONGEST_S,
    pause_s,
    retry_after_s,
    worth_another_try,
)

NOW = 1_750_000_000


@given(st.integers(0, 86_400))
def test_seconds_and_the_date_they_lead_to_mean_the_same(seconds):
    date = formatdate(NOW + seconds, usegmt=True)
    assert retry_after_s(str(seconds), now=NOW) == seconds
    assert retry_after_s(date, now=NOW) == seconds


@given(st.integers(-(10**6), 10**6), st.integers(0, 86_400))
def test_a_date_is_reckoned_on_the_hosts_own_clock(skew, seconds):
    there = NOW + skew
    said = formatdate(there + seconds, usegmt=True)
    assert retry_after_s(said, date=formatdate(there, usegmt=True), now=NOW) == seconds


@given(st.text(max_size=40))
def test_any_text_is_nothing_or_within_a_day(said):
    pause = retry_after_s(said, now=NOW)
    assert pause is None or 0 <= pause <= LONGEST_S


@pytest.mark.parametrize(
    ("said", "pause"),
    [
        ("-5", 0),
        ("99999999", LONGEST_S),
        (" 3 ", 3),
        ("1.5", 1.5),
        ("soon", None),
        ("", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 0),
        ("0x10", None),
        ("٣", None),
    ],
)
def test_what_hosts_write(said, pause):
    assert retry_after_s(said, now=NOW) == pause


@given(st.integers(1, 60), st.floats(0.01, 10), st.text(max_size=20))
def test_pauses_are_drawn_below_a_bound_that_doubles_and_the_same_seed_draws_the_same(
    n_failed, first, seed
):
    pause = pause_s(n_failed, first, seed)
    assert 0 <= pause <= min(first * 2 ** (n_failed - 1), LONGEST_PAUSE_S)
    assert pause == pause_s(n_failed, first, seed)


def test_pauses_of_many_media_fill_their_range():
    pauses = [pause_s(3, 1.0, f"{n}") for n in range(2_000)]
    assert min(pauses) < 0.05
    assert max(pauses) > 3.95
    assert 1.9 < sum(pauses) / len(pauses) < 2.1


@given(st.integers(100, 599))
def test_client_errors_are_final_but_for_two(status):
    assert worth_another_try(status) == (status in {408, 429} or status >= 500)
