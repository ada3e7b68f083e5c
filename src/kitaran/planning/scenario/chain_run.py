"""One economy from sales to what its retired batteries give back, and what its new ones need."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.scenario.chain import Chain, Scrap, chain
from kitaran.planning.scenario.chain_measures import effects, measures
from kitaran.planning.scenario.chain_recovery import ELEMENTS
from kitaran.planning.scenario.chain_rules import Rules
from kitaran.planning.scenario.economy_result import EconomyResult
from kitaran.planning.scenario.forecast import Forecast
from kitaran.planning.scenario.measures import Measure
from kitaran.planning.scenario.needs import cells, needs

Array = NDArray[np.float64]

_NAMES = tuple(element.lower() for element in ELEMENTS)
HEADLINE = (
    *("collected_mass", "reused_energy", "second_life_energy", "recycled_mass"),
    *("production_scrap_mass", "informal_mass", "stockpile_mass"),
    *(f"recovered_{name}" for name in _NAMES),
    *(f"demand_{name}" for name in _NAMES),
    *(f"secondary_share_{name}" for name in _NAMES),
    *("cell_demand", "import_dependence", "jobs", "ghg_avoided"),
)


@dataclass
class Whole:
    """Follows economies to the end; what several share is made once."""

    forecast: Forecast
    made: dict[tuple[object, ...], Array] = field(default_factory=dict)

    def economy(self, code: str) -> tuple[EconomyResult, Chain]:
        """Forecast of one economy with every quantity of the headline, and what became of its batteries."""
        result = self.forecast.economy(code)
        draws, content = self.forecast.assume.draws, result.classes[0].content
        made = cells(result.trail, draws, result.placed)
        rules = Rules(result.trail, draws, self.forecast.scenario, self.made)
        found = chain(result, content, rules, Scrap(made.scrap_energy, made.scrap_mass))
        recovered = dict(zip(_NAMES, found.recovered, strict=True))
        told = measures(found)
        rests_on = told[f"recovered_{_NAMES[0]}"].rests_on
        placed = _placed_new(result, found)
        needed = needs(result.trail, draws, placed, content, recovered, made, rests_on)
        every: dict[str, Measure] = {**told, **needed, **effects(found)}
        result.further = {name: every[name] for name in HEADLINE}
        return result, found


def _placed_new(result: EconomyResult, found: Chain) -> Array:
    """Energy of new batteries that enter use, (2, year, chemistry, sample) [GWh]: a battery that is reused
    takes the place of a replacement of its chemistry."""
    placed = result.placed.copy()
    placed[1] = np.maximum(placed[1] - found.reused, 0.0)
    return placed
