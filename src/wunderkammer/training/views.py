"""Views: pictures placed and lit anew each time they are looked at, many at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from pydantic import Field

from wunderkammer.core.settings import Settings

Matrices = npt.NDArray[np.float32]

_ENDS = 1e-7
_LUMA = (0.299, 0.587, 0.114)


class Views(Settings):
    """How pictures are changed before each look; all that is drawn depends on seed and step."""

    share: float = Field(
        0.75, description="Share of pictures that each kind of change is done to.", ge=0, le=1
    )
    mirror: float = Field(0.5, description="Share mirrored left to right.", ge=0, le=1)
    turn_deg: float = Field(10.0, description="Most that a picture is turned, in degrees.", ge=0)
    zoom: float = Field(1.1, description="Largest scale; the smallest is its inverse.", ge=1)
    shift: float = Field(0.05, description="Most that it is shifted, as a share of its side.", ge=0)
    warp: float = Field(0.0, description="Most that it is seen from aside; 0.2 is a lot.", ge=0)
    crop: float = Field(
        1.0, description="Smallest share of the area that a view shows; 1: all of it.", gt=0, le=1
    )
    light: float = Field(0.2, description="Change of brightness and of contrast.", ge=0, lt=1)
    colour: float = Field(0.0, description="Change of saturation and of each colour.", ge=0, lt=1)
    grey: float = Field(0.0, description="Share without any colour.", ge=0, le=1)

    def apply(
        self, pixels: torch.Tensor, rng: np.random.Generator, outside: float = 1.0
    ) -> torch.Tensor:
        """Return each picture as it is looked at once.

        Parameters
        ----------
        pixels : Tensor of float32, shape (n, 3, side, side)
            In [0, 1]; on any device.
        rng : numpy.random.Generator
            All that is random comes from here, on whatever device it is computed.
        outside : float
            What lies beyond a picture's edge, in [0, 1].
        """
        placed = self._placed(pixels, self.matrices(len(pixels), rng), outside)
        return self._lit(placed, rng)

    def matrices(self, n: int, rng: np.random.Generator) -> Matrices:
        """Return homographies (n, 3, 3) from places in a view to places in its picture.

        Places are (x, y, 1) in [-1, 1], y down.
        """
        angle = np.radians(self._drawn(rng, n, self.turn_deg))
        scale = np.exp(self._drawn(rng, n, np.log(self.zoom)))
        mirrored = np.where(rng.random(n) < self.mirror, -1.0, 1.0)
        cosine, sine = np.cos(angle) / scale, np.sin(angle) / scale
        turned = _identities(n)
        turned[:, 0, 0], turned[:, 0, 1] = cosine * mirrored, -sine
        turned[:, 1, 0], turned[:, 1, 1] = sine * mirrored, cosine
        turned[:, 0, 2] = self._drawn(rng, n, 2 * self.shift)
        turned[:, 1, 2] = self._drawn(rng, n, 2 * self.shift)
        aside = _identities(n)
        aside[:, 2, 0] = self._drawn(rng, n, self.warp)
        aside[:, 2, 1] = self._drawn(rng, n, self.warp)
        return np.asarray(turned @ aside @ self._crops(n, rng), np.float32)

    def _crops(self, n: int, rng: np.random.Generator) -> Matrices:
        """Return the part that each view shows: a share of the area, up to 4 : 3 in shape."""
        crops = _identities(n)
        area = rng.uniform(self.crop, 1, n)
        aspect = np.exp(rng.uniform(np.log(3 / 4), np.log(4 / 3), n) / 2)
        for axis, side in enumerate((np.sqrt(area) * aspect, np.sqrt(area) / aspect)):
            place = rng.uniform(-1, 1, n)
            if self.crop < 1:
                side = np.minimum(side, 1)  # noqa: PLW2901  (a crop ends at the picture's edge)
                crops[:, axis, axis], crops[:, axis, 2] = side, place * (1 - side)
        return crops

    def _drawn(self, rng: np.random.Generator, n: int, most: float) -> npt.NDArray[np.float64]:
        """Return values in [-most, most], 0 for those that are left as they are."""
        changed = rng.random(n) < self.share
        return np.where(changed, rng.uniform(-most, most, n), 0.0)

    def _placed(self, pixels: torch.Tensor, matrices: Matrices, outside: float) -> torch.Tensor:
        if np.array_equal(matrices, _identities(len(matrices))):
            return pixels
        side = pixels.shape[-1]
        ends = torch.linspace(-1 + 1 / side, 1 - 1 / side, side, device=pixels.device)
        down, right = torch.meshgrid(ends, ends, indexing="ij")
        plane = torch.stack([right, down, torch.ones_like(right)], -1)
        turns = torch.from_numpy(matrices).to(pixels.device)
        places = torch.einsum("nij,yxj->nyxi", turns, plane)
        grid = places[..., :2] / places[..., 2:].clamp(min=0.1)
        moved = torch.nn.functional.grid_sample(pixels - outside, grid, align_corners=False)
        return moved + outside

    def _lit(self, pixels: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
        """Change light and colour as odds, which leaves pure white and black as they are."""
        n = len(pixels)
        brightness = 0.5 + 0.5 * self._drawn(rng, n, self.light)
        contrast = np.exp(self._drawn(rng, n, -np.log1p(-self.light)))
        gains = np.exp(np.stack([self._drawn(rng, n, self.colour) for _ in range(3)], 1))
        saturation = 1 + self._drawn(rng, n, self.colour)
        saturation[rng.random(n) < self.grey] = 0

        def each(values: npt.NDArray[np.float64]) -> torch.Tensor:
            shape = (n, -1, 1, 1)
            return torch.from_numpy(values.astype(np.float32)).to(pixels.device).view(shape)

        if self.colour or self.grey:
            luma = torch.tensor(_LUMA, device=pixels.device).view(1, 3, 1, 1)
            grey = (pixels * luma).sum(1, keepdim=True)
            pixels = grey + (pixels - grey) * each(saturation)
        if self.light or self.colour:
            odds = torch.logit(pixels.clamp(0, 1), _ENDS) * each(contrast)
            shifted = np.log(brightness / (1 - brightness))[:, None] + np.log(gains)
            pixels = torch.sigmoid(odds + each(shifted))
        return pixels


def _identities(n: int) -> Matrices:
    return np.tile(np.eye(3, dtype=np.float32), (n, 1, 1))
