"""Augmentation of photographs with masks: placed, lit and furnished anew each time."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.core.settings import Settings
from wunderkammer.training.backgrounds import background, mosaic
from wunderkammer.training.furniture import paste_behind
from wunderkammer.training.printing import fonts_in, print_behind

Image = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


class Augmentation(Settings):
    """How examples are changed before each look; every share is a probability."""

    any_angle: float = Field(0.4, description="Share turned by any angle; others by a little.")
    mirror: float = Field(0.5, description="Share mirrored left to right.", ge=0, le=1)
    smallest: float = Field(0.45, description="Smallest scale, relative to filling the input.")
    largest: float = Field(1.4, description="Largest scale, relative to filling the input.")
    furniture: float = Field(
        0.5, description="Share with added labels, rulers, cards, pins.", ge=0, le=1
    )
    printing: float = Field(
        0.15, description="Share with lines of print behind the specimen.", ge=0, le=1
    )
    fonts: str = Field(
        "",
        description="A folder of TrueType or OpenType fonts for the print; empty: plain strokes.",
    )
    new_background: float = Field(
        0.3, description="Share whose background is replaced.", ge=0, le=1
    )
    mosaic: float = Field(
        0.4,
        description="Share of new backgrounds put together from patches of another photograph.",
        ge=0,
        le=1,
    )
    photometric: float = Field(
        0.85, description="Share with changed light, colour, sharpness, noise.", ge=0, le=1
    )
    shadow: float = Field(0.3, description="Share of new backgrounds with a shadow.", ge=0, le=1)

    def apply(
        self,
        image: Image,
        mask: Mask,
        side_px: int,
        rng: np.random.Generator,
        texture: Image | None = None,
    ) -> tuple[Image, Mask]:
        """Return an example as it is looked at once.

        Parameters
        ----------
        image : ndarray of uint8, shape (height, width, 3)
        mask : ndarray of bool, shape (height, width)
        side_px : int
            Side of the square that is returned.
        rng : numpy.random.Generator
            All that is random comes from here.
        texture : ndarray of uint8, shape (h, w, 3), optional
            Another photograph, of whose patches backgrounds may be made.
        """
        image, mask = self._placed(image, mask, side_px, rng)
        if rng.random() < self.new_background and mask.any():
            if texture is not None and rng.random() < self.mosaic:
                behind = mosaic(texture, rng, side_px, side_px)
            else:
                behind = background(rng, side_px, side_px)
            image = _on(behind, image, mask, self.shadow, rng)
        if rng.random() < self.furniture:
            image = paste_behind(image, mask, rng, int(rng.integers(1, 4)))
        if self.printing and rng.random() < self.printing:
            image = print_behind(image, mask, rng, fonts_in(self.fonts))
        if rng.random() < self.photometric:
            image = photographed(image, rng)
        return np.ascontiguousarray(image), np.ascontiguousarray(mask)

    def _placed(
        self, image: Image, mask: Mask, side_px: int, rng: np.random.Generator
    ) -> tuple[Image, Mask]:
        """Turn, scale, shift, mirror, in one go."""
        height, width = mask.shape
        angle = rng.uniform(-180, 180) if rng.random() < self.any_angle else rng.normal(0, 6)
        zoom = np.exp(rng.uniform(np.log(self.smallest), np.log(self.largest)))
        scale = side_px / max(height, width) * zoom
        stretch = np.exp(rng.normal(0, 0.06))
        free = abs(side_px - scale * max(height, width)) / 2
        centre = _middle(mask) if zoom > 1 else (width / 2, height / 2)
        matrix = cv2.getRotationMatrix2D(centre, float(angle), float(scale))
        matrix[0] *= stretch
        if rng.random() < self.mirror:
            matrix[0] *= -1
        x, y = matrix @ (*centre, 1.0)
        dx, dy = rng.uniform(-free, free, 2)
        matrix[:, 2] += (side_px / 2 - x + dx, side_px / 2 - y + dy)
        how = cv2.INTER_AREA if scale < 0.6 else cv2.INTER_LINEAR
        border = cv2.BORDER_REFLECT_101 if rng.random() < 0.2 else cv2.BORDER_CONSTANT
        size = (side_px, side_px)
        placed = cv2.warpAffine(
            image, matrix, size, flags=how, borderMode=border, borderValue=_edge(image, rng)
        )
        covered = cv2.warpAffine(
            mask.astype(np.uint8) * 255, matrix, size, flags=cv2.INTER_LINEAR, borderMode=border
        )
        return np.asarray(placed, np.uint8), np.asarray(covered > 127)


def _middle(mask: Mask) -> tuple[float, float]:
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return mask.shape[1] / 2, mask.shape[0] / 2
    return float(columns.mean()), float(rows.mean())


def _edge(image: Image, rng: np.random.Generator) -> tuple[float, ...]:
    """Return the colour beyond the photograph: its own edge's, or what padding uses."""
    if rng.random() < 0.5:
        return (127.0, 127.0, 127.0)
    edge = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    return tuple(float(value) for value in np.median(edge, axis=0))


def _on(behind: Image, image: Image, mask: Mask, shadow: float, rng: np.random.Generator) -> Image:
    """Return the specimen on another background, its edge a little soft."""
    cover = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), float(rng.uniform(0.4, 1.2)))
    cover = np.clip(cover * 1.6 - 0.4, 0, 1)[:, :, None]
    ground = behind.astype(np.float32)
    if rng.random() < shadow:
        dark = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), float(rng.uniform(2, 12)))
        move = (int(rng.integers(-12, 13)), int(rng.integers(0, 13)))
        ground *= 1 - rng.uniform(0.2, 0.6) * np.roll(dark, move, (1, 0))[:, :, None]
    return np.asarray(image * cover + ground * (1 - cover), np.uint8)


def photographed(image: Image, rng: np.random.Generator) -> Image:
    """Return the image as another camera, lamp and file would have it."""
    pixels = image.astype(np.float32) / 255
    pixels = pixels ** np.exp(rng.normal(0, 0.25))
    pixels = (pixels - 0.5) * rng.uniform(0.75, 1.25) + 0.5 + rng.normal(0, 0.07)
    pixels *= np.exp(rng.normal(0, 0.06, 3)).astype(np.float32)
    grey = pixels.mean(axis=2, keepdims=True)
    pixels = grey + (pixels - grey) * (rng.uniform(0.4, 1.5) if rng.random() > 0.05 else 0.0)
    blur = rng.random()
    if blur < 0.2:
        pixels = cv2.GaussianBlur(pixels, (0, 0), float(rng.uniform(0.4, 1.8)))
    elif blur < 0.35:
        pixels += 0.7 * (pixels - cv2.GaussianBlur(pixels, (0, 0), 1.5))
    if rng.random() < 0.3:
        pixels += rng.normal(0, rng.uniform(0.005, 0.04), pixels.shape).astype(np.float32)
    done: Image = (np.clip(pixels, 0, 1) * 255).astype(np.uint8)
    return _through_a_file(done, rng) if rng.random() < 0.25 else done


def _through_a_file(image: Image, rng: np.random.Generator) -> Image:
    """Return it with the traces of JPEG."""
    import simplejpeg

    content = simplejpeg.encode_jpeg(np.ascontiguousarray(image), quality=int(rng.integers(30, 90)))
    decoded: Image = simplejpeg.decode_jpeg(content, colorspace="RGB")
    return decoded
