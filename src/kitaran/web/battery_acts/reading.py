"""Enter a reading of one battery: what was read, its error, from where, with which instrument."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection

from kitaran.foundation.errors import Fault
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport.attributes import entered
from kitaran.registry.passport.schemas import READING
from kitaran.registry.passport.values import faults as value_faults
from kitaran.registry.passport.values import from_text
from kitaran.web.battery.words import source_words
from kitaran.web.battery_acts.form import Field, Form, Typed, chosen_of, needed, recorded, stop_at
from kitaran.web.battery_acts.simple import TEMPLATE, Payload
from kitaran.web.battery_acts.subject import Subject
from kitaran.web.facility.intake_form import amount
from kitaran.web.language import gettext as _

USUAL_READING: Final = "remaining_capacity_ah"


def _reading_fields() -> list[Field]:
    measured = [
        (name, f"{one.label} [{one.unit}]" if one.unit else one.label)
        for name, one in entered("item", "dynamic").items()
        if one.type not in ("list", "texts")
    ]
    known = sorted(source_words().items(), key=lambda pair: pair[0] != "management_system")
    return [
        Field("attribute", "select", _("What was read"), options=measured),
        Field("value", "text", _("Value"), _("In the unit that stands there; a day as 2026-01-31"), True),
        Field("error", "number", _("Error, plus or minus"), _("In the same unit; empty if it is not known")),
        Field("source", "select", _("From where"), options=known),
        Field("instrument", "text", _("Instrument"), _("Such as BMS, or the name of the tester"), True),
    ]


def told(typed: Typed, faults: list[Fault]) -> Payload:
    """The reading that goes beside the event."""
    known = {n: one for n, one in entered("item", "dynamic").items() if one.type not in ("list", "texts")}
    name = chosen_of(typed, "attribute", list(known), faults, _("No such quantity is known."))
    source = chosen_of(typed, "source", list(source_words()), faults, _("No such source is known."))
    remedy = _("Say what told it, such as BMS.")
    instrument = needed(typed, "instrument", faults, _("The instrument is missing."), remedy)
    error = _number(typed, "error", faults)
    value: Any = None
    if name in known:
        text = _plain(typed["value"])
        value = from_text(known[name], text)
        wrong = value_faults({name: value}, {name: known[name]}) if text else []
        if not text:
            wrong = [Fault("value", _("The value is missing."), _("Give what was read."))]
        faults += [Fault("value", one.cause, one.remedy) for one in wrong]
    reading = {"attribute": name, "value": value, "instrument": instrument, "source": source}
    return reading if error is None else {**reading, "error": error}


def _plain(text: str) -> str:
    """A number with a comma for the point, with a point."""
    bare = text.replace(",", ".", 1)
    return bare if text.count(",") == 1 and bare.replace(".", "", 1).lstrip("-").isdigit() else text


def _number(typed: Typed, name: str, faults: list[Fault]) -> str | None:
    found = amount(typed[name]) if typed[name] else None
    if typed[name] and found is None:
        cause = _("%(given)s is no number.") % {"given": repr(typed[name][:30])}
        faults.append(Fault(name, cause, _("Write it as 12.5, without a unit.")))
    return found


def _record_reading(connection: Connection, subject: Subject, typed: Typed, hand: Hand) -> str:
    faults: list[Fault] = []
    reading = told(typed, faults)
    stop_at(faults)
    payload = {"battery": subject.id}
    return recorded(hand, "passport.reading_taken", subject, payload, typed, sealed={READING: reading})


def _first_reading(_connection: Connection, _subject: Subject, _query: Mapping[str, str]) -> Typed:
    return Typed({"attribute": USUAL_READING, "source": "management_system", "instrument": "BMS"})


def _shown_reading(_connection: Connection, _subject: Subject, _typed: Typed) -> dict[str, Any]:
    return {"fields": [one.as_dict() for one in _reading_fields()]}


FORMS: Final[dict[str, Form]] = {"reading": Form(TEMPLATE, _first_reading, _shown_reading, _record_reading)}
