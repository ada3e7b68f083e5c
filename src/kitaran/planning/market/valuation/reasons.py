"""What a reader must know about one value, as codes; pages put them into words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.market.valuation.figures import Array
from kitaran.planning.market.valuation.health import can_be_valued
from kitaran.planning.market.valuation.lot import BLACK_MASS, DAMAGED, UNKNOWN, Kind
from kitaran.planning.market.valuation.routes import RECYCLE, REUSE

if TYPE_CHECKING:
    from kitaran.planning.market.valuation.value import Valuation

FEW_MODULES = 0.5
REASONS = (
    "damaged",
    "no_ageing_model",
    "costs_to_hand_over",
    "recycling_worth_more",
    "market_pays_no_more",
    "too_worn",
    "not_tested",
    "test_pays",
    "condition_unknown",
    "age_unknown",
    "nobody_assumed_to_pay",
)


def reasons_of(of: Valuation) -> tuple[tuple[str, ...], ...]:
    """Codes of REASONS that hold for each battery, in that order."""
    held = _held(of)
    lines = np.stack([np.broadcast_to(held[code], of.lot.size) for code in REASONS], axis=1)
    return tuple(
        tuple(code for code, holds in zip(REASONS, line, strict=True) if holds) for line in lines.tolist()
    )


def _held(of: Valuation) -> dict[str, NDArray[np.bool_]]:
    """Whether each code holds, (battery,)."""
    size = of.lot.size

    def of_kind(test: Callable[[Kind], bool]) -> NDArray[np.bool_]:
        return np.array([test(kind) for kind in of.lot.kinds], bool)[of.lot.group]

    def known(values: Mapping[str, Array], name: str) -> Array:
        return values.get(name, np.full(size, np.nan))

    battery = of_kind(lambda kind: kind.form != BLACK_MASS)
    damaged = of_kind(lambda kind: kind.condition == DAMAGED)
    recycled = of.route == RECYCLE
    usable = ~np.isnan(known(of.routes_usd, REUSE))
    return {
        "damaged": battery & damaged,
        "no_ageing_model": battery & ~of_kind(lambda kind: can_be_valued(kind.chemistry)),
        "costs_to_hand_over": of.value_usd < 0,
        "recycling_worth_more": recycled & usable,
        "market_pays_no_more": np.isin(of.driver, ("used_market", "vehicle_market")),
        "too_worn": known(of.factors, "accepted") < FEW_MODULES,
        "not_tested": usable & np.isnan(of.lot.soh),
        "test_pays": of.test_gain_usd > of.test_cost_usd,
        "condition_unknown": battery & of_kind(lambda kind: kind.condition == UNKNOWN),
        "age_unknown": usable & np.isnan(of.lot.age),
        "nobody_assumed_to_pay": recycled & (known(of.terms_usd, "metals") == 0),
    }
