import pytest
from hypothesis import given
from hypothesis import strategies as st

from wunderkammer.testing import Request, analysis

EPOCH = 1_445_412_480.0  # Wed, 21 Oct 2015 07:28:00 GMT


def request(arrived_s, ended_s=None, host=0, path="a", **said):
    made = Request(host, "GET", path, {}, 0, arrived_s, EPOCH + arrived_s, ended_s)
    for name, value in said.items():
        setattr(made, name, value)
    return made


def refused(arrived_s, retry_after, ended_s=None, **said):
    ended_s = arrived_s if ended_s is None else ended_s
    return request(arrived_s, ended_s, status=429, retry_after=retry_after, **said)


def test_the_busiest_window_is_found_for_each_host():
    requests = [request(time_s) for time_s in (3.0, 0.0, 0.5, 0.99, 1.0, 1.4)]
    requests += [request(0.0, host=2)]
    assert analysis.most_in_window(requests) == {0: 4, 2: 1}
    assert analysis.most_in_window(requests, 0.5) == {0: 3, 2: 1}
    assert analysis.most_in_window([]) == {}


@given(st.lists(st.integers(0, 100), max_size=40), st.integers(1, 30))
def test_the_busiest_window_is_that_of_counting_from_each_request(times, window_s):
    counted = [sum(t <= other < t + window_s for other in times) for t in times]
    expected = {0: max(counted)} if times else {}
    assert analysis.most_in_window(map(request, times), window_s) == expected


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Wed, 21 Oct 2015 07:28:10 GMT", 6.0),
        ("Wed, 21 Oct 2015 07:27:00 GMT", None),
        ("0", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_the_standard_has_it(said, seconds):
    assert analysis.retry_after_s(refused(1.0, said, ended_s=4.0)) == seconds


def test_retry_after_of_other_answers_is_no_window():
    assert analysis.retry_after_s(request(0, 1, status=200, retry_after="5")) is None
    assert analysis.retry_after_s(request(0, 1, status=503, retry_after="5")) == 5


def test_requests_inside_a_window_are_found_from_its_end_on():
    requests = [
        refused(1.0, "2", ended_s=1.5),
        request(1.2),  # on its way when the answer was not yet out
        request(2.0, path="early"),
        request(2.0, host=1),
        request(3.5),
    ]
    assert [one.path for one in analysis.inside_retry_after(requests)] == ["early"]
    assert analysis.inside_retry_after(requests, longest_s=0.4) == []
    assert analysis.inside_retry_after(requests, grace_s=0.6) == []


def test_the_date_of_a_window_is_kept():
    until = "Wed, 21 Oct 2015 07:28:05 GMT"
    requests = [refused(1.0, until), request(4.9), request(5.1)]
    assert analysis.inside_retry_after(requests) == [requests[1]]


def test_concurrency_counts_what_is_in_progress():
    requests = [request(0, 2), request(1, 3), request(2, 4), request(3.5), request(9)]
    assert analysis.most_at_once(requests) == {0: 2}
    assert analysis.most_at_once([request(0), request(1), request(2)]) == {0: 3}


def test_only_whole_answers_count_as_served():
    requests = [
        request(0, 1, status=200, whole=True),
        request(2, 3, status=206, whole=True),
        request(4, 5, status=200, whole=False),
        request(6, 7, status=304, whole=True),
        request(8, 9, status=200, whole=True, method="HEAD"),
        request(8, 9, status=200, whole=True, host=1),
    ]
    assert analysis.served_whole(requests) == {(0, "a"): 2, (1, "a"): 1}
