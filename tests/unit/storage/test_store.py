"""Addresses, and what is said where a store cannot be used."""

import subprocess
import sys
import urllib.request

import pytest

from wunderkammer.core.errors import ConfigurationError, StorageError
from wunderkammer.storage.store import Store, in_plain_words


def test_an_address_of_another_kind_is_refused_with_the_nearest():
    with pytest.raises(ConfigurationError, match="of the kind 's4'") as refused:
        Store("s4://bucket/moths")
    assert "Did you mean 's3" in refused.value.hint


def test_without_the_library_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(StorageError, match="needs the library obstore") as refused:
        Store("s3://bucket/moths")
    assert "pip install 'wunderkammer[s3]'" in refused.value.hint


def test_a_bucket_that_is_not_there_is_told_with_where_to_look(s3):
    with pytest.raises(StorageError, match="s3://nobodys/x could not be") as refused:
        Store("s3://nobodys/x").put("one", b"")
    assert "knows no bucket 'nobodys' (404 Not Found)." in refused.value.message
    assert "AWS_ENDPOINT_URL" in refused.value.hint
    assert "<?xml" not in refused.value.message


SAID = "Generic S3 error: Error performing GET http://127.0.0.1:9/x in 2.9s, after 8 retries - "


@pytest.mark.parametrize(
    ("said", "why", "hint"),
    [
        (("Error performing PUT http://169.254.169.254/latest/api/token in 6ms - Server returned "
         "non-2xx status code: 403 Forbidden"), ("no keys are in the environment, and this machine "
         "has no role that has some"), "Set AWS_ACCESS_KEY_ID"),
        (SAID + "HTTP error: error sending request", "its provider cannot be reached", "network"),
        (SAID + "Server returned non-2xx status code: 403 Forbidden",
         "its provider does not let these keys into the bucket 'museum' (403 Forbidden)", "Ask"),
        (SAID + "Server returned non-2xx status code: 500", SAID + "Server returned non-2xx status "
         "code: 500", "Look at the address"),
    ],
)  # fmt: skip
def test_why_a_store_cannot_be_used_is_told_plainly(monkeypatch, said, why, hint):
    for name in ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    found = in_plain_words("s3://museum/moths", said)
    assert found[0] == why
    assert hint in found[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert in_plain_words("s3://museum/moths", said)[0] == why.replace(
        "its provider", "http://127.0.0.1:9"
    )


def test_headers_are_kept_where_the_store_keeps_them(s3, bucket_server, tmp_path):
    told = {"Content-Type": "text/css", "Cache-Control": "no-cache"}
    Store(s3).put("a.css", b"p {}", told)
    bucket = s3.removeprefix("s3://")
    with urllib.request.urlopen(f"{bucket_server.endpoint}/{bucket}/a.css") as answer:
        assert {name: answer.headers[name] for name in told} == told
    Store(f"file://{tmp_path}").put("a.css", b"p {}", told)
    assert (tmp_path / "a.css").read_bytes() == b"p {}"


def test_nothing_of_it_is_loaded_until_a_bucket_is_asked_for(tmp_path):
    code = (
        "import sys, wunderkammer\nwunderkammer.pipeline()\n"
        "print(sorted({'obstore', 'fsspec'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
