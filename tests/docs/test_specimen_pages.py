"""The pages on cutting out and turning upright work as they are written."""

import contextlib
import re
import shlex
from pathlib import Path

from click.testing import CliRunner
from PIL import Image

import wunderkammer
from wunderkammer.cli.main import wk
from wunderkammer.testing import SpecimenGenerator

PAGES = Path(__file__).parents[2] / "docs" / "how-to"
BLOCK = re.compile(r"<!-- run -->\n```sh\n(.*?)```", re.DOTALL)

QUICK = {
    "cutout.segmenter": "contrast",
    "upright.orienter": "principal-axis",
    "features.encoder": "colour-histogram",
    "embedding.projection": "pca",
}
"""Plug-ins that load no network."""


def typed(lines):
    """Return what the commands of some lines print; '$(… | tail -1)' is the last line of one."""
    said = ""
    for line in lines.splitlines():
        inner = re.search(r"\$\((.*) \| tail -1\)", line)
        if inner:
            line = line.replace(inner[0], typed(inner[1]).splitlines()[-1])  # noqa: PLW2901
        words = shlex.split(line)[1:]
        here = ["--workers", "0"] if words[0] == "run" else []
        done = CliRunner().invoke(wk, [*words, *here], catch_exceptions=False)
        assert done.exit_code == 0, f"{line}\n{done.output}"
        said += done.output
    return said


def followed(page, folder):
    """Run the blocks of a page on four drawn beetles; return what each printed."""
    (folder / "photographs").mkdir()
    generator = SpecimenGenerator(
        seed=4, size_px=300, kinds=("beetle",), ventral_share=0, bad_share=0, turned_share=0.5
    )
    for number in range(4):
        pixels = generator.specimen(number).image
        Image.fromarray(pixels).save(folder / "photographs" / f"{number}.png")
    quick = "--specimens" + "".join(f" --set {name}={value}" for name, value in QUICK.items())
    text = (PAGES / page).read_text(encoding="utf-8")
    with contextlib.chdir(folder):
        return [typed(code.replace("--specimens", quick)) for code in BLOCK.findall(text)]


def test_cutting_out(tmp_path):
    said = followed("cut-out.md", tmp_path)
    assert "[cutout] and [upright] say how" in said[0]
    assert said[1].count("blobs/cutout/") == 4
    assert re.search(r"cutout: \d settings changed", said[2])
    assert "several" in said[2]
    assert re.search(r"^\w+ +\d", said[3], re.MULTILINE)
    assert "stated: cutout = rejected" in said[4]
    assert "atlas/relax: 4 done" in said[4]
    reasons = (
        wunderkammer.open(tmp_path / "beetles")
        .query("SELECT cutout_reason FROM media")
        .to_pydict()["cutout_reason"]
    )
    assert reasons.count("rejected by a person") == 1


def test_turning_upright(tmp_path):
    said = followed("upright.md", tmp_path)
    assert "principal-axis" in said[0]
    assert said[0].count("blobs/upright/") == 4
    assert "stated: angle_deg = 12.5" in said[2]
    assert "upright: 1 done" in said[2]
    by = (
        wunderkammer.open(tmp_path / "beetles")
        .query("SELECT turned_by FROM media")
        .to_pydict()["turned_by"]
    )
    assert by.count("person") == 1
