"""Names of organisations that are written in several ways, brought to one form to be looked up in a list.

Case, width, blanks, marks between words, accents on Latin letters, the order of words and words of the legal
form do not tell two names apart. Another transliteration or a slip does: a list names each spelling it means.
"""

from __future__ import annotations

import unicodedata
from typing import Final

LEGAL_FORMS: Final = frozenset(
    (
        *("ag", "as", "berhad", "bhd", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated"),
        *("jsc", "kk", "limited", "llc", "llp", "ltd", "nv", "ojsc", "ooo", "oy", "pjsc", "plc", "private"),
        *("pt", "pte", "pty", "public", "pvt", "sa", "sarl", "sdn", "spa", "tbk", "the", "zao"),
    )
)
"""Words that say what kind of firm it is, and an article."""


def key_of(name: str) -> str:
    """The form by which names are compared; that of all words if there is nothing but a legal form."""
    words = _words(name)
    telling = [word for word in words if word not in LEGAL_FORMS]
    return " ".join(sorted(telling or words))


def _words(name: str) -> list[str]:
    letters: list[str] = []
    for letter in unicodedata.normalize("NFKD", name).casefold():
        kind = unicodedata.category(letter)
        if kind == "Mn" and letters and letters[-1].isascii():
            continue  # an accent on a Latin letter; in other scripts a mark is a vowel or a tone
        if kind == "Po" and letter in ".'\u2019":
            continue  # S.A. is SA, O'Hara is Ohara
        letters.append(letter if kind[0] in "LNM" else " ")
    return unicodedata.normalize("NFC", "".join(letters)).split()
