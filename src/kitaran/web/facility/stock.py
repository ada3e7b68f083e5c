"""Stock of a yard as facts: kilograms and days against the limits, kinds, what came and what left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection

from kitaran.foundation.clock import now, stamp
from kitaran.registry.custody import stock
from kitaran.registry.custody.amounts import spelt, total
from kitaran.registry.custody.stock import Held, Moved
from kitaran.registry.custody.storage_limits import Against, Stay, against
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.registry.parties.facilities.repository import Dated, Facility

LOOKED_BACK: Final = timedelta(days=30)
_WH_IN_KWH: Final = 1000


@dataclass(frozen=True)
class Yard:
    """Stock of one facility, or of none.

    held  : what lies there; missing : lost or stolen; elsewhere : what the operator has without a place
    ended : the permit to store here that ended last, where none is in force
    """

    facility: Facility | None
    held: list[Held]
    missing: list[Held]
    elsewhere: list[Held]
    against: Against
    ended: Dated | None = None


def yard_of(connection: Connection, operator: str, facility: Facility | None) -> Yard:
    """What an operator has at a facility now."""
    place = None if facility is None else facility.id
    every = stock.in_hand(connection, operator)
    here = [one for one in every if one.facility == place]
    held = [one for one in here if one.status == "held"]
    permits = [] if facility is None else facilities.permits(connection, facility.id)
    storage = None if facility is None else facility.description.get("storage")
    told = against(held, storage, permits, now())
    return Yard(
        facility,
        held,
        [one for one in here if one.status != "held"],
        [] if facility is None else [one for one in every if one.facility is None and one.status == "held"],
        told,
        None if told.permits else _ended_last(permits),
    )


def _ended_last(permits: Sequence[Dated]) -> Dated | None:
    """The permit to store that ended last before now."""
    at = stamp()
    past = [one for one in permits if "store" in one.content["activities"] and (one.valid_until or at) < at]
    return max(past, key=lambda one: str(one.valid_until), default=None)


def facts_of(yard: Yard) -> dict[str, Any]:
    """The stock in sums."""
    told = yard.against
    share = None if not told.limit_kg else float(told.mass_kg / told.limit_kg)
    return {
        "items": len(yard.held),
        "mass_kg": spelt(told.mass_kg),
        "unweighed": told.unweighed,
        "limit_kg": None if told.limit_kg is None else spelt(told.limit_kg),
        "free_kg": None if told.limit_kg is None else spelt(max(Decimal(0), told.limit_kg - told.mass_kg)),
        "share": share,
        "level": told.level,
        "days": told.days,
        "longest_days": told.stays[0].days if told.stays else None,
        "days_level": told.days_level,
        "days_near": sum(one.level == "near" for one in told.stays),
        "days_over": sum(one.level == "over" for one in told.stays),
        "permits": [
            {name: one.content[name] for name in ("number", "authority")} | {"valid_until": one.valid_until}
            for one in told.permits
        ],
        "permit_level": told.permit_level,
        "permit_ended": None if yard.ended is None else yard.ended.valid_until,
        "by_kind": by_kind(yard.held),
        "missing": len(yard.missing),
        "elsewhere": {"items": len(yard.elsewhere), "mass_kg": spelt(_sum(yard.elsewhere))},
    }


def by_kind(held: Sequence[Held]) -> list[dict[str, Any]]:
    """Stock by kind and chemistry, the heaviest first."""
    groups: dict[tuple[str, str], list[Held]] = defaultdict(list)
    for one in held:
        groups[one.kind, one.chemistry].append(one)
    ordered = sorted(groups.items(), key=lambda pair: (-_sum(pair[1]), pair[0]))
    return [
        {
            "kind": kind,
            "chemistry": chemistry,
            "items": len(several),
            "count": sum(one.count for one in several),
            "mass_kg": spelt(_sum(several)),
            "unweighed": sum(one.mass_kg is None for one in several),
        }
        for (kind, chemistry), several in ordered
    ]


def items_of(yard: Yard, wanted: Collection[str], first: int, most: int) -> list[dict[str, Any]]:
    """A page of these items of the stock, that which lies longest first."""
    stays = [stay for stay in yard.against.stays if stay.item in wanted][first : first + most]
    shown = {stay.item for stay in stays}
    held = {one.item: one for one in yard.held if one.item in shown}
    return [item_facts(held[stay.item], stay) for stay in stays]


def item_facts(one: Held, stay: Stay | None = None) -> dict[str, Any]:
    """One item; with how long it has lain there."""
    return {
        "item": one.item,
        "battery": one.battery,
        "end": one.item[-6:],
        "kind": one.kind,
        "chemistry": one.chemistry,
        "count": one.count,
        "mass_kg": None if one.mass_kg is None else spelt(one.mass_kg),
        **nameplate(one.label),
        "model_name": one.label.get("model_name"),
        "signs": one.label.get("signs", []),
        "names": list(one.names),
        "since": one.since,
        "status": one.status,
        "days": None if stay is None else stay.days,
        "days_left": None if stay is None else stay.left,
        "level": None if stay is None else stay.level,
    }


def nameplate(label: dict[str, Any]) -> dict[str, Any]:
    """Voltage [V], capacity [Ah] and energy [kWh] of a label, the energy from the others if need be."""
    volts, hours, energy = (_number(label.get(one)) for one in ("voltage_v", "capacity_ah", "energy_kwh"))
    told = energy
    if energy is None and volts is not None and hours is not None:
        told = volts * hours / _WH_IN_KWH
    return {
        "voltage_v": volts,
        "capacity_ah": hours,
        "energy_kwh": told,
        "energy_worked_out": energy is None and told is not None,
    }


def found(held: Sequence[Held], query: str) -> list[Held]:
    """Items whose serial number, code, model or id holds what is searched for; an id by its end, too."""
    wanted = " ".join(query.split()).casefold()
    return [one for one in held if not wanted or any(wanted in text for text in _texts(one))]


def moves(
    connection: Connection, operator: str, names: dict[str, str], shown: int = 20
) -> dict[str, list[dict[str, Any]]]:
    """What came and what left in the last 30 days, newest first, and their sums."""
    since = stamp(now() - LOOKED_BACK)
    came = stock.arrivals(connection, operator, since)
    left = stock.departures(connection, operator, since)
    return {
        "came": [_moved(one, names) for one in came[:shown]],
        "left": [_moved(one, names) for one in left[:shown]],
        "sums": [
            {
                "way": way,
                "items": len(several),
                "mass_kg": spelt(total(one.mass_kg or Decimal(0) for one in several)),
            }
            for way, several in (("came", came), ("left", left))
        ],
    }


def _moved(one: Moved, names: dict[str, str]) -> dict[str, Any]:
    return {
        "item": one.item,
        "end": one.item[-6:],
        "kind": one.kind,
        "chemistry": one.chemistry,
        "mass_kg": None if one.mass_kg is None else spelt(one.mass_kg),
        "at": one.at,
        "other": None if one.other is None else names.get(one.other, one.other),
        "offer": one.offer,
    }


def _sum(held: Sequence[Held]) -> Decimal:
    return total(one.mass_kg for one in held if one.mass_kg is not None)


def _number(text: Any) -> float | None:
    return None if text is None else float(text)


def _texts(one: Held) -> list[str]:
    said = (one.item, *one.names, str(one.label.get("model_name") or ""), str(one.label.get("label") or ""))
    return [text.casefold() for text in said]
