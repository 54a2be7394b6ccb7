import pytest

from wunderkammer.testing import Picture, Redirect, answers
from wunderkammer.testing.hosts.replies import parsed, reply_to

ORIGINS = ("http://127.0.0.1:8001", "http://127.0.0.2:8002")
BODY = answers.image().content(0, "a")


def replied(done, path="a", method="GET", **headers):
    lines = "".join(f"\r\n{name.replace('_', '-')}: {value}" for name, value in headers.items())
    asked = parsed(f"{method} /{path} HTTP/1.1\r\nHost: x{lines}".encode())
    reply = reply_to(asked, done, 0, ORIGINS, 1_000_000_000.0)
    first, *rest = reply.head.decode().strip().split("\r\n")
    told = dict(line.split(": ", 1) for line in rest)
    return reply, told, first


def test_an_honest_image():
    reply, told, first = replied(answers.image())
    assert first == "HTTP/1.1 200 OK"
    assert reply.body == BODY
    assert told["Content-Type"] == "image/jpeg"
    assert told["Content-Length"] == "40000"
    assert told["Accept-Ranges"] == "bytes"
    assert told["Last-Modified"] == "Wed, 01 Jan 2020 00:00:00 GMT"
    assert told["Date"] == "Sun, 09 Sep 2001 01:46:40 GMT"


def test_a_head_is_the_head_of_the_answer():
    reply, told, _ = replied(answers.image(), method="HEAD")
    assert (reply.body, told["Content-Length"]) == (b"", "40000")


def test_what_has_not_changed_is_not_sent_again():
    _, told, _ = replied(answers.image())
    for condition in (
        {"If_None_Match": told["ETag"]},
        {"If_None_Match": f'"other", W/{told["ETag"]}'},
        {"If_None_Match": "*"},
        {"If_Modified_Since": told["Last-Modified"]},
        {"If_Modified_Since": "Thu, 02 Jan 2020 00:00:00 GMT"},
    ):
        reply, said, _ = replied(answers.image(), **condition)
        assert (reply.status, reply.body) == (304, b""), condition
        assert said["ETag"] == told["ETag"]
        assert "Content-Length" not in said


def test_what_has_changed_is_sent_again():
    _, told, _ = replied(answers.image())
    newer = answers.image(Picture(version=1))
    _, later, _ = replied(newer)
    assert later["ETag"] != told["ETag"]
    for condition in (
        {"If_None_Match": told["ETag"]},
        {"If_Modified_Since": told["Last-Modified"]},
        {"If_Modified_Since": "yesterday"},
        {"If_None_Match": told["ETag"], "If_Modified_Since": later["Last-Modified"]},
    ):
        reply, _, _ = replied(newer, **condition)
        assert reply.status == 200, condition


def test_a_host_without_validators_knows_no_conditions():
    plain = answers.image(validators=False)
    reply, told, _ = replied(
        plain, If_None_Match="*", If_Modified_Since="Thu, 02 Jan 2020 00:00:00 GMT"
    )
    assert reply.status == 200
    assert {"ETag", "Last-Modified"}.isdisjoint(told)


@pytest.mark.parametrize(
    ("wanted", "span"),
    [("bytes=0-99", (0, 100)), ("bytes=39990-", (39990, 40000)), ("bytes=-5", (39995, 40000)),
     ("bytes=39990-99999", (39990, 40000))],
)  # fmt: skip
def test_a_range_is_honoured(wanted, span):
    reply, told, first = replied(answers.image(), Range=wanted)
    assert first == "HTTP/1.1 206 Partial Content"
    assert reply.body == BODY[span[0] : span[1]]
    assert told["Content-Range"] == f"bytes {span[0]}-{span[1] - 1}/40000"
    assert told["Content-Length"] == str(span[1] - span[0])


@pytest.mark.parametrize("wanted", ["bytes=-", "lines=0-9", "bytes=0-1,5-6", "bytes=a-b"])
def test_what_is_no_single_range_gets_everything(wanted):
    reply, _, _ = replied(answers.image(), Range=wanted)
    assert (reply.status, len(reply.body)) == (200, 40_000)


def test_a_range_past_the_end_cannot_be_had():
    reply, told, _ = replied(answers.image(), Range="bytes=40000-")
    assert (reply.status, told["Content-Range"]) == (416, "bytes */40000")


def test_a_range_of_another_version_gets_everything():
    _, told, _ = replied(answers.image())
    newer = answers.image(Picture(version=1))
    same, _, _ = replied(answers.image(), Range="bytes=9-", If_Range=told["ETag"])
    changed, _, _ = replied(newer, Range="bytes=9-", If_Range=told["ETag"])
    assert (same.status, changed.status) == (206, 200)


def test_ranges_can_be_ignored_or_answered_wrongly():
    ignored, told, _ = replied(answers.image(ranges="ignored"), Range="bytes=9-")
    assert (ignored.status, "Accept-Ranges" in told) == (200, False)
    wrong, told, _ = replied(answers.image(ranges="wrong"), Range="bytes=9-")
    assert told["Content-Range"] == "bytes 10-40000/40000"
    assert wrong.body == BODY[9:]


def test_lies_about_type_length_and_packing():
    _, told, _ = replied(answers.image(media_type="text/plain", content_length=50_000))
    assert told["Content-Type"] == "text/plain"
    assert (told["Content-Length"], told["Connection"]) == ("50000", "close")
    page, told, _ = replied(answers.html("image/jpeg"))
    assert page.body.startswith(b"<!DOCTYPE html>")
    assert (page.status, told["Content-Type"]) == (200, "image/jpeg")
    _, told, _ = replied(answers.image(gzip=True))
    assert told["Content-Encoding"] == "gzip"


def test_an_endless_body_has_no_length():
    reply, told, _ = replied(answers.endless())
    assert reply.endless
    assert "Content-Length" not in told


@pytest.mark.parametrize(
    ("done", "location"),
    [
        (Redirect("b.jpg", host=1), "http://127.0.0.2:8002/b.jpg"),
        (Redirect("copies/{path}?size=2", host=0), "http://127.0.0.1:8001/copies/d/ä%20b?size=2"),
        (Redirect("../{path}"), "../d/ä%20b"),
        (Redirect("http://10.0.0.1/x.jpg"), "http://10.0.0.1/x.jpg"),
    ],
)
def test_redirects_lead_elsewhere(done, location):
    from urllib.parse import quote

    reply, told, _ = replied(done, path="d/%C3%A4%20b")
    assert reply.status == 302
    assert told["Location"] == location.replace("ä", quote("ä"))


def test_a_redirect_of_three_hops_takes_three():
    done = Redirect("end.jpg", 307, host=1, hops=3)
    where = [replied(done, path=path)[1]["Location"] for path in ("a", "a?hop=1", "a?hop=2")]
    assert where == ["?hop=1", "?hop=2", "http://127.0.0.2:8002/end.jpg"]


def test_what_is_no_request_is_known():
    assert parsed(b"hello") is None
    assert parsed(b"GET / SMTP") is None
    assert parsed(b"GET /a%20b?c=%2F HTTP/1.0").path == "a b?c=/"
    assert not parsed(b"GET / HTTP/1.0").keep_alive
    assert not parsed(b"GET / HTTP/1.1\r\nConnection: Close").keep_alive
