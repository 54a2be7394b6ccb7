"""Whoever labels or trains may be killed at any moment."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import wunderkammer
from sorting_room import copy_of, make_room, truth_of
from wunderkammer.core import journal
from wunderkammer.curation.rounds import round_numbers, rounds_folder
from wunderkammer.curation.sorting import Sorting

LABELLING = """
import itertools, sys, wunderkammer
from wunderkammer.curation.sorting import Sorting
sorting = Sorting(wunderkammer.open(sys.argv[1]))
for n in itertools.count():
    label = ("good", "bad")[n % 2]
    media = sorting.media.ids[n % 25 :][:5]
    sorting.say(dict.fromkeys(media, label), "ada")
    print(n, label, *media, flush=True)  # only now is it acknowledged
"""

TRAINING = """
import sys, wunderkammer
from wunderkammer.curation.sorting import Sorting
sorting = Sorting(wunderkammer.open(sys.argv[1]))
print("ready", flush=True)
while True:
    made = sorting.train(lambda fraction, message: print("at", fraction, flush=True))
    print("round", made.number, flush=True)
"""


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    root = tmp_path_factory.mktemp("killed") / "room"
    make_room(root)
    return root


def start(code, root):
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.Popen([sys.executable, "-c", code, root], stdout=subprocess.PIPE,
                            text=True, env=environment)  # fmt: skip


def lines_until_killed(process, n_lines):
    """Read some lines, kill, and return all that were said until then."""
    said = [process.stdout.readline() for _ in range(n_lines)]
    process.send_signal(signal.SIGKILL)
    said += process.stdout.readlines()
    process.wait()
    return [line.split() for line in said if line.endswith("\n")]


@pytest.mark.filterwarnings("ignore::wunderkammer.core.journal.DamagedJournalWarning")
@pytest.mark.parametrize("n_said", [3, 12, 27])
def test_no_acknowledged_label_is_lost(room, tmp_path, n_said):
    root = copy_of(room, tmp_path / "room").root
    said = lines_until_killed(start(LABELLING, root), n_said)
    wanted = {}
    for _, label, *media in said:
        wanted |= dict.fromkeys(media, label)
    sorting = Sorting(wunderkammer.open(root))
    found = sorting.votes().labels
    # the next statement may have been on its way to the disk
    open_ = set(sorting.media.ids[len(said) % 25 :][:5])
    assert {one: found[one] for one in wanted if one not in open_} == {
        one: label for one, label in wanted.items() if one not in open_
    }
    assert set(wanted) <= set(found)
    sorting.say({sorting.media.ids[0]: "unsure"}, "bea")
    assert journal.read(root)["who"].to_pylist()[-1] == "bea"


@pytest.mark.parametrize("n_steps", [2, 4, 5])
def test_a_round_that_is_killed_is_not_there_and_the_next_is_whole(room, tmp_path, n_steps):
    collection = copy_of(room, tmp_path / "room")
    sorting = Sorting(collection)
    truth = truth_of(sorting)
    sorting.say({one: truth[one] for one in sorting.media.ids[:9]}, "ada")
    said = lines_until_killed(start(TRAINING, collection.root), n_steps)
    done = [int(number) for word, number, *_ in (one for one in said if len(one) > 1)
            if word == "round"]  # fmt: skip
    kept = round_numbers(collection.root, "quality")
    assert kept[: len(done)] == done
    assert len(kept) - len(done) in {0, 1}  # one may have been kept and not been told
    for one in sorting.rounds():
        assert len(one.predictions().ids) == 30
        assert one.ensemble().classes == ("good", "bad")
    made = sorting.train()
    assert made.number == len(kept) + 1
    left = list(Path(rounds_folder(collection.root, "quality")).glob(".tmp-*"))
    assert left == []
    assert len(sorting.votes().labels) == 9
