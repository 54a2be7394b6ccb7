"""What 100 thousand to 200 million media take, by simulation from the rates that were measured.

Reads docs/reference/performance.md, writes docs/reference/capacity.md. It measures nothing.

python benchmarks/capacity.py [--price 0.05] [--disk-gb-s 1.0] [--original-kb 200]
"""

from __future__ import annotations

import argparse
import heapq
import re
from dataclasses import dataclass
from pathlib import Path

import report
from report import table

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "capacity.md"
SIZES = {"100 k": 100_000, "1 M": 1_000_000, "20 M": 20_000_000, "200 M": 200_000_000}
CORES = (16, 128, 1_024)
WAYS = {"one big machine": 64, "a job on Slurm": 32, "Kubernetes": 20, "a cloud cluster": 96}
"""What the how-to shows, and its cores."""

MOST_PARTS, BATCH = 2_000, {"image": 64, "features": 128}
ALONE = ("ingest", "fetch", "neighbours", "layout", "atlas", "publish")
SAMPLE = 5_000_000
"""Media a t-SNE map is optimised for; those beyond are placed on it."""

THUMBNAIL_KB = 33.0
DRIVER_CORES = 2
HOST_RATE = 10.0


@dataclass(frozen=True)
class Measured:
    """What is read from the page of measurements.

    Attributes
    ----------
    rate : mapping
        Media a second and core, for each stage that workers share.
    alone : mapping
        Wall seconds at a million on two cores and the power of growth, for the others.
    gb : mapping
        Memory at a million.
    disk_gb : float
        What a million media take beside thumbnails, the site included.
    row_s : float
        Driver's seconds a row and stage, at most.
    placed_s : float
        Seconds to place a medium on a map.
    """

    rate: dict[str, float]
    alone: dict[str, tuple[float, float]]
    gb: dict[str, float]
    disk_gb: float
    row_s: float
    placed_s: float


@dataclass(frozen=True)
class Given:
    """What nobody measured and a reader may know better."""

    price: float = 0.05
    disk_gb_s: float = 1.0
    original_kb: float = 200.0


def read(page: str) -> Measured:
    """Return the figures of the page."""
    pipeline, million = _section(page, "pipeline"), _section(page, "million")
    rows = _section(page, "million_rows")
    n = 10_000
    rate = {
        stage: n / (2 * _cells(pipeline, f"| {name}")[-1])
        for stage, name in (("image", "image"), ("features", "features/efficientnet-lite0"))
    }
    steps = {name: _cells(million, f"| {name} ") for name in (*ALONE, "embedding", "tile")}
    rate["tile"] = 1e6 / steps["tile"][7]
    alone = {
        name: (found[6], max(1.0, found[9])) for name, found in steps.items() if name != "tile"
    }
    gb = {name: found[8] / 1000 for name, found in steps.items()}
    disk = re.findall(r"; ([\d.]+) GB on disk", million)
    resumed = _cells(rows, "| resumed")
    millions = [int(one.replace(",", "")) for one in re.findall(r"([\d,]+): wall s", rows)]
    placed = re.search(r"(\d+) of [\d,]+ placed on the map of the others: ([\d.]+) CPU-s", page)
    if placed is None:
        raise SystemExit("performance.md does not say what placing costs")
    return Measured(
        rate,
        alone,
        gb,
        float(disk[-1]),
        resumed[3 * (len(millions) - 1) + 1] / (1.5 * millions[-1]),
        float(placed[2]) / int(placed[1]),
    )


def _section(page: str, name: str) -> str:
    found = re.search(f"<!-- begin {name} -->(.*?)<!-- end {name} -->", page, re.DOTALL)
    if found is None:
        raise SystemExit(f"performance.md has no section {name}: run its benchmark first")
    return found[1]


def _cells(section: str, begin: str) -> list[float]:
    """Return the numbers of the row that begins so."""
    line = next(one for one in section.splitlines() if one.startswith(begin))
    cells = [cell.strip().replace(",", "") for cell in line.split("|")[2:-1]]
    return [float(cell) if cell else 0.0 for cell in cells]


def shared_s(stage: str, n: int, cores: int, measured: Measured, given: Given) -> float:
    """Return how long a stage takes that workers share, batch by batch.

    A batch keeps one core busy; its bytes pass one disk, one batch after the other; the
    driver commits one batch after the other.
    """
    size = max(BATCH.get(stage, 64), -(-n // MOST_PARTS))
    kb = {"image": given.original_kb + THUMBNAIL_KB}.get(stage, THUMBNAIL_KB)
    free = [0.0] * cores
    disk = driver = end = 0.0
    for first in range(0, n, size):
        many = min(size, n - first)
        start = heapq.heappop(free)
        disk = max(disk, start) + many * kb / (given.disk_gb_s * 1e6)
        done = max(start + many / measured.rate[stage], disk)
        heapq.heappush(free, done)
        driver = max(driver, done) + many * measured.row_s
        end = max(end, driver)
    return end


def alone_s(n: int, measured: Measured) -> dict[str, float]:
    """Return how long each stage takes that runs on the driver alone."""
    found = {name: s * (n / 1e6) ** power for name, (s, power) in measured.alone.items()}
    whole, power = measured.alone["embedding"]
    sample = min(n, SAMPLE)
    found["embedding"] = whole * (sample / 1e6) ** power + (n - sample) * measured.placed_s
    return found


def gb_of(n: int, measured: Measured) -> dict[str, float]:
    """Return the memory of the stages that need most."""
    return {
        "neighbours": measured.gb["neighbours"] * n / 1e6,
        "embedding": measured.gb["embedding"] * min(n, SAMPLE) / 1e6,
    }


def time_of(seconds: float) -> str:
    """Return a time in the unit that suits it.

    >>> time_of(90), time_of(5400), time_of(400_000)
    ('1.5 min', '1.5 h', '4.6 days')
    """
    for unit, length, most in (("min", 60, 5_400), ("h", 3_600, 172_800)):
        if seconds < most:
            return f"{seconds / length:.2g} {unit}" if seconds / length < 10 else (
                f"{seconds / length:.0f} {unit}")  # fmt: skip
    days = seconds / 86_400
    return f"{days:.1f} days" if days < 10 else f"{days:,.0f} days"


def page(measured: Measured, given: Given) -> str:
    """Return the page."""
    shared = ("image", "features", "tile")
    by_cores, on_one, needed = [], [], []
    for name, n in SIZES.items():
        alone = alone_s(n, measured)
        for cores in CORES:
            took = {stage: shared_s(stage, n, cores, measured, given) for stage in shared}
            together = sum(took.values())
            hours = (cores * together + DRIVER_CORES * sum(alone.values())) / 3_600
            whole = together + sum(alone.values())
            by_cores.append(
                [f"{name}, {cores:,} cores", *(time_of(one) for one in took.values()),
                 time_of(whole), f"{hours:,.0f}", f"{hours * given.price:,.0f}"]
            )  # fmt: skip
        stages = (*ALONE, "embedding")
        on_one.append([name, *(time_of(alone[one]) for one in stages)])
        gb = gb_of(n, measured)
        disk = n / 1e6 * (measured.disk_gb + THUMBNAIL_KB)
        needed.append(
            [name, *(f"{gb[one]:,.0f} GB" for one in ("neighbours", "embedding")),
             f"{disk:,.0f} GB", f"{n * given.original_kb / 1e6:,.0f} GB",
             time_of(n / HOST_RATE)]
        )  # fmt: skip
    ways = []
    for way, cores in WAYS.items():
        for name in ("1 M", "20 M"):
            n = SIZES[name]
            together = sum(shared_s(stage, n, cores, measured, given) for stage in shared)
            alone_too = together + sum(alone_s(n, measured).values())
            kept = cores * alone_too / 3_600
            ways.append([f"{way}, {cores} cores, {name}", time_of(together), time_of(alone_too),
                         f"{kept:,.0f}", f"{kept * given.price:,.2f}"])  # fmt: skip
    return TEXT.format(
        ways=table(["", "workers' stages", "all stages", "core-hours, all kept", "cost"], ways),
        price=given.price,
        disk=given.disk_gb_s,
        original=given.original_kb,
        image=measured.rate["image"],
        features=measured.rate["features"],
        tile=measured.rate["tile"],
        row_us=measured.row_s * 1e6,
        placed_ms=measured.placed_s * 1e3,
        host=HOST_RATE,
        sample=f"{SAMPLE / 1e6:g} million",
        batch_h=time_of(SIZES["200 M"] / MOST_PARTS / measured.rate["features"]),
        driver_rate=1 / measured.row_s,
        large=8_000 / given.original_kb,
        by_cores=table(["", *shared, "all stages", "core-hours", "cost"], by_cores),
        on_one=table(["", *ALONE, "embedding"], on_one),
        needed=table(
            ["", "memory: neighbours", "memory: embedding", "disk", "originals", "one host"], needed
        ),
    )


TEXT = """# Capacity

*Written by `benchmarks/capacity.py` from the rates on [Performance](performance.md): a
simulation, no measurement. Nobody has run 20 or 200 million media with this software.*

## Time and cost

Every batch is followed: it keeps one core busy ({image:.0f} media a second and core in `image`,
{features:.0f} in `features`, {tile:,.0f} in `tile`), its bytes pass one shared disk of {disk:g}
GB/s (originals of {original:g} KB), and the driver commits it, at {row_us:.0f} µs a row at most.
Photographs of 800 px, `efficientnet-lite0` without a GPU, sprites of 64 px. A core-hour costs
{price:g}; the workers are paid while they work, two cores of the driver while it works alone.
"All stages" are one after another, fetching left out.

{by_cores}

## As in the how-to

[Four ways](../how-to/clusters.md) to run, where all cores are kept and paid to the end, as by one
machine or one job. Let workers go before `neighbours` to pay less.

{ways}

## What one machine does alone

These do not become quicker with more workers. They were measured up to a million media on two
cores and grow as there, at least in proportion. The map is optimised for {sample} media at most;
the others are placed on it, at {placed_ms:.1f} ms each on one core.

{on_one}

## What must be there

The driver's memory for its two largest stages; the disk for thumbnails, tables, tiles and the
site; the originals, where they are kept; and what fetching takes from one host that allows
{host:g} requests a second, however many workers there are.

{needed}

## Limits

- **`neighbours` needs all features of all media on one machine.** Its memory above is that of 128
  numbers a medium; the 1,280 of `efficientnet-lite0` take ten times that for the features alone.
  Beyond some 20 million media this, and not the workers, ends it: an index over several machines
  does not exist here.
- **The map beyond 5 million** is optimised for 5 million drawn by lot, and the rest is
  [placed](../adr/0048-new-media-are-placed-on-the-map.md), somewhat worse than if it had been
  optimised (`optimised_at_most` in `[embedding]`). This was measured at 50,000, not at millions.
- **A stage makes at most 2,000 batches**, so that its parts stay few. Of 200 million media a
  batch has 100,000: a worker that dies loses up to {batch_h} of `features`, and more than some
  1,000 workers wait for the last ones.
- **The driver commits alone**; at {row_us:.0f} µs a row no stage is quicker than
  {driver_rate:,.0f} media a second, whatever the number of workers.
- **The shared disk** bounds `image`: larger originals, such as 8 MB each, need {large:g} times
  its bandwidth or time. Their decoding costs more, too, and was not measured here.
- **Fetching** is bounded by what hosts allow. Ask a host of millions for a disk, or for a higher
  rate.
- **A GPU** was not measured; it changes `features` and `cutout` alone.
- `cutout`, `upright`, `sort` and `identify` are left out.
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--price", type=float, default=Given.price, help="of a core-hour")
    parser.add_argument("--disk-gb-s", type=float, default=Given.disk_gb_s)
    parser.add_argument("--original-kb", type=float, default=Given.original_kb)
    parser.add_argument("--page", type=Path, default=PAGE)
    options = parser.parse_args()
    given = Given(options.price, options.disk_gb_s, options.original_kb)
    text = page(read(report.PAGE.read_text(encoding="utf-8")), given)
    options.page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
