"""Invented names."""

import numpy as np

from wunderkammer.testing.specimens import names


def test_names_are_drawn_from_the_generator_alone():
    def draw(seed):
        rng = np.random.default_rng(seed)
        return names.genus_name(rng, "moth"), names.person(rng), names.sentence(rng, 7)

    assert draw(3) == draw(3)
    assert draw(3) != draw(4)


def test_family_is_made_from_its_genus():
    assert names.family_name("Melandoria", "butterfly") == "Melandoridae"
    assert names.family_name("Rosella", "plant") == "Rosellaceae"


def test_a_sentence_has_its_words():
    text = names.sentence(np.random.default_rng(0), 12)
    assert len(text.split()) == 12
    assert text[0].isupper()
    assert text.endswith(".")


def test_epithets_do_not_repeat():
    assert len(set(names.EPITHETS)) == len(names.EPITHETS)
