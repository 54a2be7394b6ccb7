"""What the shell's variables say of the network."""

import socket

from wunderkammer.doctor.network import network


def told(variables):
    return {one.about: one for one in network(variables)}


def test_a_plain_shell_has_a_note_at_most():
    found = told({})
    assert found["proxy"].level == "ok"
    assert found["certificates"].level in {"ok", "problem"}


def test_a_proxy_is_told_without_its_password():
    found = told({"HTTPS_PROXY": "http://ada:secret@proxy.example:3128"})
    assert found["proxy"].level == "note"
    assert "HTTPS_PROXY is http://proxy.example:3128;" in found["proxy"].message
    assert "secret" not in found["proxy"].message
    assert "proxy.example:3128;" in told({"all_proxy": "proxy.example:3128"})["proxy"].message


def test_certificates_that_are_not_there_are_a_problem(tmp_path):
    found = told({"SSL_CERT_FILE": str(tmp_path / "gone.pem")})
    assert found["certificates"].level == "problem"
    assert "unset SSL_CERT_FILE" in found["certificates"].hint


def test_nobody_is_asked(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert told({"HTTP_PROXY": "http://proxy.example"})
