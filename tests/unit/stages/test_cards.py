"""The card of each row, from the table of all media."""

import json

import numpy as np
import pyarrow as pa

from wunderkammer.stages._cards import card_chunks, with_shown
from wunderkammer.stages._picture import COLUMNS
from wunderkammer.stages.atlas import AtlasStage


def test_a_cut_out_is_shown_before_the_photograph_and_never_the_photograph_twice():
    rows = pa.table(
        {
            "media_id": ["aa" * 10, "bb" * 10],
            "thumbnail": ["blobs/a.jpg", "blobs/b.jpg"],
            "width": [400, 300],
            "height": [200, 300],
            "upright": ["blobs/a.webp", "blobs/b.jpg"],
            "upright_width": [90, 300],
            "upright_height": [120, 300],
        }
    )
    (columns,) = COLUMNS["upright"]
    empty = pa.nulls(2, pa.string())
    for name in AtlasStage().reads():
        if name not in rows.column_names:
            rows = rows.append_column(name, empty)
    order = np.array([1, 0])
    (chunk,) = card_chunks(with_shown(rows, columns), order, ())
    rejected, cut = json.loads(chunk)
    assert "upright" not in rejected
    assert cut["upright"] == {
        "path": f"pictures/aa/{'aa' * 10}.webp",
        "width": 90,
        "height": 120,
    }
    assert (cut["picture"]["width"], cut["picture"]["height"]) == (400, 200)
