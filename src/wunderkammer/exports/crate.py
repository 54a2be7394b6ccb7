"""The entities of an RO-Crate: files, people, licences, runs of software, weights."""

from __future__ import annotations

import mimetypes
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from wunderkammer.core.configuration import About
from wunderkammer.core.files import file_sha256, read_json
from wunderkammer.exports.credits import Rights
from wunderkammer.vocab.licences import licence

FILE = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
SOFTWARE = "#wunderkammer"
_TYPES = {".jsonl": "application/jsonl", ".parquet": "application/vnd.apache.parquet",
          ".toml": "application/toml", ".safetensors": "application/octet-stream",
          ".npy": "application/octet-stream"}  # fmt: skip

Entity = dict[str, Any]


class Graph:
    """Entities by their ``@id``; one that is added again keeps what it has."""

    def __init__(self) -> None:
        self._entities: dict[str, Entity] = {}

    def add(self, entity: Entity) -> Mapping[str, str]:
        """Add an entity and return how others refer to it."""
        self._entities.setdefault(entity["@id"], entity)
        return {"@id": entity["@id"]}

    def document(self) -> dict[str, Any]:
        """Return the whole."""
        return {"@context": CONTEXT, "@graph": list(self._entities.values())}

    def licence(self, name: str, url: str) -> Mapping[str, str]:
        """Add a licence."""
        address = url or f"#licence-{_slug(name)}"
        return self.add({"@id": address, "@type": "CreativeWork", "name": name})

    def party(self, name: str, kind: str = "Organization", **more: str) -> Mapping[str, str]:
        """Add a person or an organisation."""
        return self.add({"@id": f"#{_slug(name)}", "@type": kind, "name": name, **more})

    def file(self, root: Path, path: Path, name: str, **more: Any) -> Mapping[str, str]:
        """Add a file of the crate."""
        kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
        return self.add({
            "@id": address_of(path.relative_to(root)), "@type": "File", "name": name,
            "contentSize": str(path.stat().st_size), "sha256": file_sha256(path),
            **({"encodingFormat": kind} if kind else {}), **more,
        })  # fmt: skip

    def rights(self, rights: Rights) -> dict[str, Any]:
        """Return whose a picture is, as properties of its file."""
        found: dict[str, Any] = {
            "license": self.licence(rights.name, rights.url),
            "creditText": rights.credit,
        }
        if rights.holder:
            found["copyrightHolder"] = self.party(rights.holder)
        if rights.creator:
            found["creator"] = self.party(rights.creator)
        return found


def begin(graph: Graph, about: About, date: str, licences: Iterable[tuple[str, str]]) -> Entity:
    """Add what every crate begins with; return the root, to which parts are added.

    Parameters
    ----------
    graph : Graph
    about : About
    date : str
        ISO 8601.
    licences : iterable of (str, str)
        Name and address of each licence of the media.
    """
    graph.add({
        "@id": FILE, "@type": "CreativeWork", "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    })  # fmt: skip
    parts: list[Mapping[str, str]] = []
    root: Entity = {
        "@id": "./", "@type": "Dataset", "name": about.title or "Collection",
        "description": about.description or about.title or "A natural-history image collection.",
        "datePublished": date,
        "license": [graph.licence(name, url) for name, url in licences],
        "hasPart": parts,
    }  # fmt: skip
    publisher = about.publisher or about.title or "Unknown"
    address = {"url": about.website} if about.website else {}
    root["publisher"] = graph.party(publisher, **address)
    if about.citation:
        root["creditText"] = about.citation
    if about.contact:
        point = {"@id": "#contact", "@type": "ContactPoint", "contactType": "data set"}
        point["email" if "@" in about.contact else "url"] = about.contact
        root["contactPoint"] = graph.add(point)
    graph.add(root)
    return root


def add_runs(graph: Graph, runs: Sequence[Mapping[str, Any]], result: str) -> list[Any]:
    """Add each stage of each run as an action of the software; return the references.

    What an action made is the table of all, whose columns it wrote.
    """
    found: list[Mapping[str, str]] = []
    for run in runs:
        version = run.get("software", {}).get("wunderkammer", "")
        graph.add({
            "@id": SOFTWARE, "@type": "SoftwareApplication", "name": "Wunderkammer",
            "softwareVersion": version, "version": version,
            "softwareRequirements": [
                f"{name} {number}" for name, number in run.get("software", {}).items()
            ],
        })  # fmt: skip
        for stage in run["stages"]:
            if not stage["n_done"]:
                continue
            name = f"#run-{run['id']}-{_slug(stage['group'])}"
            weights = [digest for digest in stage.get("files", {}).values() if digest]
            settings = [
                graph.add({
                    "@id": f"{name}-{_slug(key)}", "@type": "PropertyValue", "name": key,
                    "value": value if isinstance(value, str | int | float) else str(value),
                })
                for key, value in stage["settings"].items()
            ]  # fmt: skip
            found.append(graph.add({
                "@id": name, "@type": "CreateAction",
                "name": f"{stage['group']}: {stage['n_done']:,} done, {stage['n_failed']:,} failed",
                "instrument": {"@id": SOFTWARE},
                "startTime": run["started"], "endTime": run["finished"] or run["started"],
                "object": [*settings, *({"@id": f"#weights-{one[:12]}"} for one in weights)],
                "result": {"@id": result},
                "actionStatus": "http://schema.org/CompletedActionStatus",
                "description": f"version {stage['version']} of the stage, key {stage['key']}",
            }))  # fmt: skip
            for one in weights:
                graph.add({
                    "@id": f"#weights-{one[:12]}", "@type": "CreativeWork",
                    "name": f"weights {one[:12]}", "identifier": one,
                })  # fmt: skip
    return found


def add_weights(graph: Graph, root: Path, folder: Path) -> Mapping[str, str]:
    """Add a folder of weights with its card, its figures and its licence."""
    card = tomllib.loads((folder / "card.toml").read_text("utf-8"))
    stated = str(card.get("licence", ""))
    meant = licence(stated)
    figures = read_json(folder / "metrics.json") or {}
    parts = [
        graph.file(root, path, f"{folder.name}: {path.name}")
        for path in sorted(folder.iterdir())
        if path.is_file()
    ]
    entity: Entity = {
        "@id": f"{address_of(folder.relative_to(root))}/", "@type": "Dataset",
        "name": str(card.get("title") or f"weights {folder.name}"),
        "description": str(card.get("description") or card.get("title") or "Trained weights."),
        "hasPart": parts,
        "variableMeasured": [
            graph.add({
                "@id": f"#weights-{folder.name}-{_slug(name)}", "@type": "PropertyValue",
                "name": name, "value": str(value),
            })
            for name, value in figures.items()
        ],
    }  # fmt: skip
    if stated:
        entity["license"] = graph.licence(meant.label, meant.url)
    return graph.add(entity)


def address_of(path: Path) -> str:
    """Return a path of the crate as an address.

    Examples
    --------
    >>> address_of(Path("pictures/a b.jpg"))
    'pictures/a%20b.jpg'
    """
    from urllib.parse import quote

    return quote(path.as_posix())


def _slug(text: str) -> str:
    from urllib.parse import quote

    return quote("-".join(text.split()), safe="")
