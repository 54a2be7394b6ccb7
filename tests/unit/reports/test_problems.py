from wunderkammer.core.errors import WunderkammerError
from wunderkammer.fetch import errors
from wunderkammer.reports.problems import BY_CODE, OURS, PROBLEMS


def test_every_error_of_fetch_means_one_problem_or_is_our_own():
    names = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, WunderkammerError)
    }
    names -= {"WunderkammerError", "ConfigurationError", "FetchError"}
    told = [name for problem in PROBLEMS for name in problem.errors]
    assert len(told) == len(set(told))
    assert set(told) & set(OURS) == set()
    assert names - {*told, *OURS} == set()
    assert {*told, *OURS} - names == {"ImageMissingError"}


def test_each_problem_has_a_name_of_its_own_and_says_what_to_do():
    assert len(BY_CODE) == len(PROBLEMS)
    for problem in PROBLEMS:
        assert problem.advice.endswith(".")
        assert problem.title[0].islower()
