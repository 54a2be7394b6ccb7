"""Status: how far each stage has come, in numbers for people."""

from __future__ import annotations

from dataclasses import dataclass

from wunderkammer.core.plan import StagePlan


@dataclass(frozen=True, slots=True)
class StageStatus:
    """How far one stage has come.

    Attributes
    ----------
    group : str
        The stage, with its label where it has one.
    n_done, n_failed, n_left_out : int
        Media that are done; that failed here; that failed in an earlier stage.
    n_todo : int
        Media that a run would do; -1 if that is known only after an earlier stage.
    note : str
        What a person should know.
    """

    group: str
    n_done: int
    n_failed: int
    n_left_out: int
    n_todo: int
    note: str = ""


def status_of(plan: StagePlan) -> StageStatus:
    """Return how far a stage has come by what is planned for it."""
    return StageStatus(
        plan.group, plan.n_fresh, plan.n_failed, plan.n_blocked, plan.n_todo, plan.note
    )
