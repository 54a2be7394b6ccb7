"""Addresses of images from IIIF Image API services, versions 1, 2 and 3."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wunderkammer.sources._iiif_text import id_of, several, type_of

SIZE = re.compile(r"max|full|!\d+,\d+|\d+,?|,\d+|pct:\d+(\.\d+)?")
"""What the setting ``size`` may be."""

_VERSION = re.compile(
    r"ImageService(\d)|/image/(\d)|image-api/(?:compliance|context)|image-api/(1)"
)
_LEVEL = re.compile(r"level(\d)")
_UNKNOWN_LEVEL = 1


@dataclass(frozen=True, slots=True)
class ImageService:
    """What a service says about itself.

    Attributes
    ----------
    address : str
        Its id, without a slash at the end.
    version : int
        1, 2 or 3; 2 if it does not say.
    level : int
        0 (only listed sizes), 1 (any width), 2 (any box); 1 if it does not say.
    width, height : int
        Of the whole image in pixels; 0 if unknown.
    sizes : tuple of (int, int)
        Widths and heights that are ready, smallest first.
    max_width, max_height, max_area : int
        Largest that is delivered; 0 for no limit.
    """

    address: str
    version: int = 2
    level: int = _UNKNOWN_LEVEL
    width: int = 0
    height: int = 0
    sizes: tuple[tuple[int, int], ...] = ()
    max_width: int = 0
    max_height: int = 0
    max_area: int = 0


def is_image_service(described: Any) -> bool:
    """Return whether a JSON object describes a service of images."""
    if not isinstance(described, Mapping) or not id_of(described):
        return False
    return described.get("protocol") == "http://iiif.io/api/image" or bool(
        _VERSION.search(" ".join(_marks(described)))
    )


def _marks(described: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts that tell the version and level of a service."""
    yield type_of(described)
    for place in ("@context", "profile", "dcterms:conformsTo"):
        for one in several(described.get(place)):
            yield id_of(one) if isinstance(one, Mapping) else str(one)


def services_of(resource: Any) -> list[ImageService]:
    """Return the image services of an image, the newest version first."""
    if not isinstance(resource, Mapping):
        return []
    found = [read_service(one) for one in several(resource.get("service")) if is_image_service(one)]
    return sorted(found, key=lambda one: -one.version)


def read_service(described: Mapping[str, Any]) -> ImageService:
    """Return what a service says, in a manifest or in its own ``info.json``."""
    marks = " ".join(_marks(described))
    version = _VERSION.search(marks)
    level = _LEVEL.search(marks)
    limits: dict[str, Any] = dict(described)
    for one in several(described.get("profile")):
        if isinstance(one, Mapping):
            limits |= {name: value for name, value in one.items() if name.startswith("max")}
    sizes = sorted(
        (_number(one.get("width")), _number(one.get("height")))
        for one in several(described.get("sizes"))
        if isinstance(one, Mapping)
    )
    number = 2
    if version:
        number = int(version[1] or version[2] or 1)
    return ImageService(
        id_of(described).rstrip("/"),
        version=number,
        level=int(level[1]) if level else _UNKNOWN_LEVEL,
        width=_number(described.get("width")),
        height=_number(described.get("height")),
        sizes=tuple(size for size in sizes if all(size)),
        max_width=_number(limits.get("maxWidth")),
        max_height=_number(limits.get("maxHeight")),
        max_area=_number(limits.get("maxArea")),
    )


def _number(value: Any) -> int:
    return int(value) if isinstance(value, int | float) and value > 0 else 0


def image_address(
    service: ImageService, size: str, *, region: str = "full", rotation: str = "0"
) -> str:
    """Return the address of an image in a size, as this service wants to be asked.

    Parameters
    ----------
    service : ImageService
        Where it is.
    size : str
        ``"max"`` or ``"full"``; ``"!w,h"`` for the largest that fits a box;
        ``"w,"`` (or ``"w"``) and ``",h"`` for a width or height; ``"pct:n"``.
        Nothing is asked larger than it is.
    region, rotation : str, optional
        As in the Image API.

    Notes
    -----
    A service of level 0 delivers listed sizes only: the largest that fits, else
    the smallest. One of level 1 takes no box: where its measures are known the
    width that fits is asked, else the box's width. Limits (``maxWidth`` …) are
    kept. Version 1 calls the quality ``native``, and versions 2 and 3 write the
    whole image ``full`` and ``max`` [1]_.

    References
    ----------
    .. [1] https://iiif.io/api/image/3.0/change-log/

    Examples
    --------
    >>> image_address(ImageService("https://x.org/1", version=3, level=2), "!2000,2000")
    'https://x.org/1/full/!2000,2000/0/default.jpg'
    """
    quality = "native" if service.version == 1 else "default"
    part = _size(service, size) if region == "full" else _whole(service)
    return f"{service.address}/{region}/{part}/{rotation}/{quality}.jpg"


def _whole(service: ImageService) -> str:
    limited = service.max_width or service.max_height or service.max_area
    if service.version >= 3 or (service.version == 2 and limited):
        return "max"
    return "full"


def _size(service: ImageService, size: str) -> str:
    if size in {"max", "full"}:
        return _whole(service)
    if size.startswith("pct:"):
        share = float(size.removeprefix("pct:")) / 100
        if share >= 1:
            return _whole(service)
        if not service.width:
            return size if service.level > 1 else _whole(service)
        return _fitting(service, service.width * share, math.inf)
    width, _, height = size.removeprefix("!").partition(",")
    return _fitting(service, float(width or math.inf), float(height or math.inf))


def _fitting(service: ImageService, width: float, height: float) -> str:
    """Return the size parameter for the largest image that fits a box."""
    width = min(width, service.max_width or math.inf)
    height = min(height, service.max_height or service.max_width or math.inf)
    scale = _scale(service, width, height)
    if scale >= 1:
        return _whole(service)
    if service.level == 0:
        return _listed(service, width, height)
    if (
        service.level > 1
        and math.isfinite(width)
        and math.isfinite(height)
        and not service.max_area
    ):
        return f"!{int(width)},{int(height)}"
    if scale:
        return f"{max(1, round(service.width * scale))},"
    return f"{int(width)}," if math.isfinite(width) else f",{int(height)}"


def _scale(service: ImageService, width: float, height: float) -> float:
    """Return by how much the whole image shrinks to fit a box; 0 if its measures are unknown."""
    if not (service.width and service.height):
        return 0.0
    area = service.max_area or math.inf
    return min(
        width / service.width,
        height / service.height,
        math.sqrt(area / (service.width * service.height)),
    )


def _listed(service: ImageService, width: float, height: float) -> str:
    if not service.sizes:
        return _whole(service)
    fitting = [size for size in service.sizes if size[0] <= width and size[1] <= height]
    chosen = fitting[-1] if fitting else service.sizes[0]
    return f"{chosen[0]},{chosen[1]}"
