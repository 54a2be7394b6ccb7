import ipaddress
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wunderkammer.fetch.address import (
    Gatekeeper,
    host_key,
    host_of,
    normalised,
    origin,
    why_not_public,
)
from wunderkammer.fetch.errors import AddressError, HostRefusedError

PATHS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="?#"), max_size=30)


@given(path=PATHS, query=PATHS, fragment=PATHS)
def test_normal_form_is_ascii_stays_and_says_the_same(path, query, fragment):
    address = normalised(f"https://museum.example/a{path}?{query}#{fragment}")
    assert address.isascii()
    assert not set(' "<>\\^`{|}#\t\n') & set(address)
    assert normalised(address) == address
    assert host_of(address) == "museum.example"
    assert urlsplit(address).fragment == ""


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("http://museum.example", "http://museum.example/"),
        ("http://museum.example?id=1", "http://museum.example/?id=1"),
        ("HTTPS://Museum.Example:443/A.jpg", "https://museum.example/A.jpg"),
        ("http://museum.example:8080/a", "http://museum.example:8080/a"),
        ("http://museum.example:080/a", "http://museum.example/a"),
        ("http://museum.example./a", "http://museum.example/a"),
        ("http://museum.example/a b", "http://museum.example/a%20b"),
        ("http://museum.example/a%2Fb%20c", "http://museum.example/a%2Fb%20c"),
        ("http://museum.example/100%.jpg", "http://museum.example/100%25.jpg"),
        ("http://museum.example/ü.jpg", "http://museum.example/%C3%BC.jpg"),
        ("http://muséum.example/1", "http://xn--musum-dsa.example/1"),
        ("http://museum.example/a/../b/./c", "http://museum.example/b/c"),
        ("http://museum.example/../../b", "http://museum.example/b"),
        ("http://museum.example/a/..", "http://museum.example/"),
        ("http://museum.example/a?u=http://x/../y", "http://museum.example/a?u=http://x/../y"),
        ("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"),
        ("\thttp://museum.example/a\n", "http://museum.example/a"),
        ("http://museum.example/a?size=full,&q=a+b", "http://museum.example/a?size=full,&q=a+b"),
    ],
)
def test_addresses_are_written_one_way(written, asked):
    assert normalised(written) == asked
    assert normalised(asked) == asked


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "1.jpg",
        "www.museum.example/1.jpg",
        "//museum.example/1.jpg",
        "ftp://museum.example/1.jpg",
        "file:///etc/passwd",
        "http://",
        "http:///1.jpg",
        "http://museum.example:port/1.jpg",
        "http://museum.example:99999/1.jpg",
        "http://me:secret@museum.example/1.jpg",
        "http://mus eum.example/1.jpg",
        "http://-museum.example/1.jpg",
        "http://museum..example/1.jpg",
        "http://[::1/1.jpg",
        "http://museum.example/" + "a" * 9_000,
    ],
)
def test_what_cannot_be_asked_is_told(written):
    with pytest.raises(AddressError) as caught:
        normalised(written)
    assert caught.value.message


def test_host_and_origin():
    assert host_key("https://data.museum.example:8443/1") == "data.museum.example:8443"
    assert host_key("http://[::1]:8080/1") == "[::1]:8080"
    assert origin("https://data.museum.example/a/b") == "https://data.museum.example"


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1",
        "::1", "::", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:10.0.0.1",
        "::ffff:127.0.0.1", "64:ff9b::10.0.0.1", "2002:0a00:0001::", "2002:7f00:0001::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_seen_however_they_are_wrapped(number):
    assert why_not_public(ipaddress.ip_address(number))


@pytest.mark.parametrize("number", ["8.8.8.8", "193.61.246.1", "2001:4860:4860::8888",
                                    "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"])  # fmt: skip
def test_public_addresses_pass(number):
    assert why_not_public(ipaddress.ip_address(number)) == ""


@given(st.ip_addresses(v=4))
def test_mapped_addresses_are_as_what_they_hold(number):
    for form in ("::ffff:{}", "64:ff9b::{}"):
        assert why_not_public(ipaddress.ip_address(form.format(number))) == why_not_public(number)


def test_literal_private_addresses_are_refused_before_any_connection():
    with pytest.raises(HostRefusedError, match="link-local"):
        Gatekeeper().check("169.254.169.254")
    with pytest.raises(HostRefusedError, match="this machine"):
        Gatekeeper().check("[::1]:8080")


def test_allowed_private_networks_and_names():
    keeper = Gatekeeper(private=("10.1.0.0/16", "store.local", "[::1]"))
    keeper.check("10.1.2.3:8080")
    keeper.check_number("store.local:80", ipaddress.ip_address("192.168.0.1"))
    keeper.check_number("any.example:80", ipaddress.ip_address("::ffff:10.1.0.1"))
    with pytest.raises(HostRefusedError):
        keeper.check("10.2.0.1")
    with pytest.raises(HostRefusedError):
        keeper.check_number("any.example:80", ipaddress.ip_address("192.168.0.1"))
    assert keeper.is_private("10.1.2.3:8080")
    assert not keeper.is_private("any.example")


def test_lists_of_hosts():
    keeper = Gatekeeper(allow=("*.museum.example",), deny=("bad.museum.example",))
    for host in ("museum.example", "a.museum.example", "a.b.museum.example:8080"):
        keeper.check(host)
    for host in ("bad.museum.example", "bad.museum.example:81", "xmuseum.example", "x.example"):
        with pytest.raises(HostRefusedError):
            keeper.check(host)


def test_no_public_host_without_a_contact():
    keeper = Gatekeeper(private=("127.0.0.1",), has_contact=False)
    keeper.check("127.0.0.1:80")
    with pytest.raises(HostRefusedError, match="contact"):
        keeper.check("museum.example")
