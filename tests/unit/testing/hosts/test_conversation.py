import http.client
import socket
import time
from contextlib import closing

import pytest

from wunderkammer.testing import ImageHost, Rule, answers

WHOLE = answers.image().content(0, "a")


def connected(site, host=0):
    name, port = site.origins[host].removeprefix("http://").split(":")
    return closing(socket.create_connection((name, int(port)), timeout=5))


def ask(line, path="a", more=""):
    line.sendall(f"GET /{path} HTTP/1.1\r\nHost: x\r\n{more}\r\n".encode())


def everything(line):
    """Read until the other end closes; a reset is raised."""
    return b"".join(iter(lambda: line.recv(65_536), b""))


def played(*rules, until_closed=True):
    """Return what comes over the line for one request, and the request as recorded."""
    with ImageHost([Rule(one) for one in rules], in_thread=True) as site, connected(site) as line:
        ask(line, more="Connection: close\r\n" if until_closed else "")
        came = everything(line)
    [request] = site.requests()
    return came, request


def test_one_connection_serves_many_requests_in_their_order():
    with ImageHost(in_thread=True) as site, connected(site) as line:
        for path in ("a", "b"):
            ask(line, path)  # the second before the first is answered
        ask(line, "c", "Connection: close\r\n")
        came = everything(line)
        for path in ("a", "b", "c"):
            assert site.content(path) in came
        requests = site.requests()
    assert [one.path for one in requests] == ["a", "b", "c"]
    assert {one.connection for one in requests} == {0}
    assert all(one.whole and one.n_bytes_sent == 40_000 for one in requests)


def test_a_head_in_pieces_is_one_request():
    with ImageHost(in_thread=True) as site, connected(site) as line:
        for piece in (
            b"GET /a HT",
            b"TP/1.1\r\nUser-",
            b"Agent: me\r\nConnection: close\r\n\r",
            b"\n",
        ):
            line.sendall(piece)
            time.sleep(0.01)
        assert everything(line).endswith(WHOLE)
        [request] = site.requests()
    assert request.headers == {"user-agent": "me"}


@pytest.mark.parametrize(("sent", "status"), [(b"hello\r\n\r\n", 400), (b"x" * 70_000, 431)])
def test_what_is_no_request_is_refused_and_not_recorded(sent, status):
    with ImageHost(in_thread=True) as site, connected(site) as line:
        line.sendall(sent)
        assert everything(line).startswith(f"HTTP/1.1 {status}".encode())
        assert site.requests() == []


def test_other_methods_are_refused():
    with ImageHost(in_thread=True) as site:
        client = http.client.HTTPConnection(site.origins[0].removeprefix("http://"))
        client.request("DELETE", "/a")
        assert client.getresponse().status == 405
        client.close()


def test_truncated_in_the_middle_of_its_length():
    came, request = played(answers.truncated(1000))
    head, _, body = came.partition(b"\r\n\r\n")
    assert b"Content-Length: 40000" in head
    assert body == WHOLE[:1000]
    assert (request.status, request.whole, request.n_bytes_sent) == (200, False, 1000)


def test_truncated_between_chunks():
    came, request = played(answers.truncated(1000, chunked=True))
    head, _, body = came.partition(b"\r\n\r\n")
    assert b"Transfer-Encoding: chunked" in head
    assert body == b"3e8\r\n" + WHOLE[:1000] + b"\r\n"
    assert not request.whole


def test_closed_without_a_word():
    came, request = played(answers.truncated(None))
    assert came == b""
    assert (request.status, request.whole) == (0, False)


def test_chunks_that_are_whole():
    with ImageHost([Rule(answers.image(chunked=True))], in_thread=True) as site:
        client = http.client.HTTPConnection(site.origins[0].removeprefix("http://"))
        for _ in range(2):
            client.request("GET", "/a")
            assert client.getresponse().read() == WHOLE
        client.close()
        assert [one.whole for one in site.requests()] == [True, True]


@pytest.mark.parametrize(("after", "n_received"), [(None, 0), (0, 0), (5000, 5000)])
def test_a_reset_is_a_reset(after, n_received):
    with ImageHost([Rule(answers.reset(after))], in_thread=True) as site, connected(site) as line:
        ask(line)
        came = b""
        with pytest.raises(ConnectionResetError):
            while True:
                came += line.recv(65_536)
                assert came
    assert len(came.partition(b"\r\n\r\n")[2]) == n_received
    assert bool(came) == (after is not None)


@pytest.mark.parametrize("after", [None, 0, 700])
def test_a_stall_keeps_the_line_and_says_no_more(after):
    with ImageHost([Rule(answers.stalled(after))], in_thread=True) as site:
        with connected(site) as line:
            ask(line)
            line.settimeout(0.3)
            came = b""
            with pytest.raises(TimeoutError):
                while True:
                    came += line.recv(65_536)
            [request] = site.requests()
            assert request.ended_s is None
        assert len(came.partition(b"\r\n\r\n")[2]) == (after or 0)
    [request] = site.requests()
    assert request.ended_s is not None
    assert not request.whole


def test_a_body_drips_at_its_pace():
    page = answers.text("x" * 100)
    with ImageHost([Rule(answers.dripping(250, page))], in_thread=True) as site:
        began_s = time.monotonic()
        with connected(site) as line:
            ask(line, more="Connection: close\r\n")
            came = everything(line)
        took_s = time.monotonic() - began_s
    assert came.endswith(b"x" * 100)
    assert 0.4 <= took_s < 2.0
    assert site.requests()[0].whole


def test_an_answer_can_be_late():
    with ImageHost([Rule(answers.delayed(0.2))], in_thread=True) as site, connected(site) as line:
        ask(line)
        line.recv(1)
        [request] = site.requests()
        assert time.monotonic() - request.arrived_s >= 0.2


def test_an_endless_body_goes_on_until_the_client_leaves():
    with ImageHost([Rule(answers.endless())], in_thread=True) as site, connected(site) as line:
        ask(line)
        n_received = 0
        while n_received < 3_000_000:
            n_received += len(line.recv(65_536))
    [request] = site.requests()
    assert request.n_bytes_sent > 2_900_000
    assert not request.whole


def test_a_declared_length_beyond_the_body_ends_in_a_close():
    came, request = played(answers.image(content_length=50_000), until_closed=False)
    assert came.endswith(WHOLE)
    assert b"Content-Length: 50000\r\n" in came
    assert request.whole  # all that there was


def test_a_client_that_leaves_in_the_middle_leaves_no_whole_answer():
    big = answers.junk(30_000_000)
    with ImageHost([Rule(big)], in_thread=True) as site:
        with connected(site) as line:
            ask(line)
            line.recv(1000)
        requests = site.wait_for(1)
    [request] = site.requests()
    assert requests
    assert (request.status, request.whole) == (200, False)
    assert request.n_bytes_sent < 30_000_000


def test_other_lines_are_served_while_one_is_flooded():
    rules = [Rule(answers.endless(), "flood")]
    with ImageHost(rules, in_thread=True) as site, connected(site) as flooded:
        ask(flooded, "flood")
        flooded.recv(1)
        with connected(site) as line:
            ask(line, more="Connection: close\r\n")
            assert everything(line).endswith(WHOLE)
