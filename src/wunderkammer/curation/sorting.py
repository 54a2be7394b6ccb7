"""Sorting: one task of a collection, as the command line and the server see it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError, nearest
from wunderkammer.curation.applied import Applied, foretold, read_applied, write_applied
from wunderkammer.curation.asking import choose_next
from wunderkammer.curation.formats import Names
from wunderkammer.curation.hearing import Hearing
from wunderkammer.curation.kinds import Thresholds, high_entropy
from wunderkammer.curation.learning import label_codes, run_round
from wunderkammer.curation.lot import in_prefix
from wunderkammer.curation.measures import proposals
from wunderkammer.curation.media import MediaTable, read_media, stamp_of
from wunderkammer.curation.outcome import Outcome, outcomes
from wunderkammer.curation.pages import Counts, Page, QueueCount, Saved, Shown
from wunderkammer.curation.queues import (
    NAMES,
    Standing,
    Told,
    Waiting,
    described,
    kind_queues,
    opening,
    queue_of,
    refuse_unknown,
    shown,
)
from wunderkammer.curation.rounds import Progress, Round, read_round, round_numbers, silent
from wunderkammer.curation.task import Task, TaskSettings, task_settings, tasks_of
from wunderkammer.curation.votes import Votes

if TYPE_CHECKING:
    from wunderkammer.curation.audit import Audit
    from wunderkammer.curation.learners import Learner
    from wunderkammer.curation.measures import Proposal
    from wunderkammer.curation.stopping import Advice


class Sorting:
    """One task: its media, what people said, rounds, queues, and what is applied.

    It may be used from several threads. It holds what it has read and reads again only what
    has changed on disk, so that another process may label or train meanwhile.

    Parameters
    ----------
    collection : Collection
    task : str, optional
        Name of the task; empty: the first.

    Raises
    ------
    ConfigurationError
        If the collection has no such task.
    """

    def __init__(self, collection: Collection, task: str = "") -> None:
        found = tasks_of(collection.configuration)
        if not found or (task and task not in found):
            what = f"no task is called '{task}'" if task else "there is no task"
            raise ConfigurationError(
                f"{what} in collection.toml.",
                hint=nearest(task, found)
                if found
                else "'wk curate new quality --classes good,bad' makes one.",
            )
        self.collection = collection
        self.stage = found[task or next(iter(found))]
        self.task = task_settings(self.stage).as_task
        self._hearing = Hearing(collection, self.task)
        self._lock, self._choosing = threading.RLock(), threading.Lock()
        self._media: tuple[object, MediaTable, Mapping[str, Sequence[Proposal]]] | None = None
        self._rounds: dict[int, Round] = {}
        self._told: tuple[int, Told] | None = None
        self._chosen: tuple[object, tuple[Waiting, ...]] = (None, ())

    @staticmethod
    def tasks_of(collection: Collection) -> list[Task]:
        """Return the tasks of a collection, in the order of ``collection.toml``."""
        found = tasks_of(collection.configuration).values()
        return [task_settings(stage).as_task for stage in found]

    @property
    def settings(self) -> TaskSettings:
        """The table ``[[sort]]``; it is the stage itself."""
        return task_settings(self.stage)

    @property
    def media(self) -> MediaTable:
        """The media that can be sorted, in the order of the lot; read again after a run."""
        return self._media_and_proposals()[0]

    def votes(self) -> Votes:
        """Return what people said so far, also what others wrote in this moment."""
        return self._hearing.votes()

    def say(
        self, statements: Mapping[str, str | None], who: str = "", *, settled: bool = False
    ) -> Saved:
        """Write down what a person says of media; on disk when it returns.

        Parameters
        ----------
        statements : mapping of str to str or None
            Class or "unsure" by ``media_id``; None takes back.
        who : str
            The person; empty for the user of this machine.
        settled : bool
            Whether this settles a conflict for everybody.

        Raises
        ------
        UnknownNameError
            If there is no such medium, or no such class; nothing is written then.
        """
        return self._hearing.say(statements, who, self.media.place, settled=settled)

    def train(
        self, progress: Progress = silent, *, who: str = "", learner: Learner | None = None
    ) -> Round:
        """Train a round from the labels as they are now, and keep it.

        See :func:`wunderkammer.curation.learning.run_round`.

        Raises
        ------
        NotEnoughMediaError
            If nothing is labelled, or no medium has features.
        CollectionLockedError
            If a round of this task is being trained.
        """
        return run_round(
            self.collection, self.stage, self.media, self.votes(),
            learner=learner, who=who, progress=progress,
        )  # fmt: skip

    def rounds(self) -> Sequence[Round]:
        """Return all rounds, the first one first."""
        root, name = self.collection.root, self.task.name
        numbers = round_numbers(root, name)
        with self._lock:
            self._rounds = {
                one: self._rounds.get(one) or read_round(root, name, one) for one in numbers
            }
            return list(self._rounds.values())

    def latest(self) -> Round | None:
        """Return the last round."""
        rounds = self.rounds()
        return rounds[-1] if rounds else None

    def n_since(self) -> int:
        """Return how many labels were given, changed or taken back since the last round."""
        then, now, here = self._labels_then(), self.votes().labels, self.media.place
        return sum(now.get(one) != then.get(one) for one in {*now, *then} if one in here)

    def queue(
        self,
        name: str,
        *,
        offset: int = 0,
        limit: int = 60,
        quantile: float = 0.9,
        confidence: float = 0.9,
        who: str = "",
    ) -> Page:
        """Return a part of a queue.

        Parameters
        ----------
        name : str
            One of :data:`wunderkammer.curation.queues.NAMES`.
        offset, limit : int
            Which part.
        quantile, confidence : float
            See :class:`wunderkammer.curation.kinds.Thresholds`.
        who : str
            Whose answers are told apart.

        Raises
        ------
        UnknownNameError
            If there is no such queue.
        """
        refuse_unknown(name)
        standing = self._standing(offset + limit if name == "next" else 0)
        found = queue_of(name, standing, Thresholds(quantile=quantile, confidence=confidence), who)
        part = found[offset : offset + limit]
        return Page(name, len(found), [shown(one, standing, who) for one in part])

    def counts(self, *, quantile: float = 0.9, confidence: float = 0.9, who: str = "") -> Counts:
        """Return every queue with its title, a sentence, and how many media wait in it."""
        standing = self._standing(1)
        thresholds = Thresholds(quantile=quantile, confidence=confidence)
        sizes = {name: len(found) for name, found in kind_queues(standing, thresholds).items()}
        queues = [
            QueueCount(
                name,
                *described(name),
                sizes[name] if name in sizes else len(queue_of(name, standing, thresholds, who)),
            )
            for name in NAMES
        ]
        told = standing.told
        entropy = (
            None
            if told is None
            else high_entropy(told.uncertainty.entropy, standing.codes, thresholds)
        )
        return Counts(queues, entropy)

    def find(self, name: str, who: str = "") -> Shown | None:
        """Return the medium that a name means, or None; see :class:`formats.Names`."""
        media_id = Names(self.media).find(name)
        return None if media_id is None else shown(Waiting(media_id, ""), self._standing(), who)

    def next_batch(self, n: int | None = None) -> Sequence[Shown]:
        """Return what is most worth a label now; by default as many as a batch has."""
        return self.queue("next", limit=n or self.settings.batch).media

    def audit(self, precision: float | None = None) -> Audit | None:
        """Return what the labelled beginning of the lot proves; None before the first round.

        It counts labels as they are now, with what the last round says of media it did not see.
        """
        from wunderkammer.curation.audit import audit

        standing = self._standing()
        if standing.told is None:
            return None
        known, chances = standing.told.predictions, standing.told.uncertainty.probabilities
        answered = np.array([standing.votes.is_answered(one) for one in known.ids], np.bool_)
        sample = in_prefix(np.arange(len(known.ids)), answered)
        return audit(
            chances[sample],
            standing.codes[sample],
            self.task.classes,
            confidence=chances.max(axis=1),
            labelled=standing.codes >= 0,
            precision=precision or self.settings.precision,
        )

    def outcomes(self) -> list[Outcome]:
        """Return how each medium is sorted as things stand, in the order of the lot."""
        applied = self.applied()
        audit = None if applied else self.audit()
        threshold = applied["threshold"] if applied else audit.threshold if audit else 0.0
        return outcomes(self._standing(), threshold)

    def changed(self) -> Mapping[str, str]:
        """Return the labels that were given or changed since the last round, by medium."""
        then, now = self._labels_then(), self.votes().labels
        return {one: said for one, said in now.items() if then.get(one) != said}

    def advice(self) -> Advice | None:
        """Return whether to stop, and why; None before the first round."""
        from wunderkammer.curation.stopping import advise

        history = [one for one in self.rounds() if one.task.classes == self.task.classes]
        return advise([one.measures for one in history], self.settings.stop) if history else None

    def apply(self, *, precision: float | None = None) -> Path:
        """Make the last round what ``wk run`` sorts by; return the file.

        Raises
        ------
        NotEnoughMediaError
            If there is no round of the task's classes yet.

        Notes
        -----
        Heads sort media that come later too. Of networks, and of other programs, what they said
        of each medium is applied; of media that come later nothing is known until a new round.
        """
        latest, found = self._usable(), self.audit(precision)
        if latest is None or found is None:
            raise NotEnoughMediaError(
                f"{self.task.name}: there is no round yet that could be applied.",
                hint=f"Train one with 'wk curate round {self.task.name}'.",
            )
        said = latest.ensemble() if latest.has_members else foretold(latest)
        applied = Applied(said, found.threshold, latest.number, found.wanted, found.promised)
        return write_applied(self.collection.root, self.task, applied)

    def applied(self) -> Mapping[str, Any] | None:
        """Return what is applied: ``round``, ``threshold``, ``precision``, ``promised``; or None.

        Raises
        ------
        StageError
            If it is damaged or of other classes.
        """
        found = read_applied(self.collection.root, self.task)
        return None if found is None else found.figures()

    def _media_and_proposals(self) -> tuple[MediaTable, Mapping[str, Sequence[Proposal]]]:
        stamp = stamp_of(self.collection)
        with self._lock:
            if self._media is None or self._media[0] != stamp:
                media = read_media(self.collection, self.stage, self.settings.seed, self.task.name)
                self._media = (stamp, media, proposals(media))
            return self._media[1:]

    def _labels_then(self) -> Mapping[str, str]:
        """Return the labels of the last round."""
        latest = self._usable()
        if latest is None:
            return {}
        known = self._told_of(latest).predictions
        pairs = zip(known.ids, known.labels, strict=True)
        return {one: said for one, said in pairs if said is not None}

    def _usable(self) -> Round | None:
        """Return the last round if it knows the classes of now."""
        latest = self.latest()
        return latest if latest and latest.task.classes == self.task.classes else None

    def _told_of(self, latest: Round) -> Told:
        """Return what a round says; the last one is kept."""
        from wunderkammer.curation.acquisition import uncertainty

        with self._lock:
            if self._told is None or self._told[0] != latest.number:
                known = latest.predictions()
                found = Told(known, uncertainty(known.honest, latest.temperature))
                self._told = (latest.number, found)
            return self._told[1]

    def _standing(self, n_next: int = 0) -> Standing:
        """Return all that queues are made of; at least ``n_next`` media that are to be asked."""
        media, proposed = self._media_and_proposals()
        latest, votes = self._usable(), self.votes()
        told = None if latest is None else self._told_of(latest)
        ids = () if told is None else told.predictions.ids
        standing = Standing(media, votes, told, label_codes(votes, ids), proposed, ())
        standing = replace(standing, chosen=self._chosen_so_far(standing, latest))
        if latest is None or _n_open(standing) >= n_next:
            return standing
        with self._choosing:  # labels go on being written meanwhile
            standing = replace(standing, chosen=self._chosen_so_far(standing, latest))
            wanted = max(n_next - _n_open(standing), self.settings.batch)
            if _n_open(standing) < n_next:
                found = choose_next(self.collection, self.settings, standing, wanted, latest.number)
                chosen = (*standing.chosen, *found)
                standing = replace(standing, chosen=chosen)
                with self._lock:
                    self._chosen = ((media, latest.number), chosen)
            return standing

    def _chosen_so_far(self, standing: Standing, latest: Round | None) -> tuple[Waiting, ...]:
        """Return what was chosen of this round and these media; before the first, the opening."""
        state = (standing.media, None if latest is None else latest.number)
        with self._lock:
            if self._chosen[0] != state:
                first = () if latest else tuple(opening(standing.media, standing.proposals))
                self._chosen = (state, first)
            return self._chosen[1]


def _n_open(standing: Standing) -> int:
    """Return how many of the chosen media nobody has answered yet."""
    return sum(not standing.votes.is_answered(one.media_id) for one in standing.chosen)
