"""Servers: an atlas, a review, or a sorting, on one address until it is stopped."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import ConfigurationError, StageError, WunderkammerError
from wunderkammer.web.app import atlas_app

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp

    from wunderkammer.web.entrance import Entrance
    from wunderkammer.web.guarded_atlas import Powers
    from wunderkammer.web.guards import Guard

LOOPBACK = "127.0.0.1"
_TICKS_A_SECOND = 10
_LAST_ANSWERS_S = 5
_UNSENT_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Visitors:
    """Whom the server of an atlas answers.

    Attributes
    ----------
    names : tuple of str
        Host names that lead to it, such as the one that a proxy in front is called by.
    token_file : Path or None
        Holds the token that visitors must know; None draws one at each start where
        others than this machine are answered, and wants none where not.
    is_public : bool
        Whether everybody who reaches it may look, without a token.
    """

    names: tuple[str, ...] = ()
    token_file: Path | None = None
    is_public: bool = False


def serve(
    collection: Collection,
    *,
    host: str = LOOPBACK,
    port: int = 8000,
    curate: bool = False,
    photographs: bool = False,
    who: str = "",
    visitors: Visitors | None = None,
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
    visitors : Visitors, optional
        Whom it answers; by default this machine, or who knows a token drawn at the start.
    started : callable
        Is told the address once it answers, with the token if it was drawn.

    Raises
    ------
    ConfigurationError
        If others than this machine could curate, the token is none, or the collection has
        no features.
    StageError
        If there is no atlas yet, or the address is taken.
    """
    from wunderkammer.web.entrance import is_loopback

    visitors = visitors or Visitors()
    if curate and (not is_loopback(host) or visitors.names or visitors.is_public):
        others = "--name" if visitors.names else "--public" if visitors.is_public else host
        raise ConfigurationError(
            f"what is stated is taken from this machine alone, and {others} answers others too.",
            hint="Leave --host, --name and --public out, or --curate; from elsewhere come "
            "by 'ssh -L'.",
        )
    listening = _listen(host, port)
    with _closed_if_refused(listening):
        entrance = _entrance(visitors, host, listening)
        app: ASGIApp
        if curate or photographs:
            powers = _powers(collection, curate=curate, photographs=photographs, who=who)
            app = _guarded(collection, listening, host, powers, entrance)
        else:
            app = atlas_app(collection.site, entrance)
    drawn = "" if visitors.token_file else entrance.token
    _answer(app, listening, lambda: started(_printed(host, listening, drawn)))


def _entrance(visitors: Visitors, host: str, listening: socket.socket) -> Entrance:
    """Return who is let in."""
    from wunderkammer.web.entrance import Entrance, is_loopback, new_token, read_token

    names, token = visitors.names, ""
    if not is_loopback(host):
        own = socket.gethostname()
        names = (*names, own, f"{own}.local", *((host,) if host not in names else ()))
    if visitors.token_file is not None:
        token = read_token(visitors.token_file)
    elif not is_loopback(host) and not visitors.is_public:
        token = new_token()
    return Entrance(names, token, f"wk_{listening.getsockname()[1]}")


def _printed(host: str, listening: socket.socket, token: str) -> str:
    """Return the address to open, with the token if it is this start's own."""
    name = socket.gethostname() if host in {"0.0.0.0", "::"} else host  # noqa: S104 - not bound
    name = f"[{name}]" if ":" in name else name
    asked = f"?token={token}" if token else ""
    return f"http://{name}:{listening.getsockname()[1]}/{asked}"


def _powers(collection: Collection, *, curate: bool, photographs: bool, who: str) -> Powers:
    """Return what the page may do more than look."""
    from wunderkammer.curation.sorting import Sorting
    from wunderkammer.web.curator import Curator
    from wunderkammer.web.desk import Desk
    from wunderkammer.web.guarded_atlas import Powers
    from wunderkammer.web.photograph_process import PhotographProcess

    sorted_ = curate and Sorting.tasks_of(collection)
    return Powers(
        Curator(collection, who) if curate else None,
        Desk(collection, who) if sorted_ else None,
        PhotographProcess.of(collection) if photographs else None,
    )


def _guarded(
    collection: Collection,
    listening: socket.socket,
    host: str,
    powers: Powers,
    entrance: Entrance,
) -> FastAPI:
    """Return the application of an atlas whose page may do more than look."""
    from wunderkammer.web.entrance import is_loopback
    from wunderkammer.web.guarded_atlas import guarded_atlas_app
    from wunderkammer.web.guards import Guard

    # what a proxy answers is called by the proxy's name: the entrance knows it
    only_here = is_loopback(host) and not entrance.names
    guard = _guard_of(listening) if only_here else Guard(())
    return guarded_atlas_app(collection.site, powers, guard, entrance)


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
    return Guard((f"{LOOPBACK}:{port}", f"localhost:{port}", f"[::1]:{port}"))


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


def _answer(app: ASGIApp, listening: socket.socket, started: Callable[[], None]) -> None:
    """Answer on a socket until the process is asked to stop."""
    import uvicorn

    from wunderkammer.web.connections import PatientProtocol, look_at

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            started()

        async def on_tick(self, counter: int) -> bool:
            if counter % _TICKS_A_SECOND == 0:
                look_at(self.server_state.connections, asyncio.get_running_loop().time())
            return await super().on_tick(counter)

    configuration = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        # uvloop left some of 200 busy connections without an answer for seconds
        loop="asyncio",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_LAST_ANSWERS_S,
    )
    _allow_files(PatientProtocol.patience.n_connections)
    Announcing(configuration).run(sockets=[listening])


def _allow_files(n_connections: int) -> None:
    """Raise the number of files that this process may open, as far as the system lets it."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * n_connections
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once only where the protocol is named; else each answer waits 40 ms
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_NOTSENT_LOWAT"):
        # who reads slowly is not sent megabytes that wait in the system's memory
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT_BYTES)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise StageError(
            f"{host}:{port} cannot be listened on: {error.strerror}.",
            hint="Choose another port with --port, or 0 for a free one.",
        ) from None
    return listening
