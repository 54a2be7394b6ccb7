"""Which examples are trained on, and which are kept to measure."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence

PARTS: Mapping[str, float] = {"train": 0.8, "validation": 0.1, "test": 0.1}
_WHOLE = 16**8


def seeded_split(groups: Sequence[str], seed: int, parts: Mapping[str, float] = PARTS) -> list[str]:
    """Return the part of each example; those of one group are never parted.

    Parameters
    ----------
    groups : sequence of str
        What each example belongs to, such as its ``specimen_id``.
    seed : int
        Another seed makes another split.
    parts : mapping of str to float
        Share of each part; they add up to one.

    Notes
    -----
    An example's part depends on its group and the seed alone, so it stays when
    others are added.

    Examples
    --------
    >>> seeded_split(["a", "b", "a"], seed=1)[0] == seeded_split(["a"], seed=1)[0]
    True
    """
    return [_part(group, seed, parts) for group in groups]


def filled_split(groups: Sequence[str], seed: int, stated: Sequence[str] = ()) -> list[str]:
    """Return the part of each example; no part is empty if there are three groups.

    Parameters
    ----------
    groups : sequence of str
        What each example belongs to.
    seed : int
    stated : sequence of str
        The part of each example that is settled already, or empty; none: all are drawn.

    Notes
    -----
    As :func:`seeded_split`; where chance left a part empty, the last group of the part
    with most groups moves there.

    Examples
    --------
    >>> sorted(filled_split(["a", "b", "c"], seed=0))
    ['test', 'train', 'validation']
    """
    drawn = seeded_split(groups, seed)
    settled = stated or [""] * len(groups)
    found = [own or part for own, part in zip(settled, drawn, strict=True)]
    for name in reversed(list(PARTS)):
        places = [place for place, own in enumerate(settled) if not own]
        pairs = {(found[place], groups[place]) for place in places}
        if name in found or not pairs:
            continue
        parts = [part for part, _ in pairs]
        giver = max(PARTS, key=parts.count)
        last = max(group for part, group in pairs if part == giver)
        for place in places:
            if (found[place], groups[place]) == (giver, last):
                found[place] = name
    return found


def _part(group: str, seed: int, parts: Mapping[str, float]) -> str:
    digest = hashlib.sha256(f"{seed}\x1f{group}".encode()).hexdigest()
    place = int(digest[:8], 16) / _WHOLE
    ends = itertools.accumulate(parts.values())
    return next(
        (name for name, end in zip(parts, ends, strict=True) if place < end), list(parts)[-1]
    )
