"""The form of a battery model, as the attribute table says, and what is filled into it as values.

A field is named as its attribute; of a list, `name.0.part` is a field of its first entry.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kitaran.foundation.errors import Fault
from kitaran.registry.passport.attributes import Attribute, entered
from kitaran.registry.passport.values import faults, from_text
from kitaran.web.battery.words import category_words
from kitaran.web.vocabulary import chemistry

NEEDED: Final = ("model_name", "category", "chemistry")
BLANK_ENTRIES: Final = 2
MOST_FIELDS: Final = 6_000
_PART = re.compile(r"([a-z0-9_]+)\.([0-9]{1,3})\.([a-z0-9_]+)", re.ASCII)
_SECTIONS: Final = (
    ("basics", r"Annex VI A \((2|5|6|7)\)"),
    ("maker", r"Annex VI A \([1-4]\)|Article 77.*"),
    ("substances", r"Annex VI A \((8|9|10)\)|Annex XIII 2 \(a\)"),
    ("carbon", r"Annex XIII 1 \([cd]\)"),
    ("content", r"Annex XIII 1 \([ef]\)"),
    ("performance", r"Annex XIII 1 \([g-p]\)"),
    ("paper", r"Annex XIII 1 \([q-t]\)"),
    ("opening", r"Annex XIII 2 .*|eco-design"),
    ("reports", r"Annex XIII 3"),
    ("further", r".*"),
)
"""Part of the form by the point of the annex: the first that fits."""


@dataclass(frozen=True)
class Field:
    """One attribute in the form. texts : what is filled in; of a list, of each entry by part"""

    attribute: Attribute
    text: str
    entries: tuple[Mapping[str, str], ...]
    options: tuple[tuple[str, str], ...]
    faulty: bool

    @property
    def filled(self) -> bool:
        return bool(self.text) or any(any(entry.values()) for entry in self.entries)


Given = Mapping[str, str]


def given_of(pairs: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """The fields of a form as one line of text each, in normal form C; empty ones are left out."""
    texts = ((name, " ".join(unicodedata.normalize("NFC", str(value)).split())) for name, value in pairs)
    return {name: text for name, text in texts if text}


def values_of(given: Given) -> dict[str, Any]:
    """What is filled in, as an event holds it; what cannot be read stays text and is refused by `wrong`."""
    known, told = entered("model", "static"), dict[str, Any]()
    for name, attribute in known.items():
        if attribute.type == "list":
            entries = [_entry_values(attribute, one) for one in _entries(given, name) if any(one.values())]
            told |= {name: entries} if entries else {}
        elif name in given:
            told[name] = from_text(attribute, given[name])
    return told


def wrong(told: Mapping[str, Any], model: str) -> list[Fault]:
    """What hinders a model of these values."""
    missing = [Fault(name, "It is missing.", "Fill it in.") for name in NEEDED if name not in told]
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}", model):
        cause = "It is no id of a model."
        missing.insert(0, Fault("model", cause, "Give up to 64 letters, digits, points and hyphens."))
    return [*missing, *faults(told, entered("model", "static"))]


def texts_of(told: Mapping[str, Any]) -> dict[str, str]:
    """Values as the form shows them."""
    made: dict[str, str] = {}
    for name, value in told.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, entry in enumerate(value):
                made |= {f"{name}.{number}.{part}": _text(one) for part, one in entry.items()}
        else:
            made[name] = _text(value)
    return made


def sections(given: Given, found: Iterable[Fault]) -> list[dict[str, Any]]:
    """Parts of the form with their fields; a part with a fault stands open."""
    faulty = {fault.place.partition("[")[0] for fault in found}
    made: dict[str, list[Field]] = {name: [] for name, _ in _SECTIONS}
    for name, attribute in entered("model", "static").items():
        if name not in NEEDED:
            made[_section(attribute)].append(_field(attribute, given, name in faulty))
    return [
        {
            "name": name,
            "fields": fields,
            "filled": sum(one.filled for one in fields),
            "open": any(one.faulty for one in fields),
        }
        for name, fields in made.items()
        if fields
    ]


def needed(given: Given, found: Iterable[Fault]) -> list[Field]:
    """The fields without which there is no model."""
    known, faulty = entered("model", "static"), {fault.place for fault in found}
    return [_field(known[name], given, name in faulty) for name in NEEDED]


def _field(attribute: Attribute, given: Given, faulty: bool) -> Field:
    name = attribute.name
    entries = _entries(given, name) if attribute.type == "list" else []
    blank = [dict.fromkeys(attribute.parts, "")] * (BLANK_ENTRIES if attribute.type == "list" else 0)
    return Field(attribute, given.get(name, ""), (*entries, *blank), choices_of(attribute), faulty)


def choices_of(attribute: Attribute) -> tuple[tuple[str, str], ...]:
    """Values to choose from, with their words; none where anything may be typed."""
    if attribute.type == "yes_no":
        return (("yes", ""), ("no", ""))
    words = category_words() if attribute.name == "category" else {}
    if attribute.name == "chemistry":
        words = {one: chemistry(one) for one in attribute.choices}
    return tuple((one, words.get(one, one.replace("_", " "))) for one in attribute.choices)


def _entries(given: Given, name: str) -> list[dict[str, str]]:
    """Entries of a list that are filled in, in their order."""
    found: dict[int, dict[str, str]] = {}
    parts = entered("model", "static")[name].parts
    for key, text in given.items():
        match = _PART.fullmatch(key)
        if match and match[1] == name and match[3] in parts:
            found.setdefault(int(match[2]), dict.fromkeys(parts, ""))[match[3]] = text
    return [entry for _, entry in sorted(found.items())]


def _entry_values(attribute: Attribute, entry: Mapping[str, str]) -> dict[str, Any]:
    return {name: from_text(attribute.parts[name], text) for name, text in entry.items() if text}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(_text(one) for one in value)
    return str(value)


def _section(attribute: Attribute) -> str:
    return next(name for name, point in _SECTIONS if re.fullmatch(point, attribute.annex_point))
