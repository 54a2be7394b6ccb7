"""A cabinet whose every text is a small attack, for tests of the page."""

import csv

from PIL import Image

import wunderkammer
from wunderkammer.testing import SpecimenGenerator

ATTACK = "<img src=x onerror=hacked()>"
"""If it were ever markup, the page would ask for an image that is not there, and fail."""

COLUMN = f"{ATTACK} drawer"
N = 12

TERMS = (
    *("kingdom", "phylum", "class", "order", "family", "locality", "stateProvince", "country"),
    *("recordedBy", "identifiedBy", "sex", "lifeStage", "typeStatus", "vernacularName"),
    *("institutionCode", "collectionCode", "catalogNumber", "preparations", "subject"),
    *("license", "rightsHolder", "creator", "bibliographicCitation"),
    *("scientificNameAuthorship", "verbatimEventDate", COLUMN),
)
ABOUT = ("title", "description", "citation", "publisher", "introduction", "disclaimer")
GERMAN = ("title", "description", "citation", "introduction", "disclaimer")


def make(root):
    """Make a finished collection in a folder."""
    source = root.parent / "source"
    source.mkdir(parents=True)
    drawn = SpecimenGenerator(seed=4, size_px=320, ventral_share=0)
    rows = []
    for number in range(N):
        Image.fromarray(drawn.specimen(number).image).save(source / f"{number}.png")
        rows.append(record(number))
    with (source / "table.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    settings = {f"collection.{name}": f"{ATTACK} {name}" for name in ABOUT}
    settings |= {
        f"collection.translations.de.{name}": f"{ATTACK} {name} auf Deutsch" for name in GERMAN
    }
    made = wunderkammer.create(
        root,
        {
            **settings,
            "collection.website": "javascript:hacked()",
            "ingest.source.name": "table",
            "ingest.source.path": str(source / "table.csv"),
            "features.encoder": "colour-histogram",
            "embedding.projection": "pca",
            "neighbours.k": 5,
            "atlas.dictionaries": ["scientificName", "genus", "family", "recordedBy", COLUMN],
            "atlas.facts": [term for term in TERMS if term not in {"license", "creator"}],
        },
    )
    made.run(n_workers=0)
    return made


def record(number):
    """Return a row of the table: two genera, and the first two images of one specimen."""
    genus = ("Idea", "Danaus")[number % 2]
    return {
        "file": f"{number}.png",
        "occurrenceID": f"specimen {max(number, 1)}",
        "scientificName": f"{genus} {ATTACK}",
        "genus": f"{genus} {ATTACK}",
        "decimalLatitude": f"{number * 7 - 40}",
        "decimalLongitude": f"{number * 20 - 100}",
        "references": "javascript:hacked()",
        **{term: f"{ATTACK} {term}" for term in TERMS},
    }
