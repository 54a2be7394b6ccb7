"""Arrow without pandas, in processes that nobody but we give anything to."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder


def spare_pandas() -> None:
    """Let Arrow take lists without loading pandas, which takes most of a second.

    Before its first list Arrow loads pandas, if it is installed, to know whether the list is
    one of its objects. Told once that there is none, it asks no more; ``to_pandas`` of a table
    looks for it anew, and finds it.
    """
    if "pandas" in sys.modules:
        return
    hidden = _Hidden()
    sys.meta_path.insert(0, hidden)
    try:
        import pyarrow as pa

        pa.array([0])
    finally:
        sys.meta_path.remove(hidden)


class _Hidden(MetaPathFinder):
    """Says that there is no pandas."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname, name=fullname)
