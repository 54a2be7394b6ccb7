"""Examinations whose outcome is known: one encoder tells names, another tells who photographed."""

from collections.abc import Iterator, Mapping

import numpy as np

from wunderkammer.core.collection import Collection
from wunderkammer.core.device import Device
from wunderkammer.core.errors import WunderkammerError
from wunderkammer.evaluation.case import Case
from wunderkammer.evaluation.files import (
    ISSUES,
    Cell,
    issues_path,
    read_table,
    write_cell,
    write_table,
)
from wunderkammer.evaluation.media import Media
from wunderkammer.evaluation.settings import Examination
from wunderkammer.evaluation.split import Parts
from wunderkammer.evaluation.vectors import Encoded

N_MEDIA = 96
RANKS, LEAKS = ("family", "genus"), ("institutionCode",)
ENCODERS: Mapping[str, tuple[float, float]] = {"sees-names": (3.0, 0.0), "sees-rooms": (0.3, 4.0)}
"""How far names and institutions move the vectors of each encoder."""

_QUICK = {
    "silhouette": {"n_resamples": 20},
    "mislabels": {"n_resamples": 20, "fractions": (0.1,)},
    "embedding": {"projections": ("pca",)},
    "learning-curve": {"n_labelled": (1, 5), "n_draws": 2},
}


WRONG = 10
"""The medium whose genus is wrong: it looks like the others of its true one."""


def known_media(collection: Collection) -> Media:
    """Return media of four genera; beyond those of the collection, some that are gone from it."""
    ids = collection.query("SELECT media_id FROM media ORDER BY media_id")["media_id"].to_pylist()
    ids += [f"gone-{k:03}" for k in range(N_MEDIA - len(ids))]
    genus = [k % 4 for k in range(N_MEDIA)]
    told = [genus[k] if k != WRONG else (genus[k] + 2) % 4 for k in range(N_MEDIA)]
    labels = {
        "true genus": tuple(map(str, genus)),
        "family": tuple("AABB"[k] + "idae" for k in told),
        "genus": tuple(("Aus", "Avus", "Bus <b>", "Bavus")[k] for k in told),
        "institutionCode": tuple(("HERE", "THERE")[k // 4 % 2] for k in range(N_MEDIA)),
    }
    return Media(tuple(ids), tuple(ids), labels)


def examine(collection: Collection) -> None:
    """Write the files of an examination of two encoders."""
    media = known_media(collection)
    parts = Parts(tuple(("train", "random")[k // 8 % 2] for k in range(N_MEDIA)), ("random",))
    for encoder, features in vectors(media):
        case = Case(
            Encoded(encoder, media.ids, media.ids), lambda _, found=features: found, media, parts,
            ranks=RANKS, columns=LEAKS, device=Device(), root=collection.root,
        )  # fmt: skip
        for task in Examination().chosen():
            _answered(case, task.model_copy(update=_QUICK.get(task.name, {})))
    paths = [issues_path(collection.root, encoder, rank) for encoder in ENCODERS for rank in RANKS]
    rows = [row for path in paths for row in read_table(path, ISSUES).to_pylist()]
    write_table(issues_path(collection.root), sorted(rows, key=lambda row: row["score"]), ISSUES)


def vectors(media: Media) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the features of each encoder."""
    for encoder, (by_name, by_room) in ENCODERS.items():
        draw = np.random.default_rng(4)
        found = draw.normal(size=(len(media.ids), 12))
        for told, weight in (("true genus", by_name), (LEAKS[0], by_room)):
            labels = media.labels[told]
            for name in sorted(set(labels)):
                found[[one == name for one in labels]] += weight * draw.normal(size=12)
        yield encoder, found.astype(np.float32)


def _answered(case: Case, task) -> None:
    for question in task.questions(case):
        figures, note = {}, ""
        try:
            answer = task.answer(case, question)
        except WunderkammerError as error:
            note = error.message
        else:
            figures, note = answer.figures, answer.note
            for path, table in answer.tables.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                write_table(path, table.rows, table.schema)
        cell = Cell(
            task.name, task.version, case.encoder, question.rank, question.split, "",
            task.settings(), figures, 0.1, note,
        )  # fmt: skip
        write_cell(case.root, cell)
