"""A fetcher at work on a scripted host, and what came of it."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from wunderkammer.core.identity import stable_id
from wunderkammer.fetch.address import host_key
from wunderkammer.fetch.errors import AddressError
from wunderkammer.fetch.fetcher import Fetcher
from wunderkammer.fetch.outcomes import Fetched, NotFetched, Wanted
from wunderkammer.fetch.policy import Policy


class ListQueue:
    """A queue in memory."""

    def __init__(self, wanted):
        self._lanes = {}
        for one in wanted:
            self._lanes.setdefault(_host(one.address), []).append(one)

    def waiting(self):
        return {host: len(lane) for host, lane in self._lanes.items()}

    def take(self, host, n):
        lane = self._lanes[host]
        taken, self._lanes[host] = lane[:n], lane[n:]
        return taken


def _host(address):
    try:
        return host_key(address)
    except AddressError:
        return ""


@dataclass
class Came:
    """What a run yielded, by media id."""

    root: Path
    left: list
    fetched: dict = field(default_factory=dict)
    errors: dict = field(default_factory=dict)
    states: list = field(default_factory=list)

    def content(self, address):
        return (self.root / self.fetched[media_id(address)].path).read_bytes()

    def outcome(self, address):
        return self.fetched.get(media_id(address))

    def error(self, address):
        return self.errors.get(media_id(address))


def media_id(address):
    return stable_id("medium", address)


def hasty(**settings):
    """A policy for loopback, in a hurry where nothing else is said."""
    return Policy(
        **{
            "allow_private": ("127.0.0.0/8",),
            "requests_per_second": 0,
            "backoff_s": 0.05,
            "first_byte_s": 5,
            "stall_s": 5,
            **settings,
        }
    )


@pytest.fixture
def policy():
    return hasty


@pytest.fixture
def queue_of():
    return ListQueue


@pytest.fixture
def fetch(tmp_path):
    """Fetch addresses into a collection and return what came."""

    def run(
        addresses,
        *,
        root=tmp_path,
        key="k",
        before=None,
        stop=lambda: False,
        contact="",
        **settings,
    ):
        states = []
        fetcher = Fetcher(root, hasty(**settings), contact=contact, watch=states.append)
        before = before or {}
        wanted = [Wanted(media_id(one), one, key, before.get(one)) for one in addresses]
        came = Came(root, [], states=states)
        for outcome in fetcher.run(ListQueue(wanted), stop):
            if isinstance(outcome, Fetched):
                assert outcome.media_id not in came.fetched
                came.fetched[outcome.media_id] = outcome
            else:
                assert isinstance(outcome, NotFetched)
                assert outcome.media_id not in came.errors
                came.errors[outcome.media_id] = outcome.error
        came.left = fetcher.left()
        return came

    return run
