"""The lines of one plant in the workbook: feed, flows, equipment, capital, cost, revenue, emissions."""

from __future__ import annotations

import numpy as np

from kitaran.planning.processes.chain import Evaluation, Plant
from kitaran.planning.processes.feed import CATHODE_METALS, Feed
from kitaran.planning.processes.figures import (
    ANODE_BINDER,
    CATHODE,
    PLASTICS,
    PVDF,
    SALT,
    SOLVENTS,
    Amounts,
    Figures,
)
from kitaran.planning.processes.flows import BURNT_IN_PRETREATMENT, CARBON
from kitaran.planning.processes.plant_cost_lines import (
    MECHANICAL,
    PRE,
    PYRO,
    RECOVERY,
    cost_lines,
    equipment_lines,
)
from kitaran.planning.processes.worksheet import Lines, added, number


def plant_lines(lines: Lines, answer: Evaluation, plant: Plant, prefix: str) -> None:
    """All lines of a plant, named with its prefix. Recovery follows the black mass of the first plant."""
    lines.heading(f"Plant: {plant.flows.process.replace('_', ' ')}")
    _feed(lines, answer, plant, prefix)
    _flows(lines, answer, plant, prefix)
    equipment_lines(lines, answer, plant, prefix)
    cost_lines(lines, answer, plant, prefix)
    _emissions(lines, answer, plant, prefix)


def _feed(lines: Lines, answer: Evaluation, plant: Plant, prefix: str) -> None:
    """Throughput, components, cathode material by chemistry, elements."""
    figures, feed = answer.case.figures, plant.feed
    follows = prefix == RECOVERY and answer.preprocessing is not None
    bought = any(stream.is_black_mass for stream in answer.case.streams)
    if follows and not bought:
        lines.formula(f"{prefix} t", "Throughput", "{t} * {pre black_mass}", "t/year")
    else:
        lines.given(f"{prefix} t", "Throughput", _one(plant.cost.throughput_t), "t/year")
    handed_on = figures.yields[MECHANICAL]["black_mass"]
    live = follows and not bought
    for name, fraction in feed.components.items():
        if name == CATHODE:
            continue
        if live:
            share = number(handed_on[name])
            lines.formula(f"{prefix} {name}", name, f"{share} * {{pre {name}}} / {{pre black_mass}}", "kg/kg")
        else:
            lines.given(f"{prefix} {name}", name, _one(fraction), "kg/kg")
    for name, fraction in feed.cathode.items():
        label = f"Cathode material {name}"
        if live:
            share = number(handed_on[CATHODE])
            formula = f"{share} * {{pre cathode {name}}} / {{pre black_mass}}"
            lines.formula(f"{prefix} cathode {name}", label, formula, "kg/kg")
        else:
            lines.given(f"{prefix} cathode {name}", label, _one(fraction), "kg/kg")
    cathodes = [f"{{{prefix} cathode {name}}}" for name in feed.cathode]
    lines.formula(f"{prefix} {CATHODE}", CATHODE, added(cathodes), "kg/kg")
    _elements(lines, feed, figures, prefix)


def _elements(lines: Lines, feed: Feed, figures: Figures, prefix: str) -> None:
    salt = f"{{{prefix} {SALT}}}" if SALT in feed.components else "0"
    pvdf = f"{{{prefix} {PVDF}}}" if PVDF in feed.components else "0"
    for element in ("Li", *CATHODE_METALS):
        terms = [
            f"{number(figures.element[name, element])} * {{{prefix} cathode {name}}}" for name in feed.cathode
        ]
        if element == "Li":
            terms.append(f"{number(figures.element['LiPF6', 'Li'])} * {salt}")
        lines.formula(f"{prefix} {element}", element, added(terms), "kg/kg")
    lines.formula(f"{prefix} Cu", "Cu", f"{{{prefix} Copper}}", "kg/kg")
    fluorine = figures.parameter["constant"]["F_in_PVDF"]
    in_salt = number(figures.element["LiPF6", "F"])
    lines.formula(f"{prefix} F", "F", f"{in_salt} * {salt} + {number(fluorine)} * {pvdf}", "kg/kg")
    lines.formula(f"{prefix} P", "P", f"{number(figures.element['LiPF6', 'P'])} * {salt}", "kg/kg")


def _driven(prefix: str, by_driver: Amounts) -> str:
    """Sum of coefficient x driver."""
    terms = [
        number(value) if driver == "feed" else f"{number(value)} * {{{prefix} {driver}}}"
        for driver, value in by_driver.items()
    ]
    return added(terms)


def _flows(lines: Lines, answer: Evaluation, plant: Plant, prefix: str) -> None:
    """Reagents, utilities, products, wastes."""
    figures, process = answer.case.figures, plant.flows.process
    for name, by_driver in figures.inputs[process, "reagent"].items():
        lines.formula(f"{prefix} reagent {name}", name, _driven(prefix, by_driver), "kg/kg")
    for name, by_driver in figures.inputs[process, "utility"].items():
        unit = "gal/kg" if name == "process_water" else "MJ/kg"
        lines.formula(f"{prefix} {name}", name.replace("_", " "), _driven(prefix, by_driver), unit)
    for name, by_driver in figures.yields[process].items():
        if name == "cathode":
            for chemistry in plant.feed.cathode:
                made = f"{number(by_driver[CATHODE])} * {{{prefix} cathode {chemistry}}}"
                lines.formula(f"{prefix} cathode_{chemistry}", f"cathode {chemistry} made", made, "kg/kg")
        else:
            # Products may bear the name of a component: "copper" is made, "Copper" goes in.
            key = name if name == "black_mass" else f"made {name}"
            lines.formula(
                f"{prefix} {key}", f"{name.replace('_', ' ')} made", _driven(prefix, by_driver), "kg/kg"
            )
    _wastes(lines, answer, plant, prefix)


def _made(plant: Plant, prefix: str) -> str:
    """Sum of all products."""
    terms = [
        f"{{{prefix} {name}}}"
        if name == "black_mass" or name.startswith("cathode_")
        else f"{{{prefix} made {name}}}"
        for name in plant.flows.products
    ]
    return added(terms)


def _sum(plant: Plant, prefix: str, names: tuple[str, ...]) -> str:
    """Sum of those components that the feed has."""
    return added([f"{{{prefix} {name}}}" for name in names if name in plant.feed.components])


def _wastes(lines: Lines, answer: Evaluation, plant: Plant, prefix: str) -> None:
    """Solid waste [kg] and waste water [gal] per kg of feed, by route."""
    constant = answer.case.figures.parameter["constant"]
    litres = constant["litre_per_gal_flow"]
    made, solvents = f"({_made(plant, prefix)})", f"({_sum(plant, prefix, SOLVENTS)})"
    added_mass = added([f"{{{prefix} reagent {name}}}" for name in plant.flows.reagents])
    reagents = lines.formula(f"{prefix} reagents", "all reagents", added_mass, "kg/kg")
    water = f"{{{prefix} process_water}}"
    if plant.flows.process == MECHANICAL:
        burnt = _sum(plant, prefix, (*PLASTICS, SALT, PVDF, ANODE_BINDER))
        kept = number(1 - constant["flue_dust_fraction_preprocessing"])
        gone = "0" if answer.case.slips.solvent_in_waste else solvents
        solid = f"1 + {{{prefix} reagent Lime}} - {made} - {kept} * ({burnt}) - {gone}"
        charged = f"{water} / 1000" if answer.case.slips.small_wastewater else water
    elif plant.flows.process == PYRO:
        burnt = f"({_sum(plant, prefix, ('Graphite', *PLASTICS, 'Carbon black', PVDF, ANODE_BINDER))})"
        dust = number(constant["flue_dust_fraction_pyro"])
        solid = f"1 - {solvents} - {made} - {burnt}"
        gas = f"{number(constant['CO2_per_CaCO3'])} * {{{prefix} reagent Limestone}}"
        slag = f"(1 - {solvents} - {made} - {burnt} - {dust} * {burnt})"
        charged = (
            f"(1 - {solvents} + {reagents} + {number(litres)} * {water} - {made} - {dust} * {burnt} - {slag}"
            f" - {gas}) / {number(litres)}"
        )
    else:
        solid = f"1 - {solvents} - {made} + {number(constant['reagent_to_solid_fraction'])} * {reagents}"
        direct = plant.flows.process == "direct"
        gallon = constant["litre_per_gal_direct_wastewater"] if direct else litres
        in_water = f"{number(constant['reagent_to_water_fraction'])} * {reagents}"
        charged = (
            f"(1 + {in_water} + {number(litres)} * {water} - {made} - {{{prefix} solid}}) / {number(gallon)}"
        )
    lines.formula(f"{prefix} solid", "solid waste", solid, "kg/kg")
    lines.formula(f"{prefix} waste water", "waste water charged", charged, "gal/kg")


def _emissions(lines: Lines, answer: Evaluation, plant: Plant, prefix: str) -> None:
    """Greenhouse gases of fuels, electricity, reagents and the feed itself."""
    figures = answer.case.figures
    constant = figures.parameter["constant"]
    mmbtu = number(constant["MJ_per_mmBtu_internal"])
    silent = prefix == PRE and answer.case.slips.korea_gases and answer.case.place.code == "KOR"
    carriers = ("diesel", "natural_gas") if silent else ("diesel", "natural_gas", "electricity")
    terms = [f"{{{prefix} {name}}} / {mmbtu} * {{ghg {name}}}" for name in carriers]
    for name in plant.flows.reagents:
        factor = figures.burdens.get(("material", name), {}).get("GHG_g", 0.0)
        terms.append(f"{{{prefix} reagent {name}}} * {number(factor * constant['short_ton_per_kg'])}")
    burnt = {MECHANICAL: BURNT_IN_PRETREATMENT, PYRO: tuple(CARBON)}.get(plant.flows.process, ())
    for name in burnt:
        if name in plant.feed.components:
            grams = 1000 * constant["CO2_per_C"] * constant[CARBON[name]]
            terms.append(f"{number(grams)} * {{{prefix} {name}}}")
    if plant.flows.process == PYRO:
        terms.append(f"{number(1000 * constant['CO2_per_CaCO3'])} * {{{prefix} reagent Limestone}}")
    lines.formula(f"{prefix} ghg", "Greenhouse gases", added(terms), "g/kg")


def _one(value: object) -> float:
    return float(np.asarray(value, np.float64).reshape(-1)[0])
