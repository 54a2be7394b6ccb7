import dataclasses

import pytest

from wunderkammer.fetch.errors import NotFoundError
from wunderkammer.fetch.outcomes import Before, Fetched, HostLeft, HostState, NotFetched, Wanted


@pytest.mark.parametrize(
    "one",
    [
        Wanted("0" * 20, "http://museum.example/1.jpg", "k", Before("media/00/1.jpg", "ab")),
        NotFetched("0" * 20, NotFoundError("gone")),
        HostState("museum.example", 1, 2, 3, 0.5),
        HostLeft("museum.example", 4, "answered 429"),
    ],
)
def test_what_passes_between_threads_cannot_be_changed(one):
    name = dataclasses.fields(one)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(one, name, "other")


def test_a_fetched_medium_names_all_that_a_record_of_it_needs():
    names = {one.name for one in dataclasses.fields(Fetched)}
    assert {"path", "sha256", "media_type", "fetched_from", "redirects", "etag",
            "last_modified"} <= names  # fmt: skip
