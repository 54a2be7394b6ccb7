"""The downloader against hosts that throttle, that are dead, that drip, and against its peers.

python benchmarks/fetch.py [rates] [stragglers] [speed]

Without a name, all three. The hosts are scripted and run on loopback in a
process of their own; all that is said of requests is measured there.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fetch_peers import measure_speed
from report import record, table
from wunderkammer.fetch.address import host_key
from wunderkammer.fetch.fetcher import Fetcher
from wunderkammer.fetch.outcomes import Fetched, NotFetched, Wanted
from wunderkammer.fetch.policy import HostRules, Policy
from wunderkammer.testing import ImageHost, Request, Rule, Throttle, analysis, answers

N_HOSTS = 20
LOOPBACK = ("127.0.0.0/8",)
ON_ITS_WAY_S = 0.02
"""A request that comes so soon after a refusal was sent before its client could read that."""


class Files:
    """A queue of files of a scripted host."""

    def __init__(self, site: ImageHost, counts: Mapping[int, int]) -> None:
        self.place: dict[str, tuple[int, str]] = {}
        self._left: dict[str, deque[Wanted]] = defaultdict(deque)
        for host, n in counts.items():
            for number in range(n):
                path, media_id = f"drawer/{number:05d}.jpg", f"{host:02d}{number:018d}"
                wanted = Wanted(media_id, site.address(path, host), media_id)
                self.place[media_id] = (host, path)
                self._left[host_key(wanted.address)].append(wanted)

    def waiting(self) -> Mapping[str, int]:
        return {host: len(left) for host, left in self._left.items()}

    def take(self, host: str, n: int) -> Sequence[Wanted]:
        left = self._left[host]
        return [left.popleft() for _ in range(min(n, len(left)))]


@dataclass
class Run:
    """What came of a queue."""

    fetched: list[Fetched]
    failed: list[NotFetched]
    seconds: float

    def wrong(self, site: ImageHost, files: Files) -> int:
        """Return how many files have other bytes than the host has."""
        truth = ((one, *files.place[one.media_id]) for one in self.fetched)
        return sum(one.sha256 != site.sha256(path, host) for one, host, path in truth)


def fetch(files: Files, policy: Policy, enough: Callable[[str], bool] | None = None) -> Run:
    """Fetch a queue into a new collection; ``enough`` is told of each file, and may end it."""
    fetched, failed, stop = [], [], threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        seconds = 0.0
        for outcome in Fetcher(Path(folder), policy, contact="").run(files, stop.is_set):
            if stop.is_set():
                continue
            seconds = time.monotonic() - began
            (failed if isinstance(outcome, NotFetched) else fetched).append(outcome)
            if enough is not None and enough(outcome.media_id):
                stop.set()
    return Run(fetched, failed, seconds)


# ---- rates: no request inside a Retry-After window, none above the rate


def rates_of_hosts() -> list[int]:
    """Return what each host is asked for at most: 5 to 100 requests a second."""
    return [5 * (host + 1) for host in range(N_HOSTS)]


def closing(rate: int, host: int) -> Rule:
    """Return a host that closes after every three seconds of requests, one way or the other."""
    said = "date" if host % 4 < 2 else "seconds"
    status = 429 if host % 2 else 503
    return Rule(Throttle(every=3 * rate, status=status, closed_s=2, says=said), "**", host)


def rates() -> None:
    """Count what the hosts see of a client that was told its rates, and told to wait."""
    each = rates_of_hosts()
    rules = [closing(rate, host) for host, rate in enumerate(each)]
    names = [f"127.0.0.{host + 1}" for host in range(N_HOSTS)]
    hosts = {
        name: HostRules(requests_per_second=rate) for name, rate in zip(names, each, strict=True)
    }
    policy = Policy(allow_private=LOOPBACK, hosts=hosts)
    with ImageHost(rules, n_hosts=N_HOSTS) as site:
        files = Files(site, {host: 12 * rate for host, rate in enumerate(each)})
        run = fetch(files, policy)
        wrong = run.wrong(site, files)
        requests = site.requests()
    refused = [one for one in requests if one.status in (429, 503)]
    dated = sum(not (one.retry_after or "0").isdigit() for one in refused)
    most = analysis.most_in_window(requests)
    above = [host for host, n in most.items() if n > each[host]]
    fullest = max(most[host] / each[host] for host in most)
    rows: list[list[object]] = [
        ["requests, to hosts", f"{len(requests):,}, {len(most)}"],
        ["files fetched / failed / with other bytes than the host's",
         f"{len(run.fetched):,} / {len(run.failed)} / {wrong}"],
        ["answers 429 or 503 with Retry-After, of these with a date", f"{len(refused)}, {dated}"],
        ["**requests inside a Retry-After window**", len(analysis.inside_retry_after(requests))],
        [f"of these, more than {ON_ITS_WAY_S * 1000:.0f} ms after it began",
         len(analysis.inside_retry_after(requests, grace_s=ON_ITS_WAY_S))],
        ["**hosts with more requests in any second than configured**", len(above)],
        ["fullest second of any host, of its rate", f"{fullest:.0%}"],
        ["requests while a host was open, of its rate (median of the hosts)",
         f"{statistics.median(shares_of_rate(requests, each)):.0%}"],
        ["seconds", f"{run.seconds:.0f}"],
    ]  # fmt: skip
    record(
        "fetch.rates",
        "A downloader told to keep a rate and to wait",
        f"{N_HOSTS} hosts, each with a rate of its own of {each[0]} to {each[-1]} requests a "
        "second. Every host closes for two seconds at each so many-th request, however slowly "
        "they come. Measured at the server, from the arrival of a request's head; a window begins "
        "when the 429 or 503 is out; robots.txt counts.\n\n" + table(["", ""], rows),
    )


def shares_of_rate(requests: Iterable[Request], each: Sequence[int]) -> list[float]:
    """Return each host's requests in the time it was open, as a share of what was allowed."""
    found = []
    by_host = defaultdict(list)
    for request in requests:
        by_host[request.host].append(request)
    for host, some in by_host.items():
        closed_s = sum(analysis.retry_after_s(one) or 0.0 for one in some)
        open_s = some[-1].arrived_s - some[0].arrived_s - closed_s
        found.append(len(some) / max(open_s, 1) / each[host])
    return found


# ---- stragglers: what a dead and a dripping host cost the others


def stragglers(n_rounds: int = 3) -> None:
    """Time 18 hosts alone, and beside one that does not answer and one of a byte a second."""
    rows = []
    for title, rate, n_files in (("at 20 requests/s", 20, 200), ("without a limit", 0, 500)):
        policy = Policy(allow_private=LOOPBACK, requests_per_second=rate)
        alone, beside = [], []
        for turn in range(n_rounds):
            for faulty in (False, True) if turn % 2 else (True, False):
                (beside if faulty else alone).append(healthy_seconds(policy, n_files, faulty))
        ratio = statistics.median(beside) / statistics.median(alone)
        rows.append([title, f"{18 * n_files:,}", spread(alone), spread(beside), f"{ratio:.3f}"])
    record(
        "fetch.stragglers",
        "A dead host and a slow one beside others",
        "18 hosts; until their last file is there, alone and beside a host that leaves every "
        "attempt to connect unanswered and one that sends a byte a second. Median of "
        f"{n_rounds} (least to most), alternating.\n\n"
        + table(["", "files", "18 alone, s", "18 beside the two, s", "ratio"], rows),
    )


def healthy_seconds(policy: Policy, n_files: int, faulty: bool) -> float:
    """Return how long 18 hosts take, with or without two others in the queue."""
    drip = Rule(answers.dripping(1), hosts=N_HOSTS - 1)
    with ImageHost([drip], n_hosts=N_HOSTS, silent=[N_HOSTS - 2]) as site:
        n_hosts = N_HOSTS if faulty else N_HOSTS - 2
        files = Files(site, dict.fromkeys(range(n_hosts), n_files))
        left = {media_id for media_id, (host, _) in files.place.items() if host < N_HOSTS - 2}

        def enough(media_id: str) -> bool:
            left.discard(media_id)
            return not left

        run = fetch(files, policy, enough)
    if left or run.failed:
        raise SystemExit(f"{len(left)} files of healthy hosts are missing")
    return run.seconds


def spread(seconds: Sequence[float]) -> str:
    """Return the median of some times, with the least and the most."""
    return f"{statistics.median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"


# ---- speed: against a peer, and against a loop that only writes


def speed(n_files: int = 20_000, n_rounds: int = 3) -> None:
    """Time ours, the peer's and a bare loop on the same files in the same run."""
    record("fetch.speed", "A downloader without a limit", measure_speed(n_files, n_rounds))


FIGURES = {"rates": rates, "stragglers": stragglers, "speed": speed}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("figures", nargs="*", help=f"any of {', '.join(FIGURES)}; default: all")
    for name in parser.parse_args().figures or FIGURES:
        if name not in FIGURES:
            parser.error(f"no figure is called {name!r}; known: {', '.join(FIGURES)}")
        FIGURES[name]()


if __name__ == "__main__":
    main()
