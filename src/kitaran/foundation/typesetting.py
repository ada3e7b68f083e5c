"""Typesetting: facts and a Typst template make a PDF, with the same bytes on every machine.

Words of users never become markup: they reach the template as data only, through `sys.inputs.facts`.
A template begins with

    #let facts = json(bytes(sys.inputs.facts))
    #set text(font: facts.fonts)

and cannot read files outside its own folder. Fonts for the scripts of Asia and the Pacific come with the
package (see `fonts/OFL.txt`); those of the system are looked at only for a character that none of them holds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from typst import Compiler, Fonts, PDFStandards

FONTS = Path(__file__).with_name("fonts")
FIRST_FAMILY = "Noto Sans"
_UNSEEN = ("Cc", "Cf", "Zl", "Zp")
_NEVER = ("Cc", "Cs")
_SELECTORS = frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))


@dataclass(frozen=True)
class Print:
    """A typeset document.

    pdf      : the file
    uncarried: characters that no packaged font holds; they were looked for among the system's fonts
    """

    pdf: bytes
    uncarried: str = ""


def typeset(template: Path, facts: Mapping[str, Any], day: date) -> Print:
    """Typeset facts by a template, dated on a day: same template, facts and day, same bytes.

    The file keeps (PDF/A-2a) and can be read aloud (PDF/UA-1); Typst then refuses any letter without a glyph.
    Where no packaged font carries a character, it is a plain PDF. Raises TypstError if the template is wrong.
    """
    uncarried = missing_characters(facts)
    compiler = _compiler(template, facts, system=bool(uncarried))
    standards: PDFStandards = None if uncarried else ["a-2a", "ua-1"]
    dated = datetime.combine(day, time(), UTC)
    pdf = compiler.compile(format="pdf", timestamp=dated, pdf_standards=standards)
    return Print(_one(pdf), uncarried)


def pictures(template: Path, facts: Mapping[str, Any], dots_per_inch: float = 96) -> list[bytes]:
    """The same pages as PNG, one each."""
    compiler = _compiler(template, facts, system=bool(missing_characters(facts)))
    pages = compiler.compile(format="png", ppi=dots_per_inch)
    return pages if isinstance(pages, list) else [_one(pages)]


def missing_characters(facts: Any) -> str:
    """The characters in the texts of some facts that no packaged font holds, sorted."""
    carried = _carried()
    used = {sign for text in _texts(facts) for sign in text}
    unknown = {sign for sign in used if ord(sign) not in carried and ord(sign) not in _SELECTORS}
    return "".join(sorted(sign for sign in unknown if unicodedata.category(sign) not in _UNSEEN))


def families() -> list[str]:
    """The packaged font families, the one for Latin, Greek and Cyrillic first."""
    found = set(_fonts(system=False).families())
    return [FIRST_FAMILY, *sorted(found - {FIRST_FAMILY})]


def _compiler(template: Path, facts: Mapping[str, Any], system: bool) -> Compiler:
    import typst

    template = template.resolve()
    told = orjson.dumps({**_printable(facts), "fonts": families()}, option=orjson.OPT_SORT_KEYS).decode()
    return typst.Compiler(
        input=str(template),
        root=str(template.parent),
        font_paths=_fonts(system),
        ignore_system_fonts=not system,
        sys_inputs={"facts": told},
    )


@lru_cache(maxsize=2)
def _fonts(system: bool) -> Fonts:
    import typst

    return typst.Fonts(include_system_fonts=system, include_embedded_fonts=False, font_paths=[str(FONTS)])


@lru_cache(maxsize=1)
def _carried() -> frozenset[int]:
    """The characters of the packaged fonts, as code points."""
    ranges = re.findall(r"([0-9A-F]+)-([0-9A-F]+)", (FONTS / "coverage.txt").read_text(encoding="ascii"))
    return frozenset(point for first, last in ranges for point in range(int(first, 16), int(last, 16) + 1))


def _texts(facts: Any) -> Iterator[str]:
    if isinstance(facts, str):
        yield facts
    elif isinstance(facts, Mapping):
        for value in facts.values():
            yield from _texts(value)
    elif isinstance(facts, Iterable):
        for value in facts:
            yield from _texts(value)


def _printable(facts: Any) -> Any:
    """The same facts without control characters and lone surrogates, which no document may hold."""
    if isinstance(facts, str):
        return "".join(sign for sign in facts if sign in "\n\t" or unicodedata.category(sign) not in _NEVER)
    if isinstance(facts, Mapping):
        return {key: _printable(value) for key, value in facts.items()}
    if isinstance(facts, Sequence):
        return [_printable(value) for value in facts]
    return facts


def _one(made: Any) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError("one file was asked for")
    return made
