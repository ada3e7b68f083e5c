"""Whether a value has the form of its attribute, and a cell of a file as a value.

Numbers are decimal strings, since an event holds no floating-point number: `12.5`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from kitaran.foundation.errors import Fault
from kitaran.registry import identity
from kitaran.registry.parties.schemas import legible
from kitaran.registry.passport.attributes import Attribute

LONGEST_TEXT: Final = 500
MOST_ENTRIES: Final = 300
_NUMBER = re.compile(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?", re.ASCII)
_SIGNED = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?", re.ASCII)
_YES: Final = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
Check = Callable[[Attribute, Any], str]


def faults(given: Mapping[str, Any], known: Mapping[str, Attribute], place: str = "") -> list[Fault]:
    """What is wrong with values by attribute name; `place` stands before each name."""
    found = []
    for name, value in given.items():
        attribute = known.get(name)
        if attribute is None:
            found.append(Fault(f"{place}{name}", "There is no such attribute here.", NAMES))
        elif attribute.type == "list":
            found += _list_faults(attribute, value, f"{place}{name}")
        elif cause := _CHECKS[attribute.type](attribute, value):
            found.append(Fault(f"{place}{name}", cause, _remedy(attribute)))
    return found


NAMES: Final = "Look at the list: kitaran data show passport_attributes."


def from_text(attribute: Attribute, text: str) -> Any:
    """A cell of a file as a value; what cannot be read stays text and is refused by `faults`."""
    text = unicodedata.normalize("NFC", text)
    if attribute.type == "yes_no":
        return _YES.get(text.lower(), text)
    if attribute.type == "integer" and text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    if attribute.type == "texts":
        return [part.strip() for part in text.split(";") if part.strip()]
    return text


def _list_faults(attribute: Attribute, value: Any, place: str) -> list[Fault]:
    if type(value) is not list or len(value) > MOST_ENTRIES:
        return [Fault(place, f"It is no list of up to {MOST_ENTRIES} entries.", _remedy(attribute))]
    found = []
    for number, entry in enumerate(value):
        here = f"{place}[{number}]"
        if type(entry) is not dict or not entry:
            found.append(Fault(here, "It is no entry with names.", _remedy(attribute)))
        else:
            found += faults(entry, attribute.parts, f"{here}.")
    return found


def _text(_: Attribute, value: Any) -> str:
    if type(value) is not str or len(value) > LONGEST_TEXT:
        return f"It is no text of up to {LONGEST_TEXT} characters."
    try:
        legible(value)
    except ValueError as error:
        return f"It cannot be read: {error}."
    return "" if unicodedata.is_normalized("NFC", value) else "Its signs are not in normal form C."


def _texts(attribute: Attribute, value: Any) -> str:
    if type(value) is not list or len(value) > MOST_ENTRIES:
        return "It is no list of texts."
    return next((cause for one in value if (cause := _text(attribute, one))), "")


def _choice(attribute: Attribute, value: Any) -> str:
    if value in attribute.choices:
        return ""
    return f"{_shown(value)} is none of its values: {', '.join(attribute.choices)}."


def _number(_: Attribute, value: Any) -> str:
    return (
        "" if type(value) is str and _NUMBER.fullmatch(value) else f"{_shown(value)} is no number from 0 on."
    )


def _signed(_: Attribute, value: Any) -> str:
    return "" if type(value) is str and _SIGNED.fullmatch(value) else f"{_shown(value)} is no number."


def _share(attribute: Attribute, value: Any) -> str:
    if cause := _number(attribute, value):
        return cause
    return "" if float(value) <= 100 else f"{value} is over 100 %."


def _integer(_: Attribute, value: Any) -> str:
    within = type(value) is int and 0 <= value < 2**53
    return "" if within else f"{_shown(value)} is no whole number from 0 on."


def _url(_: Attribute, value: Any) -> str:
    if type(value) is not str or len(value) > LONGEST_TEXT or re.search(r"[\s<>\"{}|\\^`]", value):
        return "It is no web address."
    try:
        parts = urlsplit(value)
    except ValueError:
        return "It is no web address."
    return (
        "" if parts.scheme in ("http", "https") and parts.hostname else f"{_shown(value)} is no web address."
    )


def _date(_: Attribute, value: Any) -> str:
    try:
        return "" if date.fromisoformat(value).isoformat() == value else f"{_shown(value)} is no day."
    except (TypeError, ValueError):
        return f"{_shown(value)} is no day."


def _yes_no(_: Attribute, value: Any) -> str:
    return "" if type(value) is bool else f"{_shown(value)} is neither yes nor no."


def _gtin(_: Attribute, value: Any) -> str:
    if type(value) is str and len(value) == 14 and identity.parse(value).scheme == "gtin":
        return "" if identity.parse(value).valid else "Its check digit is wrong."
    return f"{_shown(value)} is no GTIN of 14 digits."


_CHECKS: Final[Mapping[str, Check]] = {
    "text": _text,
    "texts": _texts,
    "choice": _choice,
    "number": _number,
    "signed": _signed,
    "share": _share,
    "integer": _integer,
    "url": _url,
    "date": _date,
    "yes_no": _yes_no,
    "gtin": _gtin,
}


def _shown(value: Any) -> str:
    text = str(value)
    return repr(text if len(text) <= 40 else f"{text[:40]}…")


def _remedy(attribute: Attribute) -> str:
    unit = f" in {attribute.unit}" if attribute.unit else ""
    return {
        "choice": f"Give one of: {', '.join(attribute.choices)}.",
        "number": f"Give a decimal number{unit}, such as 12.5.",
        "signed": f"Give a decimal number{unit}, such as -20.",
        "share": "Give a number from 0 to 100.",
        "integer": f"Give a whole number{unit}.",
        "url": "Give an address that begins with https://.",
        "date": "Write it as 2026-01-31.",
        "yes_no": "Give yes or no.",
        "gtin": "Give all 14 digits, zeros before included.",
        "list": f"Give a list of entries with: {', '.join(attribute.parts)}.",
        "texts": "Give texts; in a cell with a semicolon between them.",
    }.get(attribute.type, "Give one line of plain text.")
