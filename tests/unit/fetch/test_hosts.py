import asyncio
from contextlib import asynccontextmanager

import pytest

from wunderkammer.fetch.address import Gatekeeper
from wunderkammer.fetch.client import open_session
from wunderkammer.fetch.errors import RobotsError
from wunderkammer.fetch.host import LeaveHost
from wunderkammer.fetch.hosts import Hosts
from wunderkammer.fetch.ledger import Ledger
from wunderkammer.fetch.retry import ClosedHost, Setback, Unreachable
from wunderkammer.testing import ImageHost
from wunderkammer.testing.hosts.answers import Redirect, reset, status, text
from wunderkammer.testing.hosts.rules import Rule


@asynccontextmanager
async def opened(root, policy):
    ledger = Ledger(root)
    keeper = Gatekeeper(private=policy.allow_private)
    try:
        async with open_session(policy, keeper, "me@museum.example") as session:
            yield Hosts(policy, ledger, keeper, session)
    finally:
        ledger.close()


def asked(root, policy, *addresses):
    """Ask for addresses in turn; return a status or an exception for each."""

    async def ask(hosts, address):
        try:
            async with hosts.allowed(address, {}) as response:
                await response.read()
                return response.status
        except (RobotsError, Setback, ClosedHost, LeaveHost) as error:
            return error

    async def scene():
        async with opened(root, policy) as hosts:
            return [await ask(hosts, address) for address in addresses]

    return asyncio.run(scene())


def test_any_status_but_closed_is_an_answer(tmp_path, policy):
    rules = [Rule(status(404), path="gone"), Rule(status(500), path="ill")]
    with ImageHost(rules, in_thread=True) as site:
        addresses = [site.address(path) for path in ("fine", "gone", "ill")]
        assert asked(tmp_path, policy(), *addresses) == [200, 404, 500]


def test_a_lost_connection_is_no_second_request_behind_our_back(tmp_path, policy):
    with ImageHost([Rule(reset(), path="broken")], in_thread=True) as site:
        fine, broken = site.address("fine"), site.address("broken")
        assert asked(tmp_path, policy(), fine, broken)[0] == 200
        _, outcome = asked(tmp_path, policy(), fine, broken)
        assert isinstance(outcome, Setback)
        assert [one.path for one in site.requests()].count("broken") == 2


def test_a_host_that_takes_no_connection_is_unreachable(tmp_path, policy):
    with ImageHost(refusing=[0], in_thread=True) as site:
        (outcome,) = asked(tmp_path, policy(), site.address("1"))
        assert isinstance(outcome, Unreachable)
        assert outcome.host in outcome.error.message


def test_a_silent_host_is_given_up_in_time(tmp_path, policy):
    with ImageHost(silent=[0], in_thread=True) as site:
        (outcome,) = asked(tmp_path, policy(connect_s=0.2), site.address("1"))
        assert isinstance(outcome, Unreachable)
        assert "does not take connections" in outcome.error.message


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410])
def test_a_robots_txt_that_is_not_there_allows_all(tmp_path, policy, code):
    with ImageHost([Rule(status(code), path="robots.txt")], in_thread=True) as site:
        assert asked(tmp_path, policy(), site.address("1")) == [200]


def test_a_robots_txt_that_leads_in_a_circle_counts_as_not_there(tmp_path, policy):
    with ImageHost([Rule(Redirect("/robots.txt"), path="robots.txt")], in_thread=True) as site:
        assert asked(tmp_path, policy(), site.address("1")) == [200]
        assert [one.path for one in site.requests()].count("robots.txt") == 6


def test_a_robots_txt_that_leads_into_a_private_network_is_not_followed(tmp_path, policy):
    with ImageHost([Rule(Redirect("http://10.0.0.1/"), path="robots.txt")], in_thread=True) as site:
        assert asked(tmp_path, policy(), site.address("1")) == [200]


def test_a_robots_txt_that_cannot_be_had_forbids_all_till_then(tmp_path, policy):
    with ImageHost([Rule(status(502), path="robots.txt", first=1)], in_thread=True) as site:
        first, second = asked(tmp_path, policy(), site.address("1"), site.address("1"))
        assert isinstance(first, Setback)
        assert second == 200


def test_robots_txt_throttled_closes_the_host_like_any_answer(tmp_path, policy):
    rule = Rule(status(429, {"Retry-After": "1"}), path="robots.txt", first=1)
    with ImageHost([rule]) as site:
        first, second = asked(tmp_path, policy(), site.address("1"), site.address("1"))
        assert isinstance(first, ClosedHost)
        assert second == 200
        before, after = site.requests()[:2]
        assert after.arrived_s - before.ended_s >= 1


def test_each_origin_has_a_robots_txt_of_its_own(tmp_path, policy):
    shut = Rule(text("User-agent: *\nDisallow: /"), path="robots.txt", hosts=1)
    with ImageHost([shut], n_hosts=2, in_thread=True) as site:
        fine, refused = asked(tmp_path, policy(), site.address("1", 0), site.address("1", 1))
        assert fine == 200
        assert isinstance(refused, RobotsError)
