"""The papers of a notification or movement, filled from the registry: the same forms as those of a case.

Nothing is made up: what the registry does not know stays a blank, and blocks of authorities stay theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from kitaran.law import Case, Decision
from kitaran.law.paper_model import Paper
from kitaran.law.papers import paper
from kitaran.law.particulars import Particulars, read_particulars
from kitaran.registry.movement import disclosure, dossier, lawbook, paper_record, repository, view, words
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.registry.parties.repository import Operator

_KINDS: Final = {"recycle": "recovery", "dispose": "disposal", "repurpose": "repurposing"}
"""Kinds of contract by what is done at the facility, where there is one kind alone."""
_MODES: Final = ("road", "rail", "sea", "air", "inland_waterway")


def of_notification(connection: Connection, number: str, name: str, caller: Operator, at: datetime) -> Paper:
    """A paper of a notification. Raises NotFoundError for one that is not the caller's, or no paper."""
    found = repository.notification(connection, number)
    if found is None or not disclosure.may_see(connection, found.item, caller):
        raise disclosure.unseen(number)
    decision = view.decision_on_notification(connection, found, at)
    facts = view.notification_facts(connection, found, at)
    told = _common(connection, found.exporter, found.content, at) | _spoken(facts)
    told["notification"] = {
        "number": number,
        "kind": "multiple" if found.shipments > 1 else "individual",
        "shipments": found.shipments,
        "last_departure": found.last_departure,
    }
    made = paper(name, decision, _read(told, decision.case), lawbook.book(connection))
    return paper_record.of_notification(made, facts)


def of_movement(connection: Connection, number: str, name: str, caller: Operator, at: datetime) -> Paper:
    """A paper of a movement. Raises NotFoundError for one that is not the caller's, or no paper."""
    found = repository.movement(connection, number)
    if found is None or not disclosure.may_see(connection, found.item, caller):
        raise disclosure.unseen(number)
    decision: Decision = view.decision_on_movement(connection, found, at)
    facts = view.movement_facts(connection, found, at)
    told = _common(connection, found.exporter, found.content, at)
    told["reference"] = number
    told["items"] = _items(connection, number)
    if told["items"]:  # only who holds them announces them
        told["parties"]["holder"] = told["parties"]["exporter"]
    told["transport"] = _transport(facts)
    if found.notification is not None:
        under = repository.notification(connection, found.notification)
        assert under is not None  # of a movement that is
        told |= _spoken(view.notification_facts(connection, under, at))
        told["notification"] = {
            "number": found.notification,
            "kind": "multiple" if under.shipments > 1 else "individual",
            "shipments": under.shipments,
            "serial": found.serial,
            "last_departure": under.last_departure,
        }
    made = paper(name, decision, _read(told, decision.case), lawbook.book(connection))
    return paper_record.of_movement(made, facts)


def _spoken(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Contract and reason, as the notification names them; what was erased stays a blank."""
    known = {name: facts[name] for name in ("contract", "reason") if facts[name] not in (None, words.ERASED)}
    contract = _known(number=known.get("contract"), kind=_KINDS.get(facts["activity"]))
    return {
        **({"contract": contract} if "contract" in known else {}),
        "waste": _known(composition=facts["goods"].get("composition"), reason_for_export=known.get("reason")),
    }


def _transport(facts: Mapping[str, Any]) -> dict[str, str]:
    """Conveyance and seal, as it departed."""
    started = [one["payload"] for one in facts["events"] if one["kind"] == "started"]
    told = {name: one.get(name) for one in started for name in ("conveyance", "seal")}
    return {name: value for name, value in told.items() if value not in (None, words.ERASED)}


def _common(
    connection: Connection, exporter: str, planned: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    """Parties, carriers and waste as planned."""
    place = facilities.facility(connection, planned["facility"], at)
    described = {} if place is None else place.description
    sides = {
        "exporter": _party(connection, exporter, at),
        "importer": _party(connection, planned["importer"], at),
        "facility": _known(name=described.get("name"), address=described.get("address")),
    }
    mode = planned["route"].get("mode")
    carriers = [
        {**_party(connection, one, at), **({"means": mode} if mode in _MODES else {})}
        for one in planned.get("carriers", [])
    ]
    waste = _known(composition=planned["goods"].get("composition"))
    return {"parties": sides, "carriers": carriers, "waste": waste}


def _party(connection: Connection, operator: str, at: datetime) -> dict[str, str]:
    found = parties.operator(connection, operator, at)
    return {"name": operator if found is None else found.name, "registration": operator}


def _items(connection: Connection, number: str) -> list[dict[str, Any]]:
    known = dossier.known_of(connection, repository.items_of(connection, number))
    return [
        {
            "id": one.get("identification_number") or item.removeprefix("battery/"),
            **_known(model=one.get("model")),
            **_mass(one.get("mass_kg")),
            **_test(one),
        }
        for item, one in known.items()
    ]


def _test(one: Mapping[str, str]) -> dict[str, Any]:
    """When, by whom and with what it was tested. What was found is told by who may tell it, on the sheet."""
    told = _known(date=one.get("test_date"), tester=one.get("tested_by"), instrument=one.get("instrument"))
    return {"test": told} if told else {}


def _mass(text: str | None) -> dict[str, float]:
    return {} if text is None else {"mass_kg": float(text)}


def _known(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _read(told: dict[str, Any], case: Case) -> Particulars:
    whole = {name: value for name, value in told.items() if value}
    return read_particulars({"particulars": whole}, case, "movement")
