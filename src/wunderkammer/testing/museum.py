"""Records of real specimens: 218 photographs of four museums, facts and addresses, no pictures.

Occurrences and media are the publishers' own, through GBIF, all of them CC0:
USNM (Smithsonian), RMNH (Naturalis), YPM (Yale Peabody), MNHNL (Luxembourg).
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from wunderkammer.core.files import write_bytes

_FILES = ("meta.xml", "occurrence.txt", "multimedia.txt")


def write_museum_archive(folder: Path, *, mirror: str = "") -> int:
    """Write the records as an unpacked Darwin Core archive; return how many media.

    Parameters
    ----------
    folder : Path
        Where to; it is made if need be.
    mirror : str, optional
        Address of a server that has the photographs under
        ``<mirror>/<host>/<path>``; default: the museums' own.
    """
    texts = {name: _text(name) for name in _FILES}
    if mirror:
        for host in museum_hosts():
            texts["multimedia.txt"] = texts["multimedia.txt"].replace(
                f"https://{host}/", f"{mirror.rstrip('/')}/{host}/"
            )
    for name, text in texts.items():
        write_bytes(folder / name, text.encode())
    return len(texts["multimedia.txt"].splitlines()) - 1


def museum_hosts() -> list[str]:
    """Return the hosts that have the photographs."""
    header, *rows = _text("multimedia.txt").splitlines()
    place = header.split("\t").index("identifier")
    return sorted({urlsplit(row.split("\t")[place]).netloc for row in rows})


def _text(name: str) -> str:
    return files(__package__).joinpath("museum_records", name).read_text(encoding="utf-8")
