"""The recipe for tests against a scripted host works as it is written."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "test-against-a-host.md"


def blocks():
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_its_programs_run_one_after_the_other():
    names = {}
    for code in blocks():
        exec(compile(code, PAGE.name, "exec"), names)
    assert len(names["requests"]) == 6


def test_what_its_table_names_can_be_made():
    from wunderkammer.testing import Picture, Redirect, Rule, Throttle, answers

    names = {"Picture": Picture, "Redirect": Redirect, "Rule": Rule, "answers": answers}
    page = PAGE.read_text(encoding="utf-8")
    table = page.partition("| to test | write |")[2].partition("\n\n")[0]
    calls = re.findall(r"`((?:answers\.|Rule\(|Redirect\().+?)`", table)
    assert len(calls) > 20
    for call in calls:
        assert eval(call, dict(names))
    said = re.search(r"`Throttle\((.+?)\)`", table)[1]
    for name in re.findall(r"(\w+)=", said):
        assert hasattr(Throttle(), name), name
