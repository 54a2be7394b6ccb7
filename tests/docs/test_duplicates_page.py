"""The page on duplicates works as it is written."""

import contextlib
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from wunderkammer.cli.main import wk
from wunderkammer.testing import SpecimenGenerator

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "duplicates.md"
BLOCK = re.compile(r"<!-- run -->\n```sh\n(.*?)```", re.DOTALL)


def typed(lines):
    """Return what the commands of some lines print."""
    said = ""
    for line in lines.splitlines():
        done = CliRunner().invoke(wk, shlex.split(line)[1:], catch_exceptions=False)
        assert done.exit_code == 0, f"{line}\n{done.output}"
        said += done.output
    return said


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """Return what the page's blocks print for five images, of which two are there twice."""
    folder = tmp_path_factory.mktemp("duplicates")
    (folder / "images").mkdir()
    generator = SpecimenGenerator(seed=2, size_px=320, ventral_share=0, bad_share=0)
    images = [Image.fromarray(generator.specimen(i).image) for i in range(5)]
    for number, image in enumerate(images):
        image.save(folder / "images" / f"{number}.png")
    images[0].save(folder / "images" / "0-again.png")
    small = images[1].resize((images[1].width // 2, images[1].height // 2))
    small.save(folder / "images" / "1-small.jpg", quality=60)
    with contextlib.chdir(folder):
        typed("wk new moths --from images --set collection.title=Moths")
        typed("wk run image --workers 0 -C moths")
        return [typed(block) for block in BLOCK.findall(PAGE.read_text(encoding="utf-8"))]


def test_both_kinds_are_found_and_counted(said):
    assert "1 media repeat another to the last byte" in said[0]
    assert "1 media repeat another as a picture" in said[0]
    listed = [line.split()[:3] for line in said[1].splitlines()[2:4]]
    assert listed[0] == ["1-small.jpg", "1.png", "near"]
    assert set(listed[1][:2]) == {"0.png", "0-again.png"}
    assert said[2].count("blobs/thumbnail/") == 4


def test_a_sample_leaves_the_copies_out(said):
    counts = dict(re.findall(r"^(drawn|left out) +(\d+)", said[-1], re.MULTILINE))
    assert counts == {"drawn": "5", "left out": "2"}
