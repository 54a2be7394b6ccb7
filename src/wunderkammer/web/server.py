"""Servers: an atlas, a review, or a sorting, on one address until it is stopped."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import ConfigurationError, StageError, WunderkammerError
from wunderkammer.web.app import atlas_app

if TYPE_CHECKING:
    from fastapi import FastAPI

    from wunderkammer.web.guards import Guard

LOOPBACK = "127.0.0.1"


def serve(
    collection: Collection,
    *,
    host: str = LOOPBACK,
    port: int = 8000,
    curate: bool = False,
    photographs: bool = False,
    who: str = "",
    started: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve the atlas of a collection until Ctrl-C or SIGTERM.

    Parameters
    ----------
    collection : Collection
        Its atlas must be built.
    host, port : str, int
        Where; port 0 takes a free one.
    curate : bool
        Whether the page lets its visitor state things about media; only to this machine.
    photographs : bool
        Whether the page takes a photograph and shows what is like it.
    who : str
        The name that the page proposes to whoever curates; empty for the user of this machine.
    started : callable
        Is told the address once it answers.

    Raises
    ------
    ConfigurationError
        If others than this machine could curate, or the collection has no features.
    StageError
        If there is no atlas yet, or the address is taken.
    """
    if curate and host not in {LOOPBACK, "localhost"}:
        raise ConfigurationError(
            f"what is stated is taken from this machine alone, and {host} answers others too.",
            hint="Leave --host out, or --curate; from elsewhere come by 'ssh -L'.",
        )
    listening = _listen(host, port)
    with _closed_if_refused(listening):
        app = (
            _guarded(collection, listening, host, curate=curate, photographs=photographs, who=who)
            if curate or photographs
            else atlas_app(collection.site)
        )
    _answer(app, listening, lambda: started(f"http://{host}:{listening.getsockname()[1]}/"))


def _guarded(
    collection: Collection,
    listening: socket.socket,
    host: str,
    *,
    curate: bool,
    photographs: bool,
    who: str,
) -> FastAPI:
    """Return the application of an atlas whose page may do more than look."""
    from wunderkammer.curation.sorting import Sorting
    from wunderkammer.web.curator import Curator
    from wunderkammer.web.desk import Desk
    from wunderkammer.web.guarded_atlas import Powers, guarded_atlas_app
    from wunderkammer.web.guards import Guard
    from wunderkammer.web.photograph_process import PhotographProcess

    here = host in {LOOPBACK, "localhost"}
    sorted_ = curate and Sorting.tasks_of(collection)
    powers = Powers(
        Curator(collection, who) if curate else None,
        Desk(collection, who) if sorted_ else None,
        PhotographProcess.of(collection) if photographs else None,
    )
    guard = _guard_of(listening) if here else Guard(())
    return guarded_atlas_app(collection.site, powers, guard)


def serve_review(
    collection: Collection,
    *,
    who: str = "",
    port: int = 8001,
    started: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve the review of a collection to this machine until Ctrl-C or SIGTERM.

    Parameters
    ----------
    collection : Collection
        It needs records and images; no map.
    who : str
        The name that stands by what is stated; empty for the user of this machine.
    port : int
        Where; 0 takes a free one. Only this machine is answered.
    started : callable
        Is told the address once it answers.

    Raises
    ------
    StageError
        If the address is taken, or the page was not built.
    """
    from wunderkammer.web.curator import Curator
    from wunderkammer.web.review import review_app

    listening = _listen(LOOPBACK, port)
    with _closed_if_refused(listening):
        app = review_app(Curator(collection, who), _guard_of(listening))
    _answer(app, listening, lambda: started(_address(listening)))


def serve_sorting(
    collection: Collection,
    *,
    who: str = "",
    port: int = 8001,
    started: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve the sorting of a collection to this machine until Ctrl-C or SIGTERM.

    Parameters
    ----------
    collection : Collection
        Its ``collection.toml`` says what is sorted; it needs records and images, and
        features for rounds.
    who : str
        The name that the page proposes; empty for the user of this machine. Several
        people may sort at once, each under the name given in the page.
    port : int
        Where; 0 takes a free one. Only this machine is answered.
    started : callable
        Is told the address once it answers.

    Raises
    ------
    ConfigurationError
        If nothing is sorted.
    StageError
        If the address is taken, or the page was not built.
    """
    from wunderkammer.web.desk import Desk
    from wunderkammer.web.sorting import sort_app

    listening = _listen(LOOPBACK, port)
    with _closed_if_refused(listening):
        app = sort_app(Desk(collection, who), _guard_of(listening))
    _answer(app, listening, lambda: started(_address(listening)))


def _guard_of(listening: socket.socket) -> Guard:
    """Return the guard of a server that this machine alone may call."""
    from wunderkammer.web.guards import Guard

    port = listening.getsockname()[1]
    return Guard((f"{LOOPBACK}:{port}", f"localhost:{port}"))


def _address(listening: socket.socket) -> str:
    return f"http://{LOOPBACK}:{listening.getsockname()[1]}/"


@contextmanager
def _closed_if_refused(listening: socket.socket) -> Iterator[None]:
    """Close a socket if there will be nothing to answer on it."""
    try:
        yield
    except WunderkammerError:
        listening.close()
        raise


def _answer(app: FastAPI, listening: socket.socket, started: Callable[[], None]) -> None:
    """Answer on a socket until the process is asked to stop."""
    import uvicorn

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            started()

    configuration = uvicorn.Config(app, log_level="warning", server_header=False)
    Announcing(configuration).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once only where the protocol is named; else each answer waits 40 ms
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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
