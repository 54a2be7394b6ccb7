"""Random access, settings and refusals of the generator."""

import numpy as np
import pytest

from wunderkammer.core.errors import ConfigurationError, UnknownNameError
from wunderkammer.testing import SpecimenGenerator, Taxonomy


def test_a_specimen_depends_on_seed_and_number_alone():
    forth = SpecimenGenerator(3, size_px=200)
    back = SpecimenGenerator(3, size_px=200)
    first = [forth.specimen(i) for i in range(8)]
    second = [back.specimen(i) for i in reversed(range(8))][::-1]
    for a, b in zip(first, second, strict=True):
        assert np.array_equal(a.image, b.image)
        assert np.array_equal(a.mask, b.mask)
        assert (a.taxon, a.angle_deg, a.stem) == (b.taxon, b.angle_deg, b.stem)


def test_another_seed_draws_other_specimens():
    a, b = (SpecimenGenerator(seed, size_px=200, kinds=("moth",)).specimen(0) for seed in (1, 2))
    assert a.image.shape != b.image.shape or not np.array_equal(a.image, b.image)


@pytest.mark.parametrize("size", [160, 333, 1100])
def test_the_longer_side_is_as_asked(size):
    generator = SpecimenGenerator(1, size_px=size, n_institutions=6)
    for i in range(6):
        specimen = generator.specimen(i)
        assert max(specimen.image.shape[:2]) == size
        assert specimen.mask.shape == specimen.image.shape[:2]
        assert specimen.image.dtype == np.uint8


def test_kinds_and_shares_are_kept():
    generator = SpecimenGenerator(
        2, size_px=160, kinds=("beetle", "leaf"), bad_share=0, partial_share=0, turned_share=0
    )
    drawn = [generator.specimen(i) for i in range(30)]
    assert {s.kind for s in drawn} == {"beetle", "leaf"}
    assert {s.quality for s in drawn} == {"good"}
    assert max(abs(s.angle_deg) for s in drawn) < 15


def test_views_share_specimen_but_not_image():
    generator = SpecimenGenerator(
        2, size_px=200, kinds=("butterfly",), ventral_share=1, bad_share=0
    )
    above, below = generator.media(1)
    assert (above.view, below.view) == ("dorsal", "ventral")
    assert above.occurrence_id == below.occurrence_id
    assert above.stem != below.stem
    assert not np.array_equal(above.image, below.image)


def test_occurrence_ids_and_stems_are_unique():
    generator = SpecimenGenerator(2, size_px=160)
    who = [generator.identity(i) for i in range(300)]
    assert len({w.occurrence_id for w in who}) == 300
    assert len({w.number for w in who}) == 300


def test_institution_bias_binds_families_to_homes():
    def share(bias):
        generator = SpecimenGenerator(2, size_px=160, kinds=("moth",), institution_bias=bias)
        who = [generator.identity(i) for i in range(300)]
        homes = generator.institutions
        return np.mean(
            [w.institution == homes[w.taxon.lineage.family_rank % len(homes)] for w in who]
        )

    assert share(1.0) == 1
    assert share(0.0) < 0.5


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"bad_share": 1.5}, "bad_share = 1.5"),
        ({"size_px": 20}, "size_px = 20"),
        ({"kinds": ()}, "kinds is empty"),
        ({"kinds": ("moth",), "taxonomy": Taxonomy.generate(0, groups=["plant"])}, "moth"),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong, words):
    with pytest.raises(ConfigurationError, match=words):
        SpecimenGenerator(0, **wrong)


def test_unknown_names_are_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'beetle'"):
        SpecimenGenerator(0, kinds=("beetel",))
    generator = SpecimenGenerator(0, size_px=160, kinds=("leaf",))
    with pytest.raises(UnknownNameError, match="no view 'dorsal'"):
        generator.specimen(0, "dorsal")


def test_a_second_photograph_shows_the_same_specimen_placed_anew_and_changes_no_other():
    once = SpecimenGenerator(2, size_px=200, kinds=("herbarium",), bad_share=0)
    twice = SpecimenGenerator(2, size_px=200, kinds=("herbarium",), bad_share=0, again_share=1)
    assert twice.views(3) == ("upper", "again")
    first, again = twice.specimen(3), twice.specimen(3, "again")
    assert (first.image == once.specimen(3).image).all()
    assert again.occurrence_id == first.occurrence_id
    assert (again.image != first.image).any()
    assert 0.7 < again.mask.sum() / first.mask.sum() < 1.4
