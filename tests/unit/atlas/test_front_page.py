"""What the front page says to who runs no script."""

from html.parser import HTMLParser

import pytest

from wunderkammer.atlas.front_page import front_page

PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Atlas</title>
  </head>
  <body><noscript>Needs a script.</noscript></body>
</html>"""


class Read(HTMLParser):
    """What is in a page: the texts of its elements, and its meta elements."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.metas, self.language, self._open = {}, {}, "", []
        self.feed(page.decode())

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "html":
            self.language = told["lang"]
        if tag == "meta":
            self.metas[told.get("name") or told.get("property")] = told.get("content")
        else:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        self._open.remove(tag)

    def handle_data(self, data):
        if data.strip():
            self.texts[self._open[-1]] = data


def test_title_description_and_language_are_in_the_page_itself():
    read = Read(front_page(PAGE, title="Moths", description="Of\n Kew.", language="de"))
    assert read.language == "de"
    assert read.texts == {"title": "Moths", "h1": "Moths", "p": "Of Kew.",
                          "noscript": "Needs a script."}  # fmt: skip
    assert read.metas["description"] == read.metas["og:description"] == "Of Kew."
    assert read.metas["og:title"] == "Moths"


def test_what_is_not_told_leaves_the_page_as_it_is():
    assert front_page(PAGE) == PAGE.encode()


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', r"\1 & \g<0>", "</title><b>"])
def test_markup_in_a_title_is_text(text):
    read = Read(front_page(PAGE, title=text, description=text))
    assert read.texts["title"] == read.texts["h1"] == read.texts["p"] == text
    assert read.metas["description"] == text
    assert set(read.texts) == {"title", "h1", "p", "noscript"}
