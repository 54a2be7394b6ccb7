"""A plain static server on loopback for benchmarks: files, byte ranges, nothing else.

python benchmarks/page_host.py <folder> [<folder where the first has no such file>]
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO

RANGE = re.compile(r"bytes=(\d+)-(\d*)$")


class Handler(SimpleHTTPRequestHandler):
    """Answers GET, of a range with 206; compresses nothing, as the plainest hosts do."""

    protocol_version = "HTTP/1.1"
    folders: tuple[Path, ...] = ()
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def translate_path(self, path: str) -> str:
        found = [super(Handler, self._of(folder)).translate_path(path) for folder in self.folders]
        return next((one for one in found if Path(one).exists()), found[-1])

    def _of(self, folder: Path) -> Handler:
        self.directory = str(folder)
        return self

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        asked = RANGE.match(self.headers.get("Range", ""))
        path = Path(self.translate_path(self.path))
        if asked is None or not path.is_file():
            return super().send_head()
        size = path.stat().st_size
        first, last = int(asked[1]), min(int(asked[2] or size - 1), size - 1)
        if first > last:
            self.send_error(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            return None
        with path.open("rb") as file:
            file.seek(first)
            part = file.read(last - first + 1)
        self.send_response(HTTPStatus.PARTIAL_CONTENT)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Content-Length", str(len(part)))
        self.send_header("Last-Modified", self.date_time_string(path.stat().st_mtime))
        self.end_headers()
        return io.BytesIO(part)

    def end_headers(self) -> None:
        self.send_header("Accept-Ranges", "bytes")
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True


@contextmanager
def served(*folders: Path) -> Iterator[str]:
    """Serve folders from a process of its own; yield the address."""
    command = [sys.executable, __file__, *map(str, folders)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.terminate()


def main() -> None:
    Handler.folders = tuple(map(Path, sys.argv[1:]))
    ThreadingHTTPServer.request_queue_size = 64
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}/{os.linesep}")
    sys.stdout.flush()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # ends with the process that asked for it, however that ends
    sys.stdin.read()


if __name__ == "__main__":
    main()
