"""Images that are broken, odd or bombs: tried together, for one must not cost another."""

import io
import struct
import zlib
from dataclasses import dataclass

import numpy as np
from PIL import Image

READER = "Images"
PIXELS = np.random.default_rng(3).integers(0, 255, (48, 64, 3), np.uint8)
PICTURE = Image.fromarray(PIXELS)


@dataclass(frozen=True)
class Picture:
    """An image file, what is odd about it, and whether its pixels can be had."""

    name: str
    wrong: str
    content: bytes
    decoded: bool = False


def saved(form, image=PICTURE, **how):
    """Return an image as a file."""
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def turned(orientation):
    """Return a JPEG that says how it is to be turned."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved("JPEG", exif=exif)


def png_of(width, height):
    """Return a PNG that claims a size, and holds nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def replaced(content, at, new):
    """Return bytes with some of them replaced."""
    return content[:at] + new + content[at + len(new) :]


GREY16 = Image.fromarray(PIXELS[..., 0].astype(np.uint16) * 257)
FRAMES = {"save_all": True, "append_images": [PICTURE.rotate(90), PICTURE.rotate(180)]}
JPEG, PNG, AVIF = saved("JPEG"), saved("PNG"), saved("AVIF")
WHOLE = {"decoded": True}

PICTURES = [
    Picture("empty.jpg", "It has no byte", b""),
    Picture("cut-off.jpg", "Half of a JPEG is missing", JPEG[: len(JPEG) // 2]),
    Picture("cut-off-near-its-end.jpg", "The last bytes of a JPEG are missing", JPEG[:-40]),
    Picture("cut-off.png", "Half of a PNG is missing", PNG[: len(PNG) // 2]),
    Picture("cut-off.webp", "Half of a WebP is missing", saved("WEBP")[:700]),
    Picture("cut-off.tif", "Half of a TIFF is missing", saved("TIFF")[:4000]),
    Picture("cut-off.gif", "Half of a GIF is missing", saved("GIF")[:900]),
    Picture("cut-off.jp2", "Half of a JPEG 2000 is missing", saved("JPEG2000")[:900]),
    Picture("cut-off.avif", "Half of an AVIF is missing", AVIF[: len(AVIF) // 2]),
    Picture("cut-off.bmp", "Half of a BMP is missing", saved("BMP")[:4000]),
    Picture("spoilt.png", "A byte of the packed pixels is wrong", replaced(PNG, 200, b"\xaa\x55")),
    Picture("spoilt.avif", "The packed pixels are wrong",
            replaced(AVIF, AVIF.index(b"mdat") + 4, b"\xff" * 200)),
    Picture("zeros.jpg", "It holds zeros alone, as a full disk leaves them", b"\0" * 5000),
    Picture("web-page.jpg", "A log-in page was saved as the image", b"<!DOCTYPE html><p>Log in"),
    Picture("drawing.png", "It is an SVG, which has no pixels", b"<svg onload='x()'></svg>"),
    Picture("program.tif", "It is PostScript, which is a program", saved("EPS")),
    Picture("document.jpg", "It is a PDF", saved("PDF")),
    Picture("phone.jpg", "It is a HEIC of a phone",
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200),
    Picture("film.jpg", "It is a film", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 200),
    Picture("bomb.png", "A PNG of a kilobyte claims 100,000 x 100,000 pixels",
            png_of(100_000, 100_000)),
    Picture("most.png", "A PNG claims the most pixels that can be written",
            png_of(2**31 - 1, 2**31 - 1)),
    Picture("nothing.png", "A PNG claims no pixel at all", png_of(0, 0)),
    Picture("bomb.gif", "A GIF claims 65,535 x 65,535 pixels",
            replaced(saved("GIF"), 6, b"\xff\xff\xff\xff")),
    Picture("bomb.jpg", "A JPEG claims 65,535 x 65,535 pixels",
            replaced(JPEG, JPEG.index(b"\xff\xc0") + 5, b"\xff\xff\xff\xff")),
    Picture("broken-exif.png", "Its EXIF cannot be read", saved("PNG", exif=b"Exif\0\0garbage"),
            **WHOLE),
    Picture("broken-exif.webp", "Its EXIF cannot be read", saved("WEBP", exif=b"Exif\0\0garbage"),
            **WHOLE),
    Picture("turn-of-99.jpg", "EXIF says to turn it in a way that there is not", turned(99),
            **WHOLE),
    *(Picture(f"turn-of-{n}.jpg", f"EXIF says that it is turned: {n}", turned(n), **WHOLE)
      for n in (3, 6, 8)),
    Picture("other-ending.png", "It is a JPEG that is called a PNG", JPEG, **WHOLE),
    Picture("cmyk.jpg", "A JPEG of four inks", saved("JPEG", PICTURE.convert("CMYK")), **WHOLE),
    Picture("progressive.jpg", "A JPEG in several passes", saved("JPEG", progressive=True),
            **WHOLE),
    Picture("more-after.jpg", "Another file hangs after its end", JPEG + b"PK\x03\x04" * 99,
            **WHOLE),
    Picture("16-bit.png", "Sixteen bits a pixel", saved("PNG", GREY16), **WHOLE),
    Picture("16-bit.tif", "Sixteen bits a pixel", saved("TIFF", GREY16), **WHOLE),
    Picture("numbers.tif", "Pixels are decimals",
            saved("TIFF", Image.fromarray(PIXELS[..., 0].astype(np.float32))), **WHOLE),
    Picture("lab.tif", "Colours are those of Lab", saved("TIFF", PICTURE.convert("LAB")), **WHOLE),
    Picture("pages.tif", "It has three pages", saved("TIFF", **FRAMES), **WHOLE),
    Picture("fax.tif", "One bit a pixel, packed as by a fax",
            saved("TIFF", PICTURE.convert("1"), compression="group4"), **WHOLE),
    Picture("palette.png", "A palette, one colour of it transparent",
            saved("PNG", PICTURE.convert("P"), transparency=3), **WHOLE),
    Picture("transparent.webp", "Parts are transparent",
            saved("WEBP", PICTURE.convert("RGBA")), **WHOLE),
    Picture("bit.png", "One bit a pixel", saved("PNG", PICTURE.convert("1")), **WHOLE),
    Picture("moving.gif", "It moves", saved("GIF", **FRAMES), **WHOLE),
    Picture("moving.png", "It moves", saved("PNG", **FRAMES), **WHOLE),
    Picture("moving.webp", "It moves", saved("WEBP", **FRAMES), **WHOLE),
    Picture("pixel.png", "It has one pixel", saved("PNG", Image.new("RGB", (1, 1))), **WHOLE),
    Picture("line.png", "It is 20,000 pixels wide and one high",
            saved("PNG", Image.new("RGB", (20_000, 1))), **WHOLE),
    Picture("whole.jp2", "JPEG 2000", saved("JPEG2000"), **WHOLE),
    Picture("whole.avif", "AVIF", AVIF, **WHOLE),
    Picture("whole.bmp", "BMP", saved("BMP"), **WHOLE),
]  # fmt: skip
