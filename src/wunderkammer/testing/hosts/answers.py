"""What a host can do with a request: answer it, well or badly, or send it elsewhere."""

from __future__ import annotations

import gzip
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from wunderkammer.testing.hosts.pictures import Picture, bomb

Ending = Literal["whole", "close", "reset", "stall"]
Ranges = Literal["honoured", "ignored", "wrong"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an answer goes over the line.

    Attributes
    ----------
    delay_s : float
        Seconds before the first byte.
    bytes_per_s : float or None
        Pace of the body; None for as fast as it goes.
    after : int or None
        Bytes of the body after which it ends as ``ending`` says. None: not one
        byte is sent, the head neither (where ``ending`` is not ``"whole"``).
    ending : str
        ``"whole"`` sends everything; ``"close"`` closes, ``"reset"`` resets the
        connection, ``"stall"`` keeps it open and says no more.
    chunked : bool
        Chunked transfer coding in place of a Content-Length.
    """

    delay_s: float = 0.0
    bytes_per_s: float | None = None
    after: int | None = None
    ending: Ending = "whole"
    chunked: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: what it says of itself, what it holds, how it is delivered.

    Attributes
    ----------
    body : Picture or bytes
        A family of images or the same bytes for all.
    status : int
        HTTP status.
    media_type : str
        Content-Type; empty for none.
    headers : tuple of (name, value)
        More headers; they replace those the server would send of that name.
    delivery : Delivery
        How it goes over the line.
    ranges : str
        ``"honoured"`` answers a Range with 206; ``"ignored"`` with everything;
        ``"wrong"`` with 206 and a Content-Range one byte off.
    etag, last_modified : bool
        Whether the header is sent and a condition on it honoured (304).
    gzip : bool
        Whether the body is sent with Content-Encoding gzip.
    keep : float
        Share of the body that is there at all; the length says it is whole.
    endless : bool
        Whether the body is sent again and again, without a length.
    """

    body: Picture | bytes = b""
    status: int = 200
    media_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    delivery: Delivery = Delivery()
    ranges: Ranges = "ignored"
    etag: bool = False
    last_modified: bool = False
    gzip: bool = False
    keep: float = 1.0
    endless: bool = False

    def content(self, host: int, path: str) -> bytes:
        """Return the bytes of a file, as one who gets all of it stores them."""
        body = self.body.body(host, path) if isinstance(self.body, Picture) else self.body
        return body if self.keep >= 1 else body[: int(len(body) * self.keep)]

    def sent(self, host: int, path: str) -> bytes:
        """Return the bytes that go over the line: packed where ``gzip`` says so."""
        content = self.content(host, path)
        return gzip.compress(content, 1, mtime=0) if self.gzip else content


@dataclass(frozen=True, slots=True)
class Redirect:
    """Sends a request elsewhere.

    Attributes
    ----------
    to : str
        A path of the site, an address (``"http://10.0.0.1/x.jpg"``), or a
        relative reference that is sent as it is (``"../x.jpg"``, ``"?size=2"``).
        ``"{path}"`` stands for the path that was asked for.
    status : int
        301, 302, 303, 307 or 308.
    host : int or None
        The host of the site on which ``to`` is a path; then a whole address is
        sent. None sends ``to`` as it stands.
    hops : int
        How many redirects it takes to get there.
    """

    to: str
    status: int = 302
    host: int | None = None
    hops: int = 1


@dataclass(frozen=True, slots=True)
class Throttle:
    """Answers some requests with 429 or 503, and lets the others through to the next rule.

    A host that is asked too much closes: for ``closed_s`` every request to it
    that the rule matches is refused.

    Attributes
    ----------
    per_s : float or None
        Requests in any second, above which the host closes.
    at_once : int or None
        Requests in progress at one time, above which the host closes.
    every : int or None
        The host closes at each so many-th request, however slowly they come:
        for those who keep the rate and must be tested all the same.
    status : int
        429 or 503.
    closed_s : float
        Seconds for which the host stays closed.
    says : str or None
        ``"seconds"`` and ``"date"`` tell in Retry-After when it opens, rounded
        up; any other text is sent as it is (``"soon"``, ``"-5"``, ``""``,
        ``"99999999"``); None sends no Retry-After.
    """

    per_s: float | None = None
    at_once: int | None = None
    every: int | None = None
    status: int = 429
    closed_s: float = 2.0
    says: str | None = "seconds"


def image(
    picture: Picture = Picture(),  # noqa: B008  (frozen)
    *,
    media_type: str | None = None,
    content_length: int | None = None,
    ranges: Ranges = "honoured",
    validators: bool = True,
    keep: float = 1.0,
    gzip: bool = False,
    chunked: bool = False,
) -> Answer:
    """Return an image, another one for each path; by default nothing is wrong with it.

    Parameters
    ----------
    picture : Picture
        Kind, size, length and version of the images.
    media_type : str, optional
        A wrong Content-Type; by default the right one.
    content_length : int, optional
        A wrong Content-Length; by default the right one.
    ranges : str
        See :class:`Answer`.
    validators : bool
        Whether ETag and Last-Modified are sent and honoured.
    keep : float
        Less than 1 cuts the file, and its length does not tell.
    gzip, chunked : bool
        Content-Encoding gzip; chunked transfer coding.
    """
    length = () if content_length is None else (("Content-Length", str(content_length)),)
    return Answer(
        picture,
        media_type=picture.media_type if media_type is None else media_type,
        headers=length,
        delivery=Delivery(chunked=chunked),
        ranges=ranges,
        etag=validators,
        last_modified=validators,
        keep=keep,
        gzip=gzip,
    )


def status(code: int, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer of a status alone, such as 404, 410, 403, 401, 500 or 503."""
    said = f"{code}\n".encode()
    return Answer(said, code, "text/plain", tuple((headers or {}).items()))


def text(content: str, media_type: str = "text/plain; charset=utf-8") -> Answer:
    """Return a text, such as a robots.txt or a manifest."""
    return Answer(content.encode(), media_type=media_type, etag=True, last_modified=True)


def html(media_type: str = "text/html; charset=utf-8", *, code: int = 200) -> Answer:
    """Return an error page; with status 200, and if you like as ``"image/jpeg"``."""
    page = (
        b"<!DOCTYPE html>\n<html><head><title>Sorry</title></head><body>No image.</body></html>\n"
    )
    return Answer(page, code, media_type)


def junk(n_bytes: int = 40_000, media_type: str = "image/jpeg", *, seed: int = 0) -> Answer:
    """Return bytes that are no image."""
    return Answer(random.Random(seed).randbytes(n_bytes), media_type=media_type)  # noqa: S311  (no secret)


def bombed(side_px: int = 20_000) -> Answer:
    """Return a small PNG of huge dimensions."""
    return Answer(bomb(side_px), media_type="image/png")


def endless(of: Answer | None = None, *, bytes_per_s: float | None = None) -> Answer:
    """Return a body that never ends, and has no length."""
    of = of or image()
    return replace(of, endless=True, ranges="ignored", delivery=Delivery(bytes_per_s=bytes_per_s))


def dripping(bytes_per_s: float, of: Answer | None = None) -> Answer:
    """Return an answer (by default an image) that comes at so many bytes per second."""
    return _delivered(of, bytes_per_s=bytes_per_s)


def delayed(delay_s: float, of: Answer | None = None) -> Answer:
    """Return an answer (by default an image) that begins after so many seconds."""
    return _delivered(of, delay_s=delay_s)


def stalled(after: int | None = None, of: Answer | None = None) -> Answer:
    """Return an answer that stops for ever after so many bytes of its body.

    ``None``: the request is accepted and nothing ever comes, not even a head.
    """
    return _delivered(of, after=after, ending="stall")


def reset(after: int | None = None, of: Answer | None = None) -> Answer:
    """Return an answer that ends in a reset connection (RST) after so many bytes of its body.

    ``None``: before the head; ``0``: after the head.
    """
    return _delivered(of, after=after, ending="reset")


def truncated(
    after: int | None = 20_000, of: Answer | None = None, *, chunked: bool = False
) -> Answer:
    """Return an answer whose connection is closed after so many bytes of its body.

    Its Content-Length is that of the whole, or its last chunk is missing.
    ``None``: before the head.
    """
    return _delivered(of, after=after, ending="close", chunked=chunked)


def _delivered(
    of: Answer | None,
    *,
    delay_s: float | None = None,
    bytes_per_s: float | None = None,
    after: int | None = None,
    ending: Ending = "whole",
    chunked: bool = False,
) -> Answer:
    """Return an answer with some of its delivery changed."""
    of = of or image()
    was = of.delivery
    now = Delivery(
        delay_s=was.delay_s if delay_s is None else delay_s,
        bytes_per_s=was.bytes_per_s if bytes_per_s is None else bytes_per_s,
        after=was.after if ending == "whole" else after,
        ending=was.ending if ending == "whole" else ending,
        chunked=was.chunked or chunked,
    )
    return replace(of, delivery=now)
