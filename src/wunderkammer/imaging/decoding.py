"""Bytes to upright RGB arrays, verified whole."""

from __future__ import annotations

import contextlib
import io
import warnings
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from wunderkammer.core.errors import ImageError

Pixels = npt.NDArray[np.uint8]

Image.MAX_IMAGE_PIXELS = None  # a setting says how many are too many, and is asked first

FORMATS = (
    "AVIF", "BMP", "GIF", "HEIF", "JPEG", "JPEG2000", "MPO", "PNG", "PPM", "PSD", "TIFF", "WEBP",
)  # fmt: skip
"""What is decoded, as Pillow calls it, where it can: no PostScript, which is a program."""

_ORIENTATION = 0x0112
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF = frozenset({b"avif", b"avis"})
_STARTS = (
    (b"%PDF-", "a PDF"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"FUJIFILMCCD-RAW", "a raw file of a camera"),
    (b"AT&TFORM", "a DjVu"),
)
"""How files begin that hold pictures and are not read."""

_LONGEST_BRANDS = 256
_SWAPS_SIDES = frozenset({5, 6, 7, 8})


@dataclass(frozen=True, slots=True)
class Decoded:
    """An image that was decoded to its last byte.

    Attributes
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB, turned as its EXIF orientation says; transparent parts on white.
        It may be smaller than the image (see :func:`decode`).
    width, height : int
        Size of the image in pixels after that turn.
    format : str
        As Pillow calls it, such as ``"JPEG"``.
    orientation : int
        EXIF orientation, 1 to 8; 1 if none is stated.
    """

    pixels: Pixels
    width: int
    height: int
    format: str
    orientation: int


def decode(content: bytes, *, max_pixels: int, enough_px: int = 0) -> Decoded:
    """Decode an image whole and turn it upright by its EXIF orientation.

    Parameters
    ----------
    content : bytes
        A JPEG, PNG, TIFF, WebP, GIF (first frame) or other of :data:`FORMATS`.
    max_pixels : int
        More are refused before anything is decoded: a decompression bomb.
    enough_px : int, optional
        A JPEG may be returned smaller than it is as long as its longest side
        keeps so many pixels; 0 asks for full size.

    Raises
    ------
    ImageError
        If it is no image, broken off, or too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of bombs below our own limit
            with Image.open(io.BytesIO(content), formats=_known_formats()) as image:
                _refuse_bombs(image.width, image.height, max_pixels)
                orientation = _orientation(image)
                width, height, kind = image.width, image.height, image.format or ""
                pixels = _pixels(image, content, enough_px)
                if kind == "PNG":
                    _check_sums(content)
    except ImageError:
        raise
    except UnidentifiedImageError:
        kind = _kind(content)
        if kind:
            raise ImageError(
                f"the file is {kind}, which is not read.",
                hint="Export it as JPEG or TIFF, and put that in its place.",
            ) from None
        raise ImageError(
            f"{len(content):,} bytes are no image ({_looks_like(content)}).",
            hint="Look at the file: a web page is often saved in an image's place.",
        ) from None
    except Exception as error:  # noqa: BLE001  what decoders raise over damage shares no other base
        raise ImageError(
            f"the image cannot be decoded whole: {_reason(error)}.", hint="Get the file again."
        ) from None
    if orientation in _SWAPS_SIDES:
        width, height = height, width
    return Decoded(_turned(pixels, orientation), width, height, kind, orientation)


def _check_sums(content: bytes) -> None:
    """Refuse a PNG whose packed pixels are not those that were written: Pillow does not look."""
    place = 8
    while place + 12 <= len(content):
        end = place + 8 + int.from_bytes(content[place : place + 4], "big")
        if content[place + 4 : place + 8] == b"IDAT" and zlib.crc32(
            content[place + 4 : end]
        ) != int.from_bytes(content[end : end + 4], "big"):
            raise ValueError("its pixels do not fit their checksum")
        place = end + 4


def _known_formats() -> tuple[str, ...]:
    """Return those formats that the Pillow at hand opens."""
    Image.init()
    return tuple(name for name in FORMATS if name in Image.OPEN)


def _reason(error: Exception) -> str:
    """Return what a decoder says, or the name of its error if it says nothing."""
    return str(error).strip().rstrip(".") or type(error).__name__


def _refuse_bombs(width: int, height: int, max_pixels: int) -> None:
    if width * height > max_pixels:
        raise ImageError(
            f"the image has {width:,} x {height:,} pixels, and {max_pixels:,} are allowed.",
            hint="Raise [image] max_pixels if it is meant to be so large.",
        )


def _pixels(image: Image.Image, content: bytes, enough_px: int) -> Pixels:
    """Decode with the JPEG library where it can, else with Pillow."""
    if image.format == "JPEG" and image.mode in {"RGB", "L"}:
        # Pillow forgives oddities that this decoder does not; what is broken off fails in both.
        with contextlib.suppress(ValueError):
            return _jpeg(content, image.width, image.height, enough_px)
    return _on_white(image)


def _jpeg(content: bytes, width: int, height: int, enough_px: int) -> Pixels:
    import simplejpeg

    if not enough_px:
        return np.asarray(simplejpeg.decode_jpeg(content, colorspace="RGB"))
    share = min(1.0, enough_px / max(width, height))
    return np.asarray(
        simplejpeg.decode_jpeg(
            content,
            colorspace="RGB",
            min_height=max(1, round(height * share)),
            min_width=max(1, round(width * share)),
            min_factor=1,
        )
    )


def _on_white(image: Image.Image) -> Pixels:
    """Return any Pillow image as RGB, transparent parts on white, 16 bits scaled to 8."""
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, dtype=np.float64)
        top = 65535.0 if values.max(initial=0) > 255 else 255.0
        grey = np.clip(values / top * 255, 0, 255).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        rgba = image.convert("RGBA")
        ground = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        return np.asarray(Image.alpha_composite(ground, rgba).convert("RGB"))
    return np.asarray(image.convert("RGB"))


def _orientation(image: Image.Image) -> int:
    """Return what EXIF says; 1 where EXIF is broken, which costs no pixel."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001  as above; the pixels are decoded all the same
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _turned(pixels: Pixels, orientation: int) -> Pixels:
    """Turn and mirror as EXIF orientation says; values as in the standard's table."""
    turns = {
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, -1),
        7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
        8: lambda a: np.rot90(a, 1),
    }
    turn = turns.get(orientation)
    return np.ascontiguousarray(turn(pixels)) if turn else pixels


def _kind(content: bytes) -> str:
    """Return what a file is that holds pictures and is not read; empty for any other."""
    brands = {content[8:12], *(content[n : n + 4] for n in range(16, _brands_end(content), 4))}
    if content[4:8] == b"ftyp" and brands & _HEIC and not brands & _AVIF:
        return "HEIC, in which phones keep photographs"
    return next((kind for start, kind in _STARTS if content.startswith(start)), "")


def _brands_end(content: bytes) -> int:
    """Return where the list of brands ends in a file of boxes; a false length is bounded."""
    return min(int.from_bytes(content[:4], "big"), len(content), _LONGEST_BRANDS)


def _looks_like(content: bytes) -> str:
    start = content[:512].lstrip().lower()
    if not content:
        return "the file is empty"
    if start.startswith((b"<!doctype html", b"<html")):
        return "it looks like a web page"
    return "no known image format"
