import re

from wunderkammer.atlas.labels import LABELS, label_of
from wunderkammer.vocab.darwin_core import TERMS


def test_labels_are_for_terms_that_exist():
    assert set(LABELS) <= set(TERMS)


def test_every_term_reads_as_words_for_people():
    for term in TERMS:
        assert re.fullmatch(r"[A-Z][A-Za-z' ()-]*", label_of(term)), term


def test_a_column_of_the_source_keeps_its_words():
    assert label_of("drawer_number") == "Drawer number"
    assert label_of("Subjects") == "Subjects"
