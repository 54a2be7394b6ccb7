"""Places of threatened species are told vaguely wherever an atlas tells them."""

import math
import re
import zlib

import numpy as np
import pyarrow as pa
import pytest
from tests.conftest import SMALL

import wunderkammer
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.stages._sensitive import Sensitive, rounded

MEDIA = pa.table(
    {
        "family": ["Orchidaceae", "Poaceae", "Orchidaceae", "Orchidaceae"],
        "decimalLatitude": ["47.376923", "47.376923", "", "-89.99"],
        "decimalLongitude": ["8.541694", "8.541694", "", "-179.99"],
        "coordinateUncertaintyInMeters": ["30", "30", None, None],
        "locality": ["behind the mill", "behind the mill", "below the pass", None],
        "country": ["Switzerland"] * 4,
        "dataGeneralizations": ["Date to the year", None, None, None],
    }
)
ORCHIDS = Sensitive(where="family = 'Orchidaceae'")


def test_only_those_asked_for_are_changed_and_their_places_stay_near():
    told = ORCHIDS.generalised(MEDIA)
    assert told.slice(1, 1).to_pylist() == MEDIA.slice(1, 1).to_pylist()
    first, _, unplaced, pole = told.to_pylist()
    assert (first["decimalLatitude"], first["decimalLongitude"]) == ("47.4", "8.5")
    assert (pole["decimalLatitude"], pole["decimalLongitude"]) == ("-90.0", "-180.0")
    assert first["country"] == "Switzerland"
    assert first["locality"] is None
    assert not unplaced["decimalLatitude"]
    assert unplaced["coordinateUncertaintyInMeters"] is None


def test_what_was_done_is_stated_beside_what_the_source_stated():
    first, _, unplaced, _ = ORCHIDS.generalised(MEDIA)["dataGeneralizations"].to_pylist()
    said = "Coordinates rounded to 0.1 degrees, place names withheld"
    assert first == f"Date to the year | {said}"
    assert unplaced == said


@pytest.mark.parametrize("degrees", [0.01, 0.1, 0.25, 1, 10])
def test_the_stated_radius_holds_the_true_place(degrees):
    draws = np.random.default_rng(4)
    north, east = draws.uniform(-89, 89, 300), draws.uniform(-179, 179, 300)
    media = pa.table({"decimalLatitude": map(str, north), "decimalLongitude": map(str, east)})
    told = Sensitive(where="true", degrees=degrees).generalised(media).to_pylist()
    for row, a, b in zip(told, north, east, strict=True):
        radius = float(row["coordinateUncertaintyInMeters"])
        assert metres(a, b, *(float(row[f"decimal{x}itude"]) for x in ("Lat", "Long"))) <= radius


def metres(north, east, other_north, other_east):
    """Return the way between two places along a great circle of the sphere, haversine."""
    a, b, c, d = map(math.radians, (north, east, other_north, other_east))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * 6_371_009 * math.asin(math.sqrt(half))


def test_they_can_be_withheld_altogether():
    first = Sensitive(where="true", degrees=0).generalised(MEDIA).to_pylist()[0]
    assert first["decimalLatitude"] is None
    assert first["coordinateUncertaintyInMeters"] is None
    assert first["dataGeneralizations"].endswith("Coordinates withheld, place names withheld")


def test_nothing_is_read_or_changed_where_nobody_asked():
    assert Sensitive().reads() == ()
    assert Sensitive().generalised(MEDIA) is MEDIA
    assert "family" in ORCHIDS.reads()


def test_rounding_never_shows_more_digits_than_the_grid():
    assert [rounded(12.3456, step) for step in (0.001, 0.1, 0.5, 2)] == [
        "12.346", "12.3", "12.5", "12",
    ]  # fmt: skip


def test_a_map_of_exact_places_is_refused():
    def layout(**method):
        return {"stage": "layout/map", "settings": {"method": {"name": "map", **method}}}

    ORCHIDS.refuse_exact([layout(round_deg=0.1), {"stage": "ingest", "settings": {}}])
    with pytest.raises(ConfigurationError, match="layout/map lays media out") as caught:
        ORCHIDS.refuse_exact([layout(round_deg=0.0)])
    assert "round_deg = 0.1" in caught.value.hint
    with pytest.raises(ConfigurationError):
        Sensitive(where="true", degrees=0).refuse_exact([layout(round_deg=10.0)])
    Sensitive().refuse_exact([layout(round_deg=0.0)])


def test_no_file_that_is_published_tells_the_exact_place(tmp_path, archive):
    made = wunderkammer.create(
        tmp_path / "c",
        {
            **SMALL,
            "ingest.source.path": str(archive),
            "atlas.sensitive": {"where": "true", "degrees": 1},
        },
    )
    made.run(n_workers=0)
    made.publish(tmp_path / "site")
    rows = made.query(
        "select decimalLatitude as a, decimalLongitude as b, locality as c from records"
    ).to_pylist()
    secrets = {text.encode() for row in rows for text in row.values() if text and len(text) > 4}
    assert len(secrets) >= 12
    files = [path for path in (tmp_path / "site").rglob("*") if path.is_file()]
    told = {path: content_of(path) for path in files}
    assert not [path for path, content in told.items() for one in secrets if one in content]
    assert [path for path, content in told.items() if b"rounded to 1 degrees" in content]


def content_of(path):
    """Return the bytes of a file, and what is compressed in it."""
    content = path.read_bytes()
    for start in [found.start() for found in re.finditer(b"\x1f\x8b\x08", content)]:
        try:
            content += zlib.decompressobj(wbits=31).decompress(content[start:])
        except zlib.error:
            continue
    return content
