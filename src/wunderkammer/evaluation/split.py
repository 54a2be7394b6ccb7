"""Which media are learnt from and which are asked: a sample, a column, or a split made here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError
from wunderkammer.evaluation.media import Media, column_of
from wunderkammer.sampling.draw import Draw
from wunderkammer.sampling.shares import Shares

TRAIN, TEST = "train", "test"

_ASIDE = ("validation",)
"""Sets of a split that are neither learnt from nor asked here."""

_CLASS = "class"


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The sets of media.

    Attributes
    ----------
    of : tuple
        The set of each medium; None where it is in none.
    tests : tuple of str
        The sets that are asked, in the order they are shown.
    """

    of: tuple[str | None, ...]
    tests: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The training set, then the tests."""
        return (TRAIN, *self.tests)


def parts_of(
    collection: Collection, media: Media, split: str, *, ranks: Sequence[str], share: float,
    seed: int,
) -> Parts:  # fmt: skip
    """Return the sets of the media.

    Parameters
    ----------
    collection : Collection
    media : Media
    split : str
        Name of a sample that was drawn, or of any column that says ``train`` for what is
        learnt from and the name of a test for the others; empty: a split is made here.
    ranks : sequence of str
        The finest of these that the media have keeps its shares in a split made here.
    share : float
        Of the specimens, to be asked in a split made here.
    seed : int
        Of a split made here.

    Raises
    ------
    ConfigurationError
        If there is no such sample or column, or it has no ``train`` or no test.
    NotEnoughMediaError
        If a split made here would leave a side empty.
    """
    if not split:
        return _made(media, ranks, share, seed)
    stages = {stage.group for stage in collection.configuration.stages}
    named = [one for one in (split, f"sample/{split}") if one in stages]
    column = f"{named[0]}/split" if named else split
    given = column_of(collection, column, media.ids)
    return _checked(given, split)


def _checked(given: Sequence[str | None], name: str) -> Parts:
    counts = Counter(one for one in given if one is not None)
    tests = [one for one in counts if one != TRAIN and one not in _ASIDE]
    if not tests or TRAIN not in counts:
        listing = ", ".join(f"{one} ({n:,})" for one, n in counts.most_common(5)) or "nothing"
        raise ConfigurationError(
            f"evaluate: '{name}' needs media that are called '{TRAIN}' and media of at least one "
            f"test; it holds {listing}.",
            hint="Draw a split with 'wk sample NAME --split shares', or leave --split out.",
        )
    return Parts(tuple(one if one not in _ASIDE else None for one in given), tuple(sorted(tests)))


def _made(media: Media, ranks: Sequence[str], share: float, seed: int) -> Parts:
    """Split specimens so that each name keeps its share."""
    finest = media.told(ranks)[-1:]
    columns: dict[str, tuple[str | None, ...]] = {
        "media_id": media.ids,
        "specimen_id": media.groups,
    }
    if finest:
        columns[_CLASS] = media.labels[finest[0]]
    table = pa.table({name: pa.array(one, pa.string()) for name, one in columns.items()})
    stratify = _CLASS if finest else ""
    draw = Draw(table, seed=seed)
    pool = draw.pool([_CLASS] if finest else [], institution="", stratify=stratify)
    Shares(validation=0, test=share).divide(pool)
    found = tuple(draw.drawn(pool).split.to_pylist())
    if not {TRAIN, TEST} <= set(found):
        raise NotEnoughMediaError(
            f"evaluate: {len(set(media.groups))} specimens are too few to learn from some and ask "
            f"{share:.0%} of them.",
            hint="Add media, or raise test_share.",
        )
    return Parts(found, (TEST,))
