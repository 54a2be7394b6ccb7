"""Published files: fetched once, and never taken unseen."""

import hashlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from wunderkammer.core.errors import StageError
from wunderkammer.encoders._download import downloaded, torch_cache

CONTENT = bytes(range(256)) * 40
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def host():
    """Answer on loopback; return the address of a file and how often it was asked for."""
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            found = self.path == "/models/net.pth"
            self.send_response(200 if found else 404)
            self.send_header("Content-Length", str(len(CONTENT) if found else 0))
            self.end_headers()
            self.wfile.write(CONTENT if found else b"")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/models", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_file_is_fetched_once(host, tmp_path):
    address, asked = host
    for _ in range(2):
        path = downloaded(f"{address}/net.pth", SHA256, tmp_path / "kept", encoder="x")
        assert path == tmp_path / "kept" / "net.pth"
        assert path.read_bytes() == CONTENT
    assert asked == ["/models/net.pth"]


def test_another_file_is_refused_and_not_kept(host, tmp_path):
    address, _ = host
    with pytest.raises(StageError, match=f"has SHA-256 {SHA256[:12]}…, and 000000000000… is meant"):
        downloaded(f"{address}/net.pth", "0" * 64, tmp_path, encoder="x")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_changed_on_the_disk_is_refused(tmp_path):
    (tmp_path / "net.pth").write_bytes(b"something else")
    with pytest.raises(StageError, match="is meant") as caught:
        downloaded("http://127.0.0.1:9/net.pth", SHA256, tmp_path, encoder="x")
    assert str(tmp_path / "net.pth") in caught.value.hint


def test_what_cannot_be_fetched_says_where_it_was_sought(host, tmp_path):
    address, _ = host
    with pytest.raises(StageError, match=r"other\.pth cannot be fetched: HTTP Error 404"):
        downloaded(f"{address}/other.pth", SHA256, tmp_path, encoder="x")
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{reserved.getsockname()[1]}/net.pth"
        with pytest.raises(StageError, match="its weights are not on this machine") as caught:
            downloaded(closed, SHA256, tmp_path, encoder="x")
    assert "'weights'" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_weights_lie_where_torch_keeps_its_own(monkeypatch, tmp_path):
    import torch

    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    assert torch_cache() == tmp_path / "hub" / "checkpoints"
    monkeypatch.delenv("TORCH_HOME")
    assert str(torch_cache()) == f"{torch.hub.get_dir()}/checkpoints"
