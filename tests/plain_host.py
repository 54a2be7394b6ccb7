"""A plain host of files on loopback, as museums have: it answers ranges and knows nothing else."""

import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    said: ClassVar[dict[str, str]] = {}

    def end_headers(self):
        for name, value in self.said.items():
            self.send_header(name, value)
        super().end_headers()

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        asked = self.headers.get("Range", "")
        if not asked.startswith("bytes=") or not path.is_file():
            super().do_GET()
            return
        first, _, last = asked.removeprefix("bytes=").partition("-")
        content = path.read_bytes()
        part = content[int(first) : int(last) + 1]
        self.send_response(206 if part else 416)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(part)))
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
        self.end_headers()
        self.wfile.write(part)

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def hosting(folder, said=None):
    """Serve a folder; return its address and a function that takes the server away.

    Parameters
    ----------
    said : dict, optional
        Headers of every answer besides the usual ones.
    """
    handler = type("_Handler", (_Handler,), {"said": said or {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=folder))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def stop():
        server.shutdown()
        server.server_close()

    yield f"http://127.0.0.1:{server.server_port}/", stop
    stop()
