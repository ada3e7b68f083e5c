"""Energy, water and greenhouse gases of a plant, per kg of its feed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.feed import Masses
from kitaran.planning.processes.figures import Amounts, Figures
from kitaran.planning.processes.flows import Flows
from kitaran.planning.processes.places import GASES, Place
from kitaran.planning.processes.slips import Slips

BTU_IN_MMBTU = 1e6


@dataclass(frozen=True)
class Burdens:
    """energy_mj, water_gal, ghg_g: each (sample,) per kg."""

    energy_mj: Array
    water_gal: Array
    ghg_g: Array

    def times(self, share: Array) -> Burdens:
        return Burdens(self.energy_mj * share, self.water_gal * share, self.ghg_g * share)

    def plus(self, other: Burdens) -> Burdens:
        return Burdens(
            self.energy_mj + other.energy_mj, self.water_gal + other.water_gal, self.ghg_g + other.ghg_g
        )


def plant_burdens(
    flows: Flows, place: Place, figures: Figures, slips: Slips, preprocessing: bool = False
) -> Burdens:
    """Burdens of fuels, electricity and reagents, with the carbon dioxide of the process itself.

    energy = D (1 + e_D) + G (1 + e_G/1e6) + P e_P/1e6 + 0.0011 sum of reagents x e; water and gases alike.
    Nitrogen has no factor. Source: EverBatt 2023, factors of GREET.
    """
    constant = figures.parameter["constant"]
    carriers = {
        name: flows.utilities[name] / constant["MJ_per_mmBtu_internal"]
        for name in ("diesel", "natural_gas", "electricity")
    }
    tons = {name: mass * constant["short_ton_per_kg"] for name, mass in flows.reagents.items()}
    materials = {
        quantity: _material(tons, quantity, figures)
        for quantity in ("total_energy_mmBtu", "water_gal", "GHG_g")
    }
    wet_fuels = preprocessing and slips.fuel_water
    factors = greenhouse_factors(place, figures)
    if preprocessing and slips.korea_gases and place.code == "KOR":
        factors["electricity"] = np.asarray(0.0)
    gases = sum((carriers[name] * factors[name] for name in carriers), np.float64(0.0))
    return Burdens(
        energy_mj=(_energy(carriers, place, figures) + materials["total_energy_mmBtu"])
        * constant["MJ_per_mmBtu_output"],
        water_gal=_water(carriers, place, figures, wet_fuels)
        + materials["water_gal"]
        + flows.utilities["process_water"],
        ghg_g=np.asarray(gases, np.float64) + materials["GHG_g"] + flows.process_co2_g,
    )


def _material(tons: Masses, quantity: str, figures: Figures) -> Array:
    factors = {name: figures.burdens.get(("material", name), {}).get(quantity, 0.0) for name in tons}
    return np.asarray(sum((tons[name] * factors[name] for name in tons), np.float64(0.0)), np.float64)


def _energy(carriers: Masses, place: Place, figures: Figures) -> Array:
    """Total energy of the carriers, (sample,) [mmBtu/kg]."""
    diesel, gas = figures.burdens["diesel", "upstream"], figures.burdens["natural_gas", "upstream"]
    return np.asarray(
        carriers["diesel"] * (1 + diesel["total_energy_mmBtu"])
        + carriers["natural_gas"] * (1 + gas["total_energy_Btu"] / BTU_IN_MMBTU)
        + carriers["electricity"] * place.electricity["total_energy_Btu"] / BTU_IN_MMBTU,
        np.float64,
    )


def _water(carriers: Masses, place: Place, figures: Figures, as_if_energy: bool) -> Array:
    """Water of the carriers, (sample,) [gal/kg]; `as_if_energy` keeps the slip of pre-processing."""
    diesel = figures.burdens["diesel", "upstream"]["water_gal"]
    gas = figures.burdens["natural_gas", "upstream"]["water_gal"]
    electric = place.electricity["water_gal"]
    if as_if_energy:
        return np.asarray(
            carriers["diesel"] * (1 + diesel)
            + carriers["natural_gas"] * (1 + gas / BTU_IN_MMBTU)
            + carriers["electricity"] * electric / BTU_IN_MMBTU,
            np.float64,
        )
    return np.asarray(
        carriers["diesel"] * diesel + carriers["natural_gas"] * gas + carriers["electricity"] * electric,
        np.float64,
    )


def greenhouse_factors(place: Place, figures: Figures) -> dict[str, Array]:
    """CO2 equivalents of a mmBtu of each carrier, upstream and burnt, (sample,) [g/mmBtu]."""
    burdens = figures.burdens
    constant = burdens["constant", "any"]
    found = {}
    for carrier, burnt in (("diesel", "combustion_wheel_loader"), ("natural_gas", "combustion")):
        gases = {gas: burdens[carrier, "upstream"][gas] + burdens[carrier, burnt][gas] for gas in GASES}
        found[carrier] = greenhouse({gas: np.asarray(grams) for gas, grams in gases.items()}, constant)
    found["electricity"] = greenhouse(place.electricity, constant)
    return found


def greenhouse(gases: Masses, constant: Amounts) -> Array:
    """CO2 equivalents of five gases, (sample,) [g].

    CO2 + (C in VOC and CO as CO2) + 29.8 CH4 + 273 N2O (global warming over 100 years).
    """
    carbon = constant["C_ratio_VOC"] * gases["VOC_g"] + constant["C_ratio_CO"] * gases["CO_g"]
    return np.asarray(
        gases["CO2_g"]
        + carbon / constant["C_ratio_CO2"]
        + constant["GWP100_CH4"] * gases["CH4_g"]
        + constant["GWP100_N2O"] * gases["N2O_g"],
        np.float64,
    )
