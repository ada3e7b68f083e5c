"""Work before a used battery can be sold again: test, opening, rebuild, with hall and test channels.

Hours, wages and parts are those of the repurposing line of `kitaran.processes`; hours follow the energy of
the pack by a power below one, and a line for small packs takes as many more of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kitaran.planning.market.valuation.draw import Draw
from kitaran.planning.market.valuation.figures import Array
from kitaran.planning.market.valuation.lot import CELLS, MODULE, PACK, VEHICLE
from kitaran.planning.processes import repurposing

STEPS_OF_FORM = {
    VEHICLE: ("removal", "incoming_test", "open_bolted", "module_test", "rebuild"),
    PACK: ("incoming_test", "open_bolted", "module_test", "rebuild"),
    MODULE: ("incoming_test", "module_test", "rebuild"),
    CELLS: ("module_test", "rebuild"),
}
WAGE_PARAMETERS = ("wage_usd_per_h", "electricity_usd_per_kWh", "building_cost_usd_per_m2")
DRAWN_PER_LINE = ("test_capital_usd", "overhead_on_labour", "matching_penalty", "test_round_trip_loss")
LOWEST_SCORE = 3.0
"""A pack so many spreads below the least state of health gives no module."""
NARROWEST_SPREAD = 0.01


@dataclass(frozen=True)
class Work:
    """(battery, column) each, USD per nameplate kWh that comes in.

    removal, test, opening, rebuild, equipment : cost
    accepted : share of modules that is built in again
    """

    removal: Array
    test: Array
    opening: Array
    rebuild: Array
    equipment: Array
    accepted: Array


def work(draw: Draw, form: str, economy: str, kwh: Array, soh: Array, soh_least: Array) -> Work:
    """Cost of work on batteries of one form in one economy.

    kwh : (battery, 1) nameplate energy; soh : (battery, column); soh_least : (column,)
    """
    place = draw.place(economy, "work", WAGE_PARAMETERS)
    size = (kwh / draw.assumption("hours_reference_kwh", "work")) ** draw.assumption("hours_exponent", "work")
    per_year = draw.assumption("packs_per_year", "work") / size
    spread = np.maximum(draw.of(draw.book.lifetime("cell_spread_of_loss")) * (1 - soh), NARROWEST_SPREAD)
    floor = soh_least - LOWEST_SCORE * spread
    hours = {
        f"hours_{step}": draw.line(f"hours_{step}") * size * (step in STEPS_OF_FORM[form])
        for step in STEPS_OF_FORM[VEHICLE]
    }
    survives = draw.line("bolted_yield") if form in (VEHICLE, PACK) else np.ones(1)
    line = repurposing(
        per_year,
        kwh,
        np.maximum(soh, floor),
        spread,
        place,
        soh_least=soh_least,
        changed=hours
        | {name: draw.line(name) for name in DRAWN_PER_LINE}
        | {"bolted_yield": survives, "area_m2_per_pack": draw.line("area_m2_per_pack") * size},
        known=draw.book.plant,
    )
    out = line.kwh_out_per_pack / kwh
    spent = {name: each * out for name, each in line.parts_usd_per_kwh.items()}
    accepted = np.where(soh > floor, line.accepted, 0.0)
    parts = draw.line("parts_usd_per_kwh") * accepted
    by_step = _by_step(line.hours_per_pack, spent["labour"])
    worked = Work(
        removal=by_step["removal"],
        test=by_step["incoming_test"] + by_step["module_test"] + spent["electricity"],
        opening=by_step["opening"],
        rebuild=by_step["rebuild"] + parts,
        equipment=spent["equipment"] + spent["building"],
        accepted=np.asarray(accepted, np.float64),
    )
    return (
        worked
        if (own := draw.book.entry("work_usd_per_kwh", "work")) is None
        else _given(worked, draw.of(own))
    )


def _given(worked: Work, usd_per_kwh: Array) -> Work:
    """The reader's own cost of all work after removal, booked as one item."""
    none = np.zeros_like(worked.test)
    return Work(worked.removal, none, none, none + usd_per_kwh, none, worked.accepted)


def _by_step(hours: Mapping[str, Array], labour: Array) -> dict[str, Array]:
    """Labour cost by step, in proportion to hours; idle time of the smallest crew is spread alike."""
    whole = sum(hours.values(), np.float64(0.0))
    return {step: np.asarray(labour * each / whole, np.float64) for step, each in hours.items()}


def test_cost(draw: Draw, economy: str, kwh: Array) -> Array:
    """Cost of testing one battery alone, (battery, column) [USD]: hours, overhead, electricity."""
    place = draw.place(economy, "work", WAGE_PARAMETERS)
    size = (kwh / draw.assumption("hours_reference_kwh", "work")) ** draw.assumption("hours_exponent", "work")
    hours = (draw.line("hours_incoming_test") + draw.line("hours_module_test")) * size
    law = draw.book.plant.parameter
    ratio = law["disassembly"]["wage_usd_h_pack"] / law["mended"]["wage_plant_usa_usd_per_h"]
    labour = hours * place["wage_usd_per_h"] * ratio * (1 + draw.line("overhead_on_labour"))
    cycled = draw.line("test_cycles") * draw.line("test_round_trip_loss") * kwh
    return np.asarray(labour + cycled * place["electricity_usd_per_kWh"], np.float64)
