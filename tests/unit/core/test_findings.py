"""What a file must be."""

from wunderkammer.core.findings import Wanted
from wunderkammer.core.sums import Sum


def test_a_file_has_one_of_the_digests_that_were_noted():
    wanted = Wanted("a", (Sum("ab", 1), Sum("cd", -1)))
    assert wanted.is_met_by(Sum("ab", 1))
    assert wanted.is_met_by(Sum("cd", 7))
    assert not wanted.is_met_by(Sum("ef", 1))
    assert not wanted.is_met_by(None)
