"""A small herbarium as a table of media."""

import numpy as np
import pyarrow as pa
import pytest

GENERA = ("Acer", "Betula", "Carex", "Draba", "Erica", "Ficus")


@pytest.fixture
def herbarium():
    """Return what makes a table of n media, two of every third specimen."""

    def made(n=240, seed=0):
        lot = np.random.default_rng(seed)
        rows = []
        while len(rows) < n:
            number = len(rows)
            genus = GENERA[lot.integers(len(GENERA))]
            shared = {
                "specimen_id": f"specimen {number}",
                "scientificName": f"{genus} {'alba' if lot.random() < 0.5 else 'nigra'}",
                "family": {"Acer": "Sapindaceae", "Carex": "Cyperaceae"}.get(genus, "Others"),
                "institutionCode": str(lot.choice(["NY", "NY", "NY", "K", "BRI"])),
                "year_from": str(lot.integers(1850, 2000)),
            }
            rows += [
                {"media_id": f"{lot.integers(2**40):012x}-{side}", **shared}
                for side in range(1 + (number % 3 == 0))
            ]
        return pa.Table.from_pylist(rows[:n]).sort_by("media_id")

    return made
