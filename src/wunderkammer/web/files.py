"""Files over HTTP: whole or by range, compressed or not, read without a thread where they can.

What the disk has in memory is read at once, in the loop that answers; only what is not there
yet is left to a thread. A tile costs no more than the parsing of its request.
"""

from __future__ import annotations

import asyncio
import functools
import gzip
import hashlib
import mimetypes
import os
import stat
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import Response
from starlette.types import Message, Scope, Send

from wunderkammer.web.kept import Cache
from wunderkammer.web.problems import problem
from wunderkammer.web.ranges import UnsatisfiableError, asked_range

PIECE = 256 * 1024
"""Bytes that are read and sent at a time."""

_COMPRESSED = frozenset(
    {"application/json", "text/html", "text/css", "text/javascript", "image/svg+xml"}
)
_WORTH_COMPRESSING, _TOO_LARGE_TO_COMPRESS = 1024, 16 * 2**20
_MOST_OPEN = 64
_AT_ONCE: int = getattr(os, "RWF_NOWAIT", 0)
_FOREVER = "public, max-age=31536000, immutable"


class OpenFile:
    """A file that stays open as long as somebody reads it.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    FileNotFoundError
        If there is none, or it is no regular file.
    """

    __slots__ = ("at_once", "fd", "mtime_ns", "number", "size")

    def __init__(self, path: Path | str) -> None:
        self.fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        found = os.fstat(self.fd)
        if not stat.S_ISREG(found.st_mode):
            raise FileNotFoundError(path)
        self.number, self.mtime_ns, self.size = found.st_ino, found.st_mtime_ns, found.st_size
        self.at_once = _AT_ONCE

    def __del__(self) -> None:
        """Close it."""
        if hasattr(self, "fd"):
            os.close(self.fd)

    @property
    def etag(self) -> str:
        """What tells this state of the file from others."""
        return f'"{self.mtime_ns:x}-{self.size:x}-{self.number:x}"'

    async def read(self, first: int, length: int) -> bytes | bytearray:
        """Return a part; from memory at once, else by a thread."""
        if self.at_once:
            content = bytearray(length)
            try:
                if os.preadv(self.fd, [content], first, self.at_once) == length:
                    return content
            except BlockingIOError:
                pass
            except OSError:  # this disk cannot tell what it has in memory
                self.at_once = 0
        return await asyncio.to_thread(os.pread, self.fd, length, first)


class OpenFiles:
    """The files that were asked for last, kept open; what was replaced is opened anew."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, OpenFile] = OrderedDict()

    def get(self, path: Path) -> OpenFile:
        """Return an open file as it is now.

        Raises
        ------
        FileNotFoundError
            If there is none.
        """
        name = str(path)
        known = self._open.get(name)
        if known is None:
            known = OpenFile(name)
            if known.size <= PIECE:
                return known  # opened quickly, and there may be many
        else:
            now = os.stat(name)  # noqa: PTH116 - for each tile: a third of the time
            if (now.st_ino, now.st_mtime_ns, now.st_size) != (
                known.number, known.mtime_ns, known.size
            ):  # fmt: skip
                known = OpenFile(name)
        self._open[name] = known
        self._open.move_to_end(name)
        while len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)
        return known


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request says of how it wants a file.

    Attributes
    ----------
    range, if_range, if_none_match, accept_encoding : str
        The headers of these names; empty where they are missing.
    """

    range: str = ""
    if_range: str = ""
    if_none_match: str = ""
    accept_encoding: str = ""

    @classmethod
    def of(cls, scope: Scope) -> Asked:
        """Return what a request says."""
        found = {}
        for name, value in scope["headers"]:
            field = _FIELDS.get(name)
            if field:
                found[field] = value.decode("latin-1")
        return cls(**found)

    def has(self, etag: str) -> bool:
        """Tell whether the client holds what has this tag."""
        if not self.if_none_match:
            return False
        known = {part.strip().removeprefix("W/") for part in self.if_none_match.split(",")}
        return etag in known or "*" in known

    def encoding(self) -> str:
        """Return how a text is compressed for the client: ``br``, ``gzip`` or not."""
        if not self.accept_encoding:
            return ""
        taken = set()
        for part in self.accept_encoding.lower().split(","):
            name, _, quality = part.replace(" ", "").partition(";q=")
            if quality.strip("0.") or not quality:
                taken.add(name)
        return next((one for one in ("br", "gzip") if one in taken), "")


_FIELDS = {
    b"range": "range",
    b"if-range": "if_range",
    b"if-none-match": "if_none_match",
    b"accept-encoding": "accept_encoding",
}


class Files:
    """Answers files and texts, with what was made of them last at hand."""

    def __init__(self) -> None:
        self._open = OpenFiles()
        self._compressed = Cache(32 * 2**20)
        self._compressing = asyncio.Lock()

    async def file(self, path: Path, scope: Scope, send: Send) -> None:
        """Answer a file: small texts compressed, all else as it is, whole or by range.

        Raises
        ------
        FileNotFoundError
            If there is none; nothing was sent then.
        """
        file = self._open.get(path)
        asked, kind = Asked.of(scope), media_type(path.name)
        headers = {
            "Content-Type": _with_charset(kind),
            "ETag": file.etag,
            "Cache-Control": _caching(path),
        }
        if asked.has(file.etag):
            await tell(Response(status_code=304, headers=headers), scope, send)
        elif kind in _COMPRESSED and not asked.range and file.size <= _TOO_LARGE_TO_COMPRESS:
            content = bytes(await file.read(0, file.size))
            await self._text(content, headers, asked, scope, send)
        else:
            await _send_part(file, headers, asked, scope, send)

    async def text(self, content: bytes, kind: str, scope: Scope, send: Send) -> None:
        """Answer bytes that lie in no file."""
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {"Content-Type": kind, "ETag": etag, "Cache-Control": "no-cache"}
        asked = Asked.of(scope)
        if asked.has(etag):
            await tell(Response(status_code=304, headers=headers), scope, send)
        else:
            await self._text(content, headers, asked, scope, send)

    async def _text(
        self, content: bytes, headers: dict[str, str], asked: Asked, scope: Scope, send: Send
    ) -> None:
        """Answer a text, compressed as the client can take it."""
        headers["Vary"] = "Accept-Encoding"
        encoding = asked.encoding() if len(content) >= _WORTH_COMPRESSING else ""
        if encoding:
            headers["Content-Encoding"] = encoding
            key = (hashlib.sha256(content).hexdigest(), encoding)
            # one after the other: who waits for the same text finds it made
            async with self._compressing:
                make = functools.partial(_compress, content, encoding)
                content = await asyncio.to_thread(self._compressed.get, key, make)
        await tell(Response(content, headers=headers), scope, send)


async def tell(answer: Response, scope: Scope, send: Send) -> None:
    """Send an answer that is whole already."""
    await answer(scope, _nothing, send)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


async def _send_part(
    file: OpenFile, headers: dict[str, str], asked: Asked, scope: Scope, send: Send
) -> None:
    """Send a file or the range of it that is asked for, a piece at a time."""
    wanted = asked.range if asked.if_range in {"", file.etag} else ""
    status, first, end = 200, 0, file.size
    headers["Accept-Ranges"] = "bytes"
    try:
        part = asked_range(wanted, file.size) if wanted else None
    except UnsatisfiableError:
        title = f"'{wanted[:100]}' is no part of a file of {file.size:,} bytes."
        told = {"Content-Range": f"bytes */{file.size}"}
        hint = "Ask for 'bytes=<first>-<last>', counted from 0."
        await tell(problem(416, title, hint, told), scope, send)
        return
    if part is not None:
        status, (first, end) = 206, part
        headers["Content-Range"] = f"bytes {first}-{end - 1}/{file.size}"
    headers["Content-Length"] = str(end - first)
    lines = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    if scope["method"] == "HEAD":
        first = end
    while end - first > PIECE:
        content = await file.read(first, PIECE)
        await send({"type": "http.response.body", "body": content, "more_body": True})
        first += len(content)
        if not content:
            raise OSError("the file became shorter while it was sent")
    content = await file.read(first, end - first) if end > first else b""
    await send({"type": "http.response.body", "body": content})


def _compress(content: bytes, encoding: str) -> bytes:
    if encoding == "br":
        import brotli

        return bytes(brotli.compress(content, quality=5))
    return gzip.compress(content, 6, mtime=0)


def _with_charset(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _caching(path: Path) -> str:
    """Files whose name holds their hash never change; all others are asked for again."""
    return _FOREVER if path.parent.name == "assets" else "no-cache"


@functools.lru_cache(maxsize=4096)
def media_type(name: str) -> str:
    """Return what a file is sent as, by its name.

    Examples
    --------
    >>> [media_type(one) for one in ("tiles.pmtiles", "index.js", "5.jpg", "points.bin")]
    ['application/octet-stream', 'text/javascript', 'image/jpeg', 'application/octet-stream']
    """
    suffix = name.rpartition(".")[2]
    if suffix in {"pmtiles", "bin"}:
        return "application/octet-stream"
    if suffix == "js":
        return "text/javascript"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
