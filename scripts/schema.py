"""Write what the pages know of their servers' answers from pydantic models.

Each page has two files: a JSON schema, and the same as TypeScript types. The atlas's come from
``wunderkammer.atlas.schemas``, those of the page for reviewing from ``wunderkammer.web.schemas``,
those of the page for sorting from ``wunderkammer.web.sorting_schemas``.
With ``--check`` nothing is written, and the script fails if a file would change.
"""

from __future__ import annotations

import argparse
import difflib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from wunderkammer.atlas import schemas as atlas_schemas
from wunderkammer.atlas.card_schemas import Card
from wunderkammer.atlas.mark_schemas import Marks
from wunderkammer.web import schemas as review_schemas
from wunderkammer.web import sorting_schemas

FRONTEND = Path(__file__).resolve().parents[1] / "frontend"
COMPILER = FRONTEND / "node_modules" / "json-schema-to-typescript" / "dist" / "src" / "cli.js"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class Contract:
    """What one page and its server agree on.

    Attributes
    ----------
    source : str
        The file of the models, as the banner names it.
    json_file, typescript_file : Path
        What is written.
    schema : callable
        Makes the JSON schema.
    end : str
        What stands below the types.
    """

    source: str
    json_file: Path
    typescript_file: Path
    schema: Callable[[], dict[str, Any]]
    end: str = ""


class _UntitledFields(GenerateJsonSchema):
    """A title on a field would become a type of its own in TypeScript."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def definitions(*models: type[BaseModel]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return a reference to each model, and the definitions of all they use, sorted."""
    references, found = models_json_schema(
        [(model, "serialization") for model in models], schema_generator=_UntitledFields
    )
    named = dict(sorted(found["$defs"].items()))
    return [references[(model, "serialization")] for model in models], named


def atlas_schema() -> dict[str, Any]:
    """Return one schema whose properties are the JSON files of an atlas."""
    wanted = (
        *(atlas_schemas.Atlas, atlas_schemas.Dictionary, atlas_schemas.PlaceNameFile),
        *(Card, Marks),
    )
    (atlas, dictionary, names, card, marks), found = definitions(*wanted)
    return {
        "$schema": DIALECT,
        "title": "AtlasFiles",
        "description": f"The JSON files of an atlas, format {atlas_schemas.FORMAT}.",
        "type": "object",
        "properties": {
            "atlas": atlas,
            "dictionary": dictionary,
            "names": names,
            "chunk": {"type": "array", "items": card, "description": "One file of cards."},
            "marks": marks,
        },
        "required": ["atlas", "dictionary", "names", "chunk", "marks"],
        "additionalProperties": False,
        "$defs": found,
    }


def review_schema() -> dict[str, Any]:
    """Return one schema whose properties are what the review's routes take and answer."""
    models: dict[str, type[BaseModel]] = {
        "session": review_schemas.Session,
        "queue": review_schemas.Queue,
        "medium": review_schemas.Medium,
        "found": review_schemas.Found,
        "statements": review_schemas.Statements,
        "stated": review_schemas.Stated,
        "examination": review_schemas.Examination,
        "reasons": review_schemas.Reasons,
        "names": review_schemas.NameList,
        "liked": review_schemas.Liked,
        "problem": review_schemas.Problem,
    }
    return messages("ReviewMessages", "What the page for reviewing sends and gets.", models)


def sort_schema() -> dict[str, Any]:
    """Return one schema whose properties are what the sorting's routes take and answer."""
    models: dict[str, type[BaseModel]] = {
        "tasks": sorting_schemas.TaskList,
        "state": sorting_schemas.SortState,
        "queue": sorting_schemas.SortQueue,
        "found": sorting_schemas.FoundMedium,
        "queues": sorting_schemas.QueueList,
        "labels": sorting_schemas.Labels,
        "saved": sorting_schemas.Saved,
        "order": sorting_schemas.RoundOrder,
        "rounds": sorting_schemas.RoundList,
        "audit": sorting_schemas.SortAudit,
        "applied": sorting_schemas.Applied,
        "imported": sorting_schemas.Imported,
        "problem": review_schemas.Problem,
    }
    return messages("SortMessages", "What the page for sorting sends and gets.", models)


def messages(title: str, description: str, models: dict[str, type[BaseModel]]) -> dict[str, Any]:
    """Return one schema whose properties are models."""
    references, found = definitions(*models.values())
    return {
        "$schema": DIALECT,
        "title": title,
        "description": description,
        "type": "object",
        "properties": dict(zip(models, references, strict=True)),
        "required": list(models),
        "additionalProperties": False,
        "$defs": found,
    }


CONTRACTS = (
    Contract(
        "src/wunderkammer/atlas/schemas.py",
        FRONTEND / "schema.json",
        FRONTEND / "src" / "schema.ts",
        atlas_schema,
        "\n/** The highest format of an atlas that this page reads. */\n"
        f"export const FORMAT = {atlas_schemas.FORMAT};\n",
    ),
    Contract(
        "src/wunderkammer/web/schemas.py",
        FRONTEND / "review-schema.json",
        FRONTEND / "src" / "curate" / "schema.ts",
        review_schema,
    ),
    Contract(
        "src/wunderkammer/web/sorting_schemas.py",
        FRONTEND / "sort-schema.json",
        FRONTEND / "src" / "sort" / "schema.ts",
        sort_schema,
    ),
)


def typescript(contract: Contract, schema_text: str) -> str:
    """Return the types that ``schema_text`` describes, and what stands below them."""
    if not COMPILER.is_file():
        sys.exit("json-schema-to-typescript is not installed. Run: npm ci (in frontend/)")
    banner = f"/* Generated from {contract.source} by scripts/schema.py: change it there. */"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "schema.json"
        source.write_text(schema_text, "utf-8")
        command = ["node", str(COMPILER), "--input", str(source), "--bannerComment", banner]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"json-schema-to-typescript failed:\n{done.stderr}")
    return done.stdout + contract.end


def difference(path: Path, wanted: str) -> str:
    """Return how ``wanted`` differs from the file, or an empty text."""
    found = path.read_text("utf-8") if path.is_file() else ""
    name = str(path.relative_to(FRONTEND.parent))
    lines = difflib.unified_diff(
        found.splitlines(keepends=True), wanted.splitlines(keepends=True), name, "generated"
    )
    return "".join(lines)


def main() -> None:
    """Write the files of all pages, or compare them with what would be written."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    check = parser.parse_args().check
    files: dict[Path, str] = {}
    for contract in CONTRACTS:
        text = json.dumps(contract.schema(), indent=2) + "\n"
        files |= {contract.json_file: text, contract.typescript_file: typescript(contract, text)}
    if not check:
        for path, text in files.items():
            path.write_text(text, "utf-8")
        return
    differences = "".join(difference(path, text) for path, text in files.items())
    if differences:
        print(differences)
        sys.exit("A page's schema is behind the models. Run: python scripts/schema.py")


if __name__ == "__main__":
    main()
