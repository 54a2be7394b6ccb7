"""What people stated last about media, by term."""

from __future__ import annotations

from wunderkammer.core.collection import Collection
from wunderkammer.core.table import literal

_SAID = (
    "SELECT media_id, arg_max(value, n) AS value FROM annotations WHERE term = {term} "
    "GROUP BY media_id HAVING arg_max(coalesce(value, ''), n) <> ''"
)


def stated(collection: Collection, term: str) -> dict[str, str]:
    """Return the value that holds of each medium about which a person stated a term."""
    rows = collection.query(_SAID.format(term=literal(term)))
    return dict(zip(rows["media_id"].to_pylist(), rows["value"].to_pylist(), strict=True))
