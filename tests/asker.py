"""Asks the review's server as its page does, or as nobody should."""

import http.client
import io
import json
from urllib.parse import urlencode, urlsplit

import numpy as np
from PIL import Image

from wunderkammer.web.guards import TOKEN_HEADER
from wunderkammer.web.schemas import Problem


def sender(host):
    """Return a function that sends a request as it is and gives status, headers and bytes."""

    def send(path, method="GET", **headers):
        connection = http.client.HTTPConnection(host, timeout=60)
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, content

    return send


class Asker:
    """Sends requests as the page does, unless told otherwise."""

    timeout_s = 20

    def __init__(self, review):
        self.review = review
        self.host = urlsplit(review.address).netloc

    def raw(self, method, path, body=b"", **headers):
        """Return status, headers and bytes; a header of None is left out."""
        own = {"Host": self.host, "Origin": f"http://{self.host}",
               TOKEN_HEADER: self.review.guard.token} if method not in {"GET", "HEAD"} else {
               "Host": self.host}  # fmt: skip
        own |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(self.host, timeout=self.timeout_s)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        if body and "Content-Length" not in own:
            own["Content-Length"] = str(len(body))
        for name, value in own.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(body or None)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, content

    def get(self, path, model):
        status, _, content = self.raw("GET", path)
        assert status == 200, content
        return model.model_validate_json(content)

    def state(self, tool, media_id, *said, **asked):
        statements = [{"term": term, "value": value} for term, value in said]
        body = json.dumps({"statements": statements}).encode()
        path = f"/api/{tool}/{media_id}/statements?{urlencode(asked)}"
        return self.raw("POST", path, body, Content_Type="application/json")

    def put_mask(self, media_id, mask):
        return self.raw("PUT", f"/api/cutout/{media_id}/mask", png(mask), Content_Type="image/png")


def png(mask):
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(mask, np.uint8) * 255).convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


def refused(answer, status):
    """Return the problem that an answer is."""
    found, headers, content = answer
    assert (found, headers["content-type"]) == (status, "application/problem+json"), content
    return Problem.model_validate_json(content)
