"""The desk: what people who sort a collection are shown, and what they say of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import (
    ConfigurationError,
    StageError,
    UnknownNameError,
    WunderkammerError,
    nearest,
)
from wunderkammer.core.identity import ID_LENGTH
from wunderkammer.core.journal import Annotation
from wunderkammer.core.publishing import PublishedSite
from wunderkammer.curation.sorting import Sorting
from wunderkammer.web import pictures
from wunderkammer.web.kept import Cache
from wunderkammer.web.round_process import RoundProcesses
from wunderkammer.web.sorting_schemas import (
    Applied,
    FoundMedium,
    Label,
    Labels,
    QueueList,
    QueueName,
    RoundList,
    Saved,
    SortAudit,
    SortQueue,
    SortState,
    TaskList,
)
from wunderkammer.web.sorting_telling import (
    advice_of,
    applied_of,
    audit_of,
    counts_of,
    medium_of,
    people_of,
    queues_of,
    round_of,
    task_of,
    version_of,
)

GRID_PX = 320
"""Longest side of the small picture: sharp in a grid on a fine screen."""


AHEAD = 200
"""Media that are chosen after a round before anybody asks: as many as the page asks for."""


class Desk:
    """Shows media to people and writes down how they sort them.

    Parameters
    ----------
    collection : Collection
        Its ``collection.toml`` says what is sorted.
    who : str
        The name that the page proposes; empty for the user of this machine.

    Raises
    ------
    ConfigurationError
        If nothing is sorted.
    """

    def __init__(self, collection: Collection, who: str = "") -> None:
        self.collection = collection
        self.who = who or Annotation(media_id="0" * ID_LENGTH, term="who", value=None).who
        self.rounds = RoundProcesses(collection.root)
        self._sortings = {
            one.name: Sorting(collection, one.name) for one in Sorting.tasks_of(collection)
        }
        if not self._sortings:
            raise ConfigurationError(
                "there is no task in collection.toml: nothing is sorted.",
                hint="'wk curate new quality --classes good,bad' makes one.",
            )
        self._pictures = Cache()
        self._site: PublishedSite | None = None
        self._finding = threading.Lock()

    def sorting(self, task: str) -> Sorting:
        """Return what is known of a task.

        Raises
        ------
        UnknownNameError
            If there is none of that name.
        """
        if task not in self._sortings:
            raise UnknownNameError(
                f"nothing is sorted by '{task}'.", hint=nearest(task, self._sortings)
            )
        return self._sortings[task]

    def tasks(self) -> TaskList:
        """Return what the collection is sorted by."""
        return TaskList(
            title=self.collection.configuration.about.title,
            who=self.who,
            has_map=self.site() is not None,
            tasks=[task_of(one) for one in self._sortings.values()],
        )

    def state(self, task: str) -> SortState:
        """Return how far a task is."""
        sorting, running = self.sorting(task), self.rounds.last(task)
        latest, advice = sorting.latest(), sorting.advice()
        return SortState(
            **dict(counts_of(sorting)),
            task=task,
            n_media=len(sorting.media.ids),
            **people_of(sorting.votes()),
            round=None if latest is None else round_of(latest),
            training=running.training if running else None,
            problem=running.problem if running else None,
            advice=None if advice is None else advice_of(advice),
            applied=_applied_round(sorting),
        )

    def queue(
        self, task: str, name: QueueName, slot: tuple[int, int], who: str, limits: Mapping[str, Any]
    ) -> SortQueue:
        """Return a part of a queue, as one person sees it.

        Parameters
        ----------
        task, name : str
            Which queue.
        slot : tuple of int
            Offset and limit.
        who : str
            Whose answers are told apart; empty for nobody's.
        limits : mapping
            ``quantile`` and ``confidence``.
        """
        sorting = self.sorting(task)
        offset, limit = slot
        page = sorting.queue(name, offset=offset, limit=limit, who=who, **limits)
        media = sorting.media
        told = [medium_of(one, media.row(one.media_id), sorting.task) for one in page.media]
        return SortQueue(name=name, n=page.n, offset=offset, media=told)

    def find(self, task: str, name: str, who: str) -> FoundMedium:
        """Return the medium that an id, an identifier of its source or a file's name means."""
        sorting = self.sorting(task)
        one = sorting.find(name, who)
        found = one and medium_of(one, sorting.media.row(one.media_id), sorting.task)
        return FoundMedium(medium=found)

    def queues(self, task: str, who: str, limits: Mapping[str, Any]) -> QueueList:
        """Return all queues with their lengths."""
        sorting = self.sorting(task)
        return queues_of(sorting.counts(who=who, **limits), sorting.task, limits)

    def say(self, task: str, said: Labels) -> Saved:
        """Write down what a person says; on disk when it returns."""
        values = {one.id: one.value for one in said.labels}
        if len(values) < len(said.labels):
            raise ConfigurationError("a medium is labelled twice in one request.")
        sorting = self.sorting(task)
        written = sorting.say(values, said.who, settled=said.settled)
        before = [Label(id=media_id, value=value) for media_id, value in written.before.items()]
        return Saved(saved=written.n, before=before, state=counts_of(sorting))

    def start_round(self, task: str, who: str) -> SortState:
        """Start a round in the background.

        Raises
        ------
        RefusedError
            If one is running.
        """
        sorting = self.sorting(task)
        # what is asked next is chosen once, before anybody waits for it
        self.rounds.start(task, who, lambda: sorting.queue("next", limit=AHEAD))
        return self.state(task)

    def all_rounds(self, task: str) -> RoundList:
        """Return all rounds of a task."""
        return RoundList(rounds=[round_of(one) for one in self.sorting(task).rounds()])

    def audit(self, task: str, precision: float | None) -> SortAudit:
        """Return how good the sorting is on media drawn at random."""
        sorting = self.sorting(task)
        wanted = sorting.settings.precision if precision is None else precision
        return audit_of(sorting.audit(wanted), wanted)

    def apply(self, task: str, precision: float | None) -> Applied:
        """Hand the last round to the pipeline."""
        sorting = self.sorting(task)
        sorting.apply(precision=precision)
        return applied_of(sorting.applied() or {}, sorting.audit(precision))

    def picture(self, kind: str, media_id: str) -> tuple[bytes, str]:
        """Return a picture of a medium as JPEG, and the version of what it shows.

        Parameters
        ----------
        kind : str
            ``photograph``: all of it that is sorted; or ``small``.
        media_id : str
            The medium.

        Raises
        ------
        UnknownNameError
            If no task sorts such a medium.
        """
        row, root = self._row(media_id), self.collection.root
        version = version_of(row)
        makers = {
            "photograph": lambda: pictures.own_part(root, row),
            "small": lambda: pictures.small(root, row, GRID_PX),
        }
        return self._pictures.get((kind, media_id, version), makers[kind]), version

    def site(self, *, again: bool = True) -> PublishedSite | None:
        """Return the files of the atlas, or None where none was built.

        Parameters
        ----------
        again : bool
            Whether to look for one that was built meanwhile.
        """
        with self._finding:
            if again or self._site is None:
                try:
                    site = self.collection.site()
                    site.atlas_json()
                    self._site = site
                except WunderkammerError:
                    # while a run replaces the atlas, the one before is shown
                    pass
            return self._site

    def stop(self) -> None:
        """End rounds that are running: what is not finished is not there."""
        self.rounds.stop()

    def _row(self, media_id: str) -> Mapping[str, Any]:
        for one in self._sortings.values():
            media = one.media
            if media_id in media.place:
                return media.row(media_id)
        raise UnknownNameError(
            f"no medium with an image is called '{media_id}'.",
            hint="It may have been removed from the source, or its image failed: 'wk failures'.",
        )


def _applied_round(sorting: Sorting) -> int | None:
    """Return which round is applied; None if none is, or it is of other classes than now."""
    try:
        applied = sorting.applied()
    except StageError:
        return None
    return None if applied is None else applied["round"]
