"""The law's question about a notification or movement: its facts as a case, and what the law says of it.

What the registry knows goes in: goods, route, consents that stand, documents given, a pre-consent of the
facility. What it does not know stays unknown. Not a determination by a competent authority.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection

from kitaran.law import Case, Decision, decide, read_case
from kitaran.law.book import packaged_book
from kitaran.law.case import vocabulary
from kitaran.law.situation import Situation
from kitaran.registry.movement import lawbook
from kitaran.registry.movement.jurisdiction import alpha_2
from kitaran.registry.movement.repository import on_route
from kitaran.registry.parties.facilities import repository as facilities

WITHIN, OUTSIDE = "within_union", "outside_union"
_WORDS: Final = ("kind", "chemistry", "condition", "diagnosable", "critical")
_NUMBERS: Final = ("soc_pct", "soh_pct", "energy_kwh")
PRECONSENTED, NOT_PRECONSENTED = "preconsented", "not_preconsented"


def preconsented(connection: Connection, planned: Mapping[str, Any], at: datetime) -> bool:
    """Whether the authority of the destination has consented beforehand to such waste at this facility."""
    code = planned["goods"].get("waste_code")
    return any(
        one.valid_at(at)
        and one.content["economy"] == planned["route"]["destination"]
        and code in one.content["waste_codes"]
        for one in facilities.preconsents(connection, planned["facility"])
    )


def case_of(
    planned: Mapping[str, Any],
    day: str,
    facility_preconsented: bool,
    mass_kg: Decimal | None = None,
    consents: Collection[str] = (),
    documents: Collection[str] = (),
) -> Case:
    """The case of what is planned, for a day of departure.

    consents  : economies whose consent stands for this load
    documents : names of the law's table that were given
    """
    goods, route = planned["goods"], planned["route"]
    item = {name: goods[name] for name in _WORDS if goods.get(name) is not None}
    item |= {name: float(goods[name]) for name in _NUMBERS if goods.get(name) is not None}
    if mass_kg is not None:
        item["mass_kg"] = float(mass_kg)
    known = {economy: alpha_2(economy) for economy, _ in on_route(dict(route))}
    transit = [known[one] for one in route.get("transit", [])]
    evidence = {name: True for name in documents if name in vocabulary()["evidence"]}
    facts = {
        "item": item,
        "purpose": goods.get("purpose"),
        "route": {
            "export": known[route["export"]],
            "import": known[route["destination"]],
            "transit": None if None in transit else transit,
            "mode": route.get("mode"),
        },
        "evidence": evidence,
        "consents": {known[one]: True for one in consents if known.get(one)},
        "facility": {"preconsented": facility_preconsented},
    }
    return read_case({"as_of": day, "facts": facts}, "movement")


def decision_of(connection: Connection, case: Case) -> Decision:
    """What the law says of it, by the book of this registry: with the own facts of its workspace."""
    return decide(case, lawbook.book(connection))


def holding(case: Case) -> frozenset[str]:
    """Conditions of clocks that hold for a case. Of a route with an unknown economy neither union holds."""
    book = packaged_book()
    within = Situation(case, book, book.at(case.as_of)).value("route.between_member_states")
    facts = case.facts
    known = "route.export" in facts and "route.import" in facts and "route.transit" in facts
    union = {WITHIN if within else OUTSIDE} if known else set()
    here = PRECONSENTED if facts.get("facility.preconsented") is True else NOT_PRECONSENTED
    return frozenset(union | {here})
