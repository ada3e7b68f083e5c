"""Acts whose form is a list of fields: put in, take out, weigh, correct, lose, find, change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from kitaran.foundation.errors import Fault, NotFoundError
from kitaran.registry.custody import history
from kitaran.registry.custody.amounts import spelt
from kitaran.registry.parties.hand import Hand
from kitaran.web.battery.words import event_words
from kitaran.web.battery_acts.form import (
    Field,
    Form,
    Typed,
    chosen_of,
    count_of,
    mass_of,
    needed,
    options_of,
    recorded,
    stop_at,
)
from kitaran.web.battery_acts.subject import Subject
from kitaran.web.battery_acts.words import host_words
from kitaran.web.language import gettext as _

TEMPLATE: Final = "battery_acts/act.html"
MOST_PIECES: Final = 1_000_000
Payload = dict[str, Any]


@dataclass(frozen=True)
class Simple:
    """An act of one event. fields : of its form; payload : what the event says, faults appended"""

    kind: str
    fields: Callable[[Connection, Subject], list[Field]]
    payload: Callable[[Connection, Subject, Typed, list[Fault]], Payload]

    def form(self) -> Form:
        """The act as a form."""
        return Form(TEMPLATE, self._first, self._shown, self._record)

    def _first(self, _connection: Connection, _subject: Subject, _query: Mapping[str, str]) -> Typed:
        return Typed()

    def _shown(self, connection: Connection, subject: Subject, _typed: Typed) -> dict[str, Any]:
        return {"fields": [one.as_dict() for one in self.fields(connection, subject)]}

    def _record(self, connection: Connection, subject: Subject, typed: Typed, hand: Hand) -> str:
        faults: list[Fault] = []
        payload = self.payload(connection, subject, typed, faults)
        stop_at(faults)
        return recorded(hand, self.kind, subject, payload, typed)


# -- in use


def _install_fields(_connection: Connection, _subject: Subject) -> list[Field]:
    hint = _("Its number in your own books, such as bus-17. Never a vehicle identification number.")
    return [
        Field("what", "select", _("In what"), options=list(host_words().items())),
        Field("host", "text", _("Which one"), hint, required=True),
    ]


def _install(_c: Connection, _s: Subject, typed: Typed, faults: list[Fault]) -> Payload:
    what = chosen_of(typed, "what", list(host_words()), faults, _("It is not said in what."))
    remedy = _("Give its number in your own books, such as bus-17.")
    host = needed(typed, "host", faults, _("It is not said which one."), remedy)
    return {"what": what, "host": host}


def _reason(label: Callable[[], str], required: bool) -> Callable[[Connection, Subject], list[Field]]:
    return lambda _c, _s: [Field("reason", "text", label(), required=required)]


def _why(required: bool) -> Callable[[Connection, Subject, Typed, list[Fault]], Payload]:
    def payload(_c: Connection, _s: Subject, typed: Typed, faults: list[Fault]) -> Payload:
        if required:
            needed(
                typed, "reason", faults, _("Nothing is said of it."), _("Say in a few words what is known.")
            )
        return {"reason": typed["reason"] or None}

    return payload


def _place_fields(_connection: Connection, subject: Subject) -> list[Field]:
    return [Field("facility", "select", _("At which facility"), options=options_of(subject.places))]


def _place(_c: Connection, subject: Subject, typed: Typed, faults: list[Fault]) -> Payload:
    known = [one.id for one in subject.places]
    return {"facility": chosen_of(typed, "facility", known, faults, _("No facility is chosen."))}


# -- changes of the passport


def _account_fields(_connection: Connection, _subject: Subject) -> list[Field]:
    return [Field("account", "area", _("What was done, and why"), required=True)]


def _account(_c: Connection, subject: Subject, typed: Typed, faults: list[Fault]) -> Payload:
    remedy = _("Say it in a sentence: who reads it later was not there.")
    account = needed(typed, "account", faults, _("It is not said what was done."), remedy)
    return {"battery": subject.id, "account": account.replace("\n", " ")}


# -- put right


def _weigh_fields(subject: Subject) -> list[Field]:
    hint = _("As its model says; weigh it if you can.") if subject.standing is None else ""
    fields = [Field("mass_kg", "number", _("Weight, kg"), hint, True)]
    if subject.standing is not None:
        hint = _("Such as: floor scale, hall 2")
        fields.append(Field("reason", "text", _("How it was weighed"), hint, True))
    return fields


def _first_weight(_connection: Connection, subject: Subject, _query: Mapping[str, str]) -> Typed:
    mass = subject.told.mass_kg if subject.standing is None else subject.standing.mass_kg
    return Typed({"mass_kg": "" if mass is None else spelt(mass)})


def _shown_weight(_connection: Connection, subject: Subject, _typed: Typed) -> dict[str, Any]:
    return {"fields": [one.as_dict() for one in _weigh_fields(subject)]}


def _record_weight(connection: Connection, subject: Subject, typed: Typed, hand: Hand) -> str:
    """The first word of custody about it; else a correction of the last."""
    faults: list[Fault] = []
    mass = mass_of(typed, "mass_kg", faults)
    if subject.standing is None:
        stop_at(faults)
        return recorded(hand, "custody.begun", subject, {"form": "pack", "mass_kg": mass}, typed)
    reason = needed(typed, "reason", faults, _("It is not said how."), _("Such as: floor scale, hall 2."))
    stop_at(faults)
    last = earlier(connection, subject)[0][0]
    payload = {"corrects": last, "reason": reason, "mass_kg": mass}
    return recorded(hand, "custody.corrected", subject, payload, typed)


def earlier(connection: Connection, subject: Subject) -> list[tuple[str, str]]:
    """Events of custody that can be corrected, newest first, each with its words."""
    try:
        found = history.of(connection, subject.item, subject.person.acts_for)["events"]
    except NotFoundError:
        return []
    words = event_words()
    return [
        (one["id"], f"{one['at'][:10]} {one['at'][11:16]} UTC: {words.get(one['kind'], one['kind'])}")
        for one in reversed(found)
    ]


def _correct_fields(connection: Connection, subject: Subject) -> list[Field]:
    return [
        Field("corrects", "select", _("Which event was wrong"), options=earlier(connection, subject)),
        Field("reason", "text", _("What was wrong"), required=True),
        Field("mass_kg", "number", _("Weight that holds, kg"), _("Only if it changes")),
        Field("count", "number", _("Count that holds"), _("Only if it changes")),
        Field("condition", "text", _("Condition that holds"), _("Only if it changes")),
        Field("right_place", "text", _("Place that holds"), _("Only if it changes")),
    ]


def _correct(connection: Connection, subject: Subject, typed: Typed, faults: list[Fault]) -> Payload:
    known = [one for one, _words in earlier(connection, subject)]
    payload: Payload = {
        "corrects": chosen_of(typed, "corrects", known, faults, _("No event is chosen.")),
        "reason": needed(typed, "reason", faults, _("It is not said what was wrong."), _("Say it in words.")),
        "mass_kg": mass_of(typed, "mass_kg", faults, required=False),
        "condition": typed["condition"] or None,
        "place": typed["right_place"] or None,
    }
    if typed["count"]:
        payload["count"] = count_of(typed, "count", faults, MOST_PIECES)
    return payload


def _changed(kind: str) -> Form:
    return Simple(kind, _account_fields, _account).form()


FORMS: Final[dict[str, Form]] = {
    "install": Simple("custody.installed", _install_fields, _install).form(),
    "remove": Simple("custody.removed", _reason(lambda: _("Why"), True), _why(True)).form(),
    "place": Simple("custody.stored", _place_fields, _place).form(),
    "repaired": _changed("passport.repaired"),
    "remanufactured": _changed("passport.remanufactured"),
    "reused": _changed("passport.reused"),
    "waste": _changed("passport.became_waste"),
    "ceased": _changed("passport.ceased"),
    "revoked": _changed("passport.revoked"),
    "weigh": Form(TEMPLATE, _first_weight, _shown_weight, _record_weight),
    "correct": Simple("custody.corrected", _correct_fields, _correct).form(),
    "lost": Simple("custody.lost", _reason(lambda: _("What is known"), True), _why(True)).form(),
    "stolen": Simple("custody.stolen", _reason(lambda: _("What is known"), True), _why(True)).form(),
    "found": Simple("custody.found", _reason(lambda: _("Where, and how"), False), _why(False)).form(),
}
