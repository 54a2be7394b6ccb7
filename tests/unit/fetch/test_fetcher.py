"""The fetcher against hosts that behave, and hosts that do not."""

import hashlib
import itertools
import threading
import time

import pytest

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.fetch import errors
from wunderkammer.fetch.fetcher import Fetcher
from wunderkammer.fetch.outcomes import Wanted
from wunderkammer.fetch.policy import Policy
from wunderkammer.testing import ImageHost
from wunderkammer.testing.hosts.analysis import (
    inside_retry_after,
    most_at_once,
    most_in_window,
    served_whole,
)
from wunderkammer.testing.hosts.answers import (
    Redirect,
    Throttle,
    bombed,
    dripping,
    html,
    image,
    junk,
    reset,
    stalled,
    status,
    text,
    truncated,
)
from wunderkammer.testing.hosts.rules import Rule


def test_original_bytes_are_kept_under_the_medium_and_their_digest_is_told(fetch):
    with ImageHost(n_hosts=2, in_thread=True) as site:
        addresses = [site.address(f"{n}.jpg", host) for n in range(4) for host in (0, 1)]
        came = fetch(addresses)
        assert not came.errors
        assert not came.left
        for address in addresses:
            found = came.outcome(address)
            content = came.content(address)
            assert found.path == f"media/{found.media_id[:2]}/{found.media_id}.jpg"
            assert hashlib.sha256(content).hexdigest() == found.sha256
            assert found.fetched_from == address
            assert (found.file_format, found.media_type) == ("JPEG", "image/jpeg")
        assert came.content(addresses[0]) == site.content("0.jpg", 0)
    assert list((came.root / "media/.part").iterdir()) == []


def test_robots_is_asked_for_once_and_before_anything_else(fetch):
    with ImageHost(in_thread=True) as site:
        fetch([site.address(f"{n}.jpg") for n in range(5)], concurrency_per_host=4)
        paths = [one.path for one in site.requests()]
    assert paths[0] == "robots.txt"
    assert paths.count("robots.txt") == 1


def test_we_say_who_we_are(tmp_path, policy, queue_of):
    with ImageHost(in_thread=True) as site:
        fetcher = Fetcher(tmp_path, policy(), contact="me@museum.example")
        wanted = [Wanted("00000000000000000000", site.address("1.jpg"), "k")]
        assert len(list(fetcher.run(queue_of(wanted), lambda: False))) == 1
        for one in site.requests():
            assert one.headers["user-agent"].startswith("Wunderkammer/")
            assert one.headers["user-agent"].endswith("(+me@museum.example)")
            assert one.headers["from"] == "me@museum.example"
            assert one.headers["accept-encoding"] == "identity"
            assert "cookie" not in one.headers


def test_a_public_host_is_not_asked_without_a_contact(tmp_path, queue_of):
    wanted = [Wanted("00000000000000000000", "https://data.museum.example/1.jpg", "k")]
    fetcher = Fetcher(tmp_path, Policy(), contact=" ")
    with pytest.raises(ConfigurationError, match="nothing says who asks") as caught:
        list(fetcher.run(queue_of(wanted), lambda: False))
    assert "collection.contact" in caught.value.hint


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (status(404), errors.NotFoundError),
        (status(410), errors.NotFoundError),
        (status(403), errors.RefusedError),
        (status(418), errors.RefusedError),
        (html(), errors.WrongTypeError),
        (html("image/jpeg"), errors.WrongTypeError),
        (junk(), errors.WrongTypeError),
        (bombed(), errors.TooLargeError),
        (image(keep=0.7), errors.BrokenImageError),
        (Redirect("{path}"), errors.RedirectError),
        (Redirect("ftp://museum.example/1.jpg"), errors.RedirectError),
        (Redirect("http://10.0.0.1/1.jpg"), errors.HostRefusedError),
    ],
)
def test_what_asking_again_cannot_mend_is_asked_for_once(fetch, answer, kind):
    with ImageHost([Rule(answer)], in_thread=True) as site:
        address = site.address("1.jpg")
        came = fetch([address], max_pixels=100_000_000)
        assert type(came.error(address)) is kind
        assert came.error(address).hint
        asked = [one for one in site.requests() if one.path == "1.jpg"]
    assert len(asked) == 1
    assert not came.left
    assert not list(came.root.glob("media/??"))


@pytest.mark.parametrize(
    "answer",
    [
        status(500),
        status(408),
        status(503),
        status(429),
        reset(),
        reset(after=0),
        reset(after=10_000),
        truncated(),
        truncated(chunked=True),
        truncated(None),
        stalled(),
        stalled(5_000),
        dripping(200),
    ],
)
def test_what_may_pass_is_tried_again_and_comes_whole(fetch, answer):
    with ImageHost([Rule(answer, first=2)], in_thread=True) as site:
        address = site.address("1.jpg")
        came = fetch([address], first_byte_s=0.3, stall_s=0.3)
        assert not came.errors
        assert came.content(address) == site.content("1.jpg")
        assert len(site.requests()) == 4


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (status(500), errors.ServerError),
        (truncated(), errors.BrokenOffError),
        (stalled(), errors.HostDownError),
        (dripping(100), errors.BrokenOffError),
    ],
)
def test_what_does_not_pass_is_given_up_after_the_tries(fetch, answer, kind):
    with ImageHost([Rule(answer, path="bad.jpg")], in_thread=True) as site:
        bad, good = site.address("bad.jpg"), site.address("good.jpg")
        came = fetch([bad, good], tries=3, first_byte_s=0.2, stall_s=0.2)
        assert type(came.error(bad)) is kind
        assert came.content(good) == site.content("good.jpg")
        assert len([one for one in site.requests() if one.path == "bad.jpg"]) == 3


@pytest.mark.parametrize("says", ["seconds", "date"])
@pytest.mark.parametrize("code", [429, 503])
def test_no_request_goes_out_while_the_host_wants_none(fetch, says, code):
    rule = Rule(Throttle(every=10, status=code, closed_s=1.0, says=says))
    with ImageHost([rule]) as site:
        addresses = [site.address(f"{n}.jpg") for n in range(15)]
        came = fetch(addresses, concurrency_per_host=1)
        assert len(came.fetched) == 15
        asked = site.requests()
        assert len([one for one in asked if one.status == code]) >= 1
        assert inside_retry_after(asked) == []
        assert set(served_whole(asked).values()) == {1}


def test_a_window_outlives_the_run(fetch):
    rule = Rule(Throttle(every=3, closed_s=2.0))
    with ImageHost([rule]) as site:
        addresses = [site.address(f"{n}.jpg") for n in range(4)]
        first = fetch(addresses, concurrency_per_host=1, patience_s=0)
        (left,) = first.left
        assert left.number == 4 - len(first.fetched)
        assert left.why == "answered 429 with Retry-After"
        assert 0 < left.until - time.time() <= 2.1
        n_asked = len(site.requests())
        again = fetch(addresses, concurrency_per_host=1, patience_s=0)
        assert len(site.requests()) == n_asked
        assert again.left[0].number == 4 - len(again.fetched)
        last = fetch(addresses, concurrency_per_host=1)
        assert len(last.fetched) == 4
        assert inside_retry_after(site.requests()) == []


def test_a_host_that_goes_on_saying_429_is_left_for_the_next_run(fetch):
    rules = [Rule(Throttle(every=1, closed_s=0.05, says=None))]
    with ImageHost(rules, in_thread=True) as site:
        came = fetch([site.address(f"{n}.jpg") for n in range(20)], backoff_s=0.01)
        assert not came.fetched
        assert not came.errors
        (left,) = came.left
        assert left.number == 20
        assert "429" in left.why
        assert len(site.requests()) < 20


def test_the_rate_holds_in_any_second_at_the_server(fetch):
    with ImageHost(n_hosts=3) as site:
        addresses = [site.address(f"{n}.jpg", host) for n in range(30) for host in range(3)]
        came = fetch(addresses, requests_per_second=15, concurrency_per_host=4)
        assert len(came.fetched) == 90
        most = most_in_window(site.requests())
    assert set(most) == {0, 1, 2}
    assert max(most.values()) <= 15


def test_concurrency_is_kept_per_host_and_overall(fetch):
    with ImageHost([Rule(dripping(400_000))], n_hosts=3) as site:
        addresses = [site.address(f"{n}.jpg", host) for n in range(6) for host in range(3)]
        fetch(addresses, concurrency_per_host=2)
        assert max(most_at_once(site.requests()).values()) == 2
        site.follow([Rule(dripping(400_000))])
        n_before = len(site.requests())
        fetch([f"{one}?again" for one in addresses], concurrency_per_host=2, concurrency=1)
        later = sorted(site.requests()[n_before:], key=lambda one: one.arrived_s)
        for one, following in itertools.pairwise(later):
            assert following.arrived_s >= one.ended_s - 0.005


def test_robots_forbids_and_slows(fetch):
    robots = "User-agent: *\nDisallow: /private/\nCrawl-delay: 0.4\n"
    with ImageHost([Rule(text(robots), path="robots.txt")]) as site:
        open_ones = [site.address(f"{n}.jpg") for n in range(3)]
        shut = site.address("private/1.jpg")
        came = fetch([*open_ones, shut])
        assert len(came.fetched) == 3
        assert isinstance(came.error(shut), errors.RobotsError)
        assert "private/1.jpg" not in {one.path for one in site.requests()}
        assert max(most_in_window(site.requests(), 0.4).values()) == 1


def test_robots_that_cannot_be_read_closes_the_host(fetch):
    with ImageHost([Rule(status(500), path="robots.txt")], in_thread=True) as site:
        came = fetch([site.address(f"{n}.jpg") for n in range(3)], tries=3)
        assert not came.fetched
        assert not came.errors
        (left,) = came.left
        assert (left.number, "robots.txt" in left.why) == (3, True)
        assert {one.path for one in site.requests()} == {"robots.txt"}
        assert len(site.requests()) == 3


def test_robots_is_remembered_across_runs(fetch):
    with ImageHost(in_thread=True) as site:
        fetch([site.address("1.jpg")])
        fetch([site.address("2.jpg")])
        assert [one.path for one in site.requests()] == ["robots.txt", "1.jpg", "2.jpg"]


def test_redirects_are_followed_noted_and_each_hop_keeps_its_hosts_rules(fetch):
    robots = Rule(text("User-agent: *\nDisallow: /shut/\n"), path="robots.txt", hosts=1)
    rules = [robots, Rule(Redirect("store/{path}", host=1, hops=2), hosts=0)]
    with ImageHost(rules, n_hosts=2, in_thread=True) as site:
        address = site.address("1.jpg")
        came = fetch([address])
        found = came.outcome(address)
        assert found.fetched_from == site.address("store/1.jpg", 1)
        assert found.redirects[0] == address
        assert len(found.redirects) == 2
        assert came.content(address) == site.content("store/1.jpg", 1)
        site.follow([robots, Rule(Redirect("shut/1.jpg", host=1), hosts=0)])
        other = site.address("2.jpg")
        assert isinstance(fetch([other]).error(other), errors.RobotsError)


def test_a_dead_host_is_left_and_the_others_do_not_wait_for_it(fetch):
    with ImageHost(n_hosts=3, refusing=[1], in_thread=True) as site:
        addresses = [site.address(f"{n}.jpg", host) for n in range(20) for host in range(3)]
        came = fetch(addresses, tries=3)
        assert len(came.fetched) == 40
        assert {type(one) for one in came.errors.values()} == {errors.HostDownError}
        assert 1 <= len(came.errors) <= 3
        (left,) = came.left
        assert left.number + len(came.errors) == 20


def test_private_addresses_are_refused_unless_allowed(fetch):
    with ImageHost(n_hosts=2, in_thread=True) as site:
        asked, refused = site.address("1.jpg", 0), site.address("1.jpg", 1)
        by_name = asked.replace("127.0.0.1", "localhost")
        allowed = ("127.0.0.1/32",)
        came = fetch([asked, refused, by_name], allow_private=allowed, contact="me@museum.example")
        assert came.outcome(asked)
        assert came.outcome(by_name)
        assert isinstance(came.error(refused), errors.HostRefusedError)
        assert {one.host for one in site.requests()} == {0}


def test_a_name_that_means_a_private_address_is_refused(tmp_path, policy, queue_of):
    with ImageHost(in_thread=True) as site:
        address = site.address("1.jpg").replace("127.0.0.1", "localhost")
        fetcher = Fetcher(tmp_path, policy(allow_private=()), contact="me@museum.example")
        (outcome,) = fetcher.run(
            queue_of([Wanted("00000000000000000000", address, "k")]), lambda: False
        )
        assert isinstance(outcome.error, errors.HostRefusedError)
        assert site.requests() == []


def test_denied_hosts_and_malformed_addresses_fail_without_a_request(fetch):
    with ImageHost(in_thread=True) as site:
        address = site.address("1.jpg")
        came = fetch([address], deny_hosts=("127.0.0.1",))
        assert isinstance(came.error(address), errors.HostRefusedError)
        came = fetch(["ftp://x/1.jpg", "", "http://"])
        assert {type(one) for one in came.errors.values()} == {errors.AddressError}
        assert site.requests() == []


def test_too_many_bytes_are_refused_while_they_come(fetch):
    with ImageHost([Rule(image(chunked=True), path="c*")], in_thread=True) as site:
        said, unsaid = site.address("1.jpg"), site.address("c.jpg")
        came = fetch([said, unsaid], max_bytes=10_000)
        assert {type(one) for one in came.errors.values()} == {errors.TooLargeError}


def test_a_stopped_run_ends_soon_and_says_what_is_left(fetch):
    with ImageHost([Rule(dripping(20_000))], in_thread=True) as site:
        stopped = threading.Event()
        threading.Timer(0.3, stopped.set).start()
        began = time.monotonic()
        addresses = [site.address(f"{n}.jpg") for n in range(200)]
        came = fetch(addresses, stop=stopped.is_set)
        assert time.monotonic() - began < 6
        (left,) = came.left
        assert left.number == 200 - len(came.fetched)
        assert not came.errors


def test_watchers_see_each_host_to_its_end(fetch):
    with ImageHost([Rule(status(404), path="gone*")], in_thread=True) as site:
        came = fetch([site.address("1.jpg"), site.address("gone.jpg")])
    (state,) = came.states[-1]
    assert (state.done, state.failed, state.left) == (1, 1, 0)


def test_a_consumer_that_goes_away_ends_the_run(tmp_path, policy, queue_of):
    with ImageHost(in_thread=True) as site:
        wanted = [Wanted(f"{n:020d}", site.address(f"{n}.jpg"), "k") for n in range(50)]
        outcomes = Fetcher(tmp_path, policy(), contact="").run(queue_of(wanted), lambda: False)
        next(outcomes)
        outcomes.close()
    assert not [one for one in threading.enumerate() if one.name.startswith("fetch")]
