"""What is not there is named, with the way to it."""

import socket
import subprocess
import sys

import pytest

from wunderkammer.core.errors import StageError
from wunderkammer.encoders import registry
from wunderkammer.encoders._libraries import explained, library, snapshot


@pytest.fixture
def closed_port():
    """Return the address of a port that nobody listens on."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{reserved.getsockname()[1]}"


@pytest.fixture
def no_hub(closed_port, monkeypatch):
    pytest.importorskip("huggingface_hub")
    monkeypatch.setenv("HF_ENDPOINT", closed_port)
    return closed_port


def test_describing_encoders_loads_none_of_their_libraries():
    code = (
        "import sys\n"
        "from wunderkammer.encoders import registry\n"
        "for kind in registry: kind().settings()\n"
        "heavy = {'torch', 'timm', 'open_clip', 'transformers', 'huggingface_hub', 'torchvision'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [("timm", "timm", "zoo"), ("open_clip", "open_clip", "zoo"),
     ("transformers", "transformers", "transformers")],
)  # fmt: skip
def test_a_missing_library_is_named_with_the_extra_that_brings_it(
    name, module, extra, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(StageError) as caught:
        registry.get(name)(weights=".").build(tmp_path)
    assert caught.value.message == (
        f"encoder {name}: it needs the library {module}, which is not installed."
    )
    assert caught.value.hint == f"Install it with: pip install 'wunderkammer[{extra}]'."


def test_a_library_that_does_not_work_says_why(tmp_path, monkeypatch):
    (tmp_path / "halfway.py").write_text("raise RuntimeError('operator x::y does not exist')")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(StageError, match="operator x::y does not exist") as caught:
        library("halfway", "zoo", "timm")
    assert "torchvision" in caught.value.hint


def test_a_hub_that_cannot_be_reached_is_named_with_the_way_around_it(no_hub):
    wanted = (("config.json",), ("*.safetensors",))
    with pytest.raises(StageError) as caught:
        snapshot("nobody/no-such-model", "", *wanted, encoder="transformers", extra="transformers")
    assert caught.value.message.startswith(
        "encoder transformers: the model 'nobody/no-such-model' is not on this machine, and "
        f"{no_hub} cannot be reached: "
    )
    assert "'weights'" in caught.value.hint


def test_a_name_that_no_model_can_have_is_refused():
    pytest.importorskip("huggingface_hub")
    with pytest.raises(StageError, match="the hub has no model 'a/b/c'") as caught:
        snapshot("a/b/c", "", ("x",), ("y",), encoder="timm", extra="zoo")
    assert "owner/name" in caught.value.hint


def test_what_a_library_says_becomes_one_line():
    with (
        pytest.raises(StageError, match=r"^encoder x: model cannot be read: first Mend it\.$"),
        explained("x", "model", "Mend it."),
    ):
        raise RuntimeError("first.\nsecond")
