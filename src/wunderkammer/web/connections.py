"""Connections with an end: slow or silent clients do not keep others waiting.

The protocol is uvicorn's, on httptools; what it lacks is patience that runs out. Each
connection is looked at once a second, which costs less than a timer for every request.
"""

from __future__ import annotations

import contextlib
import http
import json
import socket
import struct
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from wunderkammer.web.problems import MEDIA_TYPE


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server waits, and for how many.

    Attributes
    ----------
    head_s : float
        For the whole head of a request, from its first byte or from the connection on.
    body_s : float
        For a body, whatever its length; after it, at least ``body_rate`` bytes a second.
    body_rate : float
        Bytes a second that a body comes with on the average.
    stalled_s : float
        For a client that reads nothing of what it asked for.
    n_connections : int
        How many are open at most. For one more, those that have waited longest without
        asking for anything are closed.
    head_bytes : int
        The longest head of a request.
    """

    head_s: float = 10.0
    body_s: float = 15.0
    body_rate: float = 8192.0
    stalled_s: float = 20.0
    n_connections: int = 2000
    head_bytes: int = 64 * 1024


class PatientProtocol(HttpToolsProtocol):
    """One connection, which is closed when its client takes too long."""

    patience = Patience()

    def connection_made(self, transport: Any) -> None:
        """Take a connection; let go of others if there are too many."""
        super().connection_made(transport)
        self._since = self._moved = self.loop.time()
        self._in_head, self._in_body = False, False
        self._head_bytes = self._body_bytes = self._unsent = 0
        if len(self.connections) > self.patience.n_connections:
            make_room(self.connections, self.patience.n_connections)

    def data_received(self, data: bytes) -> None:
        """Parse what has come; refuse a head without an end."""
        was_in_head = self._in_head
        super().data_received(data)
        if self._in_head and was_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > self.patience.head_bytes:
                self._refuse(
                    431, f"a request begins with {self.patience.head_bytes:,} bytes at most."
                )

    def on_message_begin(self) -> None:
        """Begin to wait for a head."""
        super().on_message_begin()
        self._since, self._in_head, self._head_bytes = self.loop.time(), True, 0

    def on_headers_complete(self) -> None:
        """Begin to wait for a body."""
        self._since, self._in_head = self.loop.time(), False
        self._in_body, self._body_bytes = True, 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count what has come of a body."""
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for nothing more."""
        self._in_body = False
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, in words."""
        self._refuse(400, "this is no request that a web server understands.")

    @property
    def is_waiting(self) -> bool:
        """Whether the client has to say something first; no answer is being made."""
        return self._in_head or self._in_body or self.cycle is None or self.cycle.response_complete

    @property
    def waits_since(self) -> float:
        """When the last request, or else the connection, began."""
        return self._since

    def look(self, now: float) -> None:
        """Close the connection if its time is over."""
        if self._has_stalled(now):
            self.cut()
        elif self.transport.is_closing():
            return
        elif self._in_head or self.cycle is None:
            if now - self._since > self.patience.head_s:
                self._refuse(408, "the request did not come to its end in time.")
        elif self._in_body and self._is_late(now):
            if self.cycle.response_started:
                self.cut()
            else:
                self.cycle.disconnected = True
                self.cycle.message_event.set()
                self._refuse(408, "what was sent came too slowly.")

    def cut(self) -> None:
        """End the connection; what was not taken is forgotten, by the system too."""
        with contextlib.suppress(OSError, AttributeError):
            socket_ = self.transport.get_extra_info("socket")
            socket_.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def _has_stalled(self, now: float) -> bool:
        """Tell whether nothing of what waits to be sent was taken for too long."""
        unsent = self.transport.get_write_buffer_size()
        if unsent == 0 or unsent < self._unsent:
            self._moved = now
        self._unsent = unsent
        return now - self._moved > self.patience.stalled_s

    def _is_late(self, now: float) -> bool:
        """Tell whether a body comes too slowly; what is not read yet is not the client's fault."""
        if self.flow.read_paused:
            self._since, self._body_bytes = now, 0
            return False
        over = now - self._since - self.patience.body_s
        return over > 0 and self._body_bytes < over * self.patience.body_rate

    def _refuse(self, status: int, title: str) -> None:
        """Answer a problem and close."""
        if not self.transport.is_closing():
            self.transport.write(_problem(status, title))
            self.transport.close()


def look_at(connections: Collection[Any], now: float) -> None:
    """Close the connections whose time is over."""
    for one in list(connections):
        with contextlib.suppress(AttributeError):  # not all of it was there yet, or is any more
            one.look(now)


def make_room(connections: Collection[Any], most: int) -> None:
    """Close connections that have waited longest, a twentieth at a time."""
    waiting = sorted((one for one in connections if one.is_waiting), key=_since)
    others = () if waiting else sorted(connections, key=_since)
    for one in [*waiting, *others][: max(1, most // 20)]:
        one.cut()


def _since(one: PatientProtocol) -> float:
    return one.waits_since


def _problem(status: int, title: str) -> bytes:
    told = json.dumps({"title": title, "detail": "", "status": status}).encode()
    phrase = http.HTTPStatus(status).phrase
    head = (
        f"HTTP/1.1 {status} {phrase}\r\ncontent-type: {MEDIA_TYPE}\r\n"
        f"content-length: {len(told)}\r\nx-content-type-options: nosniff\r\n"
        "connection: close\r\n\r\n"
    )
    return head.encode() + told
