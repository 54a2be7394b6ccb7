"""A finished toy collection, and a log of what its stages do."""

import pytest

import toy
from toy import WORDS


@pytest.fixture
def log(tmp_path, monkeypatch):
    """Return a function that gives what each stage has done since it was last asked."""
    path = tmp_path / "log.txt"
    monkeypatch.setenv("TOY_LOG", str(path))

    def done():
        lines = path.read_text().split("\n")[:-1] if path.exists() else []
        path.unlink(missing_ok=True)
        found = {}
        for line in lines:
            stage, media_id = line.split()
            found.setdefault(stage, set()).add(media_id)
        return found

    return done


@pytest.fixture
def collection(tmp_path):
    made = toy.make(tmp_path / "words", WORDS)
    made.run()
    return made
