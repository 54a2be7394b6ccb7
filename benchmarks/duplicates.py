"""Duplicates among a million fingerprints: seconds, memory, planted copies found.

python benchmarks/duplicates.py [--n 1000000] [--max-distance 24] [--crowd]

The fingerprints are those of drawn specimens, made many: coefficients are drawn with the mean and
the spread of the specimens' own, kind by kind, so that the bits are as uneven as theirs.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np

import report
from wunderkammer.duplicates.bands import find_near
from wunderkammer.duplicates.groups import group_duplicates
from wunderkammer.imaging.perceptual_hash import dct_hash
from wunderkammer.testing import SpecimenGenerator

KINDS = (("butterfly", 0.3), ("beetle", 0.3), ("leaf", 0.1), ("herbarium", 0.3))
SAMPLES, COPIES, CHUNK = 120, 0.02, 50_000


def like_specimens(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return fingerprints with the frequencies and the correlations of specimens' bits."""
    parts = []
    for kind, share in KINDS:
        generator = SpecimenGenerator(seed=1, size_px=240, kinds=(kind,))
        drawn = [dct_hash(generator.specimen(i).image) for i in range(SAMPLES)]
        signs = np.unpackbits(np.array(drawn), axis=1) * 2.0 - 1
        mean, spread = signs.mean(axis=0), signs - signs.mean(axis=0)
        wanted = round(n * share)
        for start in range(0, wanted, CHUNK):
            weights = rng.normal(size=(min(CHUNK, wanted - start), SAMPLES)) / SAMPLES**0.5
            noise = 0.3 * rng.normal(size=(len(weights), 256))
            parts.append(np.packbits(mean + weights @ spread + noise > 0, axis=1))
    return rng.permutation(np.concatenate(parts))


def crowded(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return fingerprints that differ from one in eight bits each."""
    bits = np.tile(rng.integers(0, 2, 256, np.uint8), (n, 1))
    for row in range(n):
        bits[row, rng.choice(256, 8, replace=False)] ^= 1
    return np.packbits(bits, axis=1)


def plant(fingerprints: np.ndarray, most: int, rng: np.random.Generator) -> np.ndarray:
    """Make the last ones copies of others with up to ``most`` bits changed; return of which."""
    n = round(len(fingerprints) * COPIES)
    originals = rng.choice(len(fingerprints) - n, n, replace=False)
    bits = np.unpackbits(fingerprints[originals], axis=1)
    for row, changed in enumerate(rng.integers(1, most + 1, n)):
        bits[row, rng.choice(256, changed, replace=False)] ^= 1
    fingerprints[-n:] = np.packbits(bits, axis=1)
    return originals


def rss_mb() -> float:
    """Return the most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Make fingerprints, plant copies, group; write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=1_000_000)
    parser.add_argument("--max-distance", type=int, default=24)
    parser.add_argument("--crowd", action="store_true")
    chosen = parser.parse_args()
    rng = np.random.default_rng(0)
    fingerprints = (crowded if chosen.crowd else like_specimens)(chosen.n, rng)
    originals = plant(fingerprints, chosen.max_distance, rng)
    find_near(fingerprints[:100], chosen.max_distance)  # compiles
    start = time.perf_counter()
    groups = group_duplicates(
        np.arange(chosen.n), fingerprints, np.ones(chosen.n, np.bool_),
        lambda row, keeper: not chosen.crowd, max_distance=chosen.max_distance,
    )  # fmt: skip
    seconds = time.perf_counter() - start
    copies = groups.kept[-len(originals) :]
    found = float((copies < chosen.n - len(originals)).mean())
    rows = [
        [f"fingerprints, {len(originals):,} of them planted copies", f"{chosen.n:,}"],
        [f"planted copies (1 to {chosen.max_distance} bits of 256 changed) found", f"{found:.1%}"],
        ["pairs whose pictures would be compared", f"{groups.n_looked_at:,}"],
        ["seconds, search and grouping", f"{seconds:.1f}"],
        ["highest memory of the process, MB", f"{rss_mb():.0f}"],
    ]
    text = report.table(["", ""], rows)
    if chosen.crowd:
        print(text)
        return
    report.record(
        "duplicates",
        "Near duplicates",
        "Fingerprints like those of synthetic specimens; pictures are not compared here.\n\n"
        + text,
    )


if __name__ == "__main__":
    main()
