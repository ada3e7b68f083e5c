"""Cost of one plant: capital, variable and fixed cost in closed form, from flows and a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kitaran.planning.processes.capital import Array, FixedCapital, capital_charge, fixed_capital
from kitaran.planning.processes.equipment import labour_hours_per_day, purchased_equipment
from kitaran.planning.processes.feed import Masses
from kitaran.planning.processes.figures import Amounts, Figures
from kitaran.planning.processes.flows import Flows, total
from kitaran.planning.processes.places import Place
from kitaran.planning.processes.prices import Prices
from kitaran.planning.processes.slips import Slips

KILOGRAMS_IN_TONNE = 1000
MJ_PER_KWH = "electricity_MJ_per_kWh"


@dataclass(frozen=True)
class PlantCost:
    """One plant, each (sample,) in USD a year unless said.

    parts : raw materials, utilities, effluent and the items of fixed cost, which add up to variable + fixed
    fee   : positive part of the feed's price among raw materials, USD a year; credit: its negative part
    """

    process: str
    throughput_t: Array
    capital: FixedCapital
    equipment: Masses
    working_capital: Array
    variable: Array
    fixed: Array
    annual_capital_charge: Array
    credit: Array
    labour_hours_per_day: float
    parts: Masses

    @property
    def total_capital(self) -> Array:
        return self.capital.total + self.working_capital

    @property
    def unit_cost(self) -> Array:
        """USD per kg of feed to this plant; nothing where nothing is treated."""
        yearly = self.variable + self.fixed + self.annual_capital_charge + self.credit
        kilograms = KILOGRAMS_IN_TONNE * self.throughput_t
        return np.asarray(np.where(kilograms > 0, yearly / np.where(kilograms > 0, kilograms, 1), 0.0))

    def as_dict(self) -> dict[str, Any]:
        """The figures of the command line."""
        return {
            "throughput_t": self.throughput_t,
            "tci_usd": self.total_capital,
            "fci_usd": self.capital.total,
            "variable_usd": self.variable,
            "fixed_usd": self.fixed,
            "annual_capital_charge_usd": self.annual_capital_charge,
            "labour_person_hours_per_day": self.labour_hours_per_day,
        }


@dataclass(frozen=True)
class Finance:
    """Discount rate [1/year] and life [year] of a plant, each (sample,)."""

    rate: Array
    years: Array


def plant_cost(
    flows: Flows,
    throughput_t: Array,
    fee_usd_per_kg: Array,
    revenue_usd_per_kg: Array,
    chemistries: int,
    driver: Masses,
    place: Place,
    prices: Prices,
    finance: Finance,
    figures: Figures,
    slips: Slips,
) -> PlantCost:
    """Cost of one plant in closed form; see `PlantCost`.

    throughput_t       : (sample,) [t/year]
    fee_usd_per_kg     : (sample,), of this plant's feed where this plant pays for it
    revenue_usd_per_kg : (sample,), on which research is charged

    C = (V + 1.65 L + 0.05 ISBL + 0.04 S + 0.01 Rev + 0.02 ACC + 0.06 (0.02 S - 2/52 Raw))
        / (1 - 0.02 - 0.06 x 7/52), with S = ISBL + OSBL: selling, royalties and interest on working capital
    depend on the cost itself. Source: EverBatt 2023, the circular cells solved.
    """
    kilograms = KILOGRAMS_IN_TONNE * throughput_t
    share = figures.parameter["capital"]
    at_home = purchased_equipment(flows.process, throughput_t, driver, chemistries, figures)
    equipment = {name: cost * place["capital_cost_factor_k_geo"] for name, cost in at_home.items()}
    capital = fixed_capital(total(equipment), share, contingency_on_site=not slips.contingency_base)
    charge = capital_charge(capital.total, finance.rate, finance.years)
    variable = _variable(flows, kilograms, np.maximum(fee_usd_per_kg, 0), place, prices, figures, slips)
    hours = labour_hours_per_day(flows.process, figures)
    direct = _fixed(_labour(hours, place, figures), capital, revenue_usd_per_kg * kilograms, share)
    raw = variable["feed"] + variable["reagents"]
    cash, working = _closed_form(total(variable) + total(direct), raw, charge, capital, share)
    fixed = {
        **direct,
        "selling_and_royalty": (share["f_selling"] + share["f_royalty"]) * (cash + charge),
        "interest_on_working_capital": share["i_working_capital"] * working,
    }
    return PlantCost(
        process=flows.process,
        throughput_t=throughput_t,
        capital=capital,
        equipment=equipment,
        working_capital=working,
        variable=total(variable),
        fixed=cash - total(variable),
        annual_capital_charge=charge,
        credit=np.minimum(fee_usd_per_kg, 0) * kilograms,
        labour_hours_per_day=hours,
        parts={**variable, **fixed, "annual_capital_charge": charge},
    )


def _fixed(labour: Array, capital: FixedCapital, revenue: Array, share: Amounts) -> dict[str, Array]:
    """Items of fixed cost that do not depend on the cost itself, (sample,) [USD/year]."""
    on_site = share["f_tax_insurance"] + share["f_rent"] + share["f_environment"]
    return {
        "labour": labour,
        "maintenance": share["f_maintenance"] * capital.inside,
        "tax_rent_environment": on_site * capital.site,
        "administration": share["f_GA"] * labour,
        "research": share["f_RD"] * revenue,
        "interest_on_fixed_capital": share["i_fixed_capital"] * capital.total,
    }


def _closed_form(
    before: Array, raw: Array, charge: Array, capital: FixedCapital, share: Amounts
) -> tuple[Array, Array]:
    """Cash cost and working capital, (sample,), where selling and interest depend on both.

    before : variable cost and the fixed cost that does not depend on the cost itself [USD/year]
    """
    circular = share["f_selling"] + share["f_royalty"]
    interest, weeks = share["i_working_capital"], share["weeks_per_year"]
    on_hand = share["wc_capital_fraction"] * capital.site - share["wc_material_weeks"] / weeks * raw
    held = share["wc_cash_weeks"] / weeks
    cash = (before + circular * charge + interest * on_hand) / (1 - circular - interest * held)
    return cash, held * cash + on_hand


def _labour(hours_per_day: float, place: Place, figures: Figures) -> Array:
    """Operators, supervision and salary overhead, (sample,) [USD/year]."""
    labour = figures.parameter["labour"]
    operators = hours_per_day * place["wage_usd_per_h"] * labour["operating_days"]
    supervised = operators * (1 + labour["supervision_fraction"])
    return supervised * (1 + labour["salary_overhead_fraction"])


def _variable(
    flows: Flows,
    kilograms: Array,
    fee: Array,
    place: Place,
    prices: Prices,
    figures: Figures,
    slips: Slips,
) -> dict[str, Array]:
    """Items of variable cost, (sample,) [USD/year]."""
    share = figures.parameter["capital"]
    reagents = total({name: amount * prices.reagent[name] for name, amount in flows.reagents.items()})
    raw = {"feed": fee * kilograms, "reagents": reagents * kilograms}
    consumables = share["f_consumables"] + share["f_packaging"]
    energy = utility_cost(flows.utilities, place, figures, slips)
    landfill = place["landfill_usd_per_short_ton"] / landfill_kg_per_fee(flows.process, figures, slips)
    return {
        **raw,
        "consumables_and_packaging": consumables * total(raw),
        **{name: cost * kilograms for name, cost in energy.items()},
        "solid_waste": flows.solid_waste_kg * landfill * kilograms,
        "waste_water": flows.waste_water_gal * place["wastewater_usd_per_gal"] * kilograms,
    }


def utility_cost(
    utilities: Mapping[str, Array], place: Place, figures: Figures, slips: Slips
) -> dict[str, Array]:
    """Electricity, gas, water and diesel, (sample,) [USD/kg feed]."""
    constant = figures.parameter["constant"]
    mmbtu = constant["MJ_per_mmBtu_internal"]
    cost = {
        "electricity": utilities["electricity"] / constant[MJ_PER_KWH] * place["electricity_usd_per_kWh"],
        "natural_gas": utilities["natural_gas"] / mmbtu * place["natural_gas_usd_per_mmBtu"],
        "process_water": utilities["process_water"] * place["water_usd_per_gal"],
    }
    if not slips.free_diesel:
        cost["diesel"] = utilities["diesel"] / mmbtu * place["diesel_usd_per_mmBtu"]
    return cost


def landfill_kg_per_fee(process: str, figures: Figures, slips: Slips) -> float:
    """Kilograms of solid waste for which one fee of a short ton is paid."""
    constant = figures.parameter["constant"]
    if not slips.landfill_tonne:
        return figures.parameter["mended"]["short_ton_kg"]
    if process == "mechanical_preprocessing":
        return constant["kg_per_tonne_landfill_preprocessing"]
    return constant["kg_per_short_ton_landfill_recovery"]
