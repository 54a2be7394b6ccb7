"""What every segmenter, orienter and encoder is asked for, and what most need not say."""

from typing import Literal

import pytest

from wunderkammer.core.device import Device
from wunderkammer.core.loaded import Loaded


class Plain(Loaded):
    """Needs no weights."""

    name: Literal["plain"] = "plain"
    version: Literal["1"] = "1"


def test_what_has_no_weights_names_no_files_and_loads_nothing(tmp_path):
    plain = Plain()
    assert plain.files(tmp_path) == {}
    plain.load(Device("cpu"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_it_has_to_say_at_which_size_it_sees():
    with pytest.raises(NotImplementedError):
        Plain().input_px  # noqa: B018 - asked for
