"""What encoders are examined on in tests: cases with known structure, and a small collection."""

from pathlib import Path

import cv2
import numpy as np

import wunderkammer
from wunderkammer.core.collection import Collection
from wunderkammer.evaluation.case import Case
from wunderkammer.evaluation.media import Media
from wunderkammer.evaluation.split import Parts
from wunderkammer.evaluation.vectors import Encoded

SPECIES = [
    (family, genus, f"{genus} {name}")
    for family, genera in {"Aidae": ("Alba", "Atra"), "Bidae": ("Bella", "Bruna")}.items()
    for genus in genera
    for name in ("maior", "minor")
]
"""Eight species of four genera of two families."""

_HUES = np.array([[30, 60, 200], [200, 60, 30], [40, 180, 60], [180, 180, 40]])


def case_of(
    n_each: int = 12,
    n_features: int = 6,
    spread: float = 3.0,
    seed: int = 0,
    root: Path = Path(),
    wide: int | None = None,
) -> Case:
    """Return a case whose species lie apart by about ``spread`` standard deviations.

    Of three media, the last shows the specimen of the second; a third of them are the test;
    the museum has nothing to do with the features. The channel ``wide`` varies most.
    """
    rng = np.random.default_rng(seed)
    centres = {species: rng.normal(size=n_features) * spread for _, _, species in SPECIES}
    rows = [taxon for taxon in SPECIES for _ in range(n_each)]
    features = np.stack([centres[one] + rng.normal(size=n_features) for _, _, one in rows])
    vectors = features.astype(np.float32)
    if wide is not None:
        vectors[:, wide] *= 30
    n = len(rows)
    labels = {
        "family": tuple(one for one, _, _ in rows),
        "genus": tuple(one for _, one, _ in rows),
        "species": tuple(one for _, _, one in rows),
        "institutionCode": tuple("XY"[one] for one in rng.integers(0, 2, n)),
    }
    ids = tuple(f"m{k:04}" for k in range(n))
    media = Media(ids, tuple(f"s{k - (k % 3 == 2):04}" for k in range(n)), labels)
    parts = Parts(tuple("test" if k // 3 % 3 == 2 else "train" for k in range(n)), ("test",))
    some = Encoded("drawn", ids, tuple(one.tobytes().hex() for one in vectors))
    return Case(
        some, lambda asked: vectors[[ids.index(one) for one in asked]], media, parts,
        ranks=("family", "genus", "species"), columns=("institutionCode",), root=root,
    )  # fmt: skip


def picture(which: int, seed: int) -> np.ndarray:
    """Return a picture (40, 40, 3): its genus decides the colour, its species the light."""
    rng = np.random.default_rng(seed)
    light = 1.0 if which % 2 else 0.55
    spots = rng.normal(0, 14, (40, 40, 3))
    pixels = _HUES[which // 2] * light + rng.normal(0, 6, 3) + spots
    return np.clip(pixels, 0, 255).astype(np.uint8)


def drawn_collection(folder: Path, n_each: int = 10, n_unnamed: int = 0) -> Collection:
    """Make a collection of all species with one cheap encoder; nothing has run yet.

    Every fifth specimen has two images; the last ``n_unnamed`` specimens have no name.
    """
    (folder / "photographs").mkdir(parents=True)
    rows = ["file,occurrenceID,family,scientificName,institutionCode"]
    n = n_each * len(SPECIES)
    for k in range(n):
        which = k % len(SPECIES)
        family, _, species = SPECIES[which]
        names = f"{family},{species}" if k < n - n_unnamed else ","
        for view in range(2 if k % 5 == 0 else 1):
            file = f"p{k:03}-{view}.png"
            cv2.imwrite(str(folder / "photographs" / file), picture(which, 2 * k + view))
            rows.append(f"{file},s{k},{names},{'XY'[k // 3 % 2]}")
    (folder / "table.csv").write_text("\n".join(rows))
    source = {
        "ingest.source.name": "table",
        "ingest.source.path": str(folder / "table.csv"),
        "ingest.source.images": str(folder / "photographs"),
        "ingest.source.file_column": "file",
        "ingest.source.id_column": "occurrenceID",
        "features.encoder": "colour-histogram",
        "embedding.projection": "pca",
    }
    return wunderkammer.create(folder / "drawn", source)
