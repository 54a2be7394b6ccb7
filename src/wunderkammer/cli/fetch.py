"""``wk fetch``: ``wk run fetch`` under its own name."""

from __future__ import annotations

from wunderkammer.cli.run import stage_command
from wunderkammer.stages.fetch import FetchStage

command = stage_command(
    "fetch",
    FetchStage,
    """Fetch the images that are not on this machine, by each host's rules.

    Stop it with Ctrl-C or in any other way; the same command goes on. Hosts are
    asked once a second at most, less often if their robots.txt says so, and not
    at all while they ask for time. Set [collection] contact first: hosts are
    told who asks.
    """,
)
for _option in command.params:
    if _option.name == "licences":
        _option.opts.append("--licence")  # reads better with one
