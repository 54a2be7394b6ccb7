"""Lines of print on bright paper: where they run, and whether they meet a specimen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wunderkammer.imaging.masks import Mask

Image = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.float64]

_LOOK_PX = 800  # longest side of the copy that print is looked for on
_PAPER_PX = 33  # strokes narrower than this are no paper
_PAPER_LIGHT = 110  # paper is brighter than this, of 255
_INK = 0.78  # ink has less than this share of its paper's light
_BARE = 0.9  # bare paper has more than this share
_MOSTLY_BARE, _BETWEEN = 0.55, 0.15  # of a line: at least so much is bare, at most so much neither
_LEAST, _MOST = 0.008, 0.028  # height of letters, of the longest side
_LEAST_LETTERS, _MOST_LETTERS = 4, 1500
_FEWEST = 3  # letters of a line that has another one of that size above or below it
_SPACING = 1.1, 5.0  # from one such line to the other, in heights of letters
_STEEPEST = 0.2  # of a line of print
_BAND = 0.75  # half the height of what a line covers, in heights of its letters
_REACH = 25  # so many heights of letters beyond its ends a line may go on
_BLANK = 2  # so many of them without letter or specimen end it
_DARK = 0.66  # letters have less than this share of the paper's light, most of a line's


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print: its middle is at ``slope * x + start`` from ``left`` to ``right``."""

    slope: float
    start: float
    height: float
    left: float
    right: float


def for_print(image: Image) -> Image:
    """Return an image at the size at which print is looked for, no larger than it is."""
    import cv2

    scale = min(1.0, _LOOK_PX / max(image.shape))
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def print_meets(image: Image, seen: Mask) -> bool:
    """Return whether a line of print on bright paper runs up to what is seen, or across it.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
    seen : ndarray of bool, shape (h, w)
        The specimen, at its own size.
    """
    import cv2

    small = for_print(image)
    covered = cv2.resize(seen.astype(np.uint8), small.shape[1::-1]) > 0
    light = light_of_paper(np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8))
    ink = ink_of_letters(light)
    for line in lines_of_print(light, covered):
        for window, band in bands(line, covered.shape, 0):
            part = covered[window]
            filled = (part | ink[window]) & band
            meets = (filled & part & reached(filled, line, window[1])).any()
            if meets and _two_toned(light[window][band & ~part & _along(line, window[1])]):
                return True
    return False


def _two_toned(light: Numbers) -> bool:
    """Return whether this is letters on bare paper, and next to nothing in between."""
    bare, between = light > _BARE, (light > _INK) & (light <= _BARE)
    return bool(bare.mean() >= _MOSTLY_BARE and between.mean() <= _BETWEEN)


def light_of_paper(grey: Grey) -> Numbers:
    """Return each pixel's share of the light of the bright paper around it, 1 off such paper."""
    import cv2

    size = [max(1, side // 2) for side in grey.shape[::-1]]
    half = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    side = _PAPER_PX // 2 | 1
    half = cv2.morphologyEx(half, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    paper = cv2.GaussianBlur(cv2.resize(half, grey.shape[::-1]), (0, 0), 3)
    light = np.ones(grey.shape)
    np.divide(grey, paper, out=light, where=paper > _PAPER_LIGHT)
    return light


def ink_of_letters(light: Numbers) -> Mask:
    """Return what ink is as high as letters, also where they have grown together: no specks."""
    import cv2

    ink = (light < _INK).astype(np.uint8)
    _, numbers, facts, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    high = facts[:, cv2.CC_STAT_HEIGHT] >= _LEAST * max(light.shape)
    high[0] = False
    return np.asarray(high[numbers])


def lines_of_print(light: Numbers, covered: Mask) -> list[Line]:
    """Return the lines of print on bright paper, where nothing covers it; none of many specks."""
    letters = _letters(light, covered)
    if not _LEAST_LETTERS <= len(letters) <= _MOST_LETTERS:
        return []
    rows = [letters[row] for row in _rows(letters)]
    found = [line for row in rows if len(row) >= _LEAST_LETTERS and (line := _line(row))]
    short = (row for row in rows if _FEWEST <= len(row) < _LEAST_LETTERS)
    return found + [line for row in short if (line := _beside_another(row, found))]


def bands(
    line: Line, shape: tuple[int, ...], room: int
) -> Iterator[tuple[tuple[slice, slice], Mask]]:
    """Yield the window that a line and what continues it covers, and the line's band in it."""
    reach = _REACH * line.height
    left, right = max(0, int(line.left - reach)), min(shape[1], int(line.right + reach) + 1)
    columns = np.arange(left, right)
    middle = line.slope * columns + line.start
    half = _BAND * line.height
    top = max(0, int(middle.min() - half) - 2 * room)
    bottom = min(shape[0], int(middle.max() + half) + 2 * room + 1)
    if left < right and top < bottom:
        rows = np.arange(top, bottom)[:, None]
        yield (slice(top, bottom), slice(left, right)), np.abs(rows - middle) <= half


def reached(filled: Mask, line: Line, columns: slice) -> Mask:
    """Return the columns that a line goes on to: where letters or the specimen fill it."""
    x = np.arange(columns.start, columns.stop)
    blank = ~filled.any(axis=0) & ~_along(line, columns)[0]
    ahead = np.cumsum(blank & (x > line.right))
    behind = np.cumsum((blank & (x < line.left))[::-1])[::-1]
    return np.asarray(np.maximum(ahead, behind) <= _BLANK * line.height)[None, :]


def _along(line: Line, columns: slice) -> Mask:
    """Return which columns are between a line's ends."""
    x = np.arange(columns.start, columns.stop)
    return np.asarray((x >= line.left) & (x <= line.right))[None, :]


def _letters(light: Numbers, covered: Mask) -> Numbers:
    """Return what could be letters: left, top, width, height, middle x and y, mean light."""
    import cv2

    longest = max(light.shape)
    ink = ((light < _INK) & ~covered).astype(np.uint8)
    _, numbers, facts, middles = cv2.connectedComponentsWithStats(ink, connectivity=8)
    means = np.bincount(numbers.ravel(), light.ravel())[1:] / facts[1:, 4]
    boxes = facts[1:, :4].astype(np.float64)
    width, height = boxes[:, 2], boxes[:, 3]
    filled = facts[1:, 4] / (width * height)
    fits = (height >= _LEAST * longest) & (height <= _MOST * longest)
    fits &= (width <= 1.8 * height) & (width >= 0.2 * height) & (filled >= 0.12) & (filled <= 0.9)
    return np.asarray(np.column_stack([boxes, middles[1:], means])[fits], np.float64)


def _rows(letters: Numbers) -> Iterator[npt.NDArray[np.intp]]:
    """Yield the letters that stand beside one another."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    left, height, y = letters[:, 0], letters[:, 3], letters[:, 5]
    right = left + letters[:, 2]
    larger = np.maximum(height[:, None], height)
    smaller = np.minimum(height[:, None], height)
    gap = np.maximum(left[:, None] - right, left - right[:, None])
    beside = (gap < 2.2 * larger) & (np.abs(y[:, None] - y) < 0.5 * larger)
    n, numbers = connected_components(csr_array(beside & (larger < 1.9 * smaller)), directed=False)
    for number in range(n):
        yield np.flatnonzero(numbers == number)


def _line(row: Numbers) -> Line | None:
    """Return the line that letters stand on; None where they stand on none."""
    x, y, height = row[:, 4], row[:, 5], float(np.median(row[:, 3]))
    if np.ptp(x) < 3 * height:
        return None
    slope = float(np.polyfit(x, y, 1)[0]) if np.ptp(x) > 8 * height else 0.0
    return _drawn(row, slope) if abs(slope) <= _STEEPEST else None


def _beside_another(row: Numbers, lines: Sequence[Line]) -> Line | None:
    """Return the line of a few letters, if it runs along one of more letters of their size."""
    x, y, height = (float(value) for value in np.median(row[:, [4, 5, 3]], axis=0))
    for line in lines:
        apart = abs(y - line.slope * x - line.start) / line.height
        alike = 0.6 <= height / line.height <= 1.2
        within = line.left - 12 * height <= x <= line.right + 12 * height
        if alike and within and _SPACING[0] <= apart <= _SPACING[1]:
            return _drawn(row, line.slope)
    return None


def _drawn(row: Numbers, slope: float) -> Line | None:
    """Return the line of some slope through letters; None if they are too pale."""
    if np.median(row[:, 6]) > _DARK:
        return None
    start = float(np.median(row[:, 5] - slope * row[:, 4]))
    left, right = float(row[:, 0].min()), float((row[:, 0] + row[:, 2]).max())
    return Line(slope, start, float(np.quantile(row[:, 3], 0.85)), left, right)
