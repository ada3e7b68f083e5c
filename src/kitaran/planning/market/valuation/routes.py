"""The ways to sell a battery, each with its terms: the equation of the valuation.

    reuse    : min( a n H (1 - d) - w - r + (1 - a) m , u ) - removal - t
    recycle  : m = phi sum of contained metal x price - removal - t
    drive on : min( body + n H (1 - d) , P (1 - delta)^age ) (1 - c)          a vehicle as it stands
    sell     : payable x black mass - t

n price of a new battery [USD/kWh] with the mark-up of a small buyer, H health factor, d discount for short
warranty and unknown history, a share of modules built in again, w work, r reserves for warranty and fire, m
what a recycler pays less the way to him, u price of usable used packs at this state of health, t transport.
The least of what the throughput is worth after work and what the market pays counts; the owner takes the best
way. Work stops after the test where the recycler then pays more than finishing brings. What is damaged is
recycled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.market.valuation import haulage, metals, second_life, vehicles
from kitaran.planning.market.valuation.draw import Draw
from kitaran.planning.market.valuation.figures import Array
from kitaran.planning.market.valuation.health import can_be_valued
from kitaran.planning.market.valuation.lot import BLACK_MASS, DAMAGED, SOUND, VEHICLE
from kitaran.planning.market.valuation.part import Part
from kitaran.planning.market.valuation.throughput import age_not_told, health_of

REUSE, RECYCLE, DRIVE_ON, SELL = ROUTES = ("reuse", "recycle", "drive_on", "sell_black_mass")


@dataclass(frozen=True)
class Route:
    """One way to sell, (battery, column) each [USD]; the terms add up to the value.

    capped : whether the price of the market is the least of what may be asked
    """

    value: Array
    terms: Mapping[str, Array]
    capped: NDArray[np.bool_]


@dataclass(frozen=True)
class Look:
    """Ways to sell, and the factors behind their terms, (battery, column) each."""

    routes: Mapping[str, Route]
    factors: Mapping[str, Array]


def look(part: Part, draw: Draw) -> Look:
    """Every way to sell batteries of one kind, at the draw's scores."""
    if part.kind.form == BLACK_MASS:
        return _black_mass(part, draw)
    soh = health_of(part, draw)
    age = np.where(np.isnan(part.age), draw.of(age_not_told(draw)), part.age)
    factors: dict[str, Array] = {"soh": soh, "age": age}
    per_kg = part.mass_kg / part.kwh
    mass = haulage.kg_per_kwh(draw, part.kind.chemistry, part.kind.form, per_kg)
    factors["kg_per_kwh"] = mass
    removal, scrap = np.zeros_like(soh), np.zeros_like(soh)
    recycled = _recycle(part, draw, mass, factors)
    routes: dict[str, Route] = {}
    usable = part.kind.condition != DAMAGED and can_be_valued(part.kind.chemistry)
    if part.kind.form == VEHICLE:
        scrap = vehicles.body_scrap(part, draw, soh)
    if usable:
        reused, removal = second_life.reuse(
            part, draw, soh, age, recycled["metals"] + recycled["transport"], mass, factors
        )
        reused["stopped"] = second_life.stopped(reused, recycled)
        if part.kind.form == VEHICLE:
            routes[DRIVE_ON] = _route(vehicles.drive_on(part, draw, soh, age, factors))
            reused = reused | {"removal": -removal * part.kwh, "body_scrap": scrap}
        routes[REUSE] = _route(reused)
    elif part.kind.form == VEHICLE:
        removal = second_life.removal(part, draw, soh)
    if part.kind.form == VEHICLE:
        recycled = recycled | {"removal": -removal * part.kwh, "body_scrap": scrap}
    routes[RECYCLE] = _route(recycled)
    return Look(routes, factors)


def _route(terms: Mapping[str, Array], capped: NDArray[np.bool_] | None = None) -> Route:
    value = np.asarray(sum(terms.values(), np.float64(0.0)), np.float64)
    bound = terms.get("market_limit")
    if capped is None:
        capped = np.zeros(value.shape, bool) if bound is None else bound < 0
    return Route(value, dict(terms), np.broadcast_to(capped, value.shape))


def _recycle(part: Part, draw: Draw, mass: Array, factors: dict[str, Array]) -> dict[str, Array]:
    """Terms of handing over to a recycler [USD]."""
    kind = part.kind
    per_kg = haulage.haulage(draw, kind.economy, kind.chemistry, kind.condition, haulage.TO_RECYCLER)
    paid = metals.paid_for_battery(draw, kind.chemistry, mass) + np.zeros_like(mass)
    factors["metals_usd_per_kwh"] = paid
    factors["haulage_to_recycler_usd_per_kg"] = per_kg + np.zeros_like(mass)
    return {"metals": paid * part.kwh, "transport": -per_kg * mass * part.kwh}


def _black_mass(part: Part, draw: Draw) -> Look:
    kind = part.kind
    price = metals.paid_for_black_mass(draw, kind.chemistry)
    way = haulage.haulage(draw, kind.economy, kind.chemistry, SOUND, haulage.TO_REFINERY, BLACK_MASS)
    zero = np.zeros((part.mass_kg.shape[0], draw.scores.columns))
    terms = {"metals": price * part.mass_kg + zero, "transport": -way * part.mass_kg + zero}
    factors = {
        "metals_usd_per_kg": price + zero,
        "haulage_to_recycler_usd_per_kg": way + zero,
    }
    return Look({SELL: _route(terms)}, factors)
