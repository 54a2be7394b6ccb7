"""What the README and CONTRIBUTING tell to type exists."""

import re
from pathlib import Path

import click
import pytest

from wunderkammer.cli.main import wk

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]


def targets():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_make_target_exists(page):
    named = re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(named) - targets() == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_command_and_its_options_exist(page):
    context = click.Context(wk)
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    for line in lines:
        plain = re.sub(r"'[^']*'|\"(?:\\\\.|[^\"])*\"", "", re.split(r" #| \| ", line)[0])
        for name, words in re.findall(r"(?:^|\(|\s)wk ([a-z]+)([^()]*)", plain):
            command = wk.get_command(context, name)
            assert command is not None, line
            parameters = [one for inner in with_subcommands(command) for one in inner.params]
            known = {option for one in parameters for option in (*one.opts, *one.secondary_opts)}
            assert set(re.findall(r"(?<=\s)--?[a-zA-Z][\w.-]*", words)) - known == set(), line


def with_subcommands(command):
    yield command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield command.get_command(context, name)


def test_the_readme_fits_its_purpose():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "docs/images/atlas.png" in text
    assert {"demo", "test"} <= set(re.findall(r"make ([a-z-]+)", text))
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert "://" not in link
        assert (ROOT / link).exists(), link
