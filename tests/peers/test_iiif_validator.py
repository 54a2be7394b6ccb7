"""The validator of the IIIF Image API asks an export what it would ask any server of level 0."""

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import peers_beside
import plain_host
from wunderkammer.core.collection import Collection, Pipeline
from wunderkammer.core.template import template
from wunderkammer.engines import engine_of
from wunderkammer.exports.formats import registry
from wunderkammer.exports.writing import export
from wunderkammer.stages import STAGES

COLOURS = (
    "import json; from iiif_validator.validator import ValidationInfo\n"
    "print(json.dumps(ValidationInfo().colorInfo))"
)
LEVEL_0 = {"format_jpg", "id_basic", "id_squares", "info_json", "size_nofull"}


@pytest.fixture(scope="module")
def with_validator():
    return peers_beside.environment("iiif")


@pytest.fixture(scope="module")
def squares(tmp_path_factory, with_validator):
    """Return a collection of one picture: the hundred squares that the validator knows."""
    root = tmp_path_factory.mktemp("squares") / "c"
    (root / "source").mkdir(parents=True)
    told = subprocess.run(
        [sys.executable, "-c", COLOURS],
        env=with_validator, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    columns = np.array(json.loads(told.splitlines()[-1]), np.uint8)
    pixels = columns.transpose(1, 0, 2).repeat(100, axis=0).repeat(100, axis=1)
    Image.fromarray(pixels).save(root / "source" / "squares.png")
    (root / "records.csv").write_text(
        "original_file,catalogNumber,license,rightsHolder\nsquares.png,S 1,CC0,The Museum\n"
    )
    settings = {
        "collection.title": "Squares",
        "ingest.source.name": "table",
        "ingest.source.path": "records.csv",
        "ingest.source.images": "source",
    }
    pipeline = Pipeline(STAGES, engine_of)
    made = Collection.create(root, template(STAGES, settings), pipeline)
    made.run(["ingest", "fetch", "image"], n_workers=0)
    return made


def asked(environment, address, service, *more):
    """Return the exit code of the validator, the number of failures, and what it said."""
    host, prefix = address.removeprefix("http://").rstrip("/"), "iiif/images"
    program = peers_beside.PEERS / "iiif" / "bin" / "iiif-validate.py"
    command = [sys.executable, program, "-s", host, "-p", prefix, "-i", service,
               "--version", "3.0", "--level", "0", *more]  # fmt: skip
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_an_exported_picture_passes_all_of_level_0(squares, tmp_path, with_validator):
    with plain_host.hosting(tmp_path) as (address, _):
        export(squares, registry.get("iiif")(url=f"{address}iiif"), tmp_path / "iiif")
        [service] = [one.name for one in (tmp_path / "iiif" / "images").iterdir()]
        code, said = asked(with_validator, address, service)
        passed = {line.split()[2] for line in said.splitlines() if line.endswith(" PASS")}
        assert (code, passed) == (0, LEVEL_0), said
        info = tmp_path / "iiif" / "images" / service / "info.json"
        info.write_text(info.read_text().replace('"level0"', '"level9"'))
        code, said = asked(with_validator, address, service, "--test", "info_json")
        assert code == 1, "the validator looks"
        assert "profile-compliance" in said
