"""The report on a trained encoder."""

import shutil

import numpy as np
import pytest
from click.testing import CliRunner

import wunderkammer
from pages import Page
from tiny_encoders import tiny
from wunderkammer.cli.main import wk
from wunderkammer.core.device import Device
from wunderkammer.core.errors import StageError
from wunderkammer.reports.encoder import Show, encoder_report, write_page
from wunderkammer.training.encoder import train_encoder
from wunderkammer.training.gathering import picture_examples

QUICK = Show(n_pictures=3, n_pairs=2, n_channels=2, n_steps=3)


@pytest.fixture(scope="module")
def trained(collection, tmp_path_factory):
    """Return a copy of a collection with a variational autoencoder and a classifier."""
    root = tmp_path_factory.mktemp("trained") / "c"
    shutil.copytree(collection.root, root)
    made = wunderkammer.open(root)
    for kind, labels in (("vae", ()), ("simclr", ())):
        train_encoder(
            picture_examples(made, labels=labels), tiny(kind, n_epochs=1), root / "work",
            root / "weights", device=Device("cpu", 1), name=kind,
        )  # fmt: skip
    return made


def test_an_autoencoder_is_shown_by_what_it_paints_of_media_it_has_not_seen(trained):
    report = encoder_report(trained, "vae", QUICK)
    parts = report.weights.parts
    assert report.held_out
    assert len(report.names) == sum(part == "test" for part in parts.values())
    painted = report.painted
    assert painted.reconstructions.shape[1:] == (32, 32, 3)
    assert len(painted.errors) == len(report.names)
    assert len(painted.interpolations) <= 2
    assert [steps.shape for _, steps in painted.traversals] == [(7, 32, 32, 3)] * 2
    one, other, steps = painted.interpolations[0]
    assert np.abs(steps[0].astype(int) - painted.reconstructions[one]).max() <= 1
    assert one != other


def test_channels_go_from_their_lowest_to_their_highest_medium(trained):
    report = encoder_report(trained, "simclr", QUICK)
    assert report.painted is None
    variances = [one.variance for one in report.channels]
    assert variances == sorted(variances, reverse=True)
    for one in report.channels:
        assert one.lowest[0] != one.highest[0]
        assert one.excited_highest.shape == (32, 32, 3)


def test_a_seed_decides_what_is_shown(trained):
    one, same, other = (
        encoder_report(trained, "simclr", Show(n_channels=1, n_steps=2, seed=seed))
        for seed in (1, 1, 2)
    )
    assert (one.channels[0].excited_highest == same.channels[0].excited_highest).all()
    assert (one.channels[0].excited_highest != other.channels[0].excited_highest).any()


def test_the_page_needs_nothing_else(trained, tmp_path):
    report = encoder_report(trained, "vae", QUICK)
    write_page(report, tmp_path / "a.html", QUICK)
    page = Page((tmp_path / "a.html").read_text(encoding="utf-8"))
    assert {"script", "link"} & {tag for tag, _ in page.tags} == set()
    for word in ("Reconstructions", "Interpolations", "Traversals", "Channels", "The weights"):
        assert word in page.text
    pictures = [attributes["src"] for tag, attributes in page.tags if tag == "img"]
    n = len(report.names)
    shown = 2 * min(3, n) + len(report.painted.interpolations) * 9 + 2 * 7
    assert len(pictures) == shown + 2 * (2 + 2 * min(4, n))


def test_the_command_says_and_writes_it(trained, tmp_path):
    runner = CliRunner()
    told = runner.invoke(wk, ["report", "encoder", "--weights", "vae", "-C", str(trained.root)])
    assert told.exit_code == 0, told.output
    assert "vae: vae, 8 features, looked at" in told.output
    assert "structural similarity" in told.output
    out = tmp_path / "e.html"
    told = runner.invoke(
        wk,
        ["report", "encoder", "--weights", "simclr", "--steps", "0", "-o", str(out), "-C",
         str(trained.root)],
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    assert "Reconstructions" not in out.read_text(encoding="utf-8")


def test_weights_that_are_not_there_are_named(trained):
    with pytest.raises(StageError, match="holds no weights"):
        encoder_report(trained, "nothing")
