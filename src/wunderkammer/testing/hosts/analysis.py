"""What to ask of a host's record of requests: rates, windows kept, concurrency, waste."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from email.utils import parsedate_to_datetime

from wunderkammer.testing.hosts.record import Request


def most_in_window(requests: Iterable[Request], window_s: float = 1.0) -> dict[int, int]:
    """Return each host's greatest number of requests in any window.

    Parameters
    ----------
    requests : iterable of Request
        In any order.
    window_s : float
        Length of the window, which is half open: two requests exactly
        ``window_s`` apart are not in one.

    Returns
    -------
    dict
        Host to number; hosts without requests are not there.
    """
    most: dict[int, int] = {}
    for host, times in _arrivals(requests).items():
        first = 0
        for last, time_s in enumerate(times):
            while times[first] <= time_s - window_s:
                first += 1
            most[host] = max(most.get(host, 0), last - first + 1)
    return most


def _arrivals(requests: Iterable[Request]) -> Mapping[int, list[float]]:
    """Return each host's times of arrival, sorted."""
    times: dict[int, list[float]] = defaultdict(list)
    for request in requests:
        times[request.host].append(request.arrived_s)
    for arrived in times.values():
        arrived.sort()
    return times


def retry_after_s(request: Request) -> float | None:
    """Return for how many seconds from its end an answer asked to be left alone.

    None where it did not: another status than 429 and 503, no Retry-After, one
    that is neither a whole number of seconds nor a date, or a moment that had
    passed already.
    """
    said = request.retry_after
    if request.status not in (429, 503) or said is None or request.ended_s is None:
        return None
    if said.strip().isascii() and said.strip().isdigit():
        seconds = float(said)
    else:
        try:
            date = parsedate_to_datetime(said)
        except ValueError:
            return None
        ended_at = request.arrived_at + request.ended_s - request.arrived_s
        seconds = date.timestamp() - ended_at
    return seconds if seconds > 0 else None


def inside_retry_after(
    requests: Iterable[Request], *, longest_s: float = math.inf, grace_s: float = 0.0
) -> list[Request]:
    """Return the requests that came while their host had asked to be left alone.

    Parameters
    ----------
    requests : iterable of Request
        In any order.
    longest_s : float
        Windows longer than this count as this long, for a client that has
        reason to trust no longer ones.
    grace_s : float
        Seconds after the end of a 429 or 503 in which a request may still
        come: it was on its way before its client could read the answer.

    Returns
    -------
    list of Request
        In the order of their arrival.
    """
    everything = sorted(requests, key=lambda request: request.arrived_s)
    windows: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for request in everything:
        seconds = retry_after_s(request)
        if seconds is not None and request.ended_s is not None:
            closed = (request.ended_s + grace_s, request.ended_s + min(seconds, longest_s))
            windows[request.host].append(closed)
    return [
        request
        for request in everything
        if any(begin < request.arrived_s < end for begin, end in windows[request.host])
    ]


def most_at_once(requests: Iterable[Request]) -> dict[int, int]:
    """Return each host's greatest number of requests in progress at one time.

    One that ends at the moment another arrives is not in progress with it.
    """
    changes: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for request in requests:
        ended_s = math.inf if request.ended_s is None else request.ended_s
        changes[request.host] += [(request.arrived_s, 1), (ended_s, -1)]
    most: dict[int, int] = {}
    for host, moments in changes.items():
        at_once = 0
        for _, change in sorted(moments):
            at_once += change
            most[host] = max(most.get(host, 0), at_once)
    return most


def served_whole(requests: Iterable[Request]) -> Counter[tuple[int, str]]:
    """Return how often each path of each host was served whole, with status 200 or 206.

    A count above 1 means that something was fetched twice.
    """
    return Counter(
        (request.host, request.path)
        for request in requests
        if request.whole and request.method == "GET" and request.status in (200, 206)
    )
