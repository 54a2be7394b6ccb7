"""Whose work is inside, and under which licence: complete, current, allowed."""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import licences  # noqa: E402


def test_every_part_has_an_allowed_licence():
    parts = [*licences.python_parts(), *licences.page_parts(), *licences.weights_parts()]
    assert len(parts) > 100
    wrong = {one.name for one in parts if not set(licences.atoms(one.licence)) <= licences.ALLOWED}
    assert wrong == set()


def test_what_is_written_is_what_would_be_written_now():
    assert licences.PAGE.read_text(encoding="utf-8") == licences.page()
    assert licences.NOTICES.read_text(encoding="utf-8") == licences.notices()
    assert licences.BILL.read_text(encoding="utf-8") == licences.bill()


def test_the_notices_carry_the_words_of_those_who_wrote_what_is_inside():
    text = (ROOT / "THIRD-PARTY.md").read_text(encoding="utf-8")
    for holder in ("Volodymyr Agafonkin", "Arjun Barrett", "Michael Bostock", "Protomaps LLC"):
        assert holder in text, holder
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text


def test_every_library_that_the_page_is_built_with_is_told():
    """What is imported by name in the page's own sources, from nowhere in the folder."""
    sources = [
        path.read_text(encoding="utf-8")
        for path in (ROOT / "frontend/src").rglob("*.ts")
        if ".test." not in path.name
    ]
    imported = {
        name.split("/")[0]
        for text in sources
        for name in re.findall(
            r"""^(?:import|export)\b[^;]*?from "([^."][^"]*)";""", text, re.MULTILINE
        )
    }
    assert imported >= {"leaflet", "pmtiles"}
    imported = {one for one in imported if not one.startswith("node:")}  # stand-ins of tests
    assert imported - {one.name for one in licences.page_parts()} == set()


def test_the_bill_of_materials_is_whole():
    bill = json.loads(licences.BILL.read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    references = [one["bom-ref"] for one in bill["components"]]
    assert len(references) == len(set(references))
    assert bill["dependencies"][0]["dependsOn"] == references
    locked = re.findall(
        r"^([a-z0-9._-]+)==", licences.LOCK.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert set(locked) <= {one["name"] for one in bill["components"]}
    assert all(one["licenses"] for one in bill["components"])
