"""Collections of words that live in a bucket, for tests of the storage."""

from __future__ import annotations

import itertools
import os
import signal
import sys
from pathlib import Path

import toy
import wunderkammer.core.collection as core
from wunderkammer.storage import home as homes
from wunderkammer.storage.home import BucketHome
from wunderkammer.storage.store import Store
from wunderkammer.storage.working_copy import WorkingCopy, copy_folder


def home(address: str) -> BucketHome:
    """Return the home of a collection as a process of its own sees it: nothing is remembered."""
    return BucketHome(WorkingCopy(copy_folder(address), address))


def made(address: str, words=toy.WORDS) -> core.Collection:
    """Make a collection of words in a bucket."""
    found = home(address)
    with found.hold():
        toy.write_words(found.copy.root, words)
        return core.Collection.create(found.copy.root, toy.TOML, toy.pipeline(), found)


def opened(address: str) -> core.Collection:
    """Open one, in the working copy of the machine that the environment says this is."""
    found = home(address)
    found.copy.refresh()
    return core.Collection(found.copy.root, toy.pipeline(), found)


def content(root: Path) -> dict[str, bytes]:
    """Return every file that must be equal bit for bit; what belongs to the copy is none."""
    return {
        name: made
        for name, made in toy.content(root).items()
        if not name.startswith((".bucket/", "annotations/.lock"))
    }


def die_at_write(n: int) -> None:
    """Kill this process when it is about to write an object for the n-th time."""
    left = itertools.count(1)
    for name in ("put", "create"):
        write = getattr(Store, name)

        def counted(self, *args, write=write):
            if next(left) == n:
                os.kill(os.getpid(), signal.SIGKILL)
            return write(self, *args)

        setattr(Store, name, counted)


def killed_at_every_write(folder: Path, every: int) -> None:
    """Make a collection in bucket after bucket, each killed at another write, and run it.

    The last was not killed. The buckets are folders, called by the number of the write.
    """
    os.environ["WUNDERKAMMER_COMMIT_S"] = "0"
    for n in itertools.count(1, every):
        os.environ["WUNDERKAMMER_COPIES"] = str(folder / "copies" / f"{n:03d}")
        child = os.fork()
        if not child:
            address = f"file://{folder}/{n:03d}"
            made(address)
            die_at_write(n)
            opened(address).run()
            os._exit(0)
        if os.waitpid(child, 0)[1] == 0:
            return


def forget() -> None:
    """Let this process know of no working copy any more."""
    homes._homes.clear()


if __name__ == "__main__":
    killed_at_every_write(Path(sys.argv[1]), int(sys.argv[2]))
