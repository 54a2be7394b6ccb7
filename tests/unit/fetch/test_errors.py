import inspect
import pickle

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.fetch import errors


def kinds():
    return [
        one
        for _, one in inspect.getmembers(errors, inspect.isclass)
        if one.__module__ == errors.__name__
    ]


def test_each_failure_of_a_medium_is_a_kind_of_its_own():
    of_media = [one for one in kinds() if one is not errors.ContactMissingError]
    assert all(issubclass(one, errors.FetchError) for one in of_media)
    assert len({one.__doc__ for one in of_media}) == len(of_media)
    assert issubclass(errors.ContactMissingError, ConfigurationError)


def test_they_keep_their_hint_between_processes():
    for one in kinds():
        again = pickle.loads(pickle.dumps(one("what", hint="do")))
        assert (type(again), again.message, again.hint) == (one, "what", "do")
