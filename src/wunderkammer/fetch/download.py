"""One medium's way from its host: redirects, conditions, resuming, and the body within its caps."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from wunderkammer.fetch.errors import (
    BrokenOffError,
    FetchError,
    NotFoundError,
    RedirectError,
    RefusedError,
    ServerError,
    TooLargeError,
)
from wunderkammer.fetch.hosts import REDIRECTS, Hosts, drained, redirected
from wunderkammer.fetch.ledger import Ledger, Partial, Receipt
from wunderkammer.fetch.outcomes import Wanted
from wunderkammer.fetch.partial import Incoming, part_path
from wunderkammer.fetch.policy import Policy
from wunderkammer.fetch.retry import Setback, worth_another_try

_CONTENT_RANGE = re.compile(r"bytes (?P<start>\d+)-(?P<end>\d+)/(?P<total>\d+|\*)")
_LATER = "Run again later, with --retry-failed."


@dataclass(slots=True)
class Job:
    """A medium on its way.

    Attributes
    ----------
    wanted : Wanted
    address : str
        Normalised.
    host : str
        The lane it runs in.
    n_failed : int
        Tries that failed.
    n_turned_away : int
        Times its host closed itself when asked for it.
    weight : int
        Room it takes on its way to who takes the outcomes.
    conditional : bool
        Whether to ask on the strength of the file that is there.
    receipt : Receipt or None
        Answers for it without a request, if its file holds.
    """

    wanted: Wanted
    address: str
    host: str
    n_failed: int = 0
    n_turned_away: int = 0
    weight: int = 0
    conditional: bool = True
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A body that came whole as far as HTTP can tell.

    Attributes
    ----------
    content : bytes or None
        The body, None if it lies in the part file (or, unchanged, where it was).
    fetched_from : str
    redirects : tuple of str
    etag, last_modified : str
    unchanged : bool
        The host answered 304.
    certain : bool
        The host said how long it is; else an end that is missing goes unnoticed.
    resumed : bool
        Its beginning came in an earlier try.
    """

    content: bytes | None
    fetched_from: str
    redirects: tuple[str, ...] = ()
    etag: str = ""
    last_modified: str = ""
    unchanged: bool = False
    certain: bool = True
    resumed: bool = False


@dataclass(slots=True)
class _Way:
    """The addresses on the way."""

    address: str
    behind: list[str] = field(default_factory=list)

    def turn(self, target: str, most: int) -> None:
        self.behind.append(self.address)
        if target in self.behind:
            raise RedirectError(
                f"{self.behind[0]} is redirected in a circle, back to {target}.",
                hint="Tell the institution: the link is broken.",
            )
        if len(self.behind) > most:
            raise RedirectError(
                f"{self.behind[0]} is redirected more than {most} times.",
                hint="Tell the institution, or raise [fetch] max_redirects.",
            )
        self.address = target


class Downloader:
    """Downloads one medium at a time, for as many as ask.

    Parameters
    ----------
    root : Path
        The collection's folder.
    policy : Policy
    hosts : Hosts
    ledger : Ledger
        Remembers partial files.
    disk : Executor
        Writes large files.

    Attributes
    ----------
    begun : set of str
        Media of which a part may be here.
    """

    def __init__(
        self, root: Path, policy: Policy, hosts: Hosts, ledger: Ledger, disk: Executor
    ) -> None:
        self._disk = disk
        self._root = root
        self._policy = policy
        self._hosts = hosts
        self._ledger = ledger
        self.begun: set[str] = set()

    async def download(self, job: Job) -> Arrived:
        """Ask for a medium once, following redirects.

        Raises
        ------
        FetchError
            If it will not come.
        Setback, ClosedHost, LeaveHost
            If it may come later.
        NotWrittenError
            If it cannot be written here.
        """
        part = self._part(job)
        headers = part.headers() if part else _conditions(job)
        way = _Way(job.address)
        while True:
            async with self._hosts.allowed(way.address, headers) as response:
                if response.status in REDIRECTS:
                    way.turn(redirected(way.address, response), self._policy.max_redirects)
                    await drained(response)
                    continue
                return await self._taken(job, way, response, part)

    async def _taken(
        self, job: Job, way: _Way, response: aiohttp.ClientResponse, part: _Part | None
    ) -> Arrived:
        """Judge the answer at the end of the way and take its body."""
        status = response.status
        n_there = part.n_there if part and status == 206 and part.goes_on(response) else 0
        if status in {206, 416} and not n_there:
            self._drop(job)
            raise Setback(_broken_off(way.address, "it cannot be gone on with"))
        before = job.wanted.before
        if status == 304 and before is not None and job.conditional:
            etag = response.headers.get("ETag", before.etag)
            changed = response.headers.get("Last-Modified", before.last_modified)
            return Arrived(None, way.address, tuple(way.behind), etag, changed, unchanged=True)
        if status not in {200, 206}:
            await drained(response)
            raise refusal(way.address, status)
        if part and not n_there:
            self._drop(job)
        content = await self._body(job, way.address, response, n_there)
        return Arrived(
            content,
            way.address,
            tuple(way.behind),
            response.headers.get("ETag", ""),
            response.headers.get("Last-Modified", ""),
            certain=response.content_length is not None or "Transfer-Encoding" in response.headers,
            resumed=n_there > 0,
        )

    async def _body(
        self, job: Job, address: str, response: aiohttp.ClientResponse, n_there: int
    ) -> bytes | None:
        """Take the body within its caps of size and slowness."""
        length = response.content_length
        self._check_size(n_there + (length or 0), address)
        incoming = Incoming(
            lambda: part_path(self._root, job.wanted.media_id),
            self._policy.resume_bytes,
            begun=lambda: self._remember(job, response, n_there + length if length else -1),
            n_there=n_there,
            disk=self._disk,
        )
        try:
            await self._read(address, response, incoming)
            return await incoming.finished()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            slow = isinstance(error, TimeoutError)
            why = _stalled(self._policy) if slow else "the connection was lost before its end"
            raise Setback(_broken_off(address, why), slow=slow) from None
        finally:
            await incoming.put_down()

    async def _read(
        self, address: str, response: aiohttp.ClientResponse, incoming: Incoming
    ) -> None:
        if response.content.is_eof():  # all of it came with the head
            await incoming.add(await response.content.read())
            self._check_size(incoming.n_bytes, address)
            return
        loop = asyncio.get_running_loop()
        stall_s = self._policy.stall_s
        least = self._policy.least_bytes_per_s * stall_s
        since, n_since = loop.time(), incoming.n_bytes
        async with asyncio.timeout(stall_s) as limit:
            while piece := await response.content.readany():
                await incoming.add(piece)
                self._check_size(incoming.n_bytes, address)
                now = loop.time()
                limit.reschedule(now + stall_s)
                if now - since >= stall_s:
                    if incoming.n_bytes - n_since < least:
                        raise Setback(_broken_off(address, _too_slow(self._policy)), slow=True)
                    since, n_since = now, incoming.n_bytes

    def _check_size(self, n_bytes: int, address: str) -> None:
        most = self._policy.max_bytes
        if n_bytes > most:
            raise TooLargeError(
                f"{address} has {n_bytes:,} bytes or more, and {most:,} are allowed.",
                hint="Raise [fetch] max_bytes if it is meant to be so large.",
            )

    def _part(self, job: Job) -> _Part | None:
        """Return what is here of a medium's file, if the rest can be asked for."""
        if job.wanted.media_id not in self.begun:
            return None
        try:
            n_there = part_path(self._root, job.wanted.media_id).stat().st_size
        except OSError:
            return None
        known = self._ledger.partial(job.wanted.media_id)
        if known and known.address == job.address and 0 < n_there < known.n_total:
            return _Part(known, n_there)
        return None

    def _remember(self, job: Job, response: aiohttp.ClientResponse, n_total: int) -> None:
        """Note what the file that is begun is a part of, if the host lets one go on with it."""
        self.begun.add(job.wanted.media_id)
        headers = response.headers
        etag = headers.get("ETag", "")
        validator = etag if etag.startswith('"') else headers.get("Last-Modified", "")
        unfit = "Content-Encoding" in headers or headers.get("Accept-Ranges", "").lower() == "none"
        if validator and n_total > 0 and not unfit:
            self._ledger.keep_partial(Partial(job.wanted.media_id, job.address, validator, n_total))
        else:
            self._ledger.forget_partial(job.wanted.media_id)

    def _drop(self, job: Job) -> None:
        """Forget what is here of a medium's file."""
        self._ledger.forget_partial(job.wanted.media_id)
        part_path(self._root, job.wanted.media_id).unlink(missing_ok=True)
        self.begun.discard(job.wanted.media_id)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a file, of so many bytes."""

    known: Partial
    n_there: int

    def headers(self) -> dict[str, str]:
        """Return what asks for the rest, or all of it if the file is another now."""
        return {"Range": f"bytes={self.n_there}-", "If-Range": self.known.validator}

    def goes_on(self, response: aiohttp.ClientResponse) -> bool:
        """Tell whether an answer is the rest of this very file."""
        found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
        return (
            found is not None
            and int(found["start"]) == self.n_there
            and int(found["end"]) == self.known.n_total - 1
            and found["total"] in {"*", str(self.known.n_total)}
        )


def _conditions(job: Job) -> dict[str, str]:
    """Return what asks for a file only if it is another than the one that is here."""
    before = job.wanted.before
    if before is None or not job.conditional:
        return {}
    headers = {"If-None-Match": before.etag, "If-Modified-Since": before.last_modified}
    return {name: value for name, value in headers.items() if value}


def refusal(address: str, status: int) -> FetchError | Setback:
    """Return what an HTTP status that is no success means for an address."""
    if status in {404, 410}:
        return NotFoundError(
            f"{address} is not there: the host answers {status}.",
            hint="Tell the institution: the link is dead.",
        )
    if worth_another_try(status):
        return Setback(ServerError(f"the host answers {status} for {address}.", hint=_LATER))
    return RefusedError(
        f"the host answers {status} for {address}.",
        hint="Open the address in a browser: it may need a log-in, or be meant for few.",
    )


def _stalled(policy: Policy) -> str:
    return f"nothing came for {policy.stall_s:g} s"


def _too_slow(policy: Policy) -> str:
    return f"it came slower than {policy.least_bytes_per_s:,} bytes a second"


def _broken_off(address: str, why: str) -> BrokenOffError:
    return BrokenOffError(f"{address} broke off: {why}.", hint=_LATER)
