"""A GBIF on loopback: the proxy that a program is sent to, and the three routes it asks.

pygbif knows one address, ``https://api.gbif.org``. So this host is what stands
between a program and the network in many a museum: a proxy (``HTTPS_PROXY``)
whose certificate the program is told to trust (``REQUESTS_CA_BUNDLE``).
"""

import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


def make_certificate(folder):
    """Write a certificate for api.gbif.org and its key; return False without openssl."""
    if shutil.which("openssl") is None:
        return False
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    words += ["-subj", "/CN=api.gbif.org"]
    words += ["-addext", "subjectAltName=DNS:api.gbif.org"]
    words += ["-addext", "keyUsage=digitalSignature,keyCertSign"]
    words += ["-keyout", folder / "key.pem", "-out", folder / "cert.pem"]
    subprocess.run(words, check=True, capture_output=True)
    return True


class GbifHost:
    """Answers as GBIF does, from a list of occurrences; counts what it is asked.

    ``script`` maps the number of a question (from 0) to an answer other than
    the usual one: ``(status, headers)`` or ``"reset"``.
    """

    def __init__(self, folder, occurrences, *, names=None, datasets=None):
        self.occurrences = occurrences
        self.names = names or {}
        self.datasets = datasets or {}
        self.script = {}
        self.asked = []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "cert.pem", folder / "key.pem")

    def __enter__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.server.host = self
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def paths(self):
        return [path for path, _, _ in self.asked]

    def offsets(self):
        """Return the offsets of the pages asked for, in order; the count alone left out."""
        pages = [query for path, query, _ in self.asked if path == "/v1/occurrence/search"]
        return [int(query["offset"]) for query in pages if query["limit"] != "0"]

    def answer(self, path, query):
        if path == "/v2/species/match":
            return self.names.get(query["scientificName"], {"diagnostics": {"matchType": "NONE"}})
        if path == "/v1/occurrence/search":
            return self.page(query)
        if path.startswith("/v1/dataset/"):
            return self.datasets.get(path.rsplit("/", 1)[-1])
        return None

    def page(self, query):
        offset, limit = int(query["offset"]), min(int(query["limit"]), 300)
        return {
            "offset": offset,
            "limit": limit,
            "endOfRecords": offset + limit >= len(self.occurrences),
            "count": len(self.occurrences),
            "results": list(self.occurrences[offset : offset + limit]),
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_CONNECT(self):
        assert self.path == "api.gbif.org:443", self.path
        self.send_response(200)
        self.end_headers()
        self.connection = self.server.host.context.wrap_socket(self.connection, server_side=True)
        self.request = self.connection
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.close_connection = False

    def do_GET(self):
        host = self.server.host
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        number = len(host.asked)
        host.asked.append((parts.path, query, time.monotonic()))
        other = host.script.get(number)
        if other == "reset":
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        answer = None if other else host.answer(parts.path, query)
        status, headers = other or ((200, {}) if answer is not None else (404, {}))
        body = json.dumps(answer if answer is not None else {"message": "no"}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""
