"""Parts of a mask: what is connected, how it lies, whether it is its own mirror image."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from wunderkammer.imaging.masks import Mask

Points = npt.NDArray[np.int32]

_SYMMETRY_PX = 48
_SYMMETRY_STEP_DEG = 6


@dataclass(frozen=True, eq=False)
class Part:
    """Pixels that belong together, in a window of the image.

    Attributes
    ----------
    mask : ndarray of bool, shape (height, width)
        The part within its window.
    left, top : int
        Where the window lies in the image.
    """

    mask: Mask
    left: int
    top: int

    @cached_property
    def area(self) -> int:
        """Number of pixels."""
        return int(self.mask.sum())

    @property
    def window(self) -> tuple[slice, slice]:
        """The window as slices of the image."""
        height, width = self.mask.shape
        return slice(self.top, self.top + height), slice(self.left, self.left + width)

    @cached_property
    def outline(self) -> Points:
        """Outer contour, in coordinates of the image, shape (n, 2): x and y."""
        import cv2

        found, _ = cv2.findContours(
            self.mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
        )
        points = np.concatenate(found).reshape(-1, 2)
        return np.asarray(points + np.array([self.left, self.top]), np.int32)

    @cached_property
    def hull(self) -> Points:
        """Corners of the convex hull, shape (n, 1, 2)."""
        import cv2

        return np.asarray(cv2.convexHull(self.outline), np.int32)

    @cached_property
    def measurable(self) -> bool:
        """Whether it is so large and wide, six pixels somewhere, that its look says something."""
        import cv2

        if self.area < 80:
            return False
        padded = np.pad(self.mask, 1).astype(np.uint8)
        return bool(cv2.distanceTransform(padded, cv2.DIST_L2, 3).max() >= 3)

    @cached_property
    def symmetry(self) -> float:
        """Overlap of the part with its own mirror image about the best axis, in [0, 1]."""
        return mirror_symmetry(self.mask)


def parts_of(mask: Mask, min_area: int, most: int = 64) -> tuple[list[Part], int]:
    """Return the connected parts of a mask, largest first, and how many were left out as small.

    Pixels that touch at a corner are connected.
    """
    import cv2

    n, numbers, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA]
    order = [int(i) for i in np.argsort(-areas, kind="stable") if areas[i] >= min_area][:most]
    parts = []
    for i in order:
        left, top, width, height = (int(value) for value in stats[i + 1, :4])
        window = numbers[top : top + height, left : left + width] == i + 1
        parts.append(Part(window, left, top))
    return parts, n - 1 - len(parts)


def merged(parts: list[Part]) -> Part:
    """Return several parts as one."""
    if len(parts) == 1:
        return parts[0]
    left, top = min(part.left for part in parts), min(part.top for part in parts)
    right = max(part.left + part.mask.shape[1] for part in parts)
    bottom = max(part.top + part.mask.shape[0] for part in parts)
    mask = np.zeros((bottom - top, right - left), np.bool_)
    for part in parts:
        y, x = part.top - top, part.left - left
        mask[y : y + part.mask.shape[0], x : x + part.mask.shape[1]] |= part.mask
    return Part(mask, left, top)


def mirror_symmetry(mask: Mask) -> float:
    """Return the largest overlap of a mask with its mirror image about a line through its centre.

    Notes
    -----
    Axes are tried every 6 degrees on a copy 48 pixels across: enough to tell a
    whole insect seen from above (above 0.8) from one of its wings.
    """
    import cv2

    moments = cv2.moments(mask.astype(np.uint8), binaryImage=True)
    if not moments["m00"]:
        return 0.0
    x, y = moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]
    reach = max(np.hypot(mask.shape[0], mask.shape[1]) / 2, 1.0) * 1.2
    scale, middle = _SYMMETRY_PX / (2 * reach), (_SYMMETRY_PX - 1) / 2
    grey, best = mask.astype(np.float32), 0.0
    for angle in range(0, 180, _SYMMETRY_STEP_DEG):
        turn = cv2.getRotationMatrix2D((x, y), angle, scale)
        turn[:, 2] += np.array([middle - x, middle - y])
        small = cv2.warpAffine(grey, turn, (_SYMMETRY_PX, _SYMMETRY_PX), flags=cv2.INTER_AREA)
        mirrored = small[:, ::-1]
        union = float(np.maximum(small, mirrored).sum())
        best = max(best, float(np.minimum(small, mirrored).sum()) / union if union else 0.0)
    return best


def gap(one: Part, other: Part) -> float:
    """Return the smallest distance in pixels between the outlines of two parts."""
    from scipy.spatial import cKDTree

    few, many = sorted((one.outline, other.outline), key=len)
    return float(cKDTree(many).query(few)[0].min())


def box_overlap(one: Part, other: Part) -> float:
    """Return the overlap of two bounding boxes as a share of the smaller one."""
    top, left = max(one.top, other.top), max(one.left, other.left)
    bottom = min(one.top + one.mask.shape[0], other.top + other.mask.shape[0])
    right = min(one.left + one.mask.shape[1], other.left + other.mask.shape[1])
    shared = max(0, bottom - top) * max(0, right - left)
    return float(shared / min(one.mask.size, other.mask.size))


def share_inside(inner: Part, hull: Points) -> float:
    """Return the share of a part's outline that lies within a convex hull."""
    import cv2

    points = inner.outline[:: max(1, len(inner.outline) // 64)].astype(np.float32)
    inside = [
        cv2.pointPolygonTest(hull, (float(x), float(y)), measureDist=False) for x, y in points
    ]
    return sum(value >= 0 for value in inside) / len(inside)
