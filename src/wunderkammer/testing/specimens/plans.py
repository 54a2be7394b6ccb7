"""What the lineage of a butterfly or moth says about its looks."""

from __future__ import annotations

from wunderkammer.testing.specimens.butterfly_plans import BUTTERFLIES
from wunderkammer.testing.specimens.canvas import Colour, colour, mix
from wunderkammer.testing.specimens.ground_plan import DEFAULTS, SLOTS, Look, Plan
from wunderkammer.testing.specimens.moth_plans import MOTHS
from wunderkammer.testing.specimens.taxonomy import Taxon


def look(taxon: Taxon, sex: str) -> Look:
    """Return the traits and colours of one sex of a butterfly or moth."""
    plans = BUTTERFLIES if taxon.group == "butterfly" else MOTHS
    line = taxon.lineage
    plan = line.plan(plans, taxon.root)
    ranges = DEFAULTS | plan.ranges
    number = {name: line.number(name, low, high) for name, (low, high) in ranges.items()}
    if sex == "female":
        number["apex_deg"] -= 1.0
        number["termen"] += 0.03
        number["sheen"] *= 0.45
        number["size"] *= 1.05
        number["body_width"] *= 1.1
        number["fore_margin"] *= 1.15
    return Look(plan, number, _palette(taxon, plan, sex))


def _palette(taxon: Taxon, plan: Plan, sex: str) -> dict[str, Colour]:
    """Return the colours: chosen by family, tinted by genus and, less, by species."""
    line = taxon.lineage
    codes = line.choice("palette", plan.palettes).split()
    colours = {slot: colour(code) for slot, code in zip(SLOTS, codes, strict=True)}
    warmth = line.number("warmth", -1, 1, genus=0.25, species=0.12)
    depth = line.number("depth", 0.86, 1.1, genus=0.3, species=0.12)
    tint = colour("d8843a") if warmth > 0 else colour("5a78a8")
    for slot in ("base", "ground", "under", "body"):
        colours[slot] = mix(colours[slot], tint, abs(warmth) * 0.16) * depth
    swapped = line.choice("swap", (False, False, True), level="genus")
    if swapped:
        colours["band"], colours["accent"] = colours["accent"], colours["band"]
    if sex == "female":
        for slot in ("base", "ground"):
            colours[slot] = mix(colours[slot], colours["under"], 0.32)
    return colours
