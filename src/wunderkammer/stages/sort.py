"""Sort: a class for each medium, from what people said and what an ensemble learnt of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import PrivateAttr

from wunderkammer.core.column import Column
from wunderkammer.core.stage import Context, Done, Failed, RowStage
from wunderkammer.core.table import ANSWERS
from wunderkammer.curation.task import UNSURE, TaskSettings, applied_path

if TYPE_CHECKING:
    from wunderkammer.curation.applied import Applied

PERSON, ENSEMBLE = "person", "ensemble"
"""Who sorted a medium."""

_DECIMALS = 6


class SortStage(TaskSettings, RowStage):
    """Sort media into the classes of a task: by what people said, else as the ensemble says.

    People answer in 'wk curate', where a round is also applied; before that only their labels
    count. What the ensemble is not sure enough of is marked for a person.
    """

    optional: ClassVar[bool] = True
    name: Literal["sort"] = "sort"
    version: Literal["1"] = "1"
    batch_size: ClassVar[int] = 1024
    _applied: Applied | None = PrivateAttr(default=None)

    @property
    def floats(self) -> bool:
        """It comes right after the features that it reads."""
        return True

    @property
    def label(self) -> str:
        """The task."""
        return self.task

    def reads(self) -> tuple[str, ...]:
        """Return the features, what each person said, and how conflicts were settled."""
        settled = f"annotation/{self.as_task.settled_term}"
        return (f"features/{self.features}", f"said/{self.task}", settled)

    def writes(self) -> tuple[Column, ...]:
        """Return the class, how sure it is, whether a person should look, and who says it."""
        classes = ", ".join(self.classes)
        columns = [
            Column(self.task, "text", f"The class ({classes}); empty: nothing is known yet."),
            Column(
                f"{self.task}_score",
                "real",
                "Probability of that class, calibrated; 1 where a person said it.",
            ),
            Column(
                f"{self.task}_review",
                "boolean",
                "Whether a person should look: the ensemble is not sure enough, or people are "
                "not sure or disagree.",
            ),
            Column(f"{self.task}_by", "text", f"Who says so: '{PERSON}' or '{ENSEMBLE}'."),
        ]
        if self.keep:
            columns.append(
                Column(
                    f"{self.task}_kept",
                    "boolean",
                    f"True where later stages go on: {', '.join(self.keep)}, or not known yet.",
                )
            )
        return tuple(columns)

    def limits(self) -> str | None:
        """Return the column of what is kept, if something is kept only."""
        return f"{self.task}_kept" if self.keep else None

    def files(self, root: Path) -> Mapping[str, Path]:
        """Return the members of the round that was applied."""
        return {"applied": applied_path(root, self.task)}

    def load(self, context: Context) -> None:
        """Read the members of the round that was applied, if one was."""
        from wunderkammer.curation.applied import read_applied

        self._applied = read_applied(context.root, self.as_task)

    def process(
        self, batch: Sequence[Mapping[str, Any]], context: Context
    ) -> Sequence[Done | Failed]:
        """Sort each medium by itself, so that no other can change how sums are rounded."""
        return [Done(row["media_id"], self._sorted(row)) for row in batch]

    def _sorted(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of the written columns."""
        said = self._said(row)
        if said is not None and said != UNSURE:
            found: tuple[str | None, float | None, bool, str | None] = (said, 1.0, False, PERSON)
        else:
            found = self._predicted(row, is_asked=said == UNSURE or self._is_conflict(row))
        kept = True if found[0] is None or found[0] in self.keep else None
        names = [column.name for column in self.writes()]
        return dict(zip(names, (*found, kept), strict=False))

    def _predicted(
        self, row: Mapping[str, Any], *, is_asked: bool
    ) -> tuple[str | None, float | None, bool, str | None]:
        """Return class, score, whether a person is asked, and who says so."""
        if self._applied is None:
            return None, None, is_asked, None
        told = self._applied.told(row["media_id"], row[self.reads()[0]])
        if told is None:
            return None, None, True, None
        label, score = told
        asked = is_asked or score < self._applied.threshold
        return label, round(score, _DECIMALS), asked, ENSEMBLE

    def _said(self, row: Mapping[str, Any]) -> str | None:
        """Return what people agree on, or how their conflict was settled."""
        task, (_, said, settled) = self.as_task, self.reads()
        if row[settled] is not None and task.allows(row[settled]):
            return str(row[settled])
        answers = self._answers(row[said])
        return answers[0] if len(answers) == 1 else None

    def _is_conflict(self, row: Mapping[str, Any]) -> bool:
        return self._said(row) is None and len(self._answers(row[self.reads()[1]])) > 1

    def _answers(self, text: str | None) -> list[str]:
        """Return the differing answers that are of this task."""
        return [one for one in (text or "").split(ANSWERS) if self.as_task.allows(one)]
