"""A used vehicle: driven on as it stands, and what its body brings without the battery."""

from __future__ import annotations

import numpy as np

from kitaran.planning.market.valuation.draw import Draw
from kitaran.planning.market.valuation.figures import Array
from kitaran.planning.market.valuation.part import Part
from kitaran.planning.market.valuation.throughput import health_factor

DUTY_OF_CLASS = {
    "e_bike": "private_two_wheeler",
    "two_wheeler": "private_two_wheeler",
    "three_wheeler": "e_rickshaw",
    "car": "private_car",
    "van": "delivery_van",
    "bus": "city_bus",
    "truck": "truck",
}


def body_scrap(part: Part, draw: Draw, soh: Array) -> Array:
    """What a scrap yard pays for the vehicle without its battery, (battery, column) [USD]."""
    body = draw.of(draw.book.vehicle(part.kind.vehicle_class, "body_mass"))
    return np.asarray(
        body * draw.assumption("body_scrap_usd_per_kg", "vehicle") + np.zeros_like(soh), np.float64
    )


def drive_on(part: Part, draw: Draw, soh: Array, age: Array, factors: dict[str, Array]) -> dict[str, Array]:
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
    return terms
