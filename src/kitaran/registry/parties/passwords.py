"""Passwords: Argon2id, long ones, and the same work for a name that nobody has.

The least length is that of NIST SP 800-63B-4 (2025), section 3.1.1.2, for a password that is the only factor.
Lists of passwords that were found in breaches hold few of that length, and those follow a pattern: one word
or row of keys over and over, or the name of the person or the site. These patterns are refused, no list is
carried. Nothing is demanded of capitals, digits or signs, and no password ends by its age.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from kitaran.foundation.errors import Fault, InputError

SHORTEST: Final = 15
LONGEST: Final = 256
FEWEST_LETTERS: Final = 6
"""Different letters that a password must hold."""
_AT_ONCE: Final = BoundedSemaphore(2)
"""Each hash takes 64 MiB: two at once, so that a crowd at the door does not fill the memory."""
_ROWS: Final = ("abcdefghijklmnopqrstuvwxyz", "0123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_WORN: Final = ("password", "passw0rd", "welcome", "letmein", "kitaran", "admin", "iloveyou", "monkey")


def hasher() -> PasswordHasher:
    """Argon2id with the second recommended option of RFC 9106, section 4: 64 MiB, 3 passes, 4 lanes."""
    return PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4, type=Type.ID)


def make(password: str) -> str:
    """What is kept of a password: the hash with its salt and parameters."""
    with _AT_ONCE:
        return hasher().hash(_one_form(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether it is the password. Without a kept hash the same work is done, and the answer is no."""
    nobodys = _nobodys()  # made beforehand, so that the first unknown name is no slower than the next
    try:
        with _AT_ONCE:
            return hasher().verify(kept or nobodys, _one_form(password)[: LONGEST + 1]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return hasher().check_needs_rehash(kept)


def check(password: str, *names: str, field: str = "password") -> None:
    """Raises InputError if a new password is too short or among the first that somebody would try.

    names : of the person and the organisation, which the password must not be made of
    """
    formed = _one_form(password)
    cause = _length_fault(formed) or _pattern_fault(formed.casefold(), names)
    if cause:
        remedy = "Take four or more words that have nothing to do with each other."
        raise InputError("The password cannot be used.", faults=[Fault(field, cause, remedy)])


def _length_fault(password: str) -> str:
    if len(password) < SHORTEST:
        return f"It has {len(password)} characters; at least {SHORTEST} are needed."
    return f"It has more than {LONGEST} characters." if len(password) > LONGEST else ""


def _pattern_fault(password: str, names: tuple[str, ...]) -> str:
    if len(set(password)) < FEWEST_LETTERS:
        return "It repeats a few characters."
    worn = [*_WORN, *(word for name in names for word in re.findall(r"\w{4,}", name.casefold()))]
    rest = password
    for word in sorted(worn, key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(_without_rows(rest)) < FEWEST_LETTERS:
        return "It is made of names, worn words or rows of keys."
    half = re.fullmatch(r"(.{1,10}?)\1+.{0,3}", password)
    return "It is one word again and again." if half else ""


def _without_rows(text: str) -> str:
    """The text without runs of four or more neighbours on the keyboard or in the alphabet."""
    kept, at = [], 0
    while at < len(text):
        run = _run_at(text[at:])
        if run < 4:
            kept.append(text[at])
        at += run if run >= 4 else 1
    return "".join(kept)


def _run_at(text: str) -> int:
    rows = [row + row[:3] for row in _ROWS]
    for length in range(len(text), 3, -1):
        if any(text[:length] in row or text[:length] in row[::-1] for row in rows):
            return length
    return 1


def _one_form(password: str) -> str:
    """Two devices may send one letter as one sign or as two."""
    return unicodedata.normalize("NFC", password)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return hasher().hash("the password of nobody")
