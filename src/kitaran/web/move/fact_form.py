"""One fact of an authority as a form: which fact of which State, what it says, where, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kitaran.law import Book
from kitaran.law.case import day
from kitaran.law.own_facts import FIELDS
from kitaran.law.records import CONFIDENCE, SEEN
from kitaran.web.language import gettext as _
from kitaran.web.move.rule_words import about_words
from kitaran.web.move.statements import Statement, statements
from kitaran.web.move.words import confidence_words, seen_words

ROLES = ("import", "export", "transit")
CLASSES: Mapping[str, tuple[str, ...]] = {
    "used": ("used",),
    "waste": ("hazardous", "other_waste"),
    "hazardous": ("hazardous",),
}
GROUPS = ("lithium", "lead", "nickel", "sodium", "mixed")
KINDS = ("ev_pack", "module", "cell", "mixed_batteries", "vehicle", "black_mass", "production_scrap")
LONGEST = 1000
ASKED = (
    *("cc", "fact", "value", "kinds", "groups", "text", "valid_from", "valid_to"),
    *("cite", "source", "seen", "confidence", "entered_by"),
)
_EFFECTS = {"bar": "bar", "licence": "permit", "consent": "open", "free": "note"}
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Draft:
    """What was filled in, the row that it makes, and what is wrong with it, field by field."""

    given: Values
    row: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Mapping[str, str], ...] = ()


def fact_options() -> list[tuple[str, list[tuple[str, str]]]]:
    """The facts that can be entered, in two groups."""
    borders = [(f"{role}.{each}", fact_words(f"{role}.{each}")) for role in ROLES for each in CLASSES]
    return [
        (_("At its border"), borders),
        (_("Of the State"), [(name, fact_words(name)) for name in FIELDS]),
    ]


def facts_known() -> list[str]:
    return [name for _group, options in fact_options() for name, _words in options]


def fact_words(fact: str) -> str:
    """A fact in plain words."""
    role, _dot, reached = fact.partition(".")
    if not reached:
        return about_words(fact)
    things = {
        "used": _("used batteries or vehicles, not waste"),
        "waste": _("all waste batteries"),
        "hazardous": _("hazardous waste batteries only"),
    }
    roles = {"import": _("Import"), "export": _("Export"), "transit": _("Transit")}
    return f"{roles[role]}: {things[reached]}"


def value_options(fact: str) -> list[tuple[str, str]]:
    """What a fact can say."""
    role, _dot, reached = fact.partition(".")
    if reached:
        found = [("bar", _("Barred")), ("consent", _("Only with a written consent of this State"))]
        if role == "import":
            found.append(("licence", _("Only with an import licence")))
        return [*found, ("free", _("Not barred"))]
    if fact == "hazardous_groups":
        return [(name, group_words(name)) for name in GROUPS]
    return [("yes", _("Yes")), ("no", _("No"))]


def group_words(group: str) -> str:
    """A family of chemistries."""
    return {
        "lithium": _("Lithium-ion"),
        "lead": _("Lead-acid"),
        "nickel": _("Nickel-metal hydride"),
        "sodium": _("Sodium-ion"),
        "mixed": _("Mixed"),
    }[group]


def seen_options() -> list[tuple[str, str]]:
    return [("", _("Choose")), *((each, seen_words(each)) for each in SEEN)]


def confidence_options() -> list[tuple[str, str]]:
    return [("", _("Choose")), *((each, confidence_words(each)) for each in CONFIDENCE)]


def present(book: Book, cc: str, fact: str, today: str) -> list[Statement]:
    """What the tables say now on this fact of this State: rows that a new one may replace."""
    return [row for row in _on_fact(book, cc, fact) if not row.known_to or row.known_to >= today]


def _on_fact(book: Book, cc: str, fact: str) -> list[Statement]:
    """Every row on this fact of this State, those that were replaced included."""
    role, _dot, reached = fact.partition(".")
    found = []
    for row in statements(book):
        if row.places != (cc,):
            continue
        if reached and row.table == "measures" and row.field.startswith(f"{role}."):
            classes = dict(row.details).get("applies_to", "").split(", ")
            if set(classes) & set(CLASSES[reached]):
                found.append(row)
        elif not reached and row.table == "status" and row.field == fact:
            found.append(row)
    return found


def draft(given: Mapping[str, list[str]], book: Book, today: str) -> Draft:
    """The row that a filled form makes, or its faults, each beside its field."""
    values = {name: _clean(given.get(name, [""])[0]) for name in ASKED}
    chosen = [each for each in given.get("value", []) if each]
    kept: dict[str, Any] = {
        **values,
        "value": "|".join(dict.fromkeys(chosen)),
        "supersedes": [each for each in given.get("supersedes", []) if each],
    }
    faults = [*_wrong_fact(kept, book), *_wrong_days(kept), *_wrong_grounds(kept)]
    replaceable = {row.id for row in _on_fact(book, kept["cc"], kept["fact"])} if not faults else set()
    if not faults and not set(kept["supersedes"]) <= replaceable:
        faults.append(_fault("supersedes", _("This row does not belong to the fact."), _("Choose again.")))
    row = {} if faults else _row(kept, today)
    return Draft(kept, row, tuple(faults))


def _clean(text: str) -> str:
    """One line without signs that no reader sees."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[: LONGEST + 1]


def _fault(name: str, cause: str, remedy: str) -> dict[str, str]:
    return {"field": name, "place": "", "cause": cause, "remedy": remedy}


def _wrong_fact(given: Values, book: Book) -> list[dict[str, str]]:
    if given["cc"] not in book.countries:
        return [_fault("cc", _("This is no jurisdiction."), _("Choose one of the list."))]
    if given["fact"] not in facts_known():
        return [_fault("fact", _("This is no fact."), _("Choose one of the list."))]
    known = [value for value, _words in value_options(given["fact"])]
    said = given["value"].split("|")
    if not given["value"] or not set(said) <= set(known):
        return [_fault("value", _("It does not say what holds."), _("Choose one of the answers."))]
    faults = []
    if "." in given["fact"] and not given["text"]:
        faults.append(
            _fault("text", _("The words are missing."), _("Say in one sentence what the law says."))
        )
    if given["kinds"] and given["kinds"] not in KINDS:
        faults.append(_fault("kinds", _("This item is unknown."), _("Choose one of the list.")))
    if given["groups"] and given["groups"] not in GROUPS:
        faults.append(_fault("groups", _("This chemistry is unknown."), _("Choose one of the list.")))
    return faults


def _wrong_days(given: Values) -> list[dict[str, str]]:
    faults = [
        _fault(name, _("This is no day."), _("Write it as year-month-day, for example 2027-01-31."))
        for name in ("valid_from", "valid_to")
        if given[name] and day(given[name]) is None
    ]
    if not faults and not given["valid_from"]:
        faults.append(_fault("valid_from", _("The first day is missing."), _("From when does it hold?")))
    if not faults and given["valid_to"] and given["valid_to"] < given["valid_from"]:
        said = _("It ends before it begins.")
        faults.append(_fault("valid_to", said, _("Give a later day, or leave it empty.")))
    return faults


def _wrong_grounds(given: Values) -> list[dict[str, str]]:
    needed = {
        "cite": (
            _("The article is missing."),
            _("Name the law and its article, or the letter and its number."),
        ),
        "source": (
            _("The source is missing."),
            _("Say where it can be read: gazette, page, or file number."),
        ),
        "entered_by": (_("The name is missing."), _("Say who enters it: office and person.")),
        "seen": (_("It does not say how it was read."), _("Choose one of the answers.")),
        "confidence": (_("It does not say how sure it is."), _("Choose one of the answers.")),
    }
    faults = [_fault(name, *words) for name, words in needed.items() if not given[name]]
    faults += [
        _fault(name, _("This is too long."), _("Use at most 1000 signs."))
        for name in ("text", "cite", "source", "entered_by")
        if len(given[name]) > LONGEST
    ]
    if ";" in given["source"]:
        faults.append(_fault("source", _("It holds a semicolon."), _("Name one source.")))
    if given["seen"] and given["seen"] not in SEEN:
        faults.append(_fault("seen", _("This answer is unknown."), _("Choose one of the answers.")))
    if given["confidence"] and given["confidence"] not in CONFIDENCE:
        faults.append(_fault("confidence", _("This answer is unknown."), _("Choose one of the answers.")))
    weak = given["confidence"] == "low" or given["seen"] == "not_seen"
    if not faults and weak and given["supersedes"]:
        said = _("A fact that is not sure cannot replace what stands in the tables.")
        faults.append(_fault("confidence", said, _("Find a better source, or replace nothing.")))
    return faults


def _row(given: Values, today: str) -> dict[str, str]:
    """The row as the table of own facts holds it."""
    role, _dot, reached = given["fact"].partition(".")
    shared = {
        "id": f"{given['cc']}.{given['fact']}",
        "cc": given["cc"],
        "known_from": today,
        "supersedes": "|".join(given["supersedes"]),
        **{name: given[name] for name in ("valid_from", "valid_to", "text", "cite", "source")},
        **{name: given[name] for name in ("seen", "confidence", "entered_by")},
    }
    if not reached:
        return {**shared, "field": given["fact"], "value": given["value"]}
    effect = _EFFECTS[given["value"]]
    consent = {
        "cleared_by": "consent",
        "question": "does your State consent in writing to this movement?",
        "settles": "A consent in writing",
    }
    return {
        **shared,
        "role": role,
        "applies_to": "|".join(CLASSES[reached]),
        "kinds": given["kinds"],
        "groups": given["groups"],
        "effect": effect,
        "permit": f"import_licence_{given['cc']}" if effect == "permit" else "",
        **(consent if effect == "open" else {}),
    }
