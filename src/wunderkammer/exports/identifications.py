"""Identifications as a table: who proposed which name when, in Darwin Core terms."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import StageError
from wunderkammer.core.files import write_bytes
from wunderkammer.core.provenance import software
from wunderkammer.core.stage import Stage
from wunderkammer.core.table import quoted

STAGE = "identify"

COLUMNS = (
    "media_id", "occurrenceID", "institutionCode", "catalogNumber", "scientificName", "taxonRank",
    "identifiedBy", "dateIdentified", "identificationVerificationStatus", "identificationRemarks",
    "score", "alternatives",
)  # fmt: skip
"""One row a medium without a name. ``scientificName`` is empty where nothing was sure enough;
``alternatives`` are the likeliest names with their probabilities."""

UNVERIFIED = "unverified: proposed by software"
UNSURE = "too unsure to say"


def write_identifications(collection: Collection, rank: str, path: Path) -> tuple[int, int]:
    """Write what the stage identify proposed at a rank.

    Parameters
    ----------
    collection : Collection
    rank : str
    path : Path
        A CSV file.

    Returns
    -------
    tuple of int
        Media that got a name, and those about which nothing was said.

    Raises
    ------
    StageError
        If it has not run.
    """
    stage = collection.configuration.stage(f"{STAGE}/{rank}")
    state = collection.table().state(stage)
    if not state:
        raise StageError(f"'{stage.group}' has not run.", hint=f"Run 'wk identify --rank {rank}'.")
    who, when = identified_by(collection, stage), date_identified(collection, stage)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    n_named = n_silent = 0
    for row in _rows(collection, stage):
        named = row["name"] is not None
        n_named, n_silent = n_named + named, n_silent + (not named)
        writer.writerow(_cells(row, rank, who, when))
    write_bytes(path, text.getvalue().encode())
    return n_named, n_silent


def identified_by(collection: Collection, stage: Stage) -> str:
    """Return who identified: software, features, encoder and the weights it used."""
    features = collection.configuration.stage(f"features/{stage.settings()['features']}")
    encoder = features.settings()["encoder"]["name"]
    weights = ", ".join(digest[:12] for digest in features.file_digests().values() if digest)
    called = "" if features.label == encoder else f" '{features.label}'"
    version = software().get("wunderkammer", "")
    return (
        f"Wunderkammer {version} (logistic regression on features{called} of {encoder}"
        f"{f', weights {weights}' if weights else ''})"
    )


def date_identified(collection: Collection, stage: Stage) -> str:
    """Return the day on which the names were found, as the record of that run says."""
    for run in collection.runs(10_000):
        for one in run["stages"]:
            if one["group"] == stage.group and one["n_done"]:
                return str(run["started"])[:10]
    return f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"


def _rows(collection: Collection, stage: Stage) -> Iterator[Mapping[str, Any]]:
    """Yield the media that were asked about, by id."""
    found = collection.query("SELECT column_name FROM (DESCRIBE media)")
    known = set(found["column_name"].to_pylist())
    terms = ("occurrenceID", "institutionCode", "catalogNumber")
    listing = [quoted(one) if one in known else f"NULL AS {quoted(one)}" for one in terms]
    own = ("name", "score", "alternatives", "abstained")
    listing += [f"{quoted(f'{stage.group}/{one}')} AS {quoted(one)}" for one in own]
    asked = quoted(f"{stage.group}/abstained")
    sql = f"SELECT media_id, {', '.join(listing)} FROM media WHERE {asked} IS NOT NULL"  # noqa: S608
    yield from collection.query(f"{sql} ORDER BY media_id").to_pylist()


def _cells(row: Mapping[str, Any], rank: str, who: str, when: str) -> dict[str, Any]:
    likeliest = json.loads(row["alternatives"])
    named = row["name"] is not None
    terms = ("media_id", "occurrenceID", "institutionCode", "catalogNumber")
    return {
        **{term: row[term] for term in terms},
        "scientificName": row["name"] if named else "",
        "taxonRank": rank if named else "",
        "identifiedBy": who,
        "dateIdentified": when,
        "identificationVerificationStatus": UNVERIFIED if named else "",
        "identificationRemarks": f"probability {row['score']:.2f}"
        if named
        else "too unsure to say",
        "score": row["score"],
        "alternatives": "; ".join(f"{name} {score:.2f}" for name, score in likeliest),
    }
