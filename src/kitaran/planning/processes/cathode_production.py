"""Price of new cathode material made from salts: the plant against which renewed material competes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.feed import Masses
from kitaran.planning.processes.figures import Amounts, Figures
from kitaran.planning.processes.places import Place
from kitaran.planning.processes.prices import Prices
from kitaran.planning.processes.slips import Slips

MINUTES_PER_DAY = 1440
SECONDS_PER_DAY = 86_400
HOURS_PER_DAY = 24
LITRES_PER_M3 = 1000
KILOGRAMS_IN_TONNE = 1000
KILOJOULES_PER_CAL = 0.004184
LISTED_ONLY = ("LMO", "LFP")
DRY_MIXED = "LCO"
ALUMINIUM = "NCA"


@dataclass(frozen=True)
class Line:
    """One production line: equipment [USD], power [kW], heat [kW], water [gal/day], each (sample,)."""

    equipment: Array
    power: Array
    heat: Array
    water: Array


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
        line, people = _dry_line(daily_kg, index, p), p["labour_people_LCO"]
    else:
        line = _wet_line(chemistry, daily_kg, index, figures, slips)
        people = p["labour_people_NMC_NCA"]
    materials = _materials(chemistry, prices, figures) * p["days_per_year"] * daily_kg
    return _product_cost(line, people, daily_kg, materials, place, figures)


def _materials(chemistry: str, prices: Prices, figures: Figures) -> Array:
    """Reagents, (sample,) [USD/kg]; the oxygen of NCA is not bought."""
    needed = figures.cathode_reagents[chemistry]
    cost = (mass * prices.cathode_reagent[name] for name, mass in needed.items() if name != "Oxygen")
    return np.asarray(sum(cost, np.float64(0.0)), np.float64)


def _dry_line(daily_kg: Array, index: float, p: Amounts) -> Line:
    """Mill, de-agglomerator, blender, kiln, demagnetiser, dust: cobalt oxide and lithium carbonate."""
    formula = p["molar_mass_Co"] + p["molar_mass_O2"] + p["molar_mass_Li"]
    moles = KILOGRAMS_IN_TONNE * daily_kg / formula
    oxide = p["molar_mass_third_Co3O4"]
    milled = daily_kg * (p["molar_mass_half_Li2CO3"] + oxide) / formula / SECONDS_PER_DAY
    volume = oxide / formula * daily_kg / p["rho_Co3O4"]
    carbonate = moles / 2 * p["molar_mass_Li2CO3"] / LITRES_PER_M3
    litres = volume + carbonate / p["rho_Li2CO3"]
    mill, mill_power = _mill(milled, index, p)
    blender, blender_power = _blender(litres / LITRES_PER_M3, index, p)
    fixed = p["kiln_plus_saggar"] + p["demagnetise"] + p["dust"] + p["wastewater_plant_LCO"]
    zero = np.zeros_like(daily_kg)
    return Line(mill + blender + fixed, mill_power + blender_power + p["kiln_power"], zero, zero)


def _wet_line(chemistry: str, daily_kg: Array, index: float, figures: Figures, slips: Slips) -> Line:
    """Mixers, reactor, filters, dryer, mill, blender, kiln: carbonates from sulfates and soda."""
    p = figures.parameter["cathode_plant"]
    salts = _salts(chemistry, daily_kg, figures)
    water = _reactor_water(chemistry, salts, p, slips)
    washed = water["reactor"] * (1 + p["wash_ratio_per_stage"] * p["filter_stages"])
    equipment: list[Array | float] = []
    power: list[Array | float] = []
    for litres, minutes in (
        (water["sulfates"], p["mixer1_residence"]),
        (water["soda"], p["mixer2_residence"]),
    ):
        size = litres * minutes / MINUTES_PER_DAY * (1 + p["mixer_excess"]) / LITRES_PER_M3
        equipment.append(p["mixer_cost_a"] * size ** p["mixer_cost_b"] * index)
        power.append(p["agitation_power"] * size)
    size = (
        water["reactor"] * p["reactor_residence"] / HOURS_PER_DAY * (1 + p["reactor_excess"]) / LITRES_PER_M3
    )
    equipment.append(p["reactor_cost_a"] * size ** p["reactor_cost_b"] * index)
    power.append(p["agitation_power"] * size)
    equipment.append(_filters(water["reactor"], index, p))
    for flow in (washed, washed * (1 + p["pump_excess"])):
        m3_per_s = flow / LITRES_PER_M3 / SECONDS_PER_DAY
        equipment.append(p["pump_cost_a"] * m3_per_s ** p["pump_cost_b"] * index)
        power.append(p["pump_power_a"] * m3_per_s * 60)
    dry, moist, heat = _drying(salts, p)
    per_second = moist / SECONDS_PER_DAY
    large = p["dryer_cost_a"] * per_second ** p["dryer_cost_b"]
    equipment.append(np.where(per_second < p["dryer_flow_threshold"], p["dryer_cost_small"], large) * index)
    power.append(p["dryer_agitator"])
    mill, mill_power = _mill(dry / SECONDS_PER_DAY, index, p)
    blender, blender_power = _blender(_blended_m3(salts, p), index, p)
    equipment += [mill, blender, p["kiln_plus_saggar"] + p["demagnetise"] + p["dust"]]
    power += [mill_power, blender_power, p["kiln_power"]]
    return Line(
        np.asarray(sum(equipment) + p["wastewater_plant_NMC_NCA"], np.float64),
        np.asarray(sum(power), np.float64),
        heat,
        washed / p["litre_per_gal"],
    )


def _salts(chemistry: str, daily_kg: Array, figures: Figures) -> dict[str, Array]:
    """Moles a day of the metals in the cathode: Ni, Co, second (Mn, or Al for NCA), and its molar salt."""
    p = figures.parameter["cathode_plant"]
    share = {name: figures.atoms[chemistry, name] for name in ("Ni", "Co", "Mn", "Al")}
    second = "Al" if chemistry == ALUMINIUM else "Mn"
    formula = (
        p["molar_mass_Ni"] * share["Ni"]
        + p[f"molar_mass_{second}"] * share[second]
        + p["molar_mass_Co"] * share["Co"]
        + p["molar_mass_O2"]
        + p["Li_to_TM_ratio_NMC_NCA"] * p["molar_mass_Li"]
    )
    moles = KILOGRAMS_IN_TONNE * daily_kg / formula
    salt = share[second] * moles / (2 if chemistry == ALUMINIUM else 1)
    carbonate = "Al2CO33" if chemistry == ALUMINIUM else "MnCO3"
    return {
        "Ni": share["Ni"] * moles,
        "Co": share["Co"] * moles,
        "second": share[second] * moles,
        "second_salt": salt,
        "is_aluminium": np.asarray(float(carbonate == "Al2CO33")),
    }


def _reactor_water(chemistry: str, salts: Masses, p: Amounts, slips: Slips) -> dict[str, Array]:
    """Litres a day through the mixers and the reactor."""
    kept = p["reactor_conversion"] * p["filter_yield"] * (1 - p["handling_loss"])
    nickel, cobalt, second = (salts[name] / kept for name in ("Ni", "Co", "second_salt"))
    sulfates = (nickel + cobalt + second) / p["sulfate_concentration"]
    per_second = p[f"soda_per_second_metal_{'nca' if chemistry == ALUMINIUM else 'nmc'}"]
    soda = (nickel + per_second * second + cobalt) / p["soda_concentration"]
    hydroxide = np.exp(-p["reactor_pOH"]) if slips.poh_exponential else 10.0 ** -p["reactor_pOH"]
    reactor = (sulfates + soda) / (1 - hydroxide / p["ammonia_feed_concentration"])
    return {"sulfates": sulfates, "soda": soda, "reactor": reactor}


def _filters(water: Array, index: float, p: Amounts) -> Array:
    area = water / LITRES_PER_M3 / HOURS_PER_DAY / p["filter_flux"]
    single = area < p["filter_area_single"]
    count = np.where(single, 1.0, np.floor(area / p["filter_area_single"] + 0.5))
    cost = p["filter_stages"] * count * p["filter_cost_a"] * area ** p["filter_cost_b"] * index
    return np.asarray(cost, np.float64)


def _drying(salts: Masses, p: Amounts) -> tuple[Array, Array, Array]:
    """Dry carbonates and moisture [kg/day], and heat [kW]."""
    aluminium = bool(salts["is_aluminium"])
    second_mass = p["molar_mass_Al2CO33"] if aluminium else p["molar_mass_MnCO3"]
    dry = (
        p["molar_mass_NiCO3"] * salts["Ni"]
        + second_mass * salts["second_salt"]
        + p["molar_mass_CoCO3"] * salts["Co"]
    ) / KILOGRAMS_IN_TONNE
    moist = dry / (1 - p["dryer_moisture"]) * p["dryer_moisture"]
    second_cp = p["cp_Al2CO33_proxy"] if aluminium else p["cp_MnCO3"]
    rise = p["dryer_temperature_rise"]
    water = KILOGRAMS_IN_TONNE * moist / 18 * (p["cp_water"] * rise + p["latent_water"])
    solids = rise * (
        p["cp_NiCO3"] * salts["Ni"] + second_cp * salts["second_salt"] + p["cp_CoCO3"] * salts["Co"]
    )
    return dry, moist, (water + solids) * KILOJOULES_PER_CAL / SECONDS_PER_DAY


def _mill(kg_per_s: Array, index: float, p: Amounts) -> tuple[Array, Array]:
    """Mill and de-agglomerator of the same cost [USD], and the mill's power [kW]."""
    size = (1 + p["mill_excess"]) * kg_per_s
    return 2 * p["mill_cost_a"] * size ** p["mill_cost_b"] * index, p["mill_power"] * size


def _blended_m3(salts: Masses, p: Amounts) -> Array:
    """Volume of solids blended a day [m3]."""
    if bool(salts["is_aluminium"]):
        second = p["molar_mass_Al2CO33"] * salts["second_salt"] / p["rho_Al2CO33_proxy"]
    else:
        second = p["molar_mass_MnCO3_blender"] * salts["second_salt"] / p["rho_MnCO3"]
    carbonate = p["Li_to_TM_ratio_NMC_NCA"] * (salts["Ni"] + salts["second"] + salts["Co"]) / 2
    grams_by_density = (
        p["molar_mass_NiCO3"] * salts["Ni"] / p["rho_NiCO3"]
        + second
        + p["molar_mass_CoCO3"] * salts["Co"] / p["rho_CoCO3"]
        + p["molar_mass_Li2CO3"] * carbonate / p["rho_Li2CO3"]
    )
    return np.asarray(grams_by_density / LITRES_PER_M3 / LITRES_PER_M3, np.float64)


def _blender(m3_per_day: Array, index: float, p: Amounts) -> tuple[Array, Array]:
    """Blender [USD] and its power [kW]."""
    hourly = m3_per_day * (1 + p["blender_excess"]) / HOURS_PER_DAY
    size = p["blender_residence"] / p["blender_fill"] * hourly
    cost = (p["blender_cost_slope"] * size + p["blender_cost_const"]) * index
    return np.asarray(cost, np.float64), p["blender_power"] * size


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
