"""Recycling by process: what the plant recovers and spends on a battery, and what it gives off.

Figures are those of `kitaran.processes` for a plant of the size of `recycling_plant_t` in the economy,
transport included. The holder of the battery gets what a recycler pays for it, whatever the process; what
the plant has left over stays with the plant.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kitaran.foundation.errors import InputError
from kitaran.planning import processes
from kitaran.planning.market.valuation.lot import CELLS, MODULE, PACK
from kitaran.reference.overrides import fingerprint

FEED_OF_FORM = {CELLS: "eol_cell", MODULE: "eol_module", PACK: "eol_pack"}
_G_PER_KG = 1e3


@dataclass(frozen=True)
class Recycling:
    """One process, per kg of battery.

    revenue_usd : what the recovered products fetch; cost_usd : of the plant and of transport, without the
                  price of the battery
    emissions_kg : CO2 equivalents of plant and transport [kg]; nothing is deducted for what is recovered
    """

    revenue_usd: float
    cost_usd: float
    emissions_kg: float

    @property
    def margin_usd(self) -> float:
        """What is left to pay for the battery with."""
        return self.revenue_usd - self.cost_usd


def recycling(
    process: str,
    chemistry: str,
    form: str,
    economy: str,
    tonnes: float,
    price_set: str,
    overrides: Path | None,
) -> Recycling | None:
    """A process for batteries of one chemistry and form; None where the plants do not know the chemistry.

    tonnes : feed of the plant a year; price_set : prices of the metals
    """
    mark = fingerprint(overrides) if overrides else ()
    return _evaluated(process, chemistry, form, economy, tonnes, price_set, overrides, mark)


@lru_cache(maxsize=512)
def _evaluated(
    process: str,
    chemistry: str,
    form: str,
    economy: str,
    tonnes: float,
    price_set: str,
    overrides: Path | None,
    mark: object,
) -> Recycling | None:
    feed = FEED_OF_FORM[form]
    battery = "pack" if form == PACK else "cell"
    try:
        told = processes.cost(
            process,
            chemistry,
            feed,
            tonnes,
            economy,
            battery=battery,
            price_set=price_set,
            overrides=overrides,
        )
    except InputError:
        return None
    cost = told.cost_usd - told.fee_usd + told.transport.cost_usd + told.disassembly.cost_usd
    revenue = told.revenue_usd + told.disassembly.revenue_usd
    gases = told.burdens.ghg_g + told.transport.burdens.ghg_g
    return Recycling(float(revenue), float(cost), float(gases) / _G_PER_KG)
