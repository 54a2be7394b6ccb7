"""axe-core on a page: what hinders people with disabilities, as far as a program can tell."""

from pathlib import Path

SOURCE = Path(__file__).parents[1] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


def violations(page):
    """Return what is amiss on a page as it is now: a line for each element."""
    # evaluated from outside: the page's policy lets no script in from elsewhere
    if not page.evaluate("'axe' in window"):
        page.evaluate(SOURCE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
