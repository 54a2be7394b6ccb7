"""Licences as sources write them, told apart and named."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace


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
        (CC0, public domain, CC BY, CC BY-SA, OGL). Never True for a guess.
    statement : str
        What is said where it is understood and no licence: a code of
        rightsstatements.org, such as ``"NKC"``, or one of :data:`STATEMENTS`;
        empty for a licence and for what is not understood.
    """

    verbatim: str
    spdx: str | None
    label: str
    url: str
    open: bool
    statement: str = ""

    @property
    def understood(self) -> bool:
        """Whether it is clear what may be done, even if that is nothing."""
        return self.spdx is not None or self.statement not in {"", UNSTATED}


UNSTATED = "unstated"
"""The statement of a source that says it knows of no licence."""

STATEMENTS = {
    "reserved": "all rights reserved",
    "in-copyright": "in copyright, no licence",
    "no-known-restrictions": "no known copyright restrictions",
    "not-in-copyright": "believed not to be in copyright",
    UNSTATED: "says that no licence is stated",
}
"""Statements that are neither a licence nor of rightsstatements.org, and what they say."""

RIGHTS_STATEMENTS = {
    "InC": "In Copyright",
    "InC-OW-EU": "In Copyright - EU Orphan Work",
    "InC-EDU": "In Copyright - Educational Use Permitted",
    "InC-NC": "In Copyright - Non-Commercial Use Permitted",
    "InC-RUU": "In Copyright - Rights-holder(s) Unlocatable or Unidentifiable",
    "NoC-CR": "No Copyright - Contractual Restrictions",
    "NoC-NC": "No Copyright - Non-Commercial Use Only",
    "NoC-OKLR": "No Copyright - Other Known Legal Restrictions",
    "NoC-US": "No Copyright - United States",
    "CNE": "Copyright Not Evaluated",
    "UND": "Copyright Undetermined",
    "NKC": "No Known Copyright",
}
"""The twelve statements of rightsstatements.org, version 1.0, by code."""

_CC_URL = "https://creativecommons.org"
_ADDRESS = re.compile(
    r"(?<![^\s(<;|,])(?:https?://)?(?:www\.)?creativecommons\.org/"
    r"(?:licen[sc]es/(?P<kind>[a-z+-]+)|publicdomain/(?P<free>zero|mark))"
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
    "intl", "legalcode", "deed", "en", "only", "see",
}  # fmt: skip
_PORTS = {
    "ar", "at", "au", "be", "bg", "br", "ca", "ch", "cl", "cn", "co", "cr", "cz", "de", "dk", "ec",
    "ee", "eg", "es", "fi", "fr", "gr", "gt", "hk", "hr", "hu", "ie", "igo", "il", "in", "it",
    "jp", "kr", "lu", "mk", "mt", "mx", "my", "nl", "no", "nz", "pe", "ph", "pl", "pr", "pt", "ro",
    "rs", "se", "sg", "si", "th", "tw", "ug", "uk", "us", "ve", "vn", "za",
}  # fmt: skip
"""Countries whose law versions 1.0 to 3.0 were fitted to."""

_ZERO = re.compile(r"\bcc[ -]?0\b|\bcc[ -]?zero\b|\bcreative commons zero\b")
_WAIVED = (
    "to the extent possible under law, the publisher has waived all rights to these data and has "
    "dedicated them to the public domain (cc0 1.0)."
)
"""How the publishing toolkit of GBIF words CC0; what it adds explains it."""
_BHL_FREE = (
    "public domain. the bhl considers that this work is no longer under copyright protection"
)
_PHRASES = {
    "all rights reserved": "reserved",
    "in copyright": "InC",
    "in copyright digitized with the permission of the rights holder": "in-copyright",
    "no known copyright restrictions": "no-known-restrictions",
    "no known copyright restrictions as determined by scanning institution": (
        "no-known-restrictions"
    ),
    "not in copyright": "not-in-copyright",
    "the contributing institution believes that this item is not in copyright": (
        "not-in-copyright"
    ),
    "not provided contact contributing library to verify copyright status": UNSTATED,
    "unspecified": UNSTATED,
    "unsupported": UNSTATED,
    "not specified": UNSTATED,
    "unknown": UNSTATED,
    "none": UNSTATED,
    "n a": UNSTATED,
}
"""Statements by their words; those of rightsstatements.org are added by name."""
_RESERVED = re.compile(r"^(©|\(c\)|copyright\b)(?P<holder>.{0,120}?)\ball rights reserved$")
_HOLDER_SAYS_MORE = re.compile(
    r"\b(cc|creative|licen[sc]\w*|except|unless|some|not|free|permi\w+|public)\b|//"
)
_RIGHTS_ADDRESS = re.compile(
    r"^(?:https?://)?(?:www\.)?rightsstatements\.org/(?:vocab|page|data)/(?P<code>[a-z-]+)/1\.0\b"
)
_OGL = re.compile(
    r"^(?:https?://)?(?:www\.)?nationalarchives\.gov\.uk/doc/open-government-licen[sc]e/version/"
    r"(?P<address>[123])/?$|^ogl-uk-(?P<spdx>[123])\.0$"
    r"|^open government licen[sc]e v(?:ersion )?(?P<words>[123])(?:\.0)?$"
)
_SPDX = re.compile(r"^https?://spdx\.org/licenses/(?P<id>cc[\w.-]*?)(?:\.html)?$")
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
    >>> licence("http://rightsstatements.org/vocab/NKC/1.0/").label
    'No Known Copyright'
    """
    folded = " ".join(text.split()).casefold()
    by_id = _SPDX.search(folded)
    if by_id:
        return replace(licence(by_id["id"]), verbatim=text)
    found = _other_licence(text, folded) or _statement(text, folded)
    if found is not None:
        return found
    addresses = list(_ADDRESS.finditer(folded))
    if not addresses:
        return _named(text, folded)
    meant = {_of_address(text, address) for address in addresses}
    if len(meant) > 1:
        return _unknown(text)
    return _beside(text, folded, meant.pop())


def _beside(text: str, folded: str, found: Licence) -> Licence:
    """Return the licence of an address, if the words around it say the same or nothing."""
    rest = _words(re.sub(r"\S*creativecommons\.org/[^\s|;,)\]]*", " ", folded))
    if _only(rest, set()) and not re.search(r"\d", rest):
        return found
    words = _named(text, rest)
    return found if words.spdx is not None and words.spdx == found.spdx else _unknown(text)


def _named(text: str, folded: str) -> Licence:
    """Return the licence that words alone name."""
    words = _words(folded)
    if _ZERO.search(words) and _only(
        words, {"cc0", "0", "zero", "cczero", "universal", "dedication", "domain"}
    ):
        return _zero(text)
    if re.sub(r"( mark)? ?1v0$", r"\1", words) in _DOMAIN:
        return _mark(text)
    return _of_words(text, words)


def _words(folded: str) -> str:
    """Return a statement's words: no punctuation, one spelling, versions as ``4v0``."""
    words = re.sub(r"\b(\d)[. ](\d)\b", r"\1v\2", folded.replace("_", " "))
    words = re.sub(r"[.,;:()|\[\]/-]+", " ", words).strip()
    words = re.sub(r"\bccby\b", "cc by", words)
    words = re.sub(r"\bnon commercial\b", "noncommercial", words)
    words = re.sub(r"\bshare alike\b", "sharealike", words)
    return re.sub(r"\bno deriv(ative)?(s|atives)?\b", "noderivs", words)


def _other_licence(text: str, folded: str) -> Licence | None:
    """Return a licence that is not told by the words of Creative Commons."""
    if folded.startswith(_WAIVED):
        return _zero(text)
    if folded.rstrip(".") == _BHL_FREE:
        return _mark(text)
    if re.fullmatch(r"(https?://)?(www\.)?creativecommons\.org/licenses/publicdomain/?", folded):
        url = f"{_CC_URL}/licenses/publicdomain/"
        return Licence(text, "CC-PDDC", "CC Public Domain Dedication", url, open=True)
    government = _OGL.search(folded)
    if government:
        version = government["address"] or government["spdx"] or government["words"]
        url = f"https://www.nationalarchives.gov.uk/doc/open-government-licence/version/{version}/"
        label = f"Open Government Licence {version}.0"
        return Licence(text, f"OGL-UK-{version}.0", label, url, open=True)
    return None


def _statement(text: str, folded: str) -> Licence | None:
    """Return a statement that is understood and no licence, or None."""
    names = {code.casefold(): code for code in RIGHTS_STATEMENTS}
    address = _RIGHTS_ADDRESS.search(folded)
    if address:
        code = names.get(address["code"], "")
        return _rights_statement(text, code) if code else _unknown(text)
    words = re.sub(r"[^\w©]+", " ", folded.replace("_", " ")).strip()
    by_name = {re.sub(r"\W+", " ", label.casefold()).strip(): code for code, label in
               RIGHTS_STATEMENTS.items()}  # fmt: skip
    code = {**by_name, **_PHRASES}.get(words.removeprefix("© "), "")
    if not code:
        reserved = _RESERVED.search(folded.rstrip("."))
        if reserved and not _HOLDER_SAYS_MORE.search(reserved["holder"]):
            code = "reserved"
    if code in RIGHTS_STATEMENTS:
        return _rights_statement(text, code)
    return replace(_unknown(text), statement=code) if code else None


def _rights_statement(text: str, code: str) -> Licence:
    url = f"http://rightsstatements.org/vocab/{code}/1.0/"
    return Licence(text, None, RIGHTS_STATEMENTS[code], url, open=False, statement=code)


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
    """Return the licence that words name, if every word is understood and none contradicts."""
    mentions: list[set[str]] = []
    versions: set[str] = set()
    named, port = False, ""
    for place, word in enumerate(words.split()):
        number = re.fullmatch(r"v?(\d)(?:v(\d))?", word)
        part = _PARTS.get(word)
        if part:
            if part == "by" or not mentions:
                mentions.append(set())
            mentions[-1].add(part)
        elif number:
            versions.add(f"{number[1]}.{number[2] or '0'}")
        elif word in _PORTS and versions and place == len(words.split()) - 1:
            port = word
        elif word not in _FILLER:
            return _unknown(text)
        named = named or word in {"cc", "creative", "attribution"}
    agree = all(mention == mentions[0] for mention in mentions) and len(versions) <= 1
    if not (named and mentions and agree):
        return _unknown(text)
    kind = "-".join(part for part in ("by", "nc", "nd", "sa") if part in mentions[0])
    version = versions.pop() if versions else "4.0"
    if port and version == "4.0":
        return _unknown(text)
    return _creative_commons(text, kind, version, port)


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
