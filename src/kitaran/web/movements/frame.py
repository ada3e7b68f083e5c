"""What every page of shipments has in common: addresses, rooms, words, and who may be offered what."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request
from sqlalchemy import Connection

from kitaran.foundation.clock import now
from kitaran.registry.custody import stock
from kitaran.registry.movement import repository
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.accounts import Person
from kitaran.web import access_words
from kitaran.web.facility import words as facility_words
from kitaran.web.language import gettext as _
from kitaran.web.move import words as move_words
from kitaran.web.move.rule_words import sure_words
from kitaran.web.movements import words

HERE: Final = "/movements"
NOTIFICATION: Final = HERE + "/notification"
MOVEMENT: Final = HERE + "/movement"
EVIDENCE: Final = HERE + "/evidence"
CORRIDORS: Final = HERE + "/corridors"
CORRIDOR: Final = HERE + "/corridor"
REPORTS: Final = HERE + "/reports"
TRADES: Final = frozenset(
    {"operator", "producer", "producer_responsibility_organisation", "repurposer", "recycler"}
)
"""Roles that send batteries: officers, authorities and who only reads notify nothing."""
_GOODS_SAID: Final = ("kind", "chemistry", "condition", "purpose")
_MOST_BATTERIES: Final = 300

Options = tuple[tuple[str, str], ...]


def frame(request: Request) -> dict[str, Any]:
    """Words and rooms of every page of shipments."""
    path = request.url.path
    known = move_words.choices()
    rooms = [
        (HERE, _("Shipments")),
        (CORRIDORS, _("Corridors")),
        (EVIDENCE, _("Read a file of evidence")),
        ("/move", _("May it move?")),
    ]
    return {
        "rooms": [{"path": one, "label": label, "here": path == one} for one, label in rooms],
        "state_words": words.state_words(),
        "role_words": words.role_words(),
        "turn_words": words.turn_words(),
        "act_words": words.act_words(),
        "finding_words": words.finding_words(),
        "document_words": words.document_words(),
        "access_words": access_words.activity_words(),
        "held_words": words.held_words(),
        "step_words": words.step_words(),
        "activity_words": words.activity_words(),
        "disclosed_words": words.disclosed_words(),
        "goods_words": {code: label for name in _GOODS_SAID for code, label in known[name]},
        "tones": words.TONES,
        "card_words": move_words.card_words,
        "card_tones": move_words.TONES,
        "sure_words": sure_words,
        "faults": [],
        "given": {},
        "opened": "",
    }


def sends(person: Person | None) -> bool:
    """Whether the person may ask for a consent: whoever only inspects, consents or reads may not."""
    return person is not None and bool(person.roles & TRADES)


def carriers(connection: Connection, me: str) -> Options:
    """Who may be named as carrier: operators, by name."""
    found = [one for one in parties.operators(connection, now()) if "operator" in one.roles and one.id != me]
    named = sorted((one.name, one.economy or "", one.id) for one in found)
    return tuple((id_, f"{name} ({economy})" if economy else name) for name, economy, id_ in named)


def batteries(connection: Connection, me: str) -> Options:
    """What an operator has at hand that is in no movement, with what it is and weighs."""
    held = [one for one in stock.in_hand(connection, me) if one.status == "held"]
    elsewhere = repository.travelling(connection, [one.item for one in held])
    kinds = facility_words.kind_words()
    free = [one for one in held if one.item not in elsewhere][:_MOST_BATTERIES]
    return tuple((one.item, _said(one, kinds.get(one.kind, one.kind))) for one in free)


def _said(one: stock.Held, kind: str) -> str:
    mass = "" if one.mass_kg is None else f"{one.mass_kg} kg"
    parts = (kind, facility_words.chemistry_words(one.chemistry), mass, *one.names[:1], f"…{one.item[-6:]}")
    return " · ".join(part for part in parts if part)
