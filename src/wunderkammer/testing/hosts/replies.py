"""From a request and what is to be done with it to the bytes of an HTTP/1.1 answer."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import quote, unquote

from wunderkammer.testing.hosts.answers import Answer, Delivery, Redirect
from wunderkammer.testing.hosts.pictures import Picture

FIRST_VERSION_AT = 1_577_836_800
"""Last-Modified of version 0, seconds since 1970: 2020-01-01; each version is a day later."""

SAFE = "/?&=:+,;@!$'()*~"
"""Characters that stand for themselves in the target of a request."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The head of a request.

    Attributes
    ----------
    method, path : str
        ``"GET"`` and the path without its slash, with its query, unescaped.
    headers : mapping
        By their names in lower case.
    keep_alive : bool
        Whether the connection is to be kept.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    keep_alive: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer ready to be sent."""

    status: int
    head: bytes
    body: bytes
    delivery: Delivery
    keep_alive: bool
    retry_after: str | None = None
    endless: bool = False


def parsed(head: bytes) -> Asked | None:
    """Return a request from the bytes of its head; None if they are none."""
    first, *rest = head.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return None
    headers = {}
    for line in rest:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.lower()] = value.strip()
    wish = headers.get("connection", "").lower()
    keep = wish != "close" if words[2] == "HTTP/1.1" else wish == "keep-alive"
    path = words[1].removeprefix("/")
    if "%" in path:
        path = unquote(path)
    return Asked(words[0], path, headers, keep)


def reply_to(
    asked: Asked, done: Answer | Redirect, host: int, origins: Sequence[str], now: float
) -> Reply:
    """Return the reply to a request.

    Parameters
    ----------
    asked : Asked
        The request.
    done : Answer or Redirect
        What the script does with it.
    host : int
        Number of the host that was asked.
    origins : sequence of str
        Where each host is, such as ``"http://127.0.0.1:40001"``.
    now : float
        Seconds since 1970.
    """
    if isinstance(done, Redirect):
        return _redirected(asked, done, origins, now)
    if done.status != 200:
        return _assembled(asked, done, done.status, done.sent(host, asked.path), [], now)
    tag = _tag(done, host, asked.path)
    version = done.body.version if isinstance(done.body, Picture) else 0
    changed_at = FIRST_VERSION_AT + 86_400 * version
    headers = []
    if done.etag:
        headers.append(("ETag", tag))
    if done.last_modified:
        headers.append(("Last-Modified", _date(changed_at)))
    if _unchanged(asked, done, tag, changed_at):
        return _assembled(asked, done, 304, b"", headers, now)
    body = done.sent(host, asked.path)
    if done.gzip:
        headers.append(("Content-Encoding", "gzip"))
    if done.ranges == "ignored":
        return _assembled(asked, done, 200, body, headers, now)
    headers.append(("Accept-Ranges", "bytes"))
    return _ranged(asked, done, body, headers, now)


def _tag(done: Answer, host: int, path: str) -> str:
    """Return the ETag of a file; it changes with the version."""
    if isinstance(done.body, Picture):
        return f'"{done.body.mark(host, path).decode()}"'
    return f'"{zlib.crc32(done.body):08x}-{len(done.body)}"'


def _unchanged(asked: Asked, done: Answer, tag: str, changed_at: int) -> bool:
    """Return whether a conditional request is to be answered with 304."""
    wanted = asked.headers.get("if-none-match")
    if wanted is not None and done.etag:
        known = [one.strip().removeprefix("W/") for one in wanted.split(",")]
        return tag in known or "*" in known
    since = asked.headers.get("if-modified-since")
    if since is None or not done.last_modified:
        return False
    try:
        return parsedate_to_datetime(since).timestamp() >= changed_at
    except ValueError:
        return False


def _ranged(
    asked: Asked, done: Answer, body: bytes, headers: list[tuple[str, str]], now: float
) -> Reply:
    """Return a 206 where a range was asked for and may be had, else everything."""
    span = _span(asked.headers.get("range"), len(body))
    condition = asked.headers.get("if-range")
    validators = [value for name, value in headers if name in ("ETag", "Last-Modified")]
    if span is None or (condition is not None and condition not in validators):
        return _assembled(asked, done, 200, body, headers, now)
    first, last = span
    if first >= len(body) or last < first:
        headers.append(("Content-Range", f"bytes */{len(body)}"))
        return _assembled(asked, done, 416, b"", headers, now)
    off = 1 if done.ranges == "wrong" else 0
    headers.append(("Content-Range", f"bytes {first + off}-{last + off}/{len(body)}"))
    return _assembled(asked, done, 206, body[first : last + 1], headers, now)


def _span(wanted: str | None, n_bytes: int) -> tuple[int, int] | None:
    """Return the first and last byte of the one range that is wanted, if one is."""
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", wanted or "")
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        return max(0, n_bytes - int(found[2])), n_bytes - 1
    last = int(found[2]) if found[2] else n_bytes - 1
    return int(found[1]), min(last, n_bytes - 1)


def _redirected(asked: Asked, done: Redirect, origins: Sequence[str], now: float) -> Reply:
    """Return a redirect to where it leads, or to the next hop on the way."""
    path, _, hop = asked.path.partition("?hop=")
    n_done = int(hop) if hop.isdigit() else 0
    if n_done + 1 < done.hops:
        where = f"?hop={n_done + 1}"
    else:
        where = done.to.replace("{path}", path)
        if done.host is not None:
            where = f"{origins[done.host]}/{where.lstrip('/')}"
    location = [("Location", quote(where, safe=SAFE + "%#[]"))]
    return _assembled(asked, Answer(), done.status, b"", location, now)


def _assembled(
    asked: Asked,
    done: Answer,
    status: int,
    body: bytes,
    headers: list[tuple[str, str]],
    now: float,
) -> Reply:
    """Return a reply with its head written out."""
    bare = status in (204, 304)
    chunked = done.delivery.chunked and not bare
    lines = [("Date", _date(int(now))), ("Server", "wunderkammer-testing"), *headers]
    if done.media_type and not bare:
        lines.append(("Content-Type", done.media_type))
    if chunked:
        lines.append(("Transfer-Encoding", "chunked"))
    elif not done.endless and not bare:
        lines.append(("Content-Length", str(len(body))))
    keep = asked.keep_alive and not done.endless
    if done.headers:
        ours = {name.lower() for name, _ in done.headers}
        lines = [line for line in lines if line[0].lower() not in ours]
        lines.extend(done.headers)
        keep = keep and "content-length" not in ours
    if not keep:
        lines.append(("Connection", "close"))
    text = "".join(f"{name}: {value}\r\n" for name, value in lines)
    head = f"HTTP/1.1 {status} {_phrase(status)}\r\n{text}\r\n".encode("latin-1")
    retry_after = next((v for name, v in done.headers if name.lower() == "retry-after"), None)
    whole_or_none = b"" if asked.method == "HEAD" else body
    endless = done.endless and bool(whole_or_none)
    return Reply(status, head, whole_or_none, done.delivery, keep, retry_after, endless)


@lru_cache(maxsize=64)
def _date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)


@lru_cache(maxsize=64)
def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
