"""Licences as sources write them, told apart and named."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Licence:
    """What a licence statement means.

    Attributes
    ----------
    verbatim : str
        The statement as the source wrote it.
    spdx : str or None
        SPDX identifier, such as ``"CC-BY-4.0"``, without a country (``label``
        and ``url`` keep it); None if the statement is not understood.
        ``"PDM-1.0"`` (SPDX has no such id) stands for the Public Domain Mark.
    label : str
        Short text to show; the verbatim statement if it is not understood.
    url : str
        Page of the licence; empty if unknown.
    open : bool
        Whether anybody may reuse, change and sell it, with credit at most
        (CC0, public domain, CC BY, CC BY-SA). Never True for a guess.
    """

    verbatim: str
    spdx: str | None
    label: str
    url: str
    open: bool


_CC_URL = "https://creativecommons.org"
_ADDRESS = re.compile(
    r"creativecommons\.org/(?:licen[sc]es/(?P<kind>[a-z+-]+)|publicdomain/(?P<free>zero|mark))"
    r"(?:/(?P<version>\d\.\d))?(?:/(?!legalcode|deed)(?P<port>[a-z]{2,3})\b)?",
)
_PARTS = {
    "attribution": "by",
    "noncommercial": "nc",
    "sharealike": "sa",
    "noderivatives": "nd",
    "noderivs": "nd",
    "by": "by",
    "nc": "nc",
    "sa": "sa",
    "nd": "nd",
}
_KINDS = {"by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd"}
_OPEN = {"by", "by-sa"}
_FILLER = {
    "cc", "creative", "commons", "licence", "license", "licensed", "under", "a", "an", "the",
    "international", "generic", "unported", "public", "this", "work", "is", "image", "v", "int",
    "intl", "legalcode", "deed", "en", "only",
}  # fmt: skip
_ZERO = re.compile(r"\bcc[ -]?0\b|\bcc[ -]zero\b|\bcreative commons zero\b")
_DOMAIN = {
    "public domain",
    "publicdomain",
    "pd",
    "pdm",
    "public domain mark",
    "in the public domain",
}


def licence(text: str) -> Licence:
    """Return what a licence statement means.

    Parameters
    ----------
    text : str
        An address of Creative Commons in any form, ``CC-BY``, ``CC BY-NC 4.0``,
        ``Attribution-ShareAlike 4.0 International``, ``CC0_1_0``, ``Public Domain
        Mark``. A Creative Commons name without a version means 4.0, as GBIF reads
        it. Anything that is not wholly understood keeps ``spdx`` None: "©
        Trustees, CC BY on request" is no open licence.

    Examples
    --------
    >>> licence("http://creativecommons.org/licenses/by/4.0/legalcode").spdx
    'CC-BY-4.0'
    >>> licence("© The Trustees").spdx is None
    True
    """
    plain = " ".join(text.split())
    folded = plain.casefold()
    address = _ADDRESS.search(folded)
    if address and len(folded.split()) == 1:
        return _of_address(text, address)
    words = re.sub(r"\b(\d)[. ](\d)\b", r"\1v\2", folded.replace("_", " "))
    words = re.sub(r"[.,;:()/-]+", " ", words).strip()
    words = re.sub(r"\bnon commercial\b", "noncommercial", words)
    words = re.sub(r"\bshare alike\b", "sharealike", words)
    words = re.sub(r"\bno deriv(ative)?(s|atives)?\b", "noderivs", words)
    if _ZERO.search(words) and _only(
        words, {"cc0", "0", "zero", "universal", "dedication", "domain"}
    ):
        return _zero(text)
    if re.sub(r"( mark)? ?1v0$", r"\1", words) in _DOMAIN:
        return _mark(text)
    return _of_words(text, words)


def _only(words: str, allowed: set[str]) -> bool:
    return all(
        word in allowed | _FILLER or re.fullmatch(r"v?\d(v\d)?", word) for word in words.split()
    )


def _of_address(text: str, address: re.Match[str]) -> Licence:
    """Return the licence of a Creative Commons address."""
    if address["free"] == "zero":
        return _zero(text)
    if address["free"] == "mark":
        return _mark(text)
    kind = "-".join(part for part in re.split(r"[+-]", address["kind"]) if part)
    return _creative_commons(text, kind, address["version"] or "4.0", address["port"] or "")


def _of_words(text: str, words: str) -> Licence:
    """Return the licence that words name, if every word is understood."""
    parts, version = set(), ""
    named = False
    for word in words.split():
        number = re.fullmatch(r"v?(\d)(?:v(\d))?", word)
        if word in _PARTS:
            parts.add(_PARTS[word])
        elif number and not version:
            version = f"{number[1]}.{number[2] or '0'}"
        elif word not in _FILLER:
            return _unknown(text)
        named = named or word in {"cc", "creative", "attribution"}
    kind = "-".join(part for part in ("by", "nc", "nd", "sa") if part in parts)
    return _creative_commons(text, kind, version or "4.0", "") if named else _unknown(text)


def _creative_commons(text: str, kind: str, version: str, port: str) -> Licence:
    """Return the licence of a kind such as ``by-nc``, or an unknown one."""
    if kind not in _KINDS:
        return _unknown(text)
    url = f"{_CC_URL}/licenses/{kind}/{version}/" + (f"{port}/" if port else "")
    name = f"{kind.upper()} {version}" + (f" {port.upper()}" if port else "")
    return Licence(text, f"CC-{kind.upper()}-{version}", f"CC {name}", url, kind in _OPEN)


def _zero(text: str) -> Licence:
    return Licence(text, "CC0-1.0", "CC0 1.0", f"{_CC_URL}/publicdomain/zero/1.0/", open=True)


def _mark(text: str) -> Licence:
    url = f"{_CC_URL}/publicdomain/mark/1.0/"
    return Licence(text, "PDM-1.0", "Public Domain Mark 1.0", url, open=True)


def _unknown(text: str) -> Licence:
    return Licence(text, None, " ".join(text.split()), "", open=False)
