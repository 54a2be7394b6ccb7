import subprocess
import sys

import pytest

from wunderkammer.core.errors import StageError
from wunderkammer.training.trained_encoder import TrainedEncoder


def test_weights_of_another_kind_are_refused(tmp_path):
    with pytest.raises(StageError, match="holds no weights"):
        TrainedEncoder.read(tmp_path)


def test_who_uses_an_encoder_need_not_load_what_trains_one():
    code = "import sys, wunderkammer.training.trained_encoder; print('lightning' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
