"""What counts as an image: its first bytes, its size, and a decoding to the last byte."""

from __future__ import annotations

import contextlib
import hashlib
import io
import threading
import warnings
from dataclasses import dataclass

from wunderkammer.core.errors import ImageError
from wunderkammer.fetch.errors import BrokenImageError, TooLargeError, WrongTypeError
from wunderkammer.imaging.decoding import Decoded, decode

_ENOUGH_PX = 64
_MANY_PIXELS = 60_000_000
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Kind:
    """A file format that is accepted.

    Attributes
    ----------
    media_type : str
    suffix : str
        Of its files, with the dot.
    """

    media_type: str
    suffix: str


_JPEG = Kind("image/jpeg", ".jpg")
_PNG = Kind("image/png", ".png")
_TIFF = Kind("image/tiff", ".tif")
_WEBP = Kind("image/webp", ".webp")
_GIF = Kind("image/gif", ".gif")
_BMP = Kind("image/bmp", ".bmp")
_JP2 = Kind("image/jp2", ".jp2")
_AVIF = Kind("image/avif", ".avif")

_STARTS = (
    (b"\xff\xd8\xff", _JPEG),
    (b"\x89PNG\r\n\x1a\n", _PNG),
    (b"II*\x00", _TIFF),
    (b"MM\x00*", _TIFF),
    (b"II+\x00", _TIFF),
    (b"MM\x00+", _TIFF),
    (b"GIF87a", _GIF),
    (b"GIF89a", _GIF),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", _JP2),
    (b"\xff\x4f\xff\x51", Kind("image/jp2", ".j2k")),
    (b"BM", _BMP),
)
_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{", "JSON"),
    (b"[", "JSON"),
    (b"<?xml", "XML"),
    (b"<svg", "SVG, which has no pixels"),
    (b"RIFF", "sound or video"),
    (b"ID3", "sound"),
    (b"OggS", "sound or video"),
)


@dataclass(frozen=True, slots=True)
class Verified:
    """What is known of a file that was decoded whole.

    Attributes
    ----------
    sha256 : str
        Of its bytes, hexadecimal.
    n_bytes : int
    file_format : str
        As Pillow calls it.
    kind : Kind
    width, height : int
        In pixels, after the EXIF turn.
    copy : bytes or None
        JPEG with longest side ``copy_px``, upright, on white.
    """

    sha256: str
    n_bytes: int
    file_format: str
    kind: Kind
    width: int
    height: int
    copy: bytes | None


def verify(content: bytes, *, max_pixels: int, copy_px: int = 0) -> Verified:
    """Verify that bytes are an image, whole; what a host says of them does not matter.

    Parameters
    ----------
    content : bytes
        The file.
    max_pixels : int
        More are refused before anything is decoded.
    copy_px : int, optional
        Longest side of a copy to make; 0 for none. An image is never enlarged.

    Raises
    ------
    WrongTypeError
        If the bytes begin as no image.
    TooLargeError
        If it has too many pixels.
    BrokenImageError
        If it cannot be decoded to its end.
    """
    kind = sniffed(content)
    if kind is None:
        raise WrongTypeError(
            f"the host sent {_described(content)} in place of an image.",
            hint="Open the address in a browser: the image may have moved, or need a log-in.",
        )
    n_pixels = _n_pixels(content, kind)
    if n_pixels > max_pixels:
        raise TooLargeError(
            f"the image has {n_pixels:,} pixels, and {max_pixels:,} are allowed.",
            hint="Raise [fetch] max_pixels if it is meant to be so large.",
        )
    if not _ends(content, kind):
        raise _broken(content, "its end is missing")
    decoded = _decoded(content, kind, n_pixels, max_pixels, 2 * copy_px)
    return Verified(
        sha256=hashlib.sha256(content).hexdigest(),
        n_bytes=len(content),
        file_format=decoded.format,
        kind=kind,
        width=decoded.width,
        height=decoded.height,
        copy=_copy(decoded, copy_px) if copy_px else None,
    )


def sniffed(content: bytes) -> Kind | None:
    """Return the format that a file's first bytes show, None if it is no image.

    Examples
    --------
    >>> sniffed(b"GIF89a...").media_type
    'image/gif'
    >>> sniffed(b"<!DOCTYPE html>") is None
    True
    """
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _WEBP
    if content[4:12] in {b"ftypavif", b"ftypavis"}:
        return _AVIF
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    return None


def _ends(content: bytes, kind: Kind) -> bool:
    """Tell whether the mark of the end is there, where decoders do without it."""
    if kind is _PNG:
        return b"IEND\xaeB`\x82" in content
    if kind is _GIF:
        return content.rstrip(b"\0\r\n ").endswith(b";")
    return True


def _n_pixels(content: bytes, kind: Kind) -> int:
    """Return what the header says; nothing is decoded."""
    if kind is _JPEG:
        import simplejpeg

        # It knows fewer kinds than Pillow, and says so by a KeyError.
        with contextlib.suppress(ValueError, KeyError):
            height, width, _, _ = simplejpeg.decode_jpeg_header(content, strict=False)
            return int(height * width)
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of bombs below our own limit
            with Image.open(io.BytesIO(content)) as image:
                return image.width * image.height
    except Image.DecompressionBombError as error:
        raise TooLargeError(
            f"the image is refused unread: {error}",
            hint="So many pixels in so few bytes are no photograph; look at the file by hand.",
        ) from None
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise _broken(content, str(error)) from None


def _decoded(content: bytes, kind: Kind, n_pixels: int, max_pixels: int, enough_px: int) -> Decoded:
    """Decode to the last byte; few pixels are enough of a JPEG, whose every bit is read."""
    try:
        if n_pixels > _MANY_PIXELS and kind is not _JPEG:
            with _one_at_a_time:
                return decode(content, max_pixels=max_pixels)
        return decode(content, max_pixels=max_pixels, enough_px=max(enough_px, _ENOUGH_PX))
    except ImageError as error:
        raise BrokenImageError(
            f"{len(content):,} bytes came and {error.message}",
            hint="The file is broken at the host: tell the institution.",
        ) from None


def _broken(content: bytes, why: str) -> BrokenImageError:
    return BrokenImageError(
        f"{len(content):,} bytes came and cannot be decoded: {why}.",
        hint="The file is broken at the host: tell the institution.",
    )


def _copy(decoded: Decoded, copy_px: int) -> bytes:
    import simplejpeg

    from wunderkammer.imaging.resampling import shrink

    content: bytes = simplejpeg.encode_jpeg(
        shrink(decoded.pixels, copy_px), quality=90, colorsubsampling="444", fastdct=False
    )
    return content


def _described(content: bytes) -> str:
    """Say in a few words what a file is that is no image."""
    if not content:
        return "an empty file"
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")) or b"<html" in start:
        return "a web page"
    for beginning, name in _OTHERS:
        if start.startswith(beginning.lower()):
            return name
    if content[4:8] == b"ftyp":
        return "a film, or an image kind (HEIF) that cannot be read here,"
    return f"{len(content):,} bytes of no known kind"
