"""A server of objects on loopback, a real process: what S3 answers, moto answers."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

LIBRARIES = Path(sys.prefix) / "s3"
"""Where 'make' puts the server, beside the environment: it asks for older libraries."""

# one request at a time: a write that only creates is then one step, as it is in S3
_PROGRAM = """
import logging, sys
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple
logging.getLogger("werkzeug").setLevel(logging.ERROR)
app = DomainDispatcherApplication(create_backend_app)
run_simple("127.0.0.1", int(sys.argv[1]), app, threaded=False)
"""


class Server:
    """Buckets on a server, and what a program's environment says of it."""

    def __init__(self, port: int) -> None:
        self.endpoint = f"http://127.0.0.1:{port}"
        self.environment = {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "somebody",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "us-east-1",
        }

    def bucket(self) -> str:
        """Make a bucket that anybody may read, and return its address."""
        name = f"b{secrets.token_hex(6)}"
        self.ask(f"/{name}", "PUT")
        statement = {
            "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{name}/*",
        }  # fmt: skip
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        kind = [("Content-Type", "application/json")]
        self.ask(f"/{name}?policy", "PUT", json.dumps(policy).encode(), kind)
        return f"s3://{name}"

    def ask(self, path, method="GET", data=None, headers=()):
        """Return the answer to a plain HTTP request."""
        request = urllib.request.Request(self.endpoint + path, data, dict(headers), method=method)
        return urllib.request.urlopen(request, timeout=30)


@contextmanager
def serving() -> Iterator[Server]:
    """Yield a server that runs while a block does; skip where it is not installed."""
    if not (LIBRARIES / "moto").is_dir():
        pytest.skip(f"no server of objects in {LIBRARIES}: 'make {LIBRARIES}/ready' installs it")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(LIBRARIES)}
    process = subprocess.Popen([sys.executable, "-c", _PROGRAM, str(port)], env=environment)
    server = Server(port)
    try:
        for _ in range(600):
            try:
                server.ask("/").close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                assert process.poll() is None
                time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        process.wait(10)
