"""The archive: read back by another reader, complete, the same every time."""

import csv
import hashlib

import cv2
import numpy as np
import pytest
from dwca.read import DwCAReader

from wunderkammer.testing import SpecimenGenerator, write_archive

DWC = "http://rs.tdwg.org/dwc/terms/"
DC = "http://purl.org/dc/terms/"
N = 14


def _generator():
    return SpecimenGenerator(6, size_px=200, ventral_share=0.6, n_institutions=4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_archive(tmp_path_factory.mktemp("archive"), _generator(), N)


@pytest.mark.parametrize("packed", [False, True])
def test_another_reader_finds_every_specimen_and_every_image(tmp_path, packed):
    where = write_archive(tmp_path, _generator(), N, packed=packed)
    with DwCAReader(str(where)) as archive:
        assert archive.descriptor.core.type == f"{DWC}Occurrence"
        rows = list(archive)
        assert len(rows) == N
        media = [m for row in rows for m in row.extensions]
    assert len(media) > N
    for medium in media:
        assert (tmp_path / medium.data[f"{DC}identifier"]).is_file()
        assert medium.data[f"{DC}license"].startswith("http://creativecommons.org/")
        assert medium.data[f"{DC}rightsHolder"]
    genera = {row.data[f"{DWC}genus"] for row in rows}
    assert genera == {_generator().identity(i).taxon.genus for i in range(N)}


def test_same_settings_same_bytes(folder, tmp_path):
    def digests(where):
        files = sorted(p for p in where.rglob("*") if p.is_file())
        return {
            str(p.relative_to(where)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files
        }

    assert digests(write_archive(tmp_path, _generator(), N)) == digests(folder)


def test_texts_are_utf8_with_letters_beyond_ascii(folder):
    text = (folder / "occurrence.txt").read_bytes().decode("utf-8", errors="strict")
    assert "\r" not in text
    assert not text.isascii()


def test_truth_fits_images_and_masks(folder):
    with (folder / "truth" / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {r["file"] for r in rows} == {p.name for p in (folder / "images").iterdir()}
    for row in rows:
        image = cv2.imread(str(folder / "images" / row["file"]))
        mask = cv2.imread(str(folder / "truth" / row["mask"]), cv2.IMREAD_GRAYSCALE)
        assert mask.shape == image.shape[:2]
        assert set(np.unique(mask)) <= {0, 255}
        assert (mask > 0).mean() == pytest.approx(float(row["mask_share"]), abs=1e-4)
        assert -180 <= float(row["angle_deg"]) < 180


def test_links_can_be_addresses_and_truth_can_be_left_out(tmp_path):
    generator = SpecimenGenerator(6, size_px=160, kinds=("leaf",))
    write_archive(tmp_path, generator, 2, links="url", truth=False)
    with DwCAReader(str(tmp_path)) as archive:
        links = [m.data[f"{DC}identifier"] for row in archive for m in row.extensions]
    names = {p.name for p in (tmp_path / "images").iterdir()}
    assert all(link.startswith("https://example.org/") for link in links)
    assert {link.rsplit("/", 1)[1] for link in links} == names
    assert not (tmp_path / "truth").exists()
