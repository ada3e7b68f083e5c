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

from kitaran.planning.market.valuation import haulage, metals
from kitaran.planning.market.valuation.book import Book
from kitaran.planning.market.valuation.draw import Draw
from kitaran.planning.market.valuation.figures import Array, Figure
from kitaran.planning.market.valuation.health import Course, ageing, can_be_valued, course, soh_at_end, speeds
from kitaran.planning.market.valuation.lot import (
    BLACK_MASS,
    DAMAGED,
    SOUND,
    UNKNOWN,
    VEHICLE,
    Kind,
    Lot,
)
from kitaran.planning.market.valuation.ranges import P90_SCORE, P95_SCORE
from kitaran.planning.market.valuation.work import work

REUSE, RECYCLE, DRIVE_ON, SELL = ROUTES = ("reuse", "recycle", "drive_on", "sell_black_mass")
DUTY_OF_CLASS = {
    "e_bike": "private_two_wheeler",
    "two_wheeler": "private_two_wheeler",
    "three_wheeler": "e_rickshaw",
    "car": "private_car",
    "van": "delivery_van",
    "bus": "city_bus",
    "truck": "truck",
}
FULL_HEALTH = 1.0


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


@dataclass(frozen=True)
class Part:
    """Batteries of one kind, (battery, 1) each."""

    kind: Kind
    kwh: Array
    mass_kg: Array
    soh_low: Array
    soh: Array
    soh_high: Array
    age: Array

    @classmethod
    def of(cls, kind: Kind, lot: Lot, at: NDArray[np.intp]) -> Part:
        def column(values: Array) -> Array:
            return values[at][:, None]

        return cls(
            kind,
            column(lot.kwh),
            column(lot.mass_kg),
            column(lot.soh_low),
            column(lot.soh),
            column(lot.soh_high),
            column(lot.age),
        )


def look(part: Part, draw: Draw) -> Look:
    """Every way to sell batteries of one kind, at the draw's scores."""
    if part.kind.form == BLACK_MASS:
        return _black_mass(part, draw)
    soh = health_of(part, draw)
    age = np.where(np.isnan(part.age), draw.of(_age(draw)), part.age)
    factors: dict[str, Array] = {"soh": soh, "age": age}
    per_kg = part.mass_kg / part.kwh
    mass = haulage.kg_per_kwh(draw, part.kind.chemistry, part.kind.form, per_kg)
    factors["kg_per_kwh"] = mass
    removal, scrap = np.zeros_like(soh), np.zeros_like(soh)
    recycled = _recycle(part, draw, mass, factors)
    routes: dict[str, Route] = {}
    usable = part.kind.condition != DAMAGED and can_be_valued(part.kind.chemistry)
    if part.kind.form == VEHICLE:
        scrap = _body_scrap(part, draw, soh)
    if usable:
        reused, removal = _reuse(
            part, draw, soh, age, recycled["metals"] + recycled["transport"], mass, factors
        )
        reused["stopped"] = _stopped(reused, recycled)
        if part.kind.form == VEHICLE:
            routes[DRIVE_ON] = _drive_on(part, draw, soh, age, factors)
            reused = reused | {"removal": -removal * part.kwh, "body_scrap": scrap}
        routes[REUSE] = _route(reused)
    elif part.kind.form == VEHICLE:
        removal = _removal(part, draw, soh)
    if part.kind.form == VEHICLE:
        recycled = recycled | {"removal": -removal * part.kwh, "body_scrap": scrap}
    routes[RECYCLE] = _route(recycled)
    return Look(routes, factors)


def health_of(part: Part, draw: Draw) -> Array:
    """State of health, (battery, column); the range of an untested battery where nobody has measured it."""
    kept = draw.book.assumption("soh_not_tested", "health")
    guess = draw.of(Figure(**{**vars(kept), "name": "soh"}))
    held = np.clip(draw.scores.of("soh"), -2 * P90_SCORE, 2 * P90_SCORE) / P95_SCORE
    side = np.where(held < 0, part.soh - part.soh_low, part.soh_high - part.soh)
    measured = np.clip(part.soh + side * held, 0.0, FULL_HEALTH)
    if not np.isnan(part.soh).any():
        draw.used.pop("soh", None)
    return np.asarray(np.where(np.isnan(part.soh), guess, measured), np.float64)


def _age(draw: Draw) -> Figure:
    return draw.book.assumption("age_not_told", "health")


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


def health_factor(
    draw: Draw, chemistry: str, economy: str, application: str, soh: Array, age: Array
) -> tuple[Array, Course]:
    """Throughput left over that of the new battery that a buyer would take, (battery, column).

    Source: `health`, with the ageing speed, the discount rate and the years as drawn.
    """
    row = draw.book.application(application)
    end_name, _ = soh_at_end(row.text("vehicle_class"))
    end = draw.of(draw.book.lifetime(end_name))
    rate = draw.assumption("discount_rate", "health")
    longest = draw.of(draw.book.life(application, "longest_years"))
    oldest = draw.assumption("oldest_years", "health")
    own = course(chemistry, economy, application)
    new = course(row.text("reference_chemistry") or chemistry, economy, application)
    draw.used["ageing"] = _ageing_figure(draw.book, own, new)
    here = ageing(own, speeds(own, draw.scores.of("ageing")), rate, end)
    fresh = ageing(new, np.ones(1), rate, end)
    none = np.zeros((1, 1))
    whole = fresh.remaining(np.ones((1, 1)), longest + none)
    left = here.remaining(soh, np.minimum(longest, oldest - age))
    return np.asarray(np.minimum(left / np.where(whole > 0, whole, np.inf), soh), np.float64), own


def _ageing_figure(book: Book, own: Course, new: Course) -> Figure:
    """The speed of ageing as an input: its grade is that of models, climate and duty."""
    model = book.ageing_model(own.model)
    return Figure(
        name="ageing",
        value=1.0,
        low=float(np.exp(-P95_SCORE * own.spread)),
        high=float(np.exp(P95_SCORE * own.spread)),
        unit="1",
        part="health",
        grade=max(own.grade, new.grade),
        row=model.id,
        source=model.source,
        note=f"{own.outside:.0%} of the time outside the model's tested range" if own.outside else "",
    )


def _new_price(draw: Draw, application: str) -> Array:
    """Price of one new battery to a small buyer, (column,) [USD/kWh]; an own entry is taken as it is."""
    if own := draw.book.entry("new_pack_usd_per_kwh", "new"):
        return draw.of(own)
    return draw.of(draw.book.new_price(application)) * draw.assumption("small_buyer_markup", "new")


def _reuse(
    part: Part,
    draw: Draw,
    soh: Array,
    age: Array,
    recycled_usd: Array,
    mass: Array,
    factors: dict[str, Array],
) -> tuple[dict[str, Array], Array]:
    """Terms of a second life [USD], and the cost of removal [USD/kWh], which is a term of vehicles only."""
    kind, kwh = part.kind, part.kwh
    least = draw.of(draw.book.life(kind.application, "soh_least"))
    worked = work(draw, kind.form, kind.economy, kwh, soh, least)
    name = "failure_share_unknown" if kind.condition == UNKNOWN else "failure_share"
    accepted = worked.accepted * (1 - draw.assumption(name, "risk"))
    price = _new_price(draw, kind.application)
    factor, _ = health_factor(draw, kind.chemistry, kind.economy, kind.application, soh, age)
    trust = draw.assumption("trust_discount", "new")
    sale = price * factor * (1 - trust)
    warranty = draw.assumption("warranty_reserve", "risk") * accepted * sale
    fire = draw.assumption("fire_reserve_usd_per_kwh", "risk")
    zero = np.zeros_like(soh)
    terms = {
        "throughput": accepted * sale * kwh,
        "rejects": (1 - accepted) * recycled_usd,
        "test": -worked.test * kwh,
        "opening": -worked.opening * kwh,
        "rebuild": -worked.rebuild * kwh,
        "equipment": -worked.equipment * kwh,
        "warranty": -warranty * kwh,
        "fire": -(fire + zero) * kwh,
    }
    asked = np.asarray(sum(terms.values(), np.float64(0.0)), np.float64)
    paid = _used_price(part, draw, soh)
    terms["market_limit"] = np.minimum(paid * kwh - asked, 0.0)
    way = haulage.haulage(draw, kind.economy, kind.chemistry, kind.condition, haulage.TO_WORKSHOP)
    terms["transport"] = -way * mass * kwh
    factors |= {
        "new_usd_per_kwh": price + zero,
        "health_factor": factor,
        "trust_discount": trust + zero,
        "accepted": accepted,
        "used_usd_per_kwh": paid,
        "haulage_to_workshop_usd_per_kg": way + zero,
    }
    return terms, worked.removal


def _stopped(reused: Mapping[str, Array], recycled: Mapping[str, Array]) -> Array:
    """What is spared by going from the test straight to the recycler where that is better than finishing.

    (battery, column) [USD]
    """
    finished = sum(reused.values(), np.float64(0.0))
    stopped = sum(recycled.values(), np.float64(0.0)) + reused["test"] + reused["transport"]
    return np.asarray(np.maximum(stopped - finished, 0.0), np.float64)


def _used_price(part: Part, draw: Draw, soh: Array) -> Array:
    """What the market pays for a used pack as it stands, in proportion to its health, (battery, column)."""
    if own := draw.book.entry("used_pack_usd_per_kwh", "used"):
        return np.asarray(draw.of(own) + np.zeros_like(soh), np.float64)
    family = "LFP" if part.kind.chemistry == "LFP" else "NMC"
    quoted = draw.of(draw.book.used_price(part.kind.economy, family))
    return np.asarray(quoted * soh / draw.assumption("used_price_soh", "used"), np.float64)


def _removal(part: Part, draw: Draw, soh: Array) -> Array:
    """Cost of taking the battery out of its vehicle, (battery, column) [USD/kWh]."""
    least = draw.of(draw.book.life(part.kind.application, "soh_least"))
    return work(draw, part.kind.form, part.kind.economy, part.kwh, soh, least).removal


def _body_scrap(part: Part, draw: Draw, soh: Array) -> Array:
    """What a scrap yard pays for the vehicle without its battery, (battery, column) [USD]."""
    body = draw.of(draw.book.vehicle(part.kind.vehicle_class, "body_mass"))
    return np.asarray(
        body * draw.assumption("body_scrap_usd_per_kg", "vehicle") + np.zeros_like(soh), np.float64
    )


def _drive_on(part: Part, draw: Draw, soh: Array, age: Array, factors: dict[str, Array]) -> Route:
    """A used vehicle as it stands: the least of body with battery and of what the market pays for its age."""
    kind, kwh = part.kind, part.kwh
    duty = DUTY_OF_CLASS[kind.vehicle_class]
    price = draw.of(draw.book.vehicle(kind.vehicle_class, "new_price"))
    factor, _ = health_factor(draw, kind.chemistry, kind.economy, duty, soh, age)
    new = draw.of(draw.book.entry("new_pack_usd_per_kwh", "new") or draw.book.new_price(duty))
    kept = (1 - draw.of(draw.book.vehicle(kind.vehicle_class, "depreciation"))) ** age
    body_kept = (1 - draw.of(draw.book.vehicle(kind.vehicle_class, "depreciation_of_body"))) ** age
    battery = np.minimum(new * kwh, price) * factor * (1 - draw.assumption("trust_discount", "new"))
    body = np.maximum(price - new * kwh, 0.0) * body_kept
    most = price * kept
    limit = np.minimum(most - body - battery, 0.0)
    share = draw.assumption("reconditioning_share", "vehicle")
    terms = {
        "body": body + np.zeros_like(soh),
        "battery": battery,
        "market_limit": limit,
        "reconditioning": -(body + battery + limit) * share,
    }
    factors |= {
        "vehicle_health_factor": factor,
        "vehicle_market_usd": most + np.zeros_like(soh),
        "new_vehicle_usd": price + np.zeros_like(soh),
    }
    return _route(terms)


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
