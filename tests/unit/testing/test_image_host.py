import asyncio
import hashlib
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from wunderkammer.testing import ImageHost, Picture, Redirect, Rule, Throttle, analysis, answers
from wunderkammer.testing.hosts.errors import ImageHostError


def got(address):
    with urlopen(address, timeout=10) as answer:
        return answer.read()


@pytest.mark.parametrize("in_thread", [True, False], ids=["thread", "process"])
def test_what_is_served_is_what_was_told_to_be_served(in_thread):
    with ImageHost(n_hosts=3, in_thread=in_thread) as site:
        for host in range(3):
            for path in ("drawer 1/é.jpg", "asset/1?size=full&q=ä"):
                body = got(site.address(path, host))
                assert hashlib.sha256(body).hexdigest() == site.sha256(path, host)
        with pytest.raises(HTTPError, match="404"):
            got(site.address("robots.txt"))
    requests = site.requests()
    assert [one.host for one in requests] == [0, 0, 1, 1, 2, 2, 0]
    assert requests[0].path == "drawer 1/é.jpg"
    assert requests[1].path == "asset/1?size=full&q=ä"


def test_files_change_when_the_rules_do():
    with ImageHost(in_thread=True) as site:
        before = got(site.address("a"))
        site.follow([Rule(answers.image(Picture(version=1)))])
        after = got(site.address("a"))
        assert before != after
        assert after == site.content("a")
        site.follow([Rule(answers.text(f"see {site.address('a')}"), "list.txt")])
        assert got(site.address("list.txt")).decode() == f"see {site.origins[0]}/a"


def test_redirects_are_followed_to_another_host():
    rules = [
        Rule(Redirect("there/{path}", host=1, hops=4), hosts=0),
        Rule(Redirect("round"), "round"),
    ]
    with ImageHost(rules, n_hosts=2, in_thread=True) as site:
        assert got(site.address("a")) == site.content("there/a", host=1)
        assert [one.status for one in site.requests()] == [302] * 4 + [200]
        with pytest.raises(HTTPError):
            got(site.address("round", host=1))
        with pytest.raises(ImageHostError, match="redirects to 'there/"):
            site.content("a", host=0)


def test_truth_about_a_certain_attempt():
    rules = [Rule(answers.image(keep=0.5), first=1)]
    with ImageHost(rules, in_thread=True) as site:
        first, second = got(site.address("a")), got(site.address("a"))
        assert first == site.content("a", attempt=1) == second[:20_000]
        assert second == site.content("a", attempt=2) == site.content("a")


def test_many_clients_at_once_are_all_recorded():
    import aiohttp

    async def fetch(site):
        connector = aiohttp.TCPConnector(limit=20)
        async with aiohttp.ClientSession(connector=connector) as session:

            async def one(number):
                async with session.get(site.address(f"{number}", number % 5)) as answer:
                    return hashlib.sha256(await answer.read()).hexdigest()

            return await asyncio.gather(*map(one, range(500)))

    with ImageHost(n_hosts=5) as site:
        sums = asyncio.run(fetch(site))
        assert sums == [site.sha256(f"{number}", number % 5) for number in range(500)]
        found = site.wait_for(500)
    assert max(analysis.served_whole(found).values()) == 1
    assert sum(analysis.most_in_window(found, 60).values()) == 500


def test_a_client_that_does_not_wait_is_found_out():
    rules = [Rule(Throttle(every=3, closed_s=5))]
    with ImageHost(rules, n_hosts=2, in_thread=True) as site:
        statuses = []
        for number in range(5):
            try:
                got(site.address(f"{number}"))
                statuses.append(200)
            except HTTPError as error:
                statuses.append(error.code)
        got(site.address("a", host=1))
        early = analysis.inside_retry_after(site.requests())
    assert statuses == [200, 200, 429, 429, 429]
    assert [one.path for one in early] == ["3", "4"]


def test_concurrency_is_measured_at_the_server():
    from concurrent.futures import ThreadPoolExecutor

    with ImageHost([Rule(answers.delayed(0.3))], in_thread=True) as site:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(got, [site.address(f"{number}") for number in range(8)]))
        assert analysis.most_at_once(site.requests()) == {0: 4}


def test_waiting_for_requests_that_never_come_ends():
    with ImageHost(in_thread=True) as site, pytest.raises(ImageHostError, match="and 0 came"):
        site.wait_for(1, timeout_s=0.05)


def test_mistakes_in_its_use_are_told():
    with pytest.raises(ImageHostError, match="it can have 1 to 250"):
        ImageHost(n_hosts=300)
    site = ImageHost(in_thread=True)
    with pytest.raises(ImageHostError, match="before it is started"):
        site.address("a")
    with pytest.raises(ImageHostError, match="not serving"):
        site.follow([])
    with site, pytest.raises(ImageHostError, match="already"):
        site.start()
    site.stop()  # a second time: nothing happens


@pytest.mark.parametrize("in_thread", [True, False], ids=["thread", "process"])
def test_a_picture_that_does_not_fit_is_told_at_the_start(in_thread):
    rules = [Rule(answers.image(Picture(n_bytes=100)))]
    with (
        pytest.raises(ImageHostError, match="needs at least"),
        ImageHost(rules, in_thread=in_thread),
    ):
        pass


def test_all_ports_and_threads_are_given_back():
    import psutil

    this = psutil.Process()
    before = (this.num_fds(), this.num_threads(), this.children())
    for in_thread in (True, False):
        with ImageHost(n_hosts=10, refusing=(3,), silent=(4,), in_thread=in_thread) as site:
            got(site.address("a"))
    assert (this.num_fds(), this.num_threads(), this.children()) == before


def test_the_house_of_hosts_knows_nothing_of_the_downloader():
    import wunderkammer.testing.hosts as room

    for path in Path(room.__file__).parent.glob("*.py"):
        assert "wunderkammer.fetch" not in path.read_text(encoding="utf-8")
