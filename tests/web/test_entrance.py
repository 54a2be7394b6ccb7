"""Others than this machine need the token, and the server is called by a name of its own."""

import http.client
import os
import re
import socket
import stat
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from asker import refused
from conftest import serving
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.web.entrance import read_token
from wunderkammer.web.server import Visitors, serve

TOKEN = "a-token-that-is-long-enough"


def sent(address, path="/", method="GET", **headers):
    """Return status, headers and bytes of the answer to a request as it is."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    own = {"Host": parts.netloc, **{k.replace("_", "-"): v for k, v in headers.items()}}
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in own.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, {k.lower(): v for k, v in answer.getheaders()}, content


class elsewhere:  # noqa: N801 - reads as a word: with elsewhere(root) as address
    """Runs ``wk serve --host 0.0.0.0`` with some options while a block runs."""

    def __init__(self, root, *options):
        start = [sys.executable, "-m", "wunderkammer", "serve", "-C", str(root), "--port", "0"]
        self.command = [*start, "--host", "0.0.0.0", *options]

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.line = self.process.stdout.readline()
        self.printed = urlsplit(self.line.split()[4])
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.said = self.process.communicate(timeout=60)[0]

    @property
    def address(self):
        """The address by number: the name of this machine may lead nowhere in a test."""
        return f"http://127.0.0.1:{self.printed.port}/"


def test_bound_elsewhere_nothing_is_seen_without_the_token(collection):
    with elsewhere(collection.root) as server:
        assert server.printed.hostname == socket.gethostname().lower()
        token = re.fullmatch(r"token=([A-Za-z0-9_-]{43})", server.printed.query)[1]
        for path in ("/", "/atlas.json", "/tiles.pmtiles", "/assets/nothing.js", "/nothing"):
            answer = sent(server.address, path)
            told = refused(answer, 401)
            assert "token" in told.title
            assert told.detail
            assert answer[1]["www-authenticate"] == "Bearer"
            assert "default-src 'self'" in answer[1]["content-security-policy"]
        for wrong in ("", "x", token[:-1], token + "x", "ÿ" * 43, "%00"):
            headers = {"Authorization": f"Bearer {wrong}".encode("latin-1")}
            refused(sent(server.address, **headers), 401)
        refused(sent(server.address, f"/?token={token[:-1]}"), 401)
        refused(sent(server.address, Cookie=f"wk_{server.printed.port}={token[:-1]}"), 401)
        refused(sent(server.address, Authorization=f"Basic {token}"), 401)
        assert sent(server.address, Authorization=f"Bearer {token}")[0] == 200
        assert sent(server.address, "/atlas.json", Authorization=f"bearer {token}")[0] == 200
    assert token not in server.said, "no log holds it"


def test_the_token_goes_from_the_address_into_a_cookie_that_no_script_and_no_other_site_gets(
    collection,
):
    with elsewhere(collection.root) as server:
        status, headers, page = sent(server.address, f"/?{server.printed.query}&lang=de")
        assert status == 200
        assert b'http-equiv="refresh"' in page
        assert b"url=?lang=de" in page, "what else was asked for is not lost"
        assert server.printed.query.encode() not in page
        assert headers["cache-control"] == "no-store"
        cookie, *rules = headers["set-cookie"].split("; ")
        assert {one.lower() for one in rules} >= {"httponly", "samesite=strict", "path=/"}
        assert "secure" not in headers["set-cookie"].lower(), "this is plain HTTP"
        assert sent(server.address, Cookie=f"other=1; {cookie}; [odd")[0] == 200
        behind = sent(server.address, f"/?{server.printed.query}", X_Forwarded_Proto="https")
        assert "secure" in behind[1]["set-cookie"].lower()
        posted = sent(server.address, f"/?{server.printed.query}", "POST", Content_Length="0")
        assert posted[0] == 401, "an address with a token is for looking"


def test_a_token_of_ones_own_is_not_printed_and_holds_on_loopback_too(collection, tmp_path):
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    with elsewhere(collection.root, "--token-file", str(file)) as server:
        assert TOKEN not in server.line
        refused(sent(server.address), 401)
        assert sent(server.address, Authorization=f"Bearer {TOKEN}")[0] == 200
    own = serving(collection.root)
    own.command += ["--token-file", str(file)]
    with own as address:
        refused(sent(address), 401)
        assert sent(address, Authorization=f"Bearer {TOKEN}")[0] == 200


def test_a_public_server_wants_no_token_and_still_knows_its_name(collection):
    with elsewhere(collection.root, "--public", "--name", "atlas.example") as server:
        assert server.printed.query == ""
        port = server.printed.port
        for name in ("atlas.example", "ATLAS.example.", f"localhost:{port}", "10.1.2.3", "[::1]:9",
                     socket.gethostname()):  # fmt: skip
            assert (name, sent(server.address, Host=name)[0]) == (name, 200)
        for name in ("elsewhere.example", "10.1.2.3.elsewhere.example", "", "localhost.evil", "a b",
                     "atlas.example@elsewhere.example", "127.0.0.1:8000:elsewhere"):  # fmt: skip
            told = refused(sent(server.address, Host=name), 403)
            assert "--name" in told.detail


def test_on_loopback_a_name_that_another_site_made_lead_here_is_refused(address):
    for path in ("/", "/atlas.json", "/tiles.pmtiles"):
        refused(sent(address, path, Host="rebound.example"), 403)
        assert sent(address, path, Host="localhost:9999")[0] == 200


def test_others_never_curate(collection):
    for visitors, host in (
        (Visitors(), "0.0.0.0"),
        (Visitors(), "::"),
        (Visitors(), socket.gethostname()),
        (Visitors(names=("atlas.example",)), "127.0.0.1"),
        (Visitors(is_public=True), "127.0.0.1"),
    ):
        with pytest.raises(ConfigurationError, match="this machine alone"):
            serve(collection, host=host, port=0, curate=True, visitors=visitors)


def test_tokens_that_are_none_are_refused_in_words(tmp_path):
    file = tmp_path / "token"
    with pytest.raises(ConfigurationError, match="cannot be read") as told:
        read_token(file)
    assert "secrets.token_urlsafe" in told.value.hint
    for text, why in (("short", "5 characters"), ("x" * 19 + "\n", "19 characters"),
                      ("a token with spaces in it", "more than letters"),
                      ("é" * 30, "cannot be")):  # fmt: skip
        file.write_text(text)
        with pytest.raises(ConfigurationError, match=why):
            read_token(file)
    file.write_text(f"  {TOKEN}\n")
    assert read_token(file) == TOKEN
    file.chmod(0)
    if os.geteuid() and stat.S_IMODE(file.stat().st_mode) == 0:
        with pytest.raises(ConfigurationError, match="cannot be read"):
            read_token(file)
