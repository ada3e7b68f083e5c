"""Purchased equipment of a process train, and the labour that runs it."""

from __future__ import annotations

import numpy as np

from kitaran.planning.processes.capital import Array, round_up, scaled_cost
from kitaran.planning.processes.feed import Masses
from kitaran.planning.processes.figures import Equipment, Figures, Step
from kitaran.planning.processes.flows import total

SINGLE = 1


def hours_per_year(figures: Figures) -> float:
    """Operating hours of a plant."""
    labour = figures.parameter["labour"]
    return labour["operating_days"] * labour["operating_hours"]


def purchased_equipment(
    process: str, throughput_t: Array, driver: Masses, chemistries: int, figures: Figures
) -> dict[str, Array]:
    """Cost of each step of a train at US prices of 2020, (sample,) [USD], keyed `NN name` in order.

    throughput_t : (sample,) [t/year]
    driver       : what the steps treat, (sample,) [kg/kg feed]
    chemistries  : distinct cathode chemistries (lines of direct recycling)

    q = (M/H) phi m; C = 1.5 q in one unit or 0.75 q in each of two, rounded up to 0.1 t/h;
    cost = (a C^b + c) x index x pieces x units bought.
    Source: EverBatt 2023, Unit Ops.
    """
    found = {}
    for number, step in enumerate(figures.trains[process], 1):
        equipment = figures.equipment[step.equipment]
        capacity = design_capacity(step, equipment, throughput_t, driver, chemistries, figures)
        one = scaled_cost(equipment.coefficient, equipment.exponent, equipment.offset, capacity)
        bought = units_bought(step, capacity, chemistries, figures)
        pieces = 1 if equipment.pieces == SINGLE else 2
        found[f"{number:02d} {step.equipment}"] = one * equipment.index_adjustment * pieces * bought
    return found


def design_capacity(
    step: Step,
    equipment: Equipment,
    throughput_t: Array,
    driver: Masses,
    chemistries: int,
    figures: Figures,
) -> Array:
    """Capacity of one piece, (sample,) [t/h]."""
    constant = figures.parameter["constant"]
    treated = total({name: driver[name] for name in step.treats}) / step.solids_fraction
    if step.split_by_chemistry:
        treated = treated / chemistries
    hourly = throughput_t / hours_per_year(figures) * equipment.capacity_fraction * treated
    single = equipment.pieces == SINGLE
    spare = constant["design_factor_single" if single else "design_factor_pair"]
    return round_up(hourly * spare, constant["capacity_step_t_per_h"])


def units_bought(step: Step, capacity: Array, chemistries: int, figures: Figures) -> Array:
    """Number of units, (sample,): one, by chemistry, or as many kilns as the yearly capacity needs."""
    if step.units_bought == "kilns":
        yearly = capacity * hours_per_year(figures)
        return round_up(yearly / figures.parameter["constant"]["kiln_capacity_t_per_year"], 1.0)
    count = {"one": 1, "chemistries": chemistries, "chemistries_less_one": chemistries - 1}
    return np.full_like(capacity, count[step.units_bought])


def labour_hours_per_day(process: str, figures: Figures) -> float:
    """Person-hours a day: the sum over the train, at least the crew of a plant."""
    crew = sum(figures.equipment[step.equipment].labour_h_per_day for step in figures.trains[process])
    return max(crew, figures.parameter["labour"]["labour_floor_person_h_per_day"])
