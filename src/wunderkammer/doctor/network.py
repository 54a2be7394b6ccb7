"""The network, without asking it: proxies, and the authorities that addresses are trusted by."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from wunderkammer.doctor.finding import Finding, note, ok, problem

_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def network(environment: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """Yield what the shell's variables say of the network; nothing is sent.

    Parameters
    ----------
    environment : mapping of str to str, optional
        Variables of the shell; default: those of this process.
    """
    variables = os.environ if environment is None else environment
    yield from _proxies(variables)
    yield from _certificates(variables)


def _proxies(variables: Mapping[str, str]) -> Iterator[Finding]:
    lowered = {name.lower(): value for name, value in variables.items() if value}
    set_here = [(name, lowered[name]) for name in _PROXIES if name in lowered]
    for name, value in set_here:
        yield note(
            "proxy",
            f"{name.upper()} is {_without_password(value)}; 'wk fetch' does not go through "
            "proxies, and asks the hosts itself.",
            "If hosts cannot be reached from here, fetch on a machine that reaches them, and copy "
            "the collection's folder.",
        )
    if not set_here:
        yield ok("proxy", "no proxy is set")


def _without_password(address: str) -> str:
    """Return an address without what it says of a user."""
    parts = urlsplit(address if "//" in address else f"//{address}")
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host).geturl().removeprefix("//")


def _certificates(variables: Mapping[str, str]) -> Iterator[Finding]:
    for name in _CERTIFICATES:
        value = variables.get(name)
        if value and not Path(value).exists():
            yield problem(
                "certificates",
                f"{name} names {value}, which is not there: no https address can be trusted.",
                f"unset {name}, or name the file of your institution's authorities.",
            )
            return
    paths = ssl.get_default_verify_paths()
    folder = Path(variables.get("SSL_CERT_DIR") or paths.capath or "")
    in_folder = bool(folder.name) and folder.is_dir() and any(folder.iterdir())
    if in_folder or ssl.create_default_context().cert_store_stats()["x509_ca"]:
        yield ok("certificates", "authorities that https addresses are trusted by are there")
        return
    yield problem(
        "certificates",
        "no authority is known, so that no https address can be trusted.",
        "Install the system's package ca-certificates; on macOS run 'Install Certificates' of "
        "Python's folder.",
    )
