"""Hand over one battery from wherever it is: sold, leased, lent, brought to a yard; or only its ownership."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection

from kitaran.foundation.clock import now
from kitaran.foundation.errors import Fault
from kitaran.registry.custody import service
from kitaran.registry.custody.amounts import spelt
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.hand import Hand
from kitaran.web.battery_acts.form import Form, Typed, chosen_of, count_of, mass_of, stop_at
from kitaran.web.battery_acts.subject import Subject
from kitaran.web.facility.frame import HANDOVER
from kitaran.web.facility.handing import CLAIM_DAYS, SHOWN
from kitaran.web.facility.words import basis_words, passes_words
from kitaran.web.language import gettext as _

LEAST_LETTERS: Final = 2
MOST_DAYS: Final = 365


def _first(_connection: Connection, subject: Subject, _query: Mapping[str, str]) -> Typed:
    mass = subject.told.mass_kg if subject.standing is None else None
    first = {"basis": "sale", "passes": _passes(subject)[0][0], "claim_days": CLAIM_DAYS}
    return Typed({**first, "mass_kg": "" if mass is None else spelt(mass)})


def _passes(subject: Subject) -> list[tuple[str, str]]:
    """What can go over: who holds it passes the battery on, who owns it the ownership."""
    words = passes_words()
    may = {"both": subject.holds and subject.owns, "possession": subject.holds, "ownership": subject.owns}
    return [(one, words[one]) for one in words if may[one]]


def _shown(connection: Connection, subject: Subject, typed: Typed) -> dict[str, Any]:
    return {
        "operators": operators_named(connection, typed, besides=subject.me),
        "searched": len(typed["who"]) >= LEAST_LETTERS,
        "bases": list(basis_words().items()),
        "passes": _passes(subject),
        "asks_mass": subject.standing is None,
    }


def operators_named(connection: Connection, typed: Typed, besides: str) -> list[dict[str, str]]:
    """Operators, one aside, whose name holds what is searched for; who is chosen already, first."""
    wanted, chosen = parties.same_name(typed["who"]), typed["to"]
    every = [one for one in parties.operators(connection, now()) if one.id != besides]
    first = [one for one in every if one.id == chosen]
    by_name = [one for one in every if one.id != chosen and wanted in parties.same_name(one.name)]
    several = first + (by_name[:SHOWN] if len(wanted) >= LEAST_LETTERS else [])
    return [{"id": one.id, "name": one.name, "economy": one.economy or ""} for one in several]


def _record(_connection: Connection, subject: Subject, typed: Typed, hand: Hand) -> str:
    """The offer; before it, of a battery that custody has not met, its weight."""
    faults: list[Fault] = []
    if not typed["to"]:
        cause = _("Nobody is chosen who receives it.")
        faults.append(Fault("to", cause, _("Search by name, then choose.")))
    bases, passes = list(basis_words()), [one for one, _words in _passes(subject)]
    payload = {
        "to": typed["to"],
        "passes": chosen_of(typed, "passes", passes, faults, _("It is not said what goes over.")),
        "basis": chosen_of(typed, "basis", bases, faults, _("No such basis is known.")),
        "claim_days": count_of(typed, "claim_days", faults, MOST_DAYS),
        "condition": typed["condition"] or None,
        "waste_code": typed["waste_code"].upper() or None,
    }
    mass = mass_of(typed, "mass_kg", faults, required=False) if subject.standing is None else None
    stop_at(faults)
    place = typed["place"] or None
    if mass is not None:
        service.begin(hand, subject.item, {"form": "pack", "mass_kg": mass}, place)
    made = service.offer(hand, [subject.item], payload, place)
    return f"{HANDOVER}/{made['offer']}"


FORMS: Final[dict[str, Form]] = {"hand-over": Form("battery_acts/hand_over.html", _first, _shown, _record)}
