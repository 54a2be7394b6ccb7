"""Names of files: safe, one for each, the same every time."""

from hypothesis import given
from hypothesis import strategies as st

from wunderkammer.exports.naming import file_stem

IDS = st.text("0123456789abcdef", min_size=20, max_size=20)
NUMBERS = st.none() | st.text(max_size=200)


@given(st.lists(st.tuples(IDS, NUMBERS), unique_by=lambda one: one[0], max_size=30))
def test_every_medium_has_a_name_of_its_own_that_every_system_takes(media):
    taken = set()
    stems = [file_stem(*one, taken) for one in media]
    assert len({stem.lower() for stem in stems}) == len(media)
    for stem in stems:
        assert stem.isascii()
        assert set(stem) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
        assert 0 < len(stem) <= 120
        assert stem[0] not in ".-"


def test_a_name_does_not_depend_on_what_else_is_exported():
    alone = file_stem("ab" * 10, "M 1", set())
    assert alone == file_stem("ab" * 10, "M 1", {"m_1_cdcdcdcd"}) == "M_1_abababab"
    assert file_stem("ab" * 10, "m 1", {"m_1_abababab"}) == "m_1_" + "ab" * 10


def test_what_leads_out_of_the_folder_does_not():
    assert file_stem("ab" * 10, "../../etc/passwd", set()) == "etc_passwd_abababab"
