"""Forms of acts: what was typed, how a form is told to page and twin, and faults beside their fields."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import orjson
from fastapi import Request
from sqlalchemy import Connection

from kitaran.foundation.errors import Fault, InputError, KitaranError
from kitaran.registry.parties.facilities.repository import Facility
from kitaran.registry.parties.hand import Hand
from kitaran.web.battery_acts.subject import Subject
from kitaran.web.facility.frame import faults_of, name_of
from kitaran.web.facility.intake_form import amount
from kitaran.web.language import gettext as _
from kitaran.web.parties_clicks import moment

LONGEST: Final = 2_000
ALWAYS: Final = ("place", "at")
"""Fields that every act has: where it happened, and when if not now."""
_BESIDE: Final = {"$.occurred_at": "at", "$.place": "place", "$.disclosures.reading": "value"}
Kind = Literal["text", "area", "number", "select"]
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Typed:
    """The form as it stands: one text by field, and all values of a field that is ticked several times."""

    given: Mapping[str, str] = field(default_factory=dict)
    several: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.given.get(name, "")


@dataclass(frozen=True)
class Field:
    """One field of a simple form. options : of a select, value and words"""

    name: str
    kind: Kind
    label: str
    hint: str = ""
    required: bool = False
    options: Options = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": self.kind,
            "label": self.label,
            "hint": self.hint or None,
            "required": self.required,
            "options": [list(one) for one in self.options],
        }


@dataclass(frozen=True)
class Form:
    """How one act is filled in and recorded.

    template : of the page
    first    : what stands in the form before anybody has typed
    shown    : what the form offers to choose from, in JSON's own types
    record   : signs and records; the address to go to. Raises as the log does
    """

    template: str
    first: Callable[[Connection, Subject, Mapping[str, str]], Typed]
    shown: Callable[[Connection, Subject, Typed], dict[str, Any]]
    record: Callable[[Connection, Subject, Typed, Hand], str]


async def typed_of(request: Request) -> Typed:
    """A sent form, each text in normal form C without blanks around it."""
    async with request.form(max_files=0, max_fields=3_100) as form:
        names = dict.fromkeys(name for name, value in form.multi_items() if isinstance(value, str))
        several = {name: tuple(_tidy(str(one)) for one in form.getlist(name)) for name in names}
    return Typed({name: values[0] for name, values in several.items()}, several)


def _tidy(text: str) -> str:
    lines = unicodedata.normalize("NFC", text)[:LONGEST].splitlines()
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def mass_of(typed: Typed, name: str, faults: list[Fault], required: bool = True) -> str | None:
    """A weight in kg as the record writes it; what is wrong with it goes into `faults`."""
    text = typed[name]
    if not text:
        if required:
            faults.append(Fault(name, _("The weight is missing."), _("Weigh it, in kg.")))
        return None
    found = amount(text)
    if found is None or float(found) == 0:
        cause = _("%(given)s is no weight.") % {"given": repr(text[:30])}
        faults.append(Fault(name, cause, _("Write it in kg, as 12.5, without a unit.")))
        return None
    return found


def count_of(typed: Typed, name: str, faults: list[Fault], most: int) -> int:
    """A count from 1; 1 if nothing was typed, or nothing that counts."""
    text = typed[name] or "1"
    if text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= most:
        return int(text)
    cause = _("%(given)s is no count.") % {"given": repr(text[:30])}
    remedy = _("Give a whole number from 1 to %(most)s.") % {"most": most}
    faults.append(Fault(name, cause, remedy))
    return 1


def chosen_of(typed: Typed, name: str, known: Sequence[str], faults: list[Fault], cause: str) -> str:
    """What was chosen from a list; that nothing of it was, goes into `faults`."""
    if typed[name] not in known:
        faults.append(Fault(name, cause, _("Choose one of the list.")))
    return typed[name]


def needed(typed: Typed, name: str, faults: list[Fault], cause: str, remedy: str) -> str:
    """A text that must not be empty."""
    if not typed[name]:
        faults.append(Fault(name, cause, remedy))
    return typed[name]


def stop_at(faults: Sequence[Fault]) -> None:
    """Raises InputError with all faults, if there is any."""
    if faults:
        raise InputError(faults[0].cause, faults=faults)


def options_of(places: Sequence[Facility]) -> list[tuple[str, str]]:
    """Facilities to choose from."""
    return [(one.id, name_of(one)) for one in places]


def recorded(
    hand: Hand,
    kind: str,
    subject: Subject,
    payload: Mapping[str, Any],
    typed: Typed,
    items: Sequence[str] = (),
    sealed: Mapping[str, Any] | None = None,
) -> str:
    """Record one event about the battery (or about `items`); the address of what was recorded."""
    at, where = _when(typed), typed["place"] or None
    receipt = orjson.loads(hand.record(kind, items or subject.item, payload, sealed, at, where))
    return f"/b/{subject.id}/recorded/{receipt['id']}"


def _when(typed: Typed) -> str | None:
    try:
        return moment({"at": typed["at"]}, "at") if typed["at"] else None
    except (ValueError, IndexError) as error:
        cause = _("%(given)s is no time.") % {"given": repr(typed["at"][:30])}
        raise InputError(cause, "at", _("Write it as 2026-01-31T14:30, in UTC.")) from error


def faults_beside(error: KitaranError, fields: Sequence[str]) -> list[dict[str, Any]]:
    """Faults beside the fields of the form; those of time and place beside theirs."""
    own = [one.place for one in error.faults if isinstance(error, InputError) and "$" not in one.place]
    told = [_beside(one) for one in error.faults]
    return faults_of(InputError(error.cause, faults=told), (*fields, *own, *ALWAYS))


def _beside(fault: Fault) -> Fault:
    if fault.place == "$.key_id":
        remedy = _("Leave the time empty, and say in words when it was.")
        return Fault("at", _("This installation could not sign for you at that time."), remedy)
    return Fault(_BESIDE.get(fault.place, fault.place), fault.cause, fault.remedy)
