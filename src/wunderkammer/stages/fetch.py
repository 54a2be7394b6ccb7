"""Fetch: see to it that the original of each medium is on this machine."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal

from wunderkammer.core.column import Column
from wunderkammer.core.errors import ImageMissingError, WunderkammerError
from wunderkammer.core.files import file_sha256
from wunderkammer.core.lanes import Lanes, LaneState
from wunderkammer.core.plan import Reason
from wunderkammer.core.stage import Context, Done, Failed, Stream, StreamStage
from wunderkammer.fetch.address import host_key, normalised
from wunderkammer.fetch.errors import AddressError, TooLargeError
from wunderkammer.fetch.outcomes import Before, Fetched, HostLeft, HostState, NotFetched, Wanted
from wunderkammer.fetch.policy import Policy

_HERE = ""
"""Lane of the media that need no host."""

_COPY = Column("copy", "blob", "JPEG of the original with the longest side of copy_px.")
_AT_ONCE = 256
_FETCHED = ("media_type", "fetched_from", "redirects", "etag", "last_modified")


class FetchStage(Policy, StreamStage):
    """See to it that each original is on this machine; what is not is fetched, politely."""

    redoing: ClassVar[str] = "Ask the hosts whether images that are here have changed."
    name: Literal["fetch"] = "fetch"
    version: Literal["1"] = "1"
    batch_size: ClassVar[int] = 512

    def reads(self) -> tuple[str, ...]:
        """Return what decides which bytes are meant, and whether they may be fetched."""
        return ("original_sha256", "accessURI", *(("license",) if self.licences else ()))

    def looks_up(self) -> tuple[str, ...]:
        """Return where a local original lies."""
        return ("original_path",)

    def remembers(self) -> tuple[str, ...]:
        """Return what a conditional request needs."""
        return ("content_path", "content_sha256", *_FETCHED)

    def writes(self) -> tuple[Column, ...]:
        """Return where the bytes are, what they are, and where they came from."""
        return (
            Column(
                "content_path", "text", "Where the original lies, from the collection or absolute."
            ),
            Column("content_sha256", "text", "SHA-256 of its bytes, hexadecimal."),
            Column("media_type", "text", "Media type of a fetched original, by its content."),
            Column("fetched_from", "text", "Address that answered, after redirects."),
            Column("redirects", "text", "Addresses that sent on, in order, as a JSON list."),
            Column("etag", "text", "Entity tag the host sent with it."),
            Column("last_modified", "text", "Time of change the host sent with it, verbatim."),
            *((_COPY,) if self.copy_px else ()),
        )

    def stores(self) -> Mapping[str, str]:
        """Return where the originals lie, and their digests."""
        return {"content_path": "content_sha256"}

    def lane(self, row: Mapping[str, Any], context: Context) -> str:
        """Return the host a medium must be fetched from; empty if none need be asked."""
        if _is_local(row) or self._refused(row) or _is_kept(row, context.root):
            return _HERE
        return host_key(row["accessURI"])

    def stream(self, stream: Stream, context: Context) -> Generator[Done | Failed, None, str]:
        """Yield what needs no host, then what the hosts send, in the order it comes."""
        while rows := stream.lanes.take(_HERE, _AT_ONCE):
            for row in rows:
                yield self._here(row, context)
            if stream.stop():
                return ""
        if not any(stream.lanes.waiting().values()):
            return ""
        from wunderkammer.fetch.fetcher import Fetcher

        fetcher = Fetcher(
            context.root,
            self,
            contact=context.contact,
            watch=lambda hosts: stream.watch([_lane_state(host) for host in hosts]),
        )
        for outcome in fetcher.run(_Queue(stream.lanes), stream.stop):
            if isinstance(outcome, NotFetched):
                yield Failed(outcome.media_id, outcome.error)
            else:
                yield Done(outcome.media_id, self._values(outcome, context))
        return "" if stream.stop() else "\n".join(_left(one) for one in fetcher.left())

    def _refused(self, row: Mapping[str, Any]) -> WunderkammerError | None:
        """Return why a medium cannot be fetched, before any host is asked."""
        address = row["accessURI"]
        if not address:
            named = row["original_path"]
            return ImageMissingError(
                f"the image {named} is not there." if named else "the record names no image.",
                hint="Put it in place, or give the record an address (accessURI).",
            )
        try:
            normalised(address)
        except AddressError as error:
            return error
        return self.licence_refusal(row.get("license") or "")

    def _here(self, row: Mapping[str, Any], context: Context) -> Done | Failed:
        """Return the outcome of a medium that needs no host."""
        media_id = row["media_id"]
        if _is_local(row):
            return Done(
                media_id,
                {"content_path": row["original_path"], "content_sha256": row["original_sha256"]},
            )
        refused = self._refused(row)
        if refused is not None:
            return Failed(media_id, refused)
        try:
            return Done(media_id, self._again(row, context))
        except WunderkammerError as error:
            return Failed(media_id, error)

    def _again(self, row: Mapping[str, Any], context: Context) -> dict[str, Any]:
        """Return the values of a medium that was fetched before, under the settings of today."""
        from wunderkammer.fetch.verify import verify

        content = (context.root / row["before.content_path"]).read_bytes()
        if len(content) > self.max_bytes:
            raise TooLargeError(
                f"the file has {len(content):,} bytes; at most {self.max_bytes:,} are allowed.",
                hint="Raise [fetch] max_bytes, or leave it out.",
            )
        found = verify(content, max_pixels=self.max_pixels, copy_px=self.copy_px)
        values = {name: row[f"before.{name}"] for name in _FETCHED}
        values |= {"content_path": row["before.content_path"], "content_sha256": found.sha256}
        return self._with_copy(values, found.copy, context)

    def _values(self, fetched: Fetched, context: Context) -> dict[str, Any]:
        values = {
            "content_path": fetched.path,
            "content_sha256": fetched.sha256,
            "media_type": fetched.media_type,
            "fetched_from": fetched.fetched_from,
            "redirects": json.dumps(fetched.redirects) if fetched.redirects else None,
            "etag": fetched.etag or None,
            "last_modified": fetched.last_modified or None,
        }
        return self._with_copy(values, fetched.copy, context)

    def _with_copy(
        self, values: dict[str, Any], copy: bytes | None, context: Context
    ) -> dict[str, Any]:
        if self.copy_px and copy is not None:
            values["copy"] = context.write_blob("copy", copy, ".jpg")
        return values


class _Queue:
    """The lanes of the collection as a fetcher's queue."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self._asked = secrets.token_hex(8)

    def waiting(self) -> Mapping[str, int]:
        return {host: n for host, n in self._lanes.waiting().items() if host != _HERE}

    def take(self, host: str, n: int) -> Sequence[Wanted]:
        return [
            Wanted(row["media_id"], row["accessURI"], self._key(row), _before(row))
            for row in self._lanes.take(host, n)
        ]

    def _key(self, row: Mapping[str, Any]) -> str:
        """Return what a receipt is filed under; asking again is answered by none from before."""
        again = row["reason"] == Reason.ASKED_AGAIN
        return f"{row['key']} {self._asked}" if again else str(row["key"])


def _is_local(row: Mapping[str, Any]) -> bool:
    return bool(row["original_path"] and row["original_sha256"])


def _is_kept(row: Mapping[str, Any], root: Path) -> bool:
    """Return whether the file of an earlier run is the one that is meant, and is sound.

    It is not asked for again because a setting changed; only if a person asks
    whether the host has changed it.
    """
    before = _before(row)
    if before is None or row["reason"] not in {Reason.SETTINGS_CHANGED, Reason.INPUT_CHANGED}:
        return False
    path = root / before.path
    return (
        before.address == normalised(row["accessURI"])
        and path.is_file()
        and file_sha256(path) == before.sha256
    )


def _asked_before(row: Mapping[str, Any]) -> str:
    """Return the address that was asked for what is there."""
    redirects = json.loads(row["before.redirects"] or "[]")
    return str(redirects[0] if redirects else row["before.fetched_from"] or "")


def _before(row: Mapping[str, Any]) -> Before | None:
    path = row["before.content_path"]
    if not path or not row["before.fetched_from"]:
        return None
    return Before(
        path,
        row["before.content_sha256"],
        _asked_before(row),
        row["before.etag"] or "",
        row["before.last_modified"] or "",
    )


def _lane_state(host: HostState) -> LaneState:
    until = host.waiting_until
    when = None if until is None else dt.datetime.fromtimestamp(until, dt.UTC)
    return LaneState(host.host, host.done, host.failed, host.left, host.rate, when, host.note)


def _left(host: HostLeft) -> str:
    when = ""
    if host.until is not None:
        when = f" until {dt.datetime.fromtimestamp(host.until, dt.UTC).astimezone():%d %b %H:%M}"
    return f"{host.host} {host.why}{when}: {host.number:,} left for the next run"
