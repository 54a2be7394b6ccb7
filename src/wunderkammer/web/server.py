"""The server: one atlas on one address until it is stopped."""

from __future__ import annotations

import socket
from collections.abc import Callable

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import StageError
from wunderkammer.web.app import atlas_app


def serve(
    collection: Collection,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    started: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve the atlas of a collection until Ctrl-C or SIGTERM.

    Parameters
    ----------
    collection : Collection
        Its atlas must be built.
    host, port : str, int
        Where; port 0 takes a free one.
    started : callable
        Is told the address once it answers.

    Raises
    ------
    StageError
        If there is no atlas yet, or the address is taken.
    """
    import uvicorn

    app = atlas_app(collection.site)
    listening = _listen(host, port)
    address = f"http://{host}:{listening.getsockname()[1]}/"

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            started(address)

    configuration = uvicorn.Config(app, log_level="warning", server_header=False)
    Announcing(configuration).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise StageError(
            f"{host}:{port} cannot be listened on: {error.strerror}.",
            hint="Choose another port with --port, or 0 for a free one.",
        ) from None
    return listening
