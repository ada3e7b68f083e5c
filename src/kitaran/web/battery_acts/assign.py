"""An authority says who has a battery, or who owns it: after a conflict, a seizure, an insolvency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection

from kitaran.foundation.errors import Fault
from kitaran.registry.parties.hand import Hand
from kitaran.web.battery_acts.form import Form, Typed, chosen_of, needed, recorded, stop_at
from kitaran.web.battery_acts.offer import LEAST_LETTERS, operators_named
from kitaran.web.battery_acts.subject import Subject
from kitaran.web.language import gettext as _

_ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "both": ("holder", "owner"),
    "holder": ("holder",),
    "owner": ("owner",),
}


def _words() -> list[tuple[str, str]]:
    return [("both", _("has it and owns it")), ("holder", _("has it")), ("owner", _("owns it"))]


def _first(_connection: Connection, _subject: Subject, _query: Mapping[str, str]) -> Typed:
    return Typed({"role": "both"})


def _shown(connection: Connection, subject: Subject, typed: Typed) -> dict[str, Any]:
    return {
        "operators": operators_named(connection, typed, besides=""),
        "searched": len(typed["who"]) >= LEAST_LETTERS,
        "roles": _words(),
    }


def _record(_connection: Connection, subject: Subject, typed: Typed, hand: Hand) -> str:
    faults: list[Fault] = []
    if not typed["to"]:
        faults.append(Fault("to", _("Nobody is chosen."), _("Search by name, then choose.")))
    role = chosen_of(typed, "role", list(_ROLES), faults, _("It is not said what the organisation is to it."))
    remedy = _("Name the decision on which it rests.")
    reason = needed(typed, "reason", faults, _("The reason is missing."), remedy)
    stop_at(faults)
    payload = {"reason": reason, **dict.fromkeys(_ROLES[role], typed["to"])}
    return recorded(hand, "custody.assigned", subject, payload, typed)


FORMS: Final[dict[str, Form]] = {"assign": Form("battery_acts/assign.html", _first, _shown, _record)}
