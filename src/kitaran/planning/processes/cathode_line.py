"""One production line of new cathode material: equipment, power, heat and water by its daily output."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.feed import Masses
from kitaran.planning.processes.figures import Amounts, Figures
from kitaran.planning.processes.slips import Slips

MINUTES_PER_DAY = 1440
SECONDS_PER_DAY = 86_400
HOURS_PER_DAY = 24
LITRES_PER_M3 = 1000
GRAMS_IN_KILOGRAM = 1000
KILOJOULES_PER_CAL = 0.004184
WATER_G_PER_MOL = 18
ALUMINIUM = "NCA"


@dataclass(frozen=True)
class Line:
    """One production line: equipment [USD], power [kW], heat [kW], water [gal/day], each (sample,)."""

    equipment: Array
    power: Array
    heat: Array
    water: Array


def dry_line(daily_kg: Array, index: float, p: Amounts) -> Line:
    """Mill, de-agglomerator, blender, kiln, demagnetiser, dust: cobalt oxide and lithium carbonate."""
    formula = p["molar_mass_Co"] + p["molar_mass_O2"] + p["molar_mass_Li"]
    moles = GRAMS_IN_KILOGRAM * daily_kg / formula
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


def wet_line(chemistry: str, daily_kg: Array, index: float, figures: Figures, slips: Slips) -> Line:
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
    moles = GRAMS_IN_KILOGRAM * daily_kg / formula
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
    ) / GRAMS_IN_KILOGRAM
    moist = dry / (1 - p["dryer_moisture"]) * p["dryer_moisture"]
    second_cp = p["cp_Al2CO33_proxy"] if aluminium else p["cp_MnCO3"]
    rise = p["dryer_temperature_rise"]
    water = GRAMS_IN_KILOGRAM * moist / WATER_G_PER_MOL * (p["cp_water"] * rise + p["latent_water"])
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
