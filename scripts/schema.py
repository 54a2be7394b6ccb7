"""Write what the page knows of an atlas from the models in ``wunderkammer.atlas.schemas``.

``frontend/schema.json`` is their JSON schema, ``frontend/src/schema.ts`` the same as TypeScript
types. With ``--check`` nothing is written, and the script fails if a file would change.
"""

from __future__ import annotations

import argparse
import difflib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from wunderkammer.atlas import schemas

FRONTEND = Path(__file__).resolve().parents[1] / "frontend"
JSON_FILE = FRONTEND / "schema.json"
TYPESCRIPT_FILE = FRONTEND / "src" / "schema.ts"
COMPILER = FRONTEND / "node_modules" / "json-schema-to-typescript" / "dist" / "src" / "cli.js"

BANNER = (
    "/* Generated from src/wunderkammer/atlas/schemas.py by scripts/schema.py: change it there. */"
)
FORMAT_DOC = "/** The highest format of an atlas that this page reads. */"


class _UntitledFields(GenerateJsonSchema):
    """A title on a field would become a type of its own in TypeScript."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def json_schema() -> dict[str, Any]:
    """Return one schema whose properties are the JSON files of an atlas."""
    models = (schemas.Atlas, schemas.Dictionary, schemas.Card)
    references, definitions = models_json_schema(
        [(model, "serialization") for model in models], schema_generator=_UntitledFields
    )
    atlas, dictionary, card = (references[(model, "serialization")] for model in models)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "AtlasFiles",
        "description": f"The JSON files of an atlas, format {schemas.FORMAT}.",
        "type": "object",
        "properties": {
            "atlas": atlas,
            "dictionary": dictionary,
            "chunk": {"type": "array", "items": card, "description": "One file of cards."},
        },
        "required": ["atlas", "dictionary", "chunk"],
        "additionalProperties": False,
        "$defs": dict(sorted(definitions["$defs"].items())),
    }


def typescript(schema_text: str) -> str:
    """Return the types that ``schema_text`` describes, and the format's number."""
    if not COMPILER.is_file():
        sys.exit("json-schema-to-typescript is not installed. Run: npm ci (in frontend/)")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "schema.json"
        source.write_text(schema_text, "utf-8")
        command = ["node", str(COMPILER), "--input", str(source), "--bannerComment", BANNER]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"json-schema-to-typescript failed:\n{done.stderr}")
    return f"{done.stdout}\n{FORMAT_DOC}\nexport const FORMAT = {schemas.FORMAT};\n"


def difference(path: Path, wanted: str) -> str:
    """Return how ``wanted`` differs from the file, or an empty text."""
    found = path.read_text("utf-8") if path.is_file() else ""
    name = str(path.relative_to(FRONTEND.parent))
    lines = difflib.unified_diff(
        found.splitlines(keepends=True), wanted.splitlines(keepends=True), name, "generated"
    )
    return "".join(lines)


def main() -> None:
    """Write both files, or compare them with what would be written."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    check = parser.parse_args().check
    schema_text = json.dumps(json_schema(), indent=2) + "\n"
    files = {JSON_FILE: schema_text, TYPESCRIPT_FILE: typescript(schema_text)}
    if not check:
        for path, text in files.items():
            path.write_text(text, "utf-8")
        return
    differences = "".join(difference(path, text) for path, text in files.items())
    if differences:
        print(differences)
        sys.exit("The page's schema is behind the models. Run: python scripts/schema.py")


if __name__ == "__main__":
    main()
