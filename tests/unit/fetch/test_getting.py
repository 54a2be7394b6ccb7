import pytest

from wunderkammer.fetch import errors
from wunderkammer.fetch.getting import get, polite_get
from wunderkammer.testing import ImageHost
from wunderkammer.testing.hosts.analysis import inside_retry_after, most_in_window
from wunderkammer.testing.hosts.answers import Redirect, reset, status, text
from wunderkammer.testing.hosts.rules import Rule

MANIFEST = text('{"type": "Manifest"}', "application/json")


def test_a_document_comes_as_it_is(tmp_path, policy):
    with ImageHost(
        [Rule(Redirect("b.json"), path="a.json"), Rule(MANIFEST)], in_thread=True
    ) as site:
        found = get(site.address("a.json"), root=tmp_path, policy=policy(), contact="me@x.example")
        assert found == b'{"type": "Manifest"}'
        assert [one.path for one in site.requests()] == ["robots.txt", "a.json", "b.json"]
        assert site.requests()[1].headers["from"] == "me@x.example"


def test_many_keep_the_rate_and_the_windows(tmp_path, policy):
    rules = [Rule(status(429, {"Retry-After": "1"}), path="3", first=1), Rule(MANIFEST)]
    with ImageHost(rules) as site:
        with polite_get(tmp_path, policy(requests_per_second=10), contact="") as one:
            for n in range(6):
                assert one(site.address(f"{n}"))
        assert max(most_in_window(site.requests()).values()) <= 10
        assert inside_retry_after(site.requests()) == []


@pytest.mark.parametrize(
    ("rules", "settings", "kind"),
    [
        ([Rule(status(404))], {}, errors.NotFoundError),
        ([Rule(status(403))], {}, errors.RefusedError),
        ([Rule(status(500))], {}, errors.ServerError),
        ([Rule(reset(5))], {}, errors.BrokenOffError),
        ([Rule(Redirect("{path}"))], {}, errors.RedirectError),
        ([Rule(MANIFEST)], {"max_bytes": 10}, errors.TooLargeError),
        ([Rule(text("User-agent: *\nDisallow: /"), path="robots.txt")], {}, errors.RobotsError),
        ([Rule(status(429, {"Retry-After": "3600"}))], {}, errors.HostDownError),
    ],
)
def test_what_does_not_come_says_why(tmp_path, policy, rules, settings, kind):
    with ImageHost([*rules, Rule(MANIFEST)], in_thread=True) as site:
        with pytest.raises(errors.FetchError) as caught:
            get(site.address("a"), root=tmp_path, policy=policy(tries=2, **settings), contact="")
        assert type(caught.value) is kind


def test_public_hosts_need_a_contact_and_private_ones_leave(tmp_path, policy):
    with polite_get(tmp_path, policy(allow_private=()), contact="") as one:
        with pytest.raises(errors.ContactMissingError):
            one("https://museum.example/manifest.json")
        with pytest.raises(errors.HostRefusedError):
            one("http://127.0.0.1/manifest.json")
