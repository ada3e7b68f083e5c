"""Terms of a second life: what its throughput is worth after work, and what the market pays at most."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kitaran.planning.market.valuation import haulage
from kitaran.planning.market.valuation.draw import Draw
from kitaran.planning.market.valuation.figures import Array
from kitaran.planning.market.valuation.lot import UNKNOWN
from kitaran.planning.market.valuation.part import Part
from kitaran.planning.market.valuation.throughput import health_factor
from kitaran.planning.market.valuation.work import work


def reuse(
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


def stopped(reused: Mapping[str, Array], recycled: Mapping[str, Array]) -> Array:
    """What is spared by going from the test straight to the recycler where that is better than finishing.

    (battery, column) [USD]
    """
    finished = sum(reused.values(), np.float64(0.0))
    stopped = sum(recycled.values(), np.float64(0.0)) + reused["test"] + reused["transport"]
    return np.asarray(np.maximum(stopped - finished, 0.0), np.float64)


def removal(part: Part, draw: Draw, soh: Array) -> Array:
    """Cost of taking the battery out of its vehicle, (battery, column) [USD/kWh]."""
    least = draw.of(draw.book.life(part.kind.application, "soh_least"))
    return work(draw, part.kind.form, part.kind.economy, part.kwh, soh, least).removal


def _new_price(draw: Draw, application: str) -> Array:
    """Price of one new battery to a small buyer, (column,) [USD/kWh]; an own entry is taken as it is."""
    if own := draw.book.entry("new_pack_usd_per_kwh", "new"):
        return draw.of(own)
    return draw.of(draw.book.new_price(application)) * draw.assumption("small_buyer_markup", "new")


def _used_price(part: Part, draw: Draw, soh: Array) -> Array:
    """What the market pays for a used pack as it stands, in proportion to its health, (battery, column)."""
    if own := draw.book.entry("used_pack_usd_per_kwh", "used"):
        return np.asarray(draw.of(own) + np.zeros_like(soh), np.float64)
    family = "LFP" if part.kind.chemistry == "LFP" else "NMC"
    quoted = draw.of(draw.book.used_price(part.kind.economy, family))
    return np.asarray(quoted * soh / draw.assumption("used_price_soh", "used"), np.float64)
