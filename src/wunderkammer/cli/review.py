"""``wk review``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from wunderkammer.cli.options import folder


@click.command(short_help="Look at cut-outs, or turn specimens upright, in a browser.")
@click.argument("tool", type=click.Choice(["cutout", "upright"]))
@click.option(
    "--order",
    type=click.Choice(["worst", "least-sure", "unseen"]),
    default="worst",
    show_default=True,
    help="What comes first; 'unseen' leaves out what was judged before.",
)
@click.option("--port", default=8001, show_default=True, help="Port; 0 takes a free one.")
@click.option("--as", "who", default="", metavar="NAME", help="Who states it; default: the user.")
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
@folder
def command(path: Path, tool: str, order: str, port: int, who: str, no_open: bool) -> None:
    """Look at cut-outs and mend their masks, or turn specimens upright, until Ctrl-C.

    What is stated there is kept as annotations; 'wk run' then does again what
    depends on it. Only this machine is answered.
    """
    import wunderkammer
    from wunderkammer.web.server import serve_review

    def started(address: str) -> None:
        place = f"{address}?tool={tool}&order={order}"
        click.echo(f"The review is at {place} (Ctrl-C stops it).")
        if not no_open and _has_screen():
            import webbrowser

            webbrowser.open(place)

    serve_review(wunderkammer.open(path), who=who, port=port, started=started)


def _has_screen() -> bool:
    """Tell whether a browser would open a window, and not take over the terminal."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
