"""Words: what of a text is searched, and when one is nearly another."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

FOLDS = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "þ": "th",
    "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    "\N{GREEK SMALL LETTER FINAL SIGMA}": "\N{GREEK SMALL LETTER SIGMA}",
}
"""Letters that NFKD leaves whole, and what people type for them; readers take it from the file."""

MAX_LETTERS = 32
"""Characters of a word that count; readers take it from the file."""

_FOLDED = str.maketrans(FOLDS)
_MARKS = r"\p{M}+"
_BETWEEN = r"[^\p{L}\p{N}]+"


def words_of(text: str) -> list[str]:
    """Return the words of a text, in its order.

    Examples
    --------
    >>> words_of("Ångström, Ø.; BMNH(E)123")
    ['angstrom', 'o', 'bmnh', 'e', '123']
    """
    plain = unicodedata.normalize("NFKD", text)
    lowered = "".join(letter.lower() for letter in plain)
    bare = "".join(sign for sign in lowered if unicodedata.category(sign)[0] != "M")
    kept = "".join(
        sign if unicodedata.category(sign)[0] in "LN" else " " for sign in bare.translate(_FOLDED)
    )
    return [word[:MAX_LETTERS] for word in re.findall(r"[^ ]+", kept)]


def word_lists(texts: Any) -> Any:
    """Return the words of many texts: :func:`words_of` as a pyarrow array of lists.

    Parameters
    ----------
    texts : pyarrow.Array of string
        Null is a text without words. The lists may hold empty words between others.
    """
    import pyarrow.compute as pc

    plain = pc.utf8_lower(pc.utf8_normalize(pc.fill_null(texts, ""), "NFKD"))
    plain = pc.replace_substring_regex(plain, _MARKS, "")
    for letter, told in FOLDS.items():
        plain = pc.replace_substring(plain, letter, told)
    return pc.split_pattern(pc.replace_substring_regex(plain, _BETWEEN, " "), " ")


def nearly_begins(word: str, typed: str) -> bool:
    """Whether a word begins with what was typed but for one slip.

    A slip is a letter too many, one missing, another letter, or two exchanged.

    Examples
    --------
    >>> nearly_begins("papilionidae", "papiloin"), nearly_begins("papilio", "papilo")
    (True, True)
    >>> nearly_begins("danaus", "papilo")
    False
    """
    at = 0
    while at < len(typed) and at < len(word) and typed[at] == word[at]:
        at += 1
    rest = typed[at:]
    return (
        len(rest) <= 1
        or word.startswith(rest, at + 1)
        or word.startswith(rest[1:], at + 1)
        or word.startswith(rest[1:], at)
        or (word[at : at + 2] == rest[1::-1] and word.startswith(rest[2:], at + 2))
    )
