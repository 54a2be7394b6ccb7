import asyncio
import ipaddress

import pytest

from wunderkammer import __version__
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.fetch.address import Gatekeeper
from wunderkammer.fetch.client import CheckedResolver, headers_for
from wunderkammer.fetch.errors import HostRefusedError


def test_the_name_is_honest_and_an_e_mail_address_is_said_twice():
    headers = headers_for("me@museum.example")
    assert headers["User-Agent"] == f"Wunderkammer/{__version__} (+me@museum.example)"
    assert headers["From"] == "me@museum.example"
    assert headers["Accept-Encoding"] == "identity"
    assert headers["Accept"].startswith("image/*")


def test_a_web_page_is_no_e_mail_address():
    headers = headers_for("https://museum.example/@digitisation")
    assert "From" not in headers
    assert "(+https://museum.example/@digitisation)" in headers["User-Agent"]


@pytest.mark.parametrize("contact", ["me\r\nX-Evil: 1", "müller@museum.example"])
def test_a_contact_that_is_no_header_is_refused(contact):
    with pytest.raises(ConfigurationError, match="contact"):
        headers_for(contact)


def resolved(keeper, name):
    async def ask():
        resolver = CheckedResolver(keeper)
        try:
            return await resolver.resolve(name, 80)
        finally:
            await resolver.close()

    return asyncio.run(ask())


@pytest.mark.parametrize("name", ["localhost", "127.1", "0x7f.1", "2130706433"])
def test_names_and_numbers_that_mean_this_machine_are_refused_however_written(name):
    with pytest.raises(HostRefusedError, match="this machine"):
        resolved(Gatekeeper(), name)


def test_an_allowed_network_is_connected_to_by_its_checked_number():
    keeper = Gatekeeper(private=("127.0.0.0/8",))
    assert {one["host"] for one in resolved(keeper, "localhost")} == {"127.0.0.1"}
    for one in resolved(Gatekeeper(private=("localhost",)), "localhost"):
        assert ipaddress.ip_address(one["host"]).is_loopback
