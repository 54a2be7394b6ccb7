"""When a host does what: the first rule that holds for a request decides."""

from __future__ import annotations

import fnmatch
import hashlib
import math
import re
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache

from wunderkammer.testing.hosts.answers import Answer, Redirect, Throttle, image, status
from wunderkammer.testing.hosts.errors import ImageHostError

ROBOTS = "robots.txt"
EVERYTHING = "**"
"""The pattern that holds for robots.txt too; ``*`` alone leaves it out."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is done with some of the requests.

    Attributes
    ----------
    answer : Answer, Redirect or Throttle
        What is done. A throttle that does not refuse hands on to the next rule.
    path : str
        Pattern of paths, without the slash in front and with the query:
        ``*`` stands for any text, ``?`` for one character. A pattern holds for
        ``robots.txt`` only if it names it, or is ``**``.
    hosts : int, collection of int or None
        On which hosts, counted from 0; None for all.
    first : int or None
        Holds for the first so many requests for each path that come as far as
        this rule; None for all.
    share : float
        Share of the paths for which it holds, drawn from ``seed``, host and path.
    seed : int
        Another seed, another draw.
    """

    answer: Answer | Redirect | Throttle
    path: str = "*"
    hosts: int | Sequence[int] | range | None = None
    first: int | None = None
    share: float = 1.0
    seed: int = 0

    def holds(self, host: int, path: str) -> bool:
        """Return whether the rule is about a path of a host."""
        if self.hosts is not None and not (
            host == self.hosts if isinstance(self.hosts, int) else host in self.hosts
        ):
            return False
        if path == ROBOTS:
            if self.path not in (ROBOTS, EVERYTHING):
                return False
        elif self.path not in ("*", EVERYTHING) and not _pattern(self.path).match(path):
            return False
        return self.share >= 1 or _drawn(self.seed, host, path) < self.share


@lru_cache(maxsize=1024)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern))


def _drawn(seed: int, host: int, path: str) -> float:
    """Return a number in [0, 1) that seed, host and path determine."""
    digest = hashlib.blake2b(f"{seed} {host} {path}".encode(), digest_size=7).digest()
    return int.from_bytes(digest, "big") / 2**56


@dataclass(slots=True)
class _Gate:
    """What one throttle knows of one host."""

    passed: deque[float] = field(default_factory=deque)
    n_asked: int = 0
    closed_until: float = -math.inf

    def refuses(self, throttle: Throttle, now: float, n_at_once: int) -> bool:
        """Return whether a request is refused; note it down."""
        if now < self.closed_until:
            return True
        self.n_asked += 1
        while self.passed and self.passed[0] <= now - 1:
            self.passed.popleft()
        too_many = (
            (throttle.per_s is not None and len(self.passed) + 1 > throttle.per_s)
            or (throttle.at_once is not None and n_at_once > throttle.at_once)
            or (throttle.every is not None and self.n_asked % throttle.every == 0)
        )
        if too_many:
            self.closed_until = now + throttle.closed_s
        else:
            self.passed.append(now)
        return too_many


class Script:
    """Decides, request by request, by the rules and what went before."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        self._tries: dict[tuple[int, int, str], int] = defaultdict(int)
        self._gates: dict[tuple[int, int], _Gate] = defaultdict(_Gate)

    def prepare(self) -> None:
        """Draw all pictures, so that no request waits for one."""
        answers = [rule.answer for rule in self._rules]
        for answer in (*answers, DEFAULT):
            if isinstance(answer, Answer) and not isinstance(answer.body, bytes):
                answer.body.prepare()

    def decide(
        self, host: int, path: str, *, now_s: float, now: float, n_at_once: int
    ) -> Answer | Redirect:
        """Return what is done with a request.

        Parameters
        ----------
        host, path
            What is asked for.
        now_s : float
            Seconds of a clock that only goes forward.
        now : float
            Seconds since 1970, for dates in headers.
        n_at_once : int
            Requests in progress at the host, this one among them.
        """
        for number, rule in enumerate(self._rules):
            if not rule.holds(host, path):
                continue
            if rule.first is not None:
                self._tries[number, host, path] += 1
                if self._tries[number, host, path] > rule.first:
                    continue
            if not isinstance(rule.answer, Throttle):
                return rule.answer
            gate = self._gates[number, host]
            if gate.refuses(rule.answer, now_s, n_at_once):
                return refusal(rule.answer, gate.closed_until - now_s, now)
        return _otherwise(path)

    def standing(self, host: int, path: str, *, attempt: int | None = None) -> Answer | Redirect:
        """Return what is done with the ``attempt``-th request (None: the last), throttles aside."""
        for rule in self._rules:
            if isinstance(rule.answer, Throttle) or not rule.holds(host, path):
                continue
            if rule.first is None or (attempt is not None and attempt <= rule.first):
                return rule.answer
            if attempt is not None:
                attempt -= rule.first
        return _otherwise(path)


def _otherwise(path: str) -> Answer:
    """Return what is done where no rule holds: an image, and no robots.txt."""
    return NO_ROBOTS if path == ROBOTS else DEFAULT


def refusal(throttle: Throttle, left_s: float, now: float) -> Answer:
    """Return the answer of a host that opens again in ``left_s`` seconds."""
    if throttle.says is None:
        return status(throttle.status)
    if throttle.says == "seconds":
        said = str(math.ceil(left_s))
    elif throttle.says == "date":
        said = formatdate(math.ceil(now + left_s), usegmt=True)
    else:
        said = throttle.says
    return status(throttle.status, {"Retry-After": said})


def check(rules: Sequence[Rule], n_hosts: int) -> None:
    """Refuse rules that can never hold or never be kept."""
    for rule in rules:
        named = () if rule.hosts is None else rule.hosts
        for host in (named,) if isinstance(named, int) else named:
            if not 0 <= host < n_hosts:
                raise ImageHostError(
                    f"A rule is for host {host}, and there are {n_hosts}, counted from 0.",
                    hint="Correct its hosts, or start more of them.",
                )
        if rule.path.startswith("/"):
            raise ImageHostError(
                f"The pattern {rule.path!r} begins with a slash; patterns of paths have none.",
                hint=f"Write {rule.path.lstrip('/')!r}.",
            )


DEFAULT = image()
NO_ROBOTS = status(404)
