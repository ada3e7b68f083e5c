"""What a use of a used battery brings, and what the work before it costs.

    value now = worth after work - cost;   cost = test, opening, rebuild, equipment, reserves and transport

Hours, wages and equipment are those of the repurposing line of `kitaran.processes`, prices and discounts
those of `kitaran.planning.market.valuation`, at central figures. A pack or module that goes back whole to the
use of before is tested and not opened:

    value = min( (1 - f) n H (1 - d) + f m - test - reserves , u ) - transport

f share that fails the test, n new price, H health factor, d discount for trust, m what a recycler pays less
the way to him, u what the market pays for used packs as they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.market.valuation.book import Book
from kitaran.planning.market.valuation.draw import Draw
from kitaran.planning.market.valuation.figures import Array, Central
from kitaran.planning.market.valuation.lot import UNKNOWN, Lot
from kitaran.planning.market.valuation.part import Part
from kitaran.planning.market.valuation.routes import RECYCLE, REUSE, Look, look
from kitaran.planning.market.valuation.value import AT_ONCE
from kitaran.planning.market.valuation.work import test_cost

COSTS = ("test", "opening", "rebuild", "equipment", "warranty", "fire", "transport")


@dataclass(frozen=True)
class Worth:
    """A way for batteries, (battery,) each [USD]; NaN where it cannot be valued.

    value_usd      : as they stand, before any work
    after_work_usd : once the work is done and they stand where they are sold
    cost_usd       : of that work and of the way there
    """

    value_usd: Array
    after_work_usd: Array
    cost_usd: Array

    @classmethod
    def unknown(cls, size: int) -> Worth:
        return cls(*(np.full(size, np.nan) for _ in range(3)))

    def put(self, rows: NDArray[np.intp], other: Worth, share: Array | float = 1.0) -> None:
        """Write another's figures into rows, times a share."""
        for name in ("value_usd", "after_work_usd", "cost_usd"):
            getattr(self, name)[rows] = getattr(other, name) * share


@dataclass(frozen=True)
class Uses:
    """Worth of one use: opened and built anew, and whole where it goes back as it is; and at a recycler.

    recycled_usd : what a recycler pays less the way to him, (battery,) [USD]; kg : mass, (battery,)
    """

    opened: Worth
    whole: Worth
    recycled_usd: Array
    kg: Array


def of_use(batteries: Lot, book: Book) -> Uses:
    """Worth of the use that the lot names, at central figures."""
    size = batteries.size
    found = Uses(Worth.unknown(size), Worth.unknown(size), np.full(size, np.nan), np.full(size, np.nan))
    middle = Draw(book, Central())
    for kind, at in batteries.blocks(AT_ONCE):
        part = Part.of(kind, batteries, at)
        draw = middle.again()
        seen = look(part, draw)
        found.recycled_usd[at] = seen.routes[RECYCLE].value[:, 0]
        found.kg[at] = (seen.factors["kg_per_kwh"] * part.kwh)[:, 0]
        if REUSE in seen.routes:
            found.opened.put(at, _opened(seen.routes[REUSE].terms))
            found.whole.put(at, _whole(part, seen, draw))
    return found


def _opened(terms: Mapping[str, Array]) -> Worth:
    """Built anew of what is healthy enough; stopping after the test is another way, recycling."""
    finished = {name: each[:, 0] for name, each in terms.items() if name != "stopped"}
    cost = -sum((finished[name] for name in COSTS), np.zeros(1))
    value = sum(finished.values(), np.zeros(1))
    return Worth(value, value + cost, cost)


def _whole(part: Part, seen: Look, draw: Draw) -> Worth:
    """Back as it is to the use of before."""
    kwh = part.kwh[:, 0]
    factor = {name: np.broadcast_to(each, part.kwh.shape)[:, 0] for name, each in seen.factors.items()}
    name = "failure_share_unknown" if part.kind.condition == UNKNOWN else "failure_share"
    fails = draw.assumption(name, "risk")[0]
    sale = factor["new_usd_per_kwh"] * factor["health_factor"] * (1 - factor["trust_discount"]) * kwh
    brought = (1 - fails) * sale + fails * seen.routes[RECYCLE].value[:, 0]
    tested = test_cost(draw, part.kind.economy, part.kwh)[:, 0]
    warranty = draw.assumption("warranty_reserve", "risk")[0] * (1 - fails) * sale
    work = tested + warranty + draw.assumption("fire_reserve_usd_per_kwh", "risk")[0] * kwh
    way = factor["haulage_to_workshop_usd_per_kg"] * factor["kg_per_kwh"] * kwh
    value = np.minimum(brought - work, factor["used_usd_per_kwh"] * kwh) - way
    return Worth(value, value + work + way, work + way)
