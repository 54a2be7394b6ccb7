"""The command line: parse, call the collection, print. No logic lives here."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import warnings
from pathlib import Path
from typing import Any

from wunderkammer.cli.main import wk

OK, FAILED, USAGE, UNUSABLE, SOME_FAILED, DAMAGED, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130
"""Exit codes: done; could not be done; wrong words; no usable collection; done with
failures under --strict; damaged files found; stopped by Ctrl-C."""

_NO_SUCH_PLACE = {errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTDIR, errno.EISDIR}
"""What the system says of a path that was given and leads nowhere."""

_FORBIDDEN = {errno.EACCES, errno.EPERM}

_UNUSABLE = {"NotACollectionError", "CollectionLockedError", "FormatError"}


_FOR_USERS = {"DamagedJournalWarning"}
"""Warnings that are said in our words; others are shown as Python does."""


def main() -> None:
    """Run ``wk``; turn errors a user can mend into a message and an exit code."""
    warnings.showwarning = _warn
    try:
        code = wk.main(prog_name="wk", standalone_mode=False)
    except KeyboardInterrupt:
        code = _say("stopped. What was finished is kept; the same command goes on.", INTERRUPTED)
    except BrokenPipeError:
        code = OK
    except Exception as error:  # noqa: BLE001 - what is not for users is raised again
        code = _explain(error)
    sys.exit(code if isinstance(code, int) else OK)


def _explain(error: Exception) -> int:
    """Print an error; one that is not for users is raised again."""
    import click

    from wunderkammer.core.errors import ConfigurationError, WunderkammerError
    from wunderkammer.core.files import NO_ROOM

    if isinstance(error, click.exceptions.Abort):
        return _say("stopped.", INTERRUPTED)
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, OSError) and error.errno in {*NO_ROOM, *_FORBIDDEN, *_NO_SUCH_PLACE}:
        _say(f"{_obstacle(error)} What was committed is kept; run again.", FAILED)
        if error.errno not in _NO_SUCH_PLACE:
            click.echo("    'wk doctor' says what is wrong with the disk.", err=True)
        return FAILED
    if not isinstance(error, WunderkammerError):
        raise error
    _say(error.message, 0)
    if error.hint:
        click.echo(f"    {error.hint}", err=True)
    if isinstance(error, ConfigurationError):
        return USAGE
    return UNUSABLE if type(error).__name__ in _UNUSABLE else FAILED


def _obstacle(error: OSError) -> str:
    """Return what the system refused, where, and of a full disk how much is left on it."""
    where = str(error.filename or error.strerror)
    said = f"{os.strerror(error.errno or 0)}: {where}."
    if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
        return said
    disk = next((one for one in (Path(where), *Path(where).parents) if one.is_dir()), Path.cwd())
    free = shutil.disk_usage(disk).free
    return f"{said} {free / 1e6:,.1f} MB are free there: make room."


def _warn(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
    """Show a warning."""
    if category.__name__ in _FOR_USERS:
        _say(str(message), 0)
    else:
        _shown(message, category, *where, **more)


_shown = warnings.showwarning


def _say(text: str, code: int) -> int:
    import click

    click.echo(f"wk: {text}", err=True)
    return code
