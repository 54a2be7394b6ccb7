"""One connection to a scripted host: requests come in, answers go out, well or badly."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

from wunderkammer.testing.hosts.answers import status
from wunderkammer.testing.hosts.record import NOTED, Record, Request
from wunderkammer.testing.hosts.replies import Asked, Reply, parsed, reply_to
from wunderkammer.testing.hosts.rules import Script

LONGEST_HEAD = 65_536
BLOCK = 65_536
"""Bytes handed to the system at a time, where more than the fast way needs."""

SLICE_S = 0.05
"""Seconds between two pieces of a paced body."""

BEFORE_RESET_S = 0.02
"""Seconds that what was sent has to arrive before a reset overtakes it."""


@dataclass(slots=True)
class Site:
    """What all connections of all hosts share."""

    script: Script
    record: Record
    origins: Sequence[str] = ()
    n_connections: int = 0
    open: set[Conversation] = field(default_factory=set)


class Conversation(asyncio.Protocol):
    """Reads requests of one connection, one after the other, and plays the answers."""

    def __init__(self, site: Site, host: int) -> None:
        self._site = site
        self._host = host
        self._inbox = bytearray()
        self._request: Request | None = None
        self._reply: Reply | None = None
        self._task: asyncio.Task[None] | None = None
        self._full = False
        self._drained: asyncio.Future[None] | None = None
        self._number = site.n_connections
        site.n_connections += 1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of every byte that the system does not take at once."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=0)
        self._site.open.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        """Give up what was being answered."""
        self._site.open.discard(self)
        if self._task is not None:
            self._task.cancel()
        if self._request is not None:
            self._site.record.end(self._request, time.monotonic(), whole=False)
            self._request = None

    def abort(self) -> None:
        """End the connection at once."""
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Begin on a request as soon as its head is there."""
        self._inbox += data
        if self._request is None:
            self._read()

    def pause_writing(self) -> None:
        """Note that the system takes no more for now."""
        self._full = True

    def resume_writing(self) -> None:
        """Go on: the system has taken everything."""
        self._full = False
        if self._drained is not None:
            if not self._drained.done():
                self._drained.set_result(None)
        elif self._request is not None and self._task is None:
            self._finish()

    def _read(self) -> None:
        """Take the next request from what has come in, if it is whole."""
        end = self._inbox.find(b"\r\n\r\n")
        if end < 0:
            if len(self._inbox) > LONGEST_HEAD:
                self._refuse(431)
            return
        asked = parsed(bytes(self._inbox[:end]))
        del self._inbox[: end + 4]
        if asked is None:
            self._refuse(400)
            return
        self._answer(asked)

    def _refuse(self, code: int) -> None:
        """Answer what is no request, and close."""
        self._inbox.clear()
        asked = Asked("GET", "", {}, keep_alive=False)
        reply = reply_to(asked, status(code), self._host, (), time.time())
        self._transport.write(reply.head + reply.body)
        self._transport.close()

    def _answer(self, asked: Asked) -> None:
        """Note a request down, decide and begin to answer."""
        site, now_s, now = self._site, time.monotonic(), time.time()
        noted = {name: asked.headers[name] for name in NOTED if name in asked.headers}
        request = Request(
            self._host, asked.method, asked.path, noted, self._number, now_s, now
        )  # fmt: skip
        site.record.begin(request)
        if asked.method in ("GET", "HEAD"):
            done = site.script.decide(
                self._host, asked.path, now_s=now_s, now=now,
                n_at_once=site.record.n_at_once[self._host],
            )  # fmt: skip
        else:
            done = status(405)
        reply = reply_to(asked, done, self._host, site.origins, now)
        self._request, self._reply = request, reply
        delivery = reply.delivery
        slow = delivery.ending != "whole" or delivery.bytes_per_s or delivery.delay_s
        if slow or delivery.chunked or reply.endless or len(reply.body) > 4 * BLOCK:
            self._task = asyncio.get_running_loop().create_task(self._play(request, reply))
            return
        self._noted_head(request, reply)
        self._transport.write(reply.head + reply.body)
        request.n_bytes_sent = len(reply.body)
        if self._full:
            waiting = self._transport.get_write_buffer_size()
            request.n_bytes_sent = max(0, len(reply.body) - waiting)
        else:
            self._finish()

    @staticmethod
    def _noted_head(request: Request, reply: Reply) -> None:
        request.status = reply.status
        request.retry_after = reply.retry_after

    def _finish(self) -> None:
        """Note that an answer is out, and go on to the next request."""
        request, reply = self._request, self._reply
        if request is None or reply is None:
            return
        request.n_bytes_sent = max(request.n_bytes_sent, len(reply.body))
        self._site.record.end(request, time.monotonic(), whole=True)
        self._request = self._task = None
        if not reply.keep_alive:
            self._transport.close()
        elif self._inbox:
            asyncio.get_running_loop().call_soon(self._read)

    async def _play(self, request: Request, reply: Reply) -> None:
        """Send an answer the slow way: late, in pieces, not to its end."""
        delivery = reply.delivery
        if delivery.delay_s:
            await asyncio.sleep(delivery.delay_s)
        if delivery.ending == "whole" or delivery.after is not None:
            self._noted_head(request, reply)
            await self._send(reply.head)
            await self._send_body(request, reply)
        if delivery.ending == "stall":
            await asyncio.get_running_loop().create_future()
        if delivery.ending == "reset":
            await asyncio.sleep(BEFORE_RESET_S)
            kernel: socket.socket = self._transport.get_extra_info("socket")
            kernel.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
        elif delivery.ending == "close":
            self._transport.close()
        else:
            self._finish()

    async def _send_body(self, request: Request, reply: Reply) -> None:
        """Send a body at its pace, as far as it is to go."""
        delivery, began_s = reply.delivery, time.monotonic()
        chunked = delivery.chunked
        for block in _blocks(reply):
            if delivery.bytes_per_s:
                due_s = began_s + (request.n_bytes_sent + len(block)) / delivery.bytes_per_s
                await asyncio.sleep(due_s - time.monotonic())
            await self._send(b"%x\r\n%b\r\n" % (len(block), block) if chunked else block)
            request.n_bytes_sent += len(block)
        if chunked and delivery.ending == "whole":
            await self._send(b"0\r\n\r\n")

    async def _send(self, data: bytes) -> None:
        """Hand bytes to the system and wait until it has taken them."""
        self._transport.write(data)
        if self._full:
            self._drained = asyncio.get_running_loop().create_future()
            await self._drained
            self._drained = None
        else:
            await asyncio.sleep(0)  # others have their turn, the news of a lost line too


def _blocks(reply: Reply) -> Iterator[bytes]:
    """Cut a body into the pieces in which it is sent."""
    delivery = reply.delivery
    size = BLOCK
    if delivery.bytes_per_s:
        size = min(BLOCK, max(1, int(delivery.bytes_per_s * SLICE_S)))
    body = reply.body if delivery.ending == "whole" else reply.body[: delivery.after or 0]
    while True:
        for start in range(0, len(body), size):
            yield body[start : start + size]
        if not reply.endless:
            return
