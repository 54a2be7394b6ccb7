"""The tutorial on notebooks, cell by cell, as a notebook runs it."""

import re
import shutil
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell

PAGE = Path(__file__).parents[2] / "docs/tutorials/notebook.md"


def test_every_cell_runs_and_shows_what_it_says(collection, tmp_path, monkeypatch):
    shutil.copytree(collection.root, tmp_path / "demo")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.chdir(tmp_path)
    shell = InteractiveShell()
    shown = []
    for cell in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        done = shell.run_cell(cell, silent=False, store_history=False)
        done.raise_error()
        formats, _ = shell.display_formatter.format(done.result)
        shown.append(formats.get("text/html", ""))
    assert "Small cabinet" in shown[0]
    assert "nothing to do" in shown[1]
    assert "scientificName" in shown[2]
    assert shown[3].count("<img ") >= 1
    assert "input changed" in shown[-1]
    assert {one.name for one in tmp_path.iterdir()} <= {"demo", "ipython"}
