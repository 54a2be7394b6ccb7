"""Where benchmarks write what they measured: one section each of the performance page."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "performance.md"

HEAD = """# Performance

Every section is written by the script it names, in one run on one machine; ratios
within a section compare what ran side by side. Seconds elsewhere will differ.
Run `make bench` to measure again.
"""


def _processors() -> tuple[int, int]:
    """Return the time of all processors that was wanted and that was taken away, in ticks."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0, 0
    user, nice, system, _, _, irq, softirq, stolen = map(int, stat.read_text().split()[1:9])
    return user + nice + system + irq + softirq + stolen, stolen


_AT_START = _processors()
_MUCH = 0.05
"""Share of the processor time that is told when a host held it back."""


def record(name: str, title: str, text: str) -> None:
    """Write a section of the page, in place of what the same benchmark wrote before.

    A script that writes several names them ``<script>.<figure>``.
    """
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else HEAD
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    script = f"benchmarks/{name.partition('.')[0]}.py"
    stamp = f"*`{script}`, {dt.datetime.now(dt.UTC):%Y-%m-%d}, {machine()}{held_back()}*"
    section = f"{begin}\n## {title}\n\n{stamp}\n\n{text.strip()}\n{end}"
    if begin in page:
        page = re.sub(f"{begin}.*?{end}", lambda _: section, page, flags=re.DOTALL)
    else:
        page = f"{page.rstrip()}\n\n{section}\n"
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page, encoding="utf-8")
    print(text.strip())


def table(head: list[str], rows: list[list[object]]) -> str:
    """Return a Markdown table; numbers to the right."""
    lines = [f"| {' | '.join(head)} |", "|---|" + "--:|" * (len(head) - 1)]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def held_back() -> str:
    """Say what a virtual machine's host gave to others meanwhile, if it was much."""
    wanted, taken = (now - then for now, then in zip(_processors(), _AT_START, strict=True))
    share = taken / wanted if wanted else 0
    return f"; its host held back {share:.0%} of the processor time" if share >= _MUCH else ""


def machine() -> str:
    """Return what matters of this machine, without its name."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        found = re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text())
        model = found[1] if found else model
    return f"{len(os.sched_getaffinity(0))} cores of {model}, Python {platform.python_version()}"
