"""Check that what a visitor loads first stays small.

The first load is ``index.html`` and every script and style that it, or a script of it, names
before anything is asked for. What is imported later, when somebody asks for it, does not count.
"""

from __future__ import annotations

import gzip
import re
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "src" / "wunderkammer" / "web" / "static"
MOST_KB = 150
_NAMED = re.compile(r'(?:src|href)="\./([^"]+)"')
_IMPORTED = re.compile(r'(?:\bimport|\bfrom)\s*"\./([^"]+\.js)"')


def main() -> None:
    """Say how large the first load is; fail if it is larger than it may be."""
    sizes = {name: packed(PAGE / name) for name in sorted(first_load())}
    total = sum(sizes.values())
    for name, size in sizes.items():
        sys.stdout.write(f"{size / 1000:8.1f} kB  {name}\n")
    sys.stdout.write(f"{total / 1000:8.1f} kB  in all; {MOST_KB} kB are allowed\n")
    if total > MOST_KB * 1000:
        sys.exit("The first load is too large. Import what is rarely needed when it is asked for.")


def first_load() -> set[str]:
    """Return the files, relative to the page's folder."""
    found = {"index.html"}
    waiting = ["index.html"]
    while waiting:
        name = waiting.pop()
        pattern = _NAMED if name.endswith(".html") else _IMPORTED
        if not name.endswith((".html", ".js")):
            continue
        folder = Path(name).parent
        for other in pattern.findall((PAGE / name).read_text("utf-8")):
            path = (folder / other).as_posix()
            if path not in found:
                found.add(path)
                waiting.append(path)
    return found


def packed(path: Path) -> int:
    """Return the bytes of a file as a host sends them."""
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))


if __name__ == "__main__":
    main()
