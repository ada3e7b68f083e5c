"""The lines of one plant in the workbook that lead from throughput to unit cost."""

from __future__ import annotations

from kitaran.planning.processes.capital import INSTALLATION
from kitaran.planning.processes.chain import Evaluation, Plant
from kitaran.planning.processes.equipment import SINGLE, hours_per_year
from kitaran.planning.processes.fees import payable_of_black_mass, payable_of_lithium
from kitaran.planning.processes.figures import CATHODE, Step
from kitaran.planning.processes.plant_cost import landfill_kg_per_fee
from kitaran.planning.processes.worksheet import Lines, added, number

PRE, RECOVERY = "pre", "rec"
PYRO = "pyrometallurgical"
MECHANICAL = "mechanical_preprocessing"


def equipment_lines(lines: Lines, answer: Evaluation, plant: Plant, prefix: str) -> None:
    """Design capacity and cost of each step."""
    figures = answer.case.figures
    hourly = f"{{{prefix} t}} / {number(hours_per_year(figures))}"
    parts = []
    for at, step in enumerate(figures.trains[plant.flows.process], 1):
        parts.append(_step(lines, answer, plant, prefix, f"{at:02d} {step.equipment}", step, hourly))
    lines.formula(
        f"{prefix} E", "Purchased equipment", f"{{capital_cost_factor_k_geo}} * ({added(parts)})", "USD"
    )


def _step(
    lines: Lines, answer: Evaluation, plant: Plant, prefix: str, name: str, step: Step, hourly: str
) -> str:
    figures = answer.case.figures
    constant, each = figures.parameter["constant"], figures.equipment[step.equipment]
    single = each.pieces == SINGLE
    chemistries = len(plant.feed.cathode)
    treated = "1" if step.treats == ("feed",) else added([f"{{{prefix} {part}}}" for part in step.treats])
    split = chemistries if step.split_by_chemistry else 1
    spare = constant["design_factor_single" if single else "design_factor_pair"]
    grid = constant["capacity_step_t_per_h"]
    factor = number(each.capacity_fraction * spare / step.solids_fraction / split / grid)
    rounded = f"ROUNDUP({hourly} * ({treated}) * {factor} - 0.000000001, 0) * {number(grid)}"
    capacity = lines.formula(f"{prefix} capacity {name}", f"{name}: design capacity", rounded, "t/h")
    if step.units_bought == "kilns":
        yearly = number(hours_per_year(figures) / constant["kiln_capacity_t_per_year"])
        units = f"ROUNDUP({capacity} * {yearly} - 0.000000001, 0)"
    else:
        bought = {"one": 1, "chemistries": chemistries, "chemistries_less_one": chemistries - 1}
        units = number(bought[step.units_bought])
    scale = number((1 if single else 2) * each.index_adjustment)
    power = f"{capacity}^{number(each.exponent)}" if each.exponent else "1"
    one = f"({number(each.coefficient)} * {power} + {number(each.offset)})"
    return lines.formula(f"{prefix} cost {name}", f"{name}: cost", f"{one} * {scale} * {units}", "USD")


def cost_lines(lines: Lines, answer: Evaluation, plant: Plant, prefix: str) -> None:
    """Capital build-up, labour, variable and fixed cost, unit cost, revenue."""
    _capital(lines, answer, prefix)
    _labour(lines, answer, plant, prefix)
    _variable(lines, answer, plant, prefix)
    lines.formula(f"{prefix} revenue", "Revenue", _revenue(plant, prefix), "USD/kg")
    _cash(lines, answer, plant, prefix)


def _capital(lines: Lines, answer: Evaluation, prefix: str) -> None:
    """ISBL, OSBL, engineering, contingency, and the yearly charge."""
    share, n = answer.case.figures.parameter["capital"], number
    installed = n(1 + sum(share[f"f_{name}"] for name in INSTALLATION))
    isbl = lines.formula(f"{prefix} ISBL", "Inside battery limits", f"{installed} * {{{prefix} E}}", "USD")
    site = lines.formula(f"{prefix} S", "Inside and outside", f"{n(1 + share['f_OSBL'])} * {isbl}", "USD")
    engineering = f"{n(share['f_engineering'])} * {site}"
    base = f"({isbl} + {engineering})" if answer.case.slips.contingency_base else site
    built = f"{site} + {engineering} + {n(share['f_contingency'])} * {base}"
    fci = lines.formula(f"{prefix} FCI", "Fixed capital", built, "USD")
    growth = "(1 + {rate})^{years}"
    lines.formula(
        f"{prefix} ACC",
        "Annual capital charge",
        f"IF({{rate}} > 0, {fci} * {{rate}} * {growth} / MAX({growth} - 1, 0.000000001), {fci} / {{years}})",
        "USD/year",
    )


def _labour(lines: Lines, answer: Evaluation, plant: Plant, prefix: str) -> None:
    labour = answer.case.figures.parameter["labour"]
    staff = (1 + labour["supervision_fraction"]) * (1 + labour["salary_overhead_fraction"])
    crew = number(plant.cost.labour_hours_per_day * labour["operating_days"] * staff)
    lines.formula(f"{prefix} L", "Labour", f"{crew} * {{wage_usd_per_h}}", "USD/year")


def _variable(lines: Lines, answer: Evaluation, plant: Plant, prefix: str) -> None:
    """Raw materials, utilities, wastes and their sum with consumables and packaging."""
    share = answer.case.figures.parameter["capital"]
    kg = _kilograms(prefix)
    fee = lines.formula(f"{prefix} fee", "Price of its feed", _fee(answer, prefix), "USD/kg")
    bought = [f"{{{prefix} reagent {name}}} * {{price {name}}}" for name in plant.flows.reagents]
    paid = f"{kg} * (MAX({fee}, 0) + {added(bought)})"
    raw = lines.formula(f"{prefix} raw", "Raw materials", paid, "USD/year")
    energy = f"{kg} * ({_utilities(answer, prefix)})"
    utilities = lines.formula(f"{prefix} U", "Utilities", energy, "USD/year")
    wastes = f"{kg} * ({_wastes(answer, plant, prefix)})"
    effluent = lines.formula(f"{prefix} effluent", "Wastes", wastes, "USD/year")
    packed = number(1 + share["f_consumables"] + share["f_packaging"])
    whole = f"{packed} * {raw} + {utilities} + {effluent}"
    lines.formula(f"{prefix} V", "Variable cost", whole, "USD/year")


def _utilities(answer: Evaluation, prefix: str) -> str:
    """USD per kg of feed."""
    constant = answer.case.figures.parameter["constant"]
    mmbtu, kwh = number(constant["MJ_per_mmBtu_internal"]), number(constant["electricity_MJ_per_kWh"])
    energy = [
        f"{{{prefix} electricity}} / {kwh} * {{electricity_usd_per_kWh}}",
        f"{{{prefix} natural_gas}} / {mmbtu} * {{natural_gas_usd_per_mmBtu}}",
        f"{{{prefix} process_water}} * {{water_usd_per_gal}}",
    ]
    if not answer.case.slips.free_diesel:
        energy.append(f"{{{prefix} diesel}} / {mmbtu} * {{diesel_usd_per_mmBtu}}")
    return added(energy)


def _wastes(answer: Evaluation, plant: Plant, prefix: str) -> str:
    """USD per kg of feed."""
    asked = answer.case
    kilograms = number(landfill_kg_per_fee(plant.flows.process, asked.figures, asked.slips))
    waste = f"{{{prefix} solid}} * {{landfill_usd_per_short_ton}} / {kilograms}"
    return f"{waste} + {{{prefix} waste water}} * {{wastewater_usd_per_gal}}"


def _cash(lines: Lines, answer: Evaluation, plant: Plant, prefix: str) -> None:
    """Cash cost in closed form, fixed cost, total capital, unit cost."""
    share, n = answer.case.figures.parameter["capital"], number
    kg, site, fci = _kilograms(prefix), f"{{{prefix} S}}", f"{{{prefix} FCI}}"
    earned = f"{{{prefix} revenue}}"
    if prefix == PRE:
        earned = f"({earned} + {_black_mass_usd(answer, plant)})"
    circular = share["f_selling"] + share["f_royalty"]
    interest, weeks = share["i_working_capital"], share["weeks_per_year"]
    materials = f"{n(share['wc_material_weeks'] / weeks)} * {{{prefix} raw}}"
    on_hand = f"({n(share['wc_capital_fraction'])} * {site} - {materials})"
    charged = [
        f"{{{prefix} V}}",
        f"{n(1 + share['f_GA'])} * {{{prefix} L}}",
        f"{n(share['f_maintenance'])} * {{{prefix} ISBL}}",
        f"{n(share['f_tax_insurance'] + share['f_rent'] + share['f_environment'])} * {site}",
        f"{n(share['f_RD'])} * {earned} * {kg}",
        f"{n(share['i_fixed_capital'])} * {fci}",
        f"{n(circular)} * {{{prefix} ACC}}",
        f"{n(interest)} * {on_hand}",
    ]
    left = n(1 - circular - interest * share["wc_cash_weeks"] / weeks)
    cash = lines.formula(f"{prefix} C", "Cash cost", f"({added(charged)}) / {left}", "USD/year")
    lines.formula(f"{prefix} fixed", "Fixed cost", f"{cash} - {{{prefix} V}}", "USD/year")
    working = f"{n(share['wc_cash_weeks'] / weeks)} * {cash} + {on_hand}"
    lines.formula(f"{prefix} TCI", "Total capital", f"{fci} + {working}", "USD")
    unit = f"({cash} + {{{prefix} ACC}}) / {kg} + MIN({{{prefix} fee}}, 0)"
    lines.formula(f"{prefix} cost", "Unit cost", unit, "USD/kg")


def _kilograms(prefix: str) -> str:
    """Feed of the plant in kg a year."""
    return f"({{{prefix} t}} * 1000)"


def _fee(answer: Evaluation, prefix: str) -> str:
    """The average price of the streams that this plant pays for, per kg of its feed."""
    asked = answer.case
    smelts = asked.route == PYRO
    mine = [
        at
        for at, stream in enumerate(asked.streams, 1)
        if smelts or stream.is_black_mass == (prefix == RECOVERY)
    ]
    if not mine:
        return "0"
    paid = added([f"{{share {at}}} * {{fee {at}}}" for at in mine])
    return f"({paid}) * {{t}} / {{{prefix} t}}"


def _black_mass_usd(answer: Evaluation, plant: Plant) -> str:
    """Worth of the black mass per kg of feed, on which research is charged."""
    asked = answer.case
    handed_on = asked.figures.yields[MECHANICAL]["black_mass"][CATHODE]
    share = number(payable_of_black_mass(asked.figures, asked.prices))
    terms = [f"{share} * ({{pre Co}} * {{metal Co}} + {{pre Ni}} * {{metal Ni}})"]
    carbonate = asked.figures.parameter["constant"]["molar_ratio_carbonate_per_li"]
    for name in plant.feed.cathode:
        paid = payable_of_lithium(name, asked.figures, asked.prices)
        lithium = number(paid * asked.figures.element[name, "Li"] * carbonate)
        terms.append(f"{lithium} * {{pre cathode {name}}} * {{price Lithium Carbonate}}")
    return f"{number(handed_on)} * ({added(terms)})"


def _revenue(plant: Plant, prefix: str) -> str:
    terms = []
    for name in plant.flows.products:
        if name != "black_mass":
            key = name if name.startswith("cathode_") else f"made {name}"
            terms.append(f"{{{prefix} {key}}} * {{worth {name}}}")
    return added(terms)
