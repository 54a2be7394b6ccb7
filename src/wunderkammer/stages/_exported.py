"""Exported: what visitors take away of the media they selected, from the table of all."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from wunderkammer.atlas import records
from wunderkammer.core.engine import Engine
from wunderkammer.vocab import ranks

_PAGES_AT_ONCE = 128
EXPORTED = (
    *("occurrenceID", "basisOfRecord", "institutionCode", "collectionCode"),
    *("catalogNumber", "otherCatalogNumbers", "recordNumber", "scientificName"),
    *("scientificNameAuthorship", "taxonRank", *ranks.RANKS, "specificEpithet"),
    *("infraspecificEpithet", "vernacularName", "identifiedBy", "dateIdentified", "typeStatus"),
    *("sex", "lifeStage", "individualCount", "preparations", "recordedBy", "eventDate"),
    *("verbatimEventDate", "year", "month", "day", "locality", "verbatimLocality"),
    *("municipality", "county", "stateProvince", "country", "countryCode", "decimalLatitude"),
    *("decimalLongitude", "geodeticDatum", "coordinateUncertaintyInMeters"),
    *("informationWithheld", "dataGeneralizations", "title", "caption", "subject", "accessURI"),
)
"""Terms of Darwin Core and Audiovisual Core, in the order of an export."""


def record_pages(
    scalars: pa.Table,
    order: npt.NDArray[np.int64],
    columns: Sequence[str],
    engine: Engine | None = None,
) -> Iterator[list[bytes]]:
    """Yield the pages of what exports tell, some thousand rows in memory at a time."""
    needed = dict.fromkeys((*columns, *records.SOURCES))
    told = scalars.select([name for name in needed if name in scalars.schema.names])
    step = _PAGES_AT_ONCE * records.ROWS_A_PAGE
    waiting: deque[Future[list[list[bytes]]]] = deque()
    for first in range(0, len(order), step):
        rows = told.take(pa.array(order[first : first + step]))
        if engine is None or len(order) <= step:
            yield from records.record_pages(rows, columns)
            continue
        waiting.append(engine.submit(records.record_pages, rows, columns))
        if len(waiting) > engine.n_workers:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


def tells(scalars: pa.Table, column: str) -> bool:
    """Whether a column is there and any of its cells has a text."""
    if column not in scalars.schema.names:
        return False
    cells = scalars[column]
    return bool(pc.any(pc.not_equal(cells.cast(pa.string()), "")).as_py())
