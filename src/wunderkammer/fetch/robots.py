"""robots.txt: what a host allows, and how fast (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from wunderkammer.fetch.errors import RobotsError
from wunderkammer.fetch.rate import Limit

if TYPE_CHECKING:
    from protego import Protego

NAME = "Wunderkammer"
"""What robots.txt may call us."""

MAX_BYTES = 500 * 1024
"""What lies beyond is not read, as the standard allows."""

MAX_REDIRECTS = 5
"""After more, the file counts as not there."""

FRESH_S = 86_400.0
"""A robots.txt is asked for again after a day."""


@dataclass(frozen=True)
class Robots:
    """What one origin's robots.txt says.

    Attributes
    ----------
    text : str
        Its content; empty where there is none, which allows all.
    fetched_at : float
        Unix time.
    """

    text: str
    fetched_at: float

    @cached_property
    def _rules(self) -> Protego | None:
        if not self.text.strip():
            return None
        from protego import Protego

        return Protego.parse(self.text)

    def check(self, address: str) -> None:
        """Check that an address may be asked for.

        Raises
        ------
        RobotsError
            If it is forbidden.
        """
        if self._rules is not None and not self._rules.can_fetch(address, NAME):
            raise RobotsError(
                f"robots.txt of the host forbids {address}.",
                hint="Ask the institution for the files, or for leave; there is no way round.",
            )

    def limits(self) -> list[Limit]:
        """Return the limits that ``crawl-delay`` and ``request-rate`` set."""
        if self._rules is None:
            return []
        found = []
        delay = self._rules.crawl_delay(NAME)
        if delay and delay > 0:
            found.append(Limit(1, float(delay)))
        rate = self._rules.request_rate(NAME)
        if rate and rate.requests > 0 and rate.seconds > 0:
            found.append(Limit(int(rate.requests), float(rate.seconds)))
        return found

    def is_fresh(self, now: float) -> bool:
        """Tell whether it need not be asked for again."""
        return 0 <= now - self.fetched_at < FRESH_S


def read_text(content: bytes) -> str:
    """Return the text of a robots.txt: UTF-8, broken letters replaced, no byte-order mark."""
    return content[:MAX_BYTES].decode("utf-8-sig", errors="replace")
