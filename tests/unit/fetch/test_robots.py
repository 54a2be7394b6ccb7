import pytest

from wunderkammer.fetch.errors import RobotsError
from wunderkammer.fetch.rate import Limit
from wunderkammer.fetch.robots import FRESH_S, MAX_BYTES, Robots, read_text

HOST = "https://museum.example"


def test_no_robots_allows_all():
    Robots("", 0).check(f"{HOST}/anything")
    assert Robots("", 0).limits() == []


def test_what_is_said_to_us_counts_more_than_what_is_said_to_all():
    robots = Robots(
        "User-agent: *\nDisallow: /\n\nUser-agent: Wunderkammer\nDisallow: /drafts/\n", 0
    )
    robots.check(f"{HOST}/media/1.jpg")
    with pytest.raises(RobotsError, match="forbids"):
        robots.check(f"{HOST}/drafts/1.jpg")


def test_the_longest_rule_decides():
    robots = Robots("User-agent: *\nDisallow: /media/\nAllow: /media/open/\n", 0)
    robots.check(f"{HOST}/media/open/1.jpg")
    with pytest.raises(RobotsError):
        robots.check(f"{HOST}/media/1.jpg")


def test_delays_and_rates_become_limits():
    robots = Robots("User-agent: *\nCrawl-delay: 2.5\nRequest-rate: 3/10s\n", 0)
    assert set(robots.limits()) == {Limit(1, 2.5), Limit(3, 10.0)}


@pytest.mark.parametrize("line", ["Crawl-delay: soon", "Crawl-delay: -1", "Request-rate: 0/0",
                                  "Request-rate: 0/5", "Crawl-delay:"])  # fmt: skip
def test_nonsense_sets_no_limit(line):
    assert Robots(f"User-agent: *\n{line}\n", 0).limits() == []


def test_it_is_fresh_for_a_day_and_not_from_the_future():
    robots = Robots("", 1_000_000)
    assert robots.is_fresh(1_000_000 + FRESH_S - 1)
    assert not robots.is_fresh(1_000_000 + FRESH_S)
    assert not robots.is_fresh(999_999)


def test_what_is_beyond_the_cap_is_not_read_and_broken_letters_do_not_matter():
    content = b"\xef\xbb\xbfUser-agent: *\nDisallow: /a\n# \xff\n" + b"x" * 2 * MAX_BYTES
    text = read_text(content)
    assert len(text) <= MAX_BYTES
    with pytest.raises(RobotsError):
        Robots(text, 0).check(f"{HOST}/a")
