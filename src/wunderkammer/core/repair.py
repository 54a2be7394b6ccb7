"""Repair: what a run can make again is set aside; what it cannot is left, and told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from wunderkammer.core import journal, seals
from wunderkammer.core.configuration import Configuration
from wunderkammer.core.digests import SourceDigest
from wunderkammer.core.errors import SourceError
from wunderkammer.core.files import sync
from wunderkammer.core.findings import REMADE, Cure, Fault, Finding, Remedy
from wunderkammer.core.groups import group_folder, group_parts
from wunderkammer.core.parts import Parts
from wunderkammer.core.stage import RecordStage, RowStage, Stage, TableStage
from wunderkammer.core.stored import is_ours
from wunderkammer.core.sums import SUMS, note_all, read_sums, remove_noted, settle, write_sums

DAMAGED = "damaged"
"""Folder of what was set aside: a folder a repair, with the same paths below it."""

_STATE = "stage.json"


class Repair:
    """What can be done about the findings of one collection.

    Parameters
    ----------
    root : Path
        The collection's folder.
    configuration : Configuration
        The stages.
    """

    def __init__(self, root: Path, configuration: Configuration) -> None:
        self.root = root
        self.configuration = configuration
        self._aside = root / DAMAGED / f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S.%f}"

    def remedy(self, finding: Finding) -> Remedy:
        """Return what a finding means, and what to do."""
        path, (top, *_) = finding.path, finding.path.split("/")
        if finding.fault is Fault.DAMAGED_NOTES or path.endswith((SUMS, seals.SUFFIX)):
            return Remedy(Cure.NOTES, "digests of other files", "repair writes it anew.")
        if top == journal.FOLDER:
            return _of_person(path)
        if top in _NOT_MADE:
            return _NOT_MADE[top]
        is_made = top in REMADE and not finding.group
        return self._of_made(finding) if is_made else self._of_image(finding)

    def repair(self, findings: Sequence[Finding]) -> list[Finding]:
        """Set aside what can be made again; return what only a person can mend.

        What is set aside lies below ``damaged/``; nothing is deleted.
        """
        cures = [(one, self.remedy(one).cure) for one in findings]
        for one, cure in cures:
            if cure is Cure.RUN:
                self._make_again(one)
            elif cure is Cure.ASIDE:
                self._set_aside(self.root / one.path)
        self._forget([one for one, cure in cures if cure is Cure.RUN and one.group])
        for one, cure in cures:
            if cure is Cure.NOTES:
                self._note_again(self.root / one.path)
        return [one for one, cure in cures if cure is Cure.PERSON]

    def _of_image(self, finding: Finding) -> Remedy:
        """Return what to do about an original or a made image."""
        path, n_media = finding.path, len(finding.media)
        if path.startswith("blobs/"):
            if not n_media:
                return Remedy(Cure.ASIDE, "an image that no row names", "repair sets it aside.")
            depends = f"an image of {_media(n_media)}, made by '{finding.group}'"
            return Remedy(Cure.RUN, depends, _RUN)
        if is_ours(path):
            depends = f"the original of {_media(n_media)}"
            again = "fetches it" if finding.group == "fetch" else "copies it from the source"
            return Remedy(Cure.RUN, depends, f"repair sets it aside, and 'wk run' {again} again.")
        return Remedy(
            Cure.PERSON,
            f"the source's own file of {_media(n_media)}",
            "if you changed it, 'wk run' takes it in; else put it back. Nothing is touched.",
        )

    def _of_made(self, finding: Finding) -> Remedy:
        """Return what to do about records, rows and files of stages."""
        stage = self._stage_of(finding.path)
        if stage is None:
            return Remedy(Cure.ASIDE, "a stage that is not set any more", "repair sets it aside.")
        if isinstance(stage, RecordStage):
            return self._of_records(stage)
        if isinstance(stage, TableStage):
            again = f"what '{stage.group}' made of all media"
            if stage.remembers():
                again += " (a map that grew from an earlier one is laid out anew)"
            return Remedy(Cure.RUN, again, _RUN)
        if finding.path.endswith(_STATE):
            return Remedy(Cure.RUN, f"how '{stage.group}' was set", _RUN)
        return Remedy(Cure.RUN, f"rows of '{stage.group}'", _RUN)

    def _of_records(self, stage: RecordStage) -> Remedy:
        what = "records of the source"
        try:
            SourceDigest(self.root).of(stage)
        except SourceError as error:
            way = f"put the source back ({error.message}), then repair. Nothing is touched."
            return Remedy(Cure.PERSON, what, way)
        return Remedy(Cure.RUN, what, "repair sets it aside, and 'wk run' reads the source again.")

    def _stage_of(self, path: str) -> Stage | None:
        """Return the stage that makes a file of records, columns or artifacts."""
        top, _, below = path.partition("/")
        if top == "records":
            return self.configuration.record_stage
        for stage in self.configuration.stages:
            if below.startswith(f"{stage.group}/"):
                return stage
        return None

    def _make_again(self, finding: Finding) -> None:
        """Set a file aside, so that a run makes it again."""
        path = self.root / finding.path
        if finding.group:
            self._set_aside(path)
            return
        stage = self._stage_of(finding.path)
        if stage is None:
            return
        self._set_aside(path)
        state = group_folder(self.root, stage) / _STATE
        if isinstance(stage, RecordStage | TableStage):
            self._set_aside(state)
        elif isinstance(stage, RowStage) and path.suffix == ".parquet":
            self._leave_out(stage, group_parts(self.root, stage), path)

    def _leave_out(self, stage: RowStage, parts: Parts, path: Path) -> None:
        """Leave the other parts of a stage count; what was derived is derived again."""
        if not path.name.startswith("part-new-"):
            parts.empty(path)
        if stage.derives:
            parts.drop((), replaced=True)
        settle(parts.folder)

    def _forget(self, findings: Iterable[Finding]) -> None:
        """Drop the rows that name files which were set aside."""
        media: dict[str, set[str]] = {}
        for one in findings:
            media.setdefault(one.group, set()).update(one.media)
        for group, ids in media.items():
            group_parts(self.root, self.configuration.stage(group)).drop(ids)

    def _note_again(self, path: Path) -> None:
        """Write notes anew, or seals: of what is there."""
        if path.suffix == seals.SUFFIX:
            self._set_aside(path)
            seals.seal(path.with_suffix(".jsonl"))
            return
        nested = read_sums(path.parent).noted
        names = [name for name in nested if (path.parent / name).is_file()]
        self._set_aside(path)
        if path.relative_to(self.root).parts[0] in REMADE:
            note_all(path.parent)
        else:
            write_sums(path.parent, names)

    def _set_aside(self, path: Path) -> None:
        """Move a file to the folder of damaged ones, and note that it is gone."""
        if not path.exists():
            return
        goal = self._aside / path.relative_to(self.root)
        goal.parent.mkdir(parents=True, exist_ok=True)
        path.rename(goal)
        sync(goal.parent)
        sync(path.parent)
        for folder in path.parents:
            if (folder / SUMS).exists() and path.name != SUMS:
                remove_noted(folder, [path.relative_to(folder).as_posix()])
                settle(folder)
                break
            if folder == self.root:
                break


_TRAINED = Remedy(
    Cure.PERSON,
    "what was trained, or learnt from labels",
    "put back a copy, or train again ('wk train', 'wk curate'). Nothing is touched.",
)
_NOT_MADE = {
    "weights": _TRAINED,
    "curation": _TRAINED,
    "runs": Remedy(Cure.ASIDE, "the history of a run", "repair sets it aside."),
    "evaluation": Remedy(
        Cure.ASIDE, "figures of encoders", "repair sets it aside, and 'wk evaluate' makes it."
    ),
}
"""What a run does not make, by its folder."""

_RUN = "repair sets it aside, and 'wk run' makes it again."


def _of_person(path: str) -> Remedy:
    """Return what to do about something that people stated."""
    if path.startswith(f"{journal.FOLDER}/masks/"):
        way = "put back a copy, or draw it again ('wk review cutout'). Nothing is touched."
        return Remedy(Cure.PERSON, "a mask that a person drew", way)
    seal = f"{Path(path).with_suffix(seals.SUFFIX).as_posix()}"
    return Remedy(
        Cure.PERSON,
        "what people stated",
        f"put back a copy; if you changed it yourself and it is right, delete {seal}. "
        "Nothing is touched.",
    )


def _media(n: int) -> str:
    return "1 medium" if n == 1 else f"{n:,} media"
