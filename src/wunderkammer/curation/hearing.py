"""Hearing: what people say of a task is written down, and heard from whoever writes it."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from wunderkammer.core import journal
from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import UnknownNameError, nearest
from wunderkammer.core.identity import ID_LENGTH
from wunderkammer.core.journal import Annotation, Follower
from wunderkammer.curation.pages import Saved
from wunderkammer.curation.task import UNSURE, Task
from wunderkammer.curation.votes import Ballot, Votes


class Hearing:
    """The votes on a task, as they stand in the journal at any moment.

    Parameters
    ----------
    collection : Collection
        Its journal is mended if its last line is damaged; see
        :func:`wunderkammer.core.journal.mend`.
    task : Task
    """

    def __init__(self, collection: Collection, task: Task) -> None:
        self.collection = collection
        self.task = task
        journal.mend(collection.root)
        self._follower = Follower(collection.root)
        self._ballot = Ballot(task)
        self._votes = self._ballot.votes()
        self._lock = threading.RLock()

    def votes(self) -> Votes:
        """Return what was said so far; only what is new in the journal is read."""
        with self._lock:
            news = self._follower.news()
            if news.anew:
                self._ballot = Ballot(self.task)
            if self._ballot.add(news.rows) or news.anew:
                self._votes = self._ballot.votes()
            return self._votes

    def say(
        self,
        statements: Mapping[str, str | None],
        who: str,
        known: Mapping[str, int],
        *,
        settled: bool = False,
    ) -> Saved:
        """Write down what a person says; what that person says already is not written again.

        Parameters
        ----------
        statements : mapping of str to str or None
        who : str
            Empty for the user of this machine.
        known : mapping of str to int
            The media there are.
        settled : bool
            Whether it settles conflicts, and is no vote.

        Raises
        ------
        UnknownNameError
            If there is no such medium, or no such class; nothing is written then.
        """
        self._check(statements, known)
        person = who.strip() or user()
        term = self.task.settled_term if settled else self.task.term
        with self._lock:
            votes = self.votes()
            before = {
                one: votes.settled.get(one) if settled else votes.of(one).get(person)
                for one in statements
            }
            changed = [
                Annotation(media_id=one, term=term, value=value, was=before[one], who=person)
                for one, value in statements.items()
                if value != before[one]
            ]
            n = self.collection.annotate(changed)
        return Saved(n, before)

    def _check(self, statements: Mapping[str, str | None], known: Mapping[str, int]) -> None:
        """Refuse unknown media and values."""
        for media_id, value in statements.items():
            if media_id not in known:
                raise UnknownNameError(
                    f"{self.task.name}: no medium with an image is called '{media_id}'.",
                    hint="'wk query' finds the media_id you want.",
                )
            if value is not None and not self.task.allows(value):
                raise UnknownNameError(
                    f"{self.task.name} = '{value}': there is no such class.",
                    hint=nearest(value, (*self.task.classes, UNSURE)),
                )


def user() -> str:
    """Return the name of the user of this machine."""
    return Annotation(media_id="0" * ID_LENGTH, term="who", value=None).who
