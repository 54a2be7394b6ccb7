"""Draws: a table of media in, a set or a reason for each of them out."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.sampling.classes import Classes, Taxa, classes_of, taxa_of
from wunderkammer.sampling.conditions import columns_of, rows_where
from wunderkammer.sampling.pool import Outcomes, Pool, Step
from wunderkammer.sampling.ranking import Codes, Mask
from wunderkammer.vocab.darwin_core import TERMS

Unit = Literal["specimen", "medium"]

_LIST = 'All there are: wk query "select column_name from (describe media)".'

FROM_NAMES = ("species", "genus")
"""Columns that are read out of a record's name, whatever the source wrote there."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What became of each medium, in the order of the table that was drawn from.

    Attributes
    ----------
    split : pyarrow.Array of string
        The set; null where it was left out.
    why : pyarrow.Array of string
        Why it was left out; null where it was not.
    """

    split: pa.Array
    why: pa.Array


class Draw:
    """One draw from a table of media, step by step.

    First the media are chosen (:meth:`only_where`, :meth:`only_taxa`); then
    :meth:`pool` makes units of those that are left, and every further step is
    the pool's; :meth:`drawn` gives what became of each medium.

    Parameters
    ----------
    media : pyarrow.Table
        One row a medium, in any order: ``media_id``, ``specimen_id``, and the
        columns that are asked for.
    seed : int
        Decides every choice by lot.
    unit : str
        What is drawn. ``specimen``: all media of a specimen share its lot;
        ``medium``: each by itself.
    """

    def __init__(self, media: pa.Table, *, seed: int, unit: Unit = "specimen") -> None:
        self._order = _order(media)
        self.media = media if self._order is None else media.take(self._order)
        self.seed = seed
        self.taxa: Taxa = taxa_of(self.media)
        self.specimens = _specimens(self.media)
        self._units = self.specimens if unit == "specimen" else _each(self.media)
        self._reasons = Outcomes(media.num_rows)
        self._unit_of: Codes = np.zeros(0, dtype=np.int64)
        self.steps: list[Step] = []
        self._note("all")

    @property
    def inside(self) -> Mask:
        """Which media have not been left out."""
        return self._reasons.codes < 0

    def only_where(self, condition: str) -> None:
        """Leave out media for which a condition is not true.

        Raises
        ------
        ConfigurationError
            If it names a column that is not there, or is no condition.
        """
        for name in columns_of(condition):
            self._check(name, "where")
        self._reasons.say(self.inside & ~rows_where(condition, self.media), "query")
        self._note("query")

    def only_taxa(self, names: Sequence[str]) -> None:
        """Leave out media of other taxa.

        Raises
        ------
        ConfigurationError
            If no medium belongs to one of them; says the nearest.
        """
        known = frozenset[str]().union(*self.taxa.called)
        for name in names:
            if " ".join(name.split()).casefold() not in known:
                close = difflib.get_close_matches(name.casefold(), known, n=1, cutoff=0.6)
                raise ConfigurationError(
                    f"sample: no medium is of the taxon '{name}'.",
                    hint=f"Did you mean '{close[0].capitalize()}'?"
                    if close
                    else "Any rank will do, from kingdom to species.",
                )
        self._reasons.say(self.inside & ~self.taxa.within(names), "taxon")
        self._note("taxon")

    def pool(self, columns: Sequence[str], *, institution: str, stratify: str) -> Pool:
        """Make units of the media that are left.

        Parameters
        ----------
        columns : sequence of str
            What the steps to come look at; ``species`` and ``genus`` are always there.
        institution, stratify : str
            See :class:`wunderkammer.sampling.pool.Pool`.

        Raises
        ------
        ConfigurationError
            If a column is not there.

        Notes
        -----
        Where the media of a specimen disagree, the one with the smallest
        ``media_id`` speaks for it.
        """
        rows = np.flatnonzero(self.inside)
        codes = self._units.codes[rows]
        n_media = np.bincount(codes, minlength=len(self._units.names))
        units = np.flatnonzero(n_media)
        first = np.zeros_like(n_media)
        first[codes[::-1]] = rows[::-1]  # of several, the last to be written stays: the first row
        place = np.zeros_like(n_media)
        place[units] = np.arange(len(units))
        self._unit_of = place[codes]
        found = {name: self.column(name).at(first[units]) for name in (*FROM_NAMES, *columns)}
        found.setdefault(institution, self._classes(institution).at(first[units]))
        ids = self._units.names.take(pa.array(units))
        return Pool(
            self.seed, ids, n_media[units], found, institution=institution, stratify=stratify
        )

    def column(self, name: str) -> Classes:
        """Return a column of the media as classes."""
        if name in FROM_NAMES:
            return self.taxa.species if name == "species" else self.taxa.genus
        self._check(name, "the sample")
        return self._classes(name)

    def drawn(self, pool: Pool) -> Drawn:
        """Return what became of each medium."""
        rows = np.flatnonzero(self.inside)
        split = np.full(len(self._reasons.codes), -1, dtype=np.int64)
        split[rows] = pool.sets.codes[self._unit_of]
        why = self._reasons.codes.astype(np.int64)
        words = [*self._reasons.words, *pool.reasons.words]
        reason = pool.reasons.codes[self._unit_of].astype(np.int64)
        why[rows] = np.where(reason < 0, -1, reason + len(self._reasons.words))
        return Drawn(self._texts(split, pool.sets.words), self._texts(why, words))

    def counted(self, institution: str) -> dict[str, Classes]:
        """Return what is counted in each set, in the order of the table that was drawn from."""
        found = {
            "specimens": self.specimens,
            "species": self.taxa.species,
            "genera": self.taxa.genus,
            "families": self._classes("family"),
            "institutions": self._classes(institution),
        }
        return {name: Classes(self._back(one.codes), one.names) for name, one in found.items()}

    def _texts(self, codes: Codes, words: Sequence[str]) -> pa.Array:
        """Return words of the media, in the order these came in."""
        codes = self._back(codes)
        return pa.array(words, pa.string()).take(pa.array(codes, mask=codes < 0))

    def _back(self, codes: Codes) -> Codes:
        """Return codes of the media, in the order these came in."""
        if self._order is None:
            return codes
        back = np.empty_like(codes)
        back[self._order.to_numpy()] = codes
        return back

    def _classes(self, name: str) -> Classes:
        """Return a column as classes; one that nobody writes is empty."""
        if name not in self.media.column_names:
            return Classes(np.full(self.media.num_rows, -1), pa.array([], pa.string()))
        return classes_of(self.media[name])

    def _note(self, step: str) -> None:
        self.steps.append(Step(step, int(self.inside.sum())))

    def _check(self, name: str, asked_by: str) -> None:
        """Refuse a column that nobody writes: it comes without a type."""
        names = self.media.column_names
        if name in names and not pa.types.is_null(self.media.schema.field(name).type):
            return
        known = {*TERMS, *names} - {name}
        close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
        meant = f"Did you mean '{close[0]}'? " if close else ""
        raise ConfigurationError(
            f"sample: {asked_by} reads the column '{name}', which this collection does not have.",
            hint=f"{meant}{_LIST}",
        )


def _order(media: pa.Table) -> pa.Array | None:
    """Return the order by id; None if the rows stand so already."""
    ids = media["media_id"].combine_chunks()
    if len(ids) < 2 or pc.all(pc.less(ids[:-1], ids[1:])).as_py():
        return None
    return pc.sort_indices(ids)


def _specimens(media: pa.Table) -> Classes:
    """Return the specimen of each medium; one that names none is its own."""
    if "specimen_id" not in media.column_names:
        return _each(media)
    given = media["specimen_id"].cast(pa.string())
    named = pc.greater(pc.utf8_length(given), 0).fill_null(False)
    if not pc.all(named).as_py():
        given = pc.if_else(named, given, media["media_id"])
    return classes_of(given)


def _each(media: pa.Table) -> Classes:
    """Return each medium as a class of its own."""
    ids = media["media_id"].combine_chunks()
    return Classes(np.arange(len(ids)), ids)
