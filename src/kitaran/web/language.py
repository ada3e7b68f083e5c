"""The reader's language: which one, and the words in it.

English stands in the source. A language is a folder of `locale/` with a compiled catalogue. `qps` is a
made-up language that marks every string which passed through here: a test finds those that did not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

CATALOGUES = Path(__file__).parent / "locale"
DOMAIN = "kitaran"
SOURCE = "en"
PSEUDO = "qps"
COOKIE = "lang"

_ACCENTED = str.maketrans("aceilnorsuyACEILNORSUY", "áçéíĺñóŕšúýÁÇÉÍĹÑÓŔŠÚÝ")
_PLACEHOLDER = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]+>)")


@dataclass(frozen=True)
class Language:
    """code: name of the folder; tag: for the `lang` attribute; name: in the language itself."""

    code: str
    tag: str
    name: str


class PseudoTranslations(NullTranslations):
    """Marks and accents each string and leaves its placeholders and tags as they are."""

    def gettext(self, message: str) -> str:
        parts = _PLACEHOLDER.split(message)
        return "⟦" + "".join(p if i % 2 else p.translate(_ACCENTED) for i, p in enumerate(parts)) + "⟧"

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


@lru_cache(maxsize=1)
def languages() -> tuple[Language, ...]:
    """The languages with a catalogue, the source language first."""
    from babel import Locale

    codes = {folder.name for folder in CATALOGUES.iterdir() if folder.is_dir()} | {SOURCE}
    found = []
    for code in sorted(codes, key=lambda code: (code != SOURCE, code)):
        locale = Locale.parse(code)
        found.append(Language(code, code.replace("_", "-"), (locale.get_display_name() or code).capitalize()))
    return tuple(found)


@lru_cache(maxsize=32)
def _translations(code: str) -> NullTranslations:
    if code == PSEUDO:
        return PseudoTranslations()
    catalogue = CATALOGUES / code / "LC_MESSAGES" / f"{DOMAIN}.mo"
    if not catalogue.is_file():
        return NullTranslations()
    with catalogue.open("rb") as file:
        return GNUTranslations(file)


_ENGLISH = Language(SOURCE, SOURCE, "English")
_current: ContextVar[Language] = ContextVar("language", default=_ENGLISH)


def current() -> Language:
    """The language of the page that is being made."""
    return _current.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Everything inside speaks this language."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def gettext(message: str) -> str:
    """The message in the current language."""
    return _translations(current().code).gettext(message) if message else ""


def ngettext(singular: str, plural: str, n: int) -> str:
    """The message in the current language, in the form for n things."""
    return _translations(current().code).ngettext(singular, plural, n)


def choose(asked: str | None, cookie: str | None, accept: str | None) -> Language:
    """The first language that exists: asked for in the address, kept in the cookie, sent by the browser."""
    known = {language.code.lower(): language for language in languages()}
    known[PSEUDO] = Language(PSEUDO, "en-x-pseudo", "Pseudo")
    for wish in [asked, cookie, *_accepted(accept or "")]:
        code = (wish or "").lower().replace("-", "_")
        found = known.get(code) or known.get(code.split("_")[0])
        if found and (found.code != PSEUDO or wish in (asked, cookie)):
            return found
    return languages()[0]


def _accepted(header: str) -> list[str]:
    """Language tags of an Accept-Language header, most wanted first."""
    weighed = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, weight = part.strip().partition(";q=")
        try:
            weighed.append((-float(weight or 1), place, tag.strip()))
        except ValueError:
            continue
    return [tag for _, _, tag in sorted(weighed)]
