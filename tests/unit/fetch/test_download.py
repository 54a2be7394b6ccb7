"""Conditions and resuming: nothing is sent again that is here and still good."""

import pytest

from wunderkammer.fetch.errors import BrokenOffError, RedirectError
from wunderkammer.fetch.outcomes import Before
from wunderkammer.testing import ImageHost
from wunderkammer.testing.hosts.answers import Redirect, image, reset, text, truncated
from wunderkammer.testing.hosts.pictures import Picture
from wunderkammer.testing.hosts.rules import Rule

LARGE = Picture(n_bytes=300_000)


def before_of(came, address):
    found = came.outcome(address)
    return {address: Before(found.path, found.sha256, address, found.etag, found.last_modified)}


def test_an_unchanged_file_is_not_sent_again(fetch):
    with ImageHost(in_thread=True) as site:
        address = site.address("1.jpg")
        first = fetch([address])
        again = fetch([address], key="later", before=before_of(first, address))
        found = again.outcome(address)
        assert found.unchanged
        assert (found.path, found.sha256) == (
            first.outcome(address).path,
            first.outcome(address).sha256,
        )
        assert (found.width, found.etag) == (
            first.outcome(address).width,
            first.outcome(address).etag,
        )
        assert [one.status for one in site.requests()] == [404, 200, 304]


def test_a_changed_file_is_fetched(fetch):
    with ImageHost(in_thread=True) as site:
        address = site.address("1.jpg")
        first = fetch([address])
        site.follow([Rule(image(Picture(version=2)))])
        again = fetch([address], key="later", before=before_of(first, address))
        assert not again.outcome(address).unchanged
        assert again.content(address) == site.content("1.jpg") != first.outcome(address).sha256


def test_a_file_that_was_spoilt_here_is_fetched_though_the_host_says_it_is_unchanged(fetch):
    with ImageHost(in_thread=True) as site:
        address = site.address("1.jpg")
        first = fetch([address])
        path = first.root / first.outcome(address).path
        path.write_bytes(path.read_bytes()[:-10])
        again = fetch([address], key="later", before=before_of(first, address))
        assert again.content(address) == site.content("1.jpg")
        assert [one.status for one in site.requests()] == [404, 200, 304, 200]


def test_a_large_file_is_gone_on_with_where_it_broke_off(fetch):
    with ImageHost(
        [Rule(truncated(200_000, image(LARGE)), first=1), Rule(image(LARGE))], in_thread=True
    ) as site:
        address = site.address("1.jpg")
        came = fetch([address], resume_bytes=50_000)
        assert came.content(address) == site.content("1.jpg")
        asked = site.requests()[1:]
        assert [one.status for one in asked] == [200, 206]
        assert asked[1].headers["range"].startswith("bytes=")
        assert asked[1].headers["if-range"] == came.outcome(address).etag
        assert asked[1].n_bytes_sent < 300_000


def test_it_is_gone_on_with_in_the_next_run(fetch):
    with ImageHost([Rule(reset(200_000, image(LARGE)))], in_thread=True) as site:
        address = site.address("1.jpg")
        first = fetch([address], resume_bytes=50_000, tries=1)
        assert isinstance(first.error(address), BrokenOffError)
        assert len(list((first.root / "media/.part").iterdir())) == 1
        site.follow([Rule(image(LARGE))])
        came = fetch([address], resume_bytes=50_000)
        assert came.content(address) == site.content("1.jpg")
        assert site.requests()[-1].status == 206
    assert not list((came.root / "media/.part").iterdir())


def test_what_changed_meanwhile_is_begun_anew(fetch):
    rules = [Rule(truncated(200_000, image(LARGE)), first=1)]
    changed = Picture(n_bytes=300_000, version=2)
    with ImageHost([*rules, Rule(image(changed))], in_thread=True) as site:
        address = site.address("1.jpg")
        came = fetch([address], resume_bytes=50_000)
        assert came.content(address) == site.content("1.jpg")
        assert [one.status for one in site.requests()[1:]] == [200, 200]


@pytest.mark.parametrize("ranges", ["ignored", "wrong"])
def test_a_host_that_cannot_resume_loses_nothing(fetch, ranges):
    answer = image(LARGE, ranges=ranges)
    with ImageHost(
        [Rule(truncated(200_000, answer), first=1), Rule(answer)], in_thread=True
    ) as site:
        address = site.address("1.jpg")
        came = fetch([address], resume_bytes=50_000)
        assert came.content(address) == site.content("1.jpg")


def test_without_a_validator_nothing_is_gone_on_with(fetch):
    answer = image(LARGE, validators=False)
    with ImageHost(
        [Rule(truncated(200_000, answer), first=1), Rule(answer)], in_thread=True
    ) as site:
        address = site.address("1.jpg")
        came = fetch([address], resume_bytes=50_000)
        assert came.content(address) == site.content("1.jpg")
        assert "range" not in site.requests()[-1].headers


def test_a_compressed_body_is_begun_anew(fetch):
    answer = image(LARGE, gzip=True)
    rules = [Rule(truncated(200_000, answer), first=1), Rule(answer)]
    with ImageHost(rules, in_thread=True) as site:
        address = site.address("1.jpg")
        came = fetch([address], resume_bytes=50_000)
        assert came.content(address) == site.content("1.jpg")
        assert "range" not in site.requests()[-1].headers


def test_compressed_and_chunked_bodies_are_stored_as_the_image_they_are(fetch):
    with ImageHost(
        [Rule(image(gzip=True), path="z*"), Rule(image(chunked=True))], in_thread=True
    ) as site:
        addresses = [site.address("z.jpg"), site.address("c.jpg")]
        came = fetch(addresses)
        assert came.content(addresses[0]) == site.content("z.jpg")
        assert came.content(addresses[1]) == site.content("c.jpg")


def test_circles_and_endless_ways_are_told_apart(fetch):
    with ImageHost(
        [Rule(Redirect("/b", host=None), path="a"), Rule(Redirect("/a"), path="b")]
    ) as site:
        address = site.address("a")
        assert "in a circle" in fetch([address]).error(address).message
    with ImageHost([Rule(Redirect("x/{path}", host=0))], in_thread=True) as site:
        address = site.address("1.jpg")
        error = fetch([address], max_redirects=3).error(address)
        assert isinstance(error, RedirectError)
        assert "more than 3 times" in error.message
        assert len(site.requests()) == 5


def test_a_redirected_robots_is_followed(fetch):
    rules = [
        Rule(Redirect("rules.txt", host=1), path="robots.txt", hosts=0),
        Rule(text("User-agent: *\nDisallow: /shut/\n"), path="rules.txt", hosts=1),
    ]
    with ImageHost(rules, n_hosts=2, in_thread=True) as site:
        came = fetch([site.address("shut/1.jpg"), site.address("1.jpg")])
        assert came.outcome(site.address("1.jpg"))
        assert came.error(site.address("shut/1.jpg"))
