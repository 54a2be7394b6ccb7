"""A lane against a host in trouble: what fails, what is left, and how often is asked."""

from collections import Counter

from wunderkammer.fetch.errors import HostDownError, ServerError
from wunderkammer.testing import ImageHost
from wunderkammer.testing.hosts.answers import Redirect, reset, stalled, status
from wunderkammer.testing.hosts.rules import Rule


def test_each_medium_has_one_outcome_or_is_counted_as_left(fetch):
    rules = [
        Rule(status(404), share=0.2, seed=1),
        Rule(reset(5_000), first=1, share=0.3, seed=2),
        Rule(status(500), share=0.1, seed=3),
    ]
    with ImageHost(rules, n_hosts=3, refusing=[2], in_thread=True) as site:
        addresses = [site.address(f"{n}.jpg", host) for n in range(40) for host in range(3)]
        came = fetch(addresses, tries=2)
    n_left = sum(one.number for one in came.left)
    assert len(came.fetched) + len(came.errors) + n_left == 120
    assert {one.host for one in came.left} == {site.address("", 2).split("/")[2]}


def test_a_host_that_fails_ten_times_in_a_row_is_left(fetch):
    with ImageHost([Rule(status(500))], in_thread=True) as site:
        came = fetch([site.address(f"{n}.jpg") for n in range(50)], tries=2, backoff_s=0.01)
        assert {type(one) for one in came.errors.values()} == {ServerError}
        assert 10 <= len(came.errors) < 15
        assert came.left[0].number == 50 - len(came.errors)
        n_asked = Counter(one.path for one in site.requests())
        assert max(n_asked.values()) == 2


def test_one_bad_medium_does_not_shut_out_its_host(fetch):
    with ImageHost([Rule(status(503), path="bad.jpg")], in_thread=True) as site:
        good = [site.address(f"{n}.jpg") for n in range(10)]
        bad = site.address("bad.jpg")
        came = fetch([bad, *good], tries=3, backoff_s=0.01)
        assert len(came.fetched) == 10
        assert isinstance(came.error(bad), ServerError)


def test_a_dead_host_costs_few_connections_and_no_time(fetch):
    with ImageHost(refusing=[0], in_thread=True) as site:
        came = fetch([site.address(f"{n}.jpg") for n in range(1_000)], tries=3)
    assert {type(one) for one in came.errors.values()} == {HostDownError}
    assert came.left[0].number + len(came.errors) == 1_000
    assert "reached" in came.left[0].why


def test_a_host_that_only_stalls_is_left_before_it_costs_hours(fetch):
    with ImageHost([Rule(stalled(1_000))], in_thread=True) as site:
        addresses = [site.address(f"{n}.jpg") for n in range(100)]
        came = fetch(addresses, tries=2, stall_s=0.1, backoff_s=0.01)
        assert came.left[0].number + len(came.errors) == 100
        assert "slow" in came.left[0].why
        assert len(site.requests()) <= 8


def test_a_store_that_closes_leaves_those_who_send_on_to_it(fetch):
    closed = Rule(status(429, {"Retry-After": "3600"}), hosts=1)
    with ImageHost(
        [Rule(Redirect("{path}", host=1), hosts=0), closed], n_hosts=2, in_thread=True
    ) as site:
        came = fetch([site.address(f"{n}.jpg") for n in range(30)], concurrency_per_host=1)
        (left,) = came.left
        assert left.number == 30
        assert "sends on to" in left.why
        assert "429" in left.why
        assert len([one for one in site.requests() if one.status == 429]) == 1


def test_a_closed_host_does_not_hold_up_another(fetch):
    closed = Rule(status(503, {"Retry-After": "1"}), path="0.jpg", hosts=0, first=1)
    with ImageHost([closed], n_hosts=2) as site:
        addresses = [site.address(f"{n}.jpg", host) for n in range(10) for host in (0, 1)]
        came = fetch(addresses, concurrency=2)
        assert len(came.fetched) == 20
        asked = site.requests()
        closed_at = next(one.ended_s for one in asked if one.status == 503)
        reopened = [one for one in asked if one.host == 0 and one.arrived_s > closed_at + 0.5]
        other = [one for one in asked if one.host == 1]
        assert max(one.arrived_s for one in other) < min(one.arrived_s for one in reopened)
