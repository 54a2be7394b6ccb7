"""What torch says of the processors it can use."""

import json
import os
import subprocess
import sys
from pathlib import Path

import torch

import wunderkammer
from wunderkammer.doctor.gpu import gpu


def test_what_torch_can_use_is_told():
    (finding,) = gpu()
    assert finding.level in {"ok", "note"}
    if torch.cuda.is_available():
        assert torch.cuda.get_device_name(0) in finding.message
    else:
        assert torch.__version__ in finding.message


def test_a_torch_that_cannot_be_loaded_is_a_problem(tmp_path):
    """A folder of that name goes before the installed one, and fails as a broken one does."""
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch/__init__.py").write_text("raise OSError('libtorch.so: cannot open')\n")
    code = (
        "import json\nfrom wunderkammer.doctor.gpu import gpu\n"
        "print(json.dumps([[f.level, f.message, f.hint] for f in gpu()]))\n"
    )
    source = Path(wunderkammer.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{source}"},
        capture_output=True,
        text=True,
        check=True,
    )
    ((level, message, hint),) = json.loads(done.stdout)
    assert level == "problem"
    assert message.endswith("cannot be loaded: libtorch.so: cannot open")
    assert "pip install" in hint
