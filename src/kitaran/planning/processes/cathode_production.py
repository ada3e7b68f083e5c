"""Price of new cathode material made from salts: the plant against which renewed material competes."""

from __future__ import annotations

import numpy as np

from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.cathode_line import Line, dry_line, wet_line
from kitaran.planning.processes.figures import Figures
from kitaran.planning.processes.places import Place
from kitaran.planning.processes.prices import Prices
from kitaran.planning.processes.slips import Slips

HOURS_PER_DAY = 24
KILOGRAMS_IN_TONNE = 1000
LISTED_ONLY = ("LMO", "LFP")
DRY_MIXED = "LCO"


def cathode_price(
    chemistry: str,
    tonnes_per_year: Array,
    place: Place,
    prices: Prices,
    figures: Figures,
    slips: Slips,
) -> Array:
    """Price of cathode material, (sample,) [USD/kg].

    The price that the user gives; else the cost of making it new where a tonnage exists; else the list price,
    always so for LMO and LFP.
    """
    if chemistry in prices.given_cathode:
        return np.broadcast_to(prices.given_cathode[chemistry], np.shape(tonnes_per_year)).astype(np.float64)
    listed = prices.cathode[chemistry]
    if chemistry in LISTED_ONLY:
        return np.broadcast_to(listed, np.shape(tonnes_per_year)).astype(np.float64)
    some = np.where(tonnes_per_year > 0, tonnes_per_year, 1.0)
    made = production_cost(chemistry, some, place, prices, figures, slips)
    return np.asarray(np.where(tonnes_per_year > 0, made, listed), np.float64)


def production_cost(
    chemistry: str,
    tonnes_per_year: Array,
    place: Place,
    prices: Prices,
    figures: Figures,
    slips: Slips,
) -> Array:
    """Cost of making cathode material from salts, (sample,) [USD/kg].

    tonnes_per_year : (sample,) [t/year] above 0, made in lines of at most 2000 t/year.
    Co-precipitation of carbonates for NMC and NCA; dry mixing for LCO.
    Source: EverBatt 2023, Cath. Prod. Par., after BatPaC.
    """
    p = figures.parameter["cathode_plant"]
    lines = np.ceil(tonnes_per_year / p["line_capacity_max"])
    daily_kg = tonnes_per_year / lines * KILOGRAMS_IN_TONNE / p["days_per_year"]
    index = figures.cost_index[int(p["cepci_num_year"])] / figures.cost_index[int(p["cepci_den_year"])]
    if chemistry == DRY_MIXED:
        line, people = dry_line(daily_kg, index, p), p["labour_people_LCO"]
    else:
        line = wet_line(chemistry, daily_kg, index, figures, slips)
        people = p["labour_people_NMC_NCA"]
    materials = _materials(chemistry, prices, figures) * p["days_per_year"] * daily_kg
    return _product_cost(line, people, daily_kg, materials, place, figures)


def _materials(chemistry: str, prices: Prices, figures: Figures) -> Array:
    """Reagents, (sample,) [USD/kg]; the oxygen of NCA is not bought."""
    needed = figures.cathode_reagents[chemistry]
    cost = (mass * prices.cathode_reagent[name] for name, mass in needed.items() if name != "Oxygen")
    return np.asarray(sum(cost, np.float64(0.0)), np.float64)


def _product_cost(
    line: Line, people: float, daily_kg: Array, materials: Array, place: Place, figures: Figures
) -> Array:
    """Total product cost of a line over its yearly output, (sample,) [USD/kg]."""
    p, constant = figures.parameter["cathode_plant"], figures.parameter["constant"]
    days = p["days_per_year"]
    purchased = (1 + p["misc_equipment"]) * place["capital_cost_factor_k_geo"] * line.equipment
    installed = ("install", "instr", "piping", "elec", "building", "service", "land")
    direct = purchased * (1 + sum(p[f"f_{name}"] for name in installed))
    fixed = direct * (1 + p["f_eng"] + p["f_constr"]) / (1 - p["f_cont"])
    whole = fixed / (1 - p["f_wc"])
    land, building = p["f_land"] * purchased, p["f_building"] * purchased
    hours = HOURS_PER_DAY * days
    scale = (daily_kg / p["labour_baseline"]) ** p["labour_exponent"]
    labour = people * hours * place["wage_usd_per_h"] * scale
    supervision, maintenance = p["f_superv"] * labour, p["f_maint"] * fixed
    gas_usd_per_kwh = (
        place["natural_gas_usd_per_mmBtu"]
        / constant["MJ_per_mmBtu_internal"]
        * constant["electricity_MJ_per_kWh"]
    )
    utilities = (
        (1 + p["power_unaccounted"]) * line.power * hours * place["electricity_usd_per_kWh"]
        + line.heat * hours * gas_usd_per_kwh
        + line.water * days * place["water_usd_per_gal"]
    )
    before = (
        materials
        + labour
        + supervision
        + utilities
        + maintenance * (1 + p["f_supplies"])
        + p["f_lab"] * labour
        + (fixed - land) / p["plant_life"]
        + (p["f_tax"] + p["f_insurance"]) * fixed
        + p["f_rent"] * (land + building)
        + p["f_interest"] * whole
        + (p["f_overhead"] + p["f_admin"]) * (labour + supervision + maintenance)
    )
    return np.asarray(
        before / (1 - p["f_patent"] - p["f_distribution"] - p["f_RD"]) / (days * daily_kg), np.float64
    )
