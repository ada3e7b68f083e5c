"""Taking packs apart to modules or cells by hand: parts recovered, labour, building."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kitaran.planning.processes.capital import Array, round_up
from kitaran.planning.processes.feed import Masses
from kitaran.planning.processes.figures import Figures
from kitaran.planning.processes.places import Place
from kitaran.planning.processes.prices import Prices
from kitaran.planning.processes.slips import Slips

GRAMS_IN_KILOGRAM = 1000
KILOGRAMS_IN_TONNE = 1000
TO_CELLS = "cell"
# Product, stage and parts with the share that goes into the product.
RECOVERED = {
    "pack": {
        "copper": ("Battery pack terminals*", "Bus bar", "Module inter-connect"),
        "aluminium": ("Battery jacket, Al", "Battery pack heaters"),
        "steel": ("Row rack", "Cooling system panel and manifold", "Battery jacket, steel"),
        "electronics": ("BMS and disconnects",),
        "insulation": ("Battery pack terminals-", "Polymer pads btw modules", "Battery jacket, insulation"),
    },
    "module": {
        "copper": ("Cell interconnect", "Module terminals"),
        "aluminium": ("Module conductors/thermal enclosure",),
        "plastics": ("Interconnect panel",),
        "steel": ("Module enclosure",),
        "electronics": ("Module management system",),
    },
}
OF_FIRST_CHEMISTRY = ("Battery pack heaters", "BMS and disconnects")


@dataclass(frozen=True)
class Disassembly:
    """Per kg of feed of the recycling plant, each (sample,).

    pack_to_module_usd, module_to_cell_usd : cost
    revenue_usd : worth of parts; products: parts [kg]
    packs_kg    : packs taken apart [kg per kg of feed]
    hours       : labour [h per kg of feed]
    """

    pack_to_module_usd: Array
    module_to_cell_usd: Array
    revenue_usd: Array
    products: Masses
    packs_kg: Array
    hours: Array

    @property
    def cost_usd(self) -> Array:
        return self.pack_to_module_usd + self.module_to_cell_usd


def none(like: Array) -> Disassembly:
    """No disassembly: packs go in whole, or what comes in is no part of a pack."""
    zero = np.zeros_like(like)
    return Disassembly(zero, zero, zero, {}, np.ones_like(like), zero)


def pack_mass_kg(chemistry: str, figures: Figures) -> float:
    """Mass of a pack from its parts: 400 cells, what holds them in modules, and the pack around."""
    p = figures.parameter["disassembly"]
    modules = p["modules_per_pack"]
    cell = figures.masses["cell_mass", chemistry]["whole"]
    between = sum(figures.masses["module_component", chemistry].values()) / GRAMS_IN_KILOGRAM
    around = sum(figures.masses["pack_component", chemistry].values())
    return p["cells_per_module"] * modules * cell + between * modules + around


def disassembly(
    chemistry: str,
    into: str,
    feed_t: Array,
    place: Place,
    prices: Prices,
    figures: Figures,
    slips: Slips,
    first_chemistry: str = "",
) -> Disassembly:
    """Packs to modules, and on to cells, for a plant that then takes `feed_t` of these.

    into            : module or cell
    feed_t          : (sample,) [t/year] of modules or cells
    first_chemistry : of a mixed feed; heaters and electronics are read from it

    labour = hours x wage / pack mass; hall area = A0 (packs / 500,000)^0.95. Energy is nil.
    Source: EverBatt 2023, Disassembly, after BatPaC.
    """
    p = figures.parameter["disassembly"]
    whole = figures.masses["battery_mass_pack", chemistry]["whole"]
    part = figures.masses[f"battery_mass_{into}", chemistry]["whole"]
    packs_t = feed_t * whole / part
    share = np.full_like(feed_t, whole / part)
    mass = pack_mass_kg(chemistry, figures)
    packs = packs_t * KILOGRAMS_IN_TONNE / mass
    wage = _wage_factor(place, figures, slips)
    first = first_chemistry or chemistry
    products = _parts("pack", chemistry, first, figures)
    hours = p["hours_pack_removal"] + p["hours_pack_to_module"]
    labour = (
        p["hours_pack_removal"] * p["wage_usd_h_removal"] + p["hours_pack_to_module"] * p["wage_usd_h_pack"]
    ) * wage
    area = p["area_pack_m2"] * (packs / p["baseline_packs_per_yr"]) ** p["area_exponent_pack"]
    to_module = _stage_cost(labour / mass, area, packs_t, place, figures)
    to_cell = np.zeros_like(feed_t)
    if into == TO_CELLS:
        cells = round_up(packs * p["modules_per_pack"] * p["cells_per_module"], 1.0)
        modules = cells / p["cells_per_module"]
        base = p["baseline_packs_per_yr"] * p["baseline_modules_per_pack"]
        area = p["area_module_m2"] * (modules / base) ** p["area_exponent_module"]
        labour = p["hours_module_to_cell"] * p["wage_usd_h_module"] * wage
        to_cell = _stage_cost(labour / mass, area, packs_t, place, figures) * share
        hours += p["hours_module_to_cell"]
        for name, kilograms in _parts("module", chemistry, first, figures).items():
            products[name] = products.get(name, 0.0) + kilograms
    worth = sum(kilograms * prices.product[name] for name, kilograms in products.items())
    return Disassembly(
        to_module * share,
        to_cell,
        np.asarray(worth / mass * share, np.float64),
        {name: np.asarray(kilograms / mass * share, np.float64) for name, kilograms in products.items()},
        share,
        share * hours / mass,
    )


def _wage_factor(place: Place, figures: Figures, slips: Slips) -> Array:
    """Wage of the place over that of the United States."""
    if slips.fixed_disassembly_wage:
        return np.asarray(1.0)
    return place["wage_usd_per_h"] / figures.parameter["mended"]["wage_plant_usa_usd_per_h"]


def _parts(stage: str, chemistry: str, first_chemistry: str, figures: Figures) -> dict[str, float]:
    """Parts recovered from one pack at a stage [kg]."""
    p = figures.parameter["disassembly"]
    copper = p["share_of_terminals_copper"]
    each = p["modules_per_pack"] / GRAMS_IN_KILOGRAM if stage == "module" else 1.0
    found: dict[str, float] = {}
    for product, parts in RECOVERED[stage].items():
        kilograms = 0.0
        for part in parts:
            name = part.rstrip("*-")
            share = copper if part.endswith("*") else 1 - copper if part.endswith("-") else 1.0
            column = first_chemistry if name in OF_FIRST_CHEMISTRY else chemistry
            kilograms += share * figures.masses[f"{stage}_component", column][name] * each
        found[product] = kilograms
    return found


def _stage_cost(labour: Array, area: Array, packs_t: Array, place: Place, figures: Figures) -> Array:
    """USD per kg of packs: labour, depreciation of the building, overhead, administration, research."""
    p = figures.parameter["disassembly"]
    building = area * place["building_cost_usd_per_m2"] / (KILOGRAMS_IN_TONNE * packs_t)
    depreciation = p["depreciation_building"] * building
    overhead = (
        p["variable_overhead_on_labour"] * labour + p["variable_overhead_on_depreciation"] * depreciation
    )
    administration = (
        p["gsa_on_labour_plus_vo"] * (labour + overhead) + p["gsa_on_depreciation"] * depreciation
    )
    research = p["rd_on_depreciation"] * depreciation
    return np.asarray(labour + depreciation + overhead + administration + research, np.float64)
