"""The answer about a plant at up to four places: margin, what it is made of, band, curve, products."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kitaran import reference
from kitaran.web.plants.choice import MOST_T, Asked
from kitaran.web.plants.words import SPENT

if TYPE_CHECKING:
    from kitaran.planning.processes import Evaluation

SAMPLES, SEED = 200, 1
SMALLEST_T, POINTS = 500, 48


@dataclass(frozen=True, eq=False)
class AtPlace:
    """One place: its evaluation in both price sets, band of the margin, curve over scale, other routes."""

    code: str
    name: str
    now: Evaluation
    other_prices: Evaluation
    margin_p10: float
    margin_p90: float
    curve_t: NDArray[np.float64]
    curve_usd: NDArray[np.float64]
    routes: dict[str, Evaluation]
    overrides: Path | None

    @cached_property
    def grade(self) -> str:
        """The middle of the grades of its figures: half of them are this good or better."""
        grades = sorted(each.grade for each in self.now.case.place_figures)
        return grades[len(grades) // 2] if grades else "D"

    @cached_property
    def spent(self) -> dict[str, float]:
        """USD per kg of feed by item of the chart; without what is received for the feed."""
        plants = [plant for plant in (self.now.preprocessing, self.now.recovery) if plant]
        kilograms = 1000 * one(self.now.case.throughput_t)
        found = {
            item: sum(one(plant.cost.parts.get(name, 0.0)) for plant in plants for name in names) / kilograms
            for item, names in SPENT.items()
        }
        return found | {
            "disassembly": one(self.now.disassembly.cost_usd),
            "transport": one(self.now.transport.cost_usd),
        }

    @cached_property
    def all_cost(self) -> float:
        """Everything that is spent on a kg, received payments taken off."""
        return one(self.now.cost_usd) + one(self.now.transport.cost_usd) + one(self.now.disassembly.cost_usd)

    @cached_property
    def income(self) -> float:
        return one(self.now.revenue_usd) + one(self.now.disassembly.revenue_usd)

    @cached_property
    def black_mass_margin(self) -> float | None:
        """What is left over if the plant sells black mass; none where it makes none."""
        margin = self.now.black_mass_margin_usd
        return None if margin is None else one(margin)

    @cached_property
    def capital(self) -> float:
        plants = [plant for plant in (self.now.preprocessing, self.now.recovery) if plant]
        return sum(one(plant.cost.total_capital) for plant in plants)

    @cached_property
    def ghg_kg(self) -> float:
        """kg CO2e per kg of feed, transport among them."""
        return (one(self.now.burdens.ghg_g) + one(self.now.transport.burdens.ghg_g)) / 1000

    @cached_property
    def jobs(self) -> float:
        """Full-time workers in the plants and in opening packs."""
        from kitaran.planning import processes

        asked = self.now.case
        plants = [plant for plant in (self.now.preprocessing, self.now.recovery) if plant]
        crews = sum(processes.plant_jobs(plant.cost, asked.figures) for plant in plants)
        return crews + one(
            processes.disassembly_jobs(self.now.disassembly, asked.throughput_t, asked.figures)
        )

    @cached_property
    def margin_local(self) -> tuple[float, str] | None:
        """What is left over in the currency of the place, and the currency; none without an exchange rate."""
        economy = reference.economy(self.code.partition("-")[0])
        rates = reference.read("exchange_rates", self.overrides).where(economy=economy.code)
        if economy.currency == "USD" or not len(rates):
            return None
        newest = max(rates.resolve(), key=lambda row: (row.year or 0, row.text("basis") == "annual_mean"))
        return one(self.now.margin_usd) * newest.central, economy.currency

    @cached_property
    def break_even_t(self) -> float | None:
        """The smallest scale from which on the plant covers its cost; none if it never does."""
        pays = self.curve_usd >= 0
        if not pays[-1]:
            return None
        return float(
            self.curve_t[len(pays) - int(np.argmin(pays[::-1]))] if not pays.all() else self.curve_t[0]
        )


@lru_cache(maxsize=64)
def looked_at(asked: Asked) -> tuple[AtPlace, ...]:
    """The answer at every chosen place; kept for the next reader."""
    return tuple(_at(asked, place) for place in asked.choice.places)


def _at(asked: Asked, place: str) -> AtPlace:
    from kitaran.planning import processes

    chosen = asked.choice.prices
    (other,) = (name for name in processes.PRICE_SETS if name != chosen)
    curve_t = np.unique(np.append(np.geomspace(SMALLEST_T, MOST_T, POINTS), asked.tonnes))
    now = processes.evaluate(asked.case(place))
    low, high = _band(asked, place)
    return AtPlace(
        code=place,
        name=now.case.place.name,
        now=now,
        other_prices=processes.evaluate(asked.case(place, prices=other)),
        margin_p10=low,
        margin_p90=high,
        curve_t=curve_t,
        curve_usd=processes.evaluate(asked.case(place, curve_t)).margin_usd,
        routes={route: processes.evaluate(asked.case(place, route=route)) for route in processes.ROUTES},
        overrides=asked.overrides if asked.state else None,
    )


def _band(asked: Asked, place: str) -> tuple[float, float]:
    """P10 and P90 of the margin over the ranges of the place's figures; prices of goods stand still."""
    from dataclasses import replace

    from kitaran.planning import processes
    from kitaran.planning.uncertainty.distributions import spread
    from kitaran.planning.uncertainty.sampling import Sampler

    case = asked.case(place, np.full(SAMPLES, asked.tonnes))
    draws = Sampler(SAMPLES, SEED)
    drawn = {
        each.parameter: spread(each.value, each.low, each.high, False, 1.0).at(draws.normal(each.parameter))
        for each in case.place_figures
        if each.parameter in case.place.parameters and each.low < each.high
    }
    where = case.place.with_parameters(drawn)
    margin = processes.evaluate(replace(case, place=where, cathode_place=where)).margin_usd
    low, high = np.quantile(margin, (0.1, 0.9))
    return float(low), float(high)


def one(value: Any) -> float:
    """The number of an array of one."""
    return float(np.asarray(value, np.float64).reshape(-1)[0])
