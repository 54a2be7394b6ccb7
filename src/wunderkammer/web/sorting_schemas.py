"""What the page for sorting and its server tell each other.

``frontend/src/sort/schema.ts`` is generated from these models (``make schema``).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from wunderkammer.web.schemas import Problem

MAX_LABELS = 5000
"""How many media one request may label."""

MAX_PAGE = 500
"""How many media one request for a queue may ask for."""

QueueName = Literal[
    "next",
    "lot",
    "A",
    "B",
    "C",
    "D",
    "NOTSURE",
    "MISPREDICTION",
    "UNCERTAIN",
    "unsure",
    "conflicts",
    "labelled",
    "unlabelled",
    "blurred",
    "dark",
    "tiny",
    "duplicates",
    "odd-aspect",
]

Who = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^\P{C}+$", min_length=1, max_length=100)
]
Value = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Probability = Annotated[float, Field(ge=0, le=1)]


# A field that is another model and must be there has no description of its own: beside one, the
# compiler of the types would make a second type of it.


class _Schema(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SortClass(_Schema):
    """One class of a task, or 'unsure', which is always the last."""

    name: str = Field(description="The class, as it stands in the settings; 'unsure' for not sure.")
    key: str = Field(description="The key that gives it: '1' to '9', '0' for 'unsure'; may be ''.")
    n: int = Field(description="How many media have this label: agreed on, or settled.")


class SortTask(_Schema):
    """A task: what media are sorted by."""

    name: str = Field(description="The task, such as 'quality'.")
    classes: list[SortClass] = Field(description="Its classes in order; 'unsure' last.")
    n_media: int = Field(description="How many media there are to sort.")
    n_labelled: int = Field(description="How many have a label, 'unsure' left out.")


class TaskList(_Schema):
    """Whose collection this is, and what it is sorted by."""

    title: str = Field(description="Title of the collection.")
    who: str = Field(description="The name that the server proposes; the page may send another.")
    has_map: bool = Field(description="Whether an atlas was built: its files are below /atlas/.")
    tasks: list[SortTask] = Field(description="The tasks, in the order of the settings.")


class Figure(_Schema):
    """A measured figure with its 95 % interval."""

    value: float = Field(description="The figure.")
    low: float | None = Field(description="Lower end of the interval; null if not known.")
    high: float | None = Field(description="Upper end of the interval; null if not known.")


class RoundFigure(_Schema):
    """One figure of a round, measured on media that the members did not learn from."""

    name: str = Field(description="'accuracy', 'auc', 'balanced accuracy' or other; never HTML.")
    held_out: Figure | None = Field(description="Over all labelled media, out of fold.")
    audited: Figure | None = Field(
        description="Over the labelled media drawn at random alone: unbiased."
    )
    members: list[float | None] = Field(description="The same of each member, out of fold.")
    random: float | None = Field(
        description="The same, learnt from the labels drawn at random alone; null if not known."
    )


class Round(_Schema):
    """One round: what was learned from the labels there were."""

    number: int = Field(description="1 is the first.")
    when: str = Field(description="When it was finished, ISO 8601.")
    who: str = Field(description="Who asked for it.")
    seconds: float = Field(description="How long it took.")
    n_media: int = Field(description="How many media it predicted.")
    n_labelled: int = Field(description="How many labels it learned from.")
    n_random: int = Field(description="How many of these were drawn at random.")
    classes: list[SortClass] = Field(description="Its labels by class.")
    figures: list[RoundFigure] = Field(description="How good it is; the most telling first.")
    changed: int | None = Field(
        description="How many media the ensemble sorts otherwise than the round before; null in "
        "the first round."
    )
    members_changed: list[int] = Field(
        description="The same of each member; empty in the first round."
    )
    kappa: float | None = Field(
        description="Agreement with the round before, Cohen's kappa; null in the first round."
    )
    mean_entropy: float = Field(description="Of all media, in nats.")
    n_disagreeing: int = Field(description="Media that the members do not all sort alike.")


class RoundList(_Schema):
    """All rounds of a task, for the plots."""

    rounds: list[Round] = Field(description="The first one first.")


class Criterion(_Schema):
    """One rule of when to stop."""

    name: str = Field(description="The rule.")
    met: bool = Field(description="Whether it says stop.")
    value: float | None = Field(description="What was measured; null if it cannot be yet.")
    wanted: float | None = Field(description="What it would have to be.")
    sentence: str = Field(description="Both in words; never HTML.")


class Advice(_Schema):
    """Whether more labels are worth their time."""

    stop: bool = Field(description="Whether to stop.")
    reason: str = Field(description="Why, in one sentence; never HTML.")
    criteria: list[Criterion] = Field(description="The rules it follows from.")


class Person(_Schema):
    """Somebody who labels."""

    who: str = Field(description="Their name; never HTML.")
    n: int = Field(description="How many media they have a vote on.")


class PairAgreement(_Schema):
    """How far two people agree on the media that both labelled."""

    one: str = Field(description="Who.")
    other: str = Field(description="And who.")
    n: int = Field(description="How many media both labelled.")
    kappa: float | None = Field(description="Cohen's kappa; null where it is not defined.")
    low: float | None = Field(description="Lower end of its 95 % interval.")
    high: float | None = Field(description="Upper end of its 95 % interval.")


class Training(_Schema):
    """A round that is running."""

    fraction: float = Field(description="How far it is, in [0, 1].", ge=0, le=1)
    message: str = Field(description="What it is doing; never HTML.")


class Counts(_Schema):
    """How far a task is, in short."""

    n_labelled: int = Field(description="Media with a label, 'unsure' left out.")
    n_unsure: int = Field(description="Media with the label 'unsure'.")
    n_conflicts: int = Field(description="Media that people label otherwise, not settled.")
    n_since: int = Field(description="Media labelled otherwise than when the last round began.")
    classes: list[SortClass] = Field(description="All classes with their counts; 'unsure' last.")


class SortState(Counts):
    """How far a task is."""

    task: str = Field(description="The task.")
    n_media: int = Field(description="How many media there are to sort.")
    people: list[Person] = Field(description="Who labels; the busiest first.")
    agreement: list[PairAgreement] = Field(description="Every pair with media in common.")
    round: Round | None = Field(description="The last round; null before the first.")
    training: Training | None = Field(description="The round that is running, or null.")
    problem: Problem | None = Field(
        description="Why the round that was asked for last came to nothing, or null."
    )
    advice: Advice | None = Field(description="Whether to stop; null before the first round.")
    applied: int | None = Field(description="The round whose sorting was applied, or null.")


class Vote(_Schema):
    """What one person said of a medium."""

    who: str = Field(description="Who; never HTML.")
    value: str = Field(description="A class or 'unsure'.")


class SortMedium(_Schema):
    """One medium to sort; its pictures are /api/pictures/<id>/<kind>?v=<version>."""

    id: str = Field(description="media_id, 20 hexadecimal digits.")
    version: str = Field(
        description="Stands for what the picture shows: with ?v=<version> in their addresses, "
        "pictures are kept by the browser for good."
    )
    caption: str = Field(description="The name of the species, or of the file; never HTML.")
    width: int = Field(description="Width of the photograph in pixels, upright by EXIF.")
    height: int = Field(description="Height of the photograph in pixels, upright by EXIF.")
    said: str | None = Field(description="What the one who asks said: a class, 'unsure' or null.")
    others: list[Vote] = Field(description="What other people said.")
    settled: str | None = Field(description="The class on which a conflict was settled, or null.")
    label: str | None = Field(
        description="The label that holds: agreed or settled; null if there is none or a conflict."
    )
    conflict: bool = Field(description="Whether people disagree and nobody has settled it.")
    proposed: str | None = Field(description="The ensemble's class; null before the first round.")
    score: float | None = Field(description="Calibrated probability of that class.")
    probabilities: list[float] = Field(
        description="Of all classes, in order and without 'unsure'; empty before the first round."
    )
    entropy: float | None = Field(description="Of these probabilities, in nats.")
    votes: list[str] = Field(description="The class of each member; empty before the first round.")
    reason: str = Field(description="Why it is in this queue, in words; may be empty, never HTML.")


class SortQueue(_Schema):
    """A part of a queue."""

    name: QueueName = Field(description="Which queue.")
    n: int = Field(description="How many media are in it.")
    offset: int = Field(description="Place of the first one here.")
    media: list[SortMedium] = Field(description="The media, the first one first.")


class FoundMedium(_Schema):
    """What a name means."""

    medium: SortMedium | None = Field(description="The medium, or null if it is none or several.")


class QueueSummary(_Schema):
    """What a queue is, and how long it is."""

    name: QueueName = Field(description="The queue.")
    title: str = Field(description="What it is called; never HTML.")
    sentence: str = Field(description="What is in it and what to do about it, in one sentence.")
    group: Literal["order", "unlabelled kinds", "labelled kinds", "labels", "looks"] = Field(
        description="Queues of one group stand together."
    )
    n: int = Field(description="How many media are in it.")


class QueueList(_Schema):
    """All queues of a task, at thresholds that the page may move."""

    quantile: float = Field(description="The share of media that counts as low in entropy.")
    confidence: float = Field(description="How sure the mean of the members must be for C.")
    entropy: float | None = Field(
        description="The entropy in nats that the quantile means; null before the first round."
    )
    max_entropy: float = Field(description="The most it can be with these classes, in nats.")
    queues: list[QueueSummary] = Field(description="The queues; those that cannot be are left out.")


class Label(_Schema):
    """What is said of one medium."""

    id: str = Field(description="media_id.", pattern="^[0-9a-f]{20}$")
    value: Value | None = Field(
        description="A class or 'unsure'; null takes back what was said before."
    )


class Labels(_Schema):
    """What one person says of media, together."""

    who: Who = Field(description="Who says it.")
    labels: list[Label] = Field(
        description="Each medium at most once.", min_length=1, max_length=MAX_LABELS
    )
    settled: bool = Field(
        default=False, description="Whether this settles conflicts, and is not a vote."
    )


class Saved(_Schema):
    """The answer to labels: they are on disk. The state is how far the task is now."""

    saved: int = Field(description="How many statements were written; what held is not again.")
    before: list[Label] = Field(
        description="What held before: sent as labels, they undo what was said."
    )
    state: Counts


class RoundOrder(_Schema):
    """A round is wanted."""

    who: Who = Field(description="Who wants it.")


class ClassAudit(_Schema):
    """How one class fares on media drawn at random."""

    name: str = Field(description="The class.")
    n: int = Field(description="How many of the audited media people gave this class.")
    precision: Figure | None = Field(description="Of those sorted here, how many belong here.")
    recall: Figure | None = Field(description="Of those that belong here, how many are found.")


class CoveragePoint(_Schema):
    """One point of the curve of accuracy over coverage; accuracy is that of what is kept."""

    threshold: float = Field(description="Media at least this sure are kept automatically.")
    coverage: float = Field(description="Their share of all media.")
    accuracy: Figure


class KeepChoice(_Schema):
    """What can be kept automatically at the precision wanted; accuracy is that of what is kept."""

    threshold: float = Field(description="Media at least this sure are kept automatically.")
    coverage: float = Field(description="Their share of all media.")
    accuracy: Figure
    n_kept: int = Field(description="How many media are sorted automatically.")
    n_person: int = Field(description="How many are left for a person.")


class SortAudit(_Schema):
    """How good the sorting is, measured on media drawn at random."""

    n: int = Field(description="How many media drawn at random have a class.")
    n_unsure: int = Field(description="How many more of them people were not sure of.")
    n_more: int | None = Field(
        description="How many more are needed until the precision can be promised, if they turn "
        "out like those so far; 0 if it can; null if more would not help."
    )
    precision: float = Field(description="What is wanted of what is kept automatically.")
    promised: bool = Field(
        description="Whether the lower end of the interval reaches it, and not its value alone."
    )
    accuracy: Figure | None = Field(description="How many of them are sorted right.")
    classes: list[ClassAudit] = Field(description="The same by class.")
    curve: list[CoveragePoint] = Field(description="From the surest medium to all of them.")
    choice: KeepChoice | None = Field(description="null where no threshold reaches the precision.")
    sentence: str = Field(description="The choice in words, or what is missing; never HTML.")


class Applied(_Schema):
    """What was handed to the pipeline; 'wk run' does the rest."""

    round: int | None = Field(description="The round; null if people's labels are all there is.")
    threshold: float | None = Field(description="Media less sure than this are for a person.")
    n_media: int = Field(description="How many media are sorted.")
    n_person: int = Field(description="How many of them a person should still look at.")
    sentence: str = Field(description="What was done and what to do next; never HTML.")


class Imported(_Schema):
    """What was read from a file of labels. The state is how far the task is now."""

    saved: int = Field(description="How many statements were written.")
    unknown: list[str] = Field(description="Ids that no medium has, the first hundred.")
    n_unknown: int = Field(description="How many such ids there are.")
    state: Counts
