"""Parameters of the recycling-plant model of EverBatt 2023: facts of its cells, with the cell as a note.

Figures are carried over with all their digits, because the model is compared with published results.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from given import Given, read

Row = dict[str, Any]
Rows = list[Row]
SOURCE = {"source": "everbatt-2023", "year": 2023, "licence": "BSD-3 style licence of Argonne"}
FACT = {**SOURCE, "grade": "B"}
# Names of components, elements and drivers as the tables of flows use them.
DRIVER = {"CAM": "Active cathode material", "graphite": "Graphite"}
PROCESS = {"pyro": "pyrometallurgical", "hydro": "hydrometallurgical"}
PRODUCT = {
    "black mass": "black_mass",
    "Copper metal": "copper_metal",
    "Co2+ in product": "cobalt",
    "Ni2+ in product": "nickel",
    "Mn2+ in product": "manganese",
    "Lithium carbonate (crude)": "lithium_carbonate_crude",
    "Graphite": "graphite",
    "Aluminum": "aluminium",
    "Copper": "copper",
    "Steel": "steel",
    "Plastics": "plastics",
    "Electronic part": "electronics",
    "Insulation": "insulation",
    "Electrolyte: solvents": "solvents",
    "cathode (same chemistry)": "cathode",
}
PRICE_GROUP = {
    "reagent_recovery_plant": "reagent",
    "reagent_preprocessing": "reagent",
    "preprocessing_product": "product",
    "disassembly_product": "product",
    "product_default_list_price": "cathode",
}
KEPT_FUEL_GROUPS = ("electricity", "natural_gas", "diesel", "constants", "material")
KEPT_TRUCKS = ("heavy_truck_outbound", "medium_truck_outbound")


def tables(shared: Path) -> dict[str, Rows]:
    """The tables of the plant model by name."""
    folder = shared / "facts" / "plants"
    return {
        "plant_composition": _composition(folder),
        "plant_stoichiometry": _stoichiometry(folder),
        "plant_parameters": list(_parameters(folder)),
        "plant_equipment": _equipment(folder),
        "plant_trains": _trains(folder),
        "plant_inputs": _inputs(folder),
        "plant_yields": _yields(folder),
        "plant_prices": _prices(folder),
        "plant_burdens": _burdens(folder),
        "plant_disassembly": _disassembly(folder),
        "plant_cathode_reagents": _cathode_reagents(folder),
        "plant_cost_index": [
            {"year": int(row["year"]), "value": row["index"], "unit": "index", **_cell(row)}
            for row in read(folder, "cepci.csv")
        ],
        "plant_processes": [],
        "plant_slips": [],
        "plant_informal": [],
        "plant_skills": [],
    }


def chemistry(name: str) -> str:
    """NMC622 for NMC(622)."""
    return name.replace("(", "").replace(")", "")


def _cell(row: Given) -> Row:
    where = row.get("source_cell") or row.get("source_cells", "")
    fact = {key: value for key, value in FACT.items() if key != "year" or "year" not in row}
    return {**fact, "note": where}


def _composition(folder: Path) -> Rows:
    return [
        {
            "feed_level": row["feed_level"],
            "chemistry": chemistry(row["chemistry"]),
            "component": row["component"],
            "value": row["mass_fraction_kg_per_kg"],
            "unit": "kg/kg",
            **_cell(row),
            "grade": "D" if row["chemistry"] == "LMO" else "B",
        }
        for row in read(folder, "composition.csv")
    ]


def _stoichiometry(folder: Path) -> Rows:
    return [
        {
            "quantity": "molar_mass" if row["kind"].startswith("molar") else "atoms_per_formula",
            "species": chemistry(row["species"]) or "any",
            "element": row["element"],
            "value": row["value"],
            "unit": "g/mol" if row["kind"].startswith("molar") else "1",
            **_cell(row),
        }
        for row in read(folder, "stoichiometry.csv")
    ]


UNIT = {
    "1/yr": "1/year",
    "yr": "year",
    "d/yr": "day/year",
    "h/d": "hour/day",
    "-": "1",
    "t/yr": "t/year",
    "mol/mol": "mol/mol",
    "min": "minute",
    "h": "hour",
    "usd": "USD",
    "kg/s": "kg/second",
    "kW per (m3/min)": "1",
    "kW per (kg/s)": "1",
    "cal/mol/K": "cal/mol/K",
    "usd/m3": "USD/m3",
    "m/h": "m/hour",
    "kg/d": "kg/day",
    "persons around the clock": "person",
    "4.8 x 5 x 8": "hour/day",
    "usd per ton-mile": "USD/short_ton/mile",
    "usd per mile": "USD/mile",
    "short ton": "short_ton",
    "ton per kg": "short_ton/kg",
    "usd per kg": "USD/kg",
    "bool": "1",
}


def _parameters(folder: Path) -> Iterator[Row]:
    """Every single parameter, by group."""
    for row in read(folder, "capital.csv"):
        unit = {"r_discount": "1/year", "n_plant_life": "year", "equipment_cost_year": "year"}
        yield _parameter("capital", row, unit.get(row["parameter"], "1"), row["basis"])
    for row in read(folder, "labour.csv"):
        if not row["parameter"].startswith("sum_of"):
            yield _parameter("labour", row, UNIT.get(row["unit"], "1"), row["unit"])
    for row in read(folder, "constants.csv"):
        yield _parameter("constant", row, "1")
    for row in read(folder, "cathode_plant.csv"):
        yield _parameter("cathode_plant", row, UNIT.get(row["unit"], row["unit"]), row["unit"])
    for row in read(folder, "transport.csv"):
        yield _parameter("transport", row, UNIT.get(row["unit"], row["unit"]))
    for row in read(folder, "disassembly.csv"):
        if row["group"] == "parameter":
            yield _parameter("disassembly", {**row, "parameter": row["item"]}, "1")


def _parameter(group: str, row: Given, unit: str, basis: str = "") -> Row:
    unit = unit if not unit.startswith("of ") else "1"
    note = f"{basis}; {row['source_cell']}" if basis and basis != "-" else row["source_cell"]
    fact = {"group": group, "parameter": row["parameter"], "value": row["value"], "unit": unit}
    return {**fact, **FACT, "note": note}


def _equipment(folder: Path) -> Rows:
    """The equipment that has a cost; placeholders of the workbook are left out."""
    return [
        {
            "equipment": row["equipment"],
            "capacity_fraction": row["capacity_fraction_phi"],
            "cost_coefficient_usd": row["cost_coeff_a_usd"],
            "cost_exponent": row["cost_exponent_b"],
            "cost_offset_usd": row["cost_offset_c_usd"],
            "cost_index_adjustment": row["cost_index_adj"],
            "labour_person_h_per_day": row["labour_person_h_per_day"],
            "pieces": row["n_pieces_L"],
            **{key: value for key, value in FACT.items() if key != "year"},
            "note": row["source_cells"],
        }
        for row in read(folder, "equipment.csv")
        if row["status"] == "active"
    ]


# duty of a step in the given table -> (what it treats, by what it is divided, whether per chemistry)
DUTY = {
    "1": ("feed", "1", ""),
    "x_Cu+x_Co+x_Ni": ("Cu Co Ni", "1", ""),
    "x_Cu": ("Cu", "1", ""),
    "x_Co+x_Ni": ("Co Ni", "1", ""),
    "x_Ni": ("Ni", "1", ""),
    "(x_CAM+x_graphite)/0.05": ("Active cathode material|Graphite", "0.05", ""),
    "x_graphite+x_carbon_black": ("Graphite|Carbon black", "1", ""),
    "x_CAM/0.15": ("Active cathode material", "0.15", ""),
    "x_CAM/n_cathode": ("Active cathode material", "1", "yes"),
    "x_CAM": ("Active cathode material", "1", ""),
}
UNITS_BOUGHT = {
    "1": "one",
    "n_cathode-1": "chemistries_less_one",
    "n_cathode": "chemistries",
    "ceil(annual design capacity / 4000 t)": "kilns",
}


def _trains(folder: Path) -> Rows:
    rows = []
    for row in read(folder, "process_trains.csv"):
        treats, divisor, split = DUTY[row["duty_multiplier_m"]]
        rows.append(
            {
                "process": PROCESS.get(row["process"], row["process"]),
                "step": int(row["step"]),
                "equipment": row["equipment"],
                "treats": treats.replace("|", "; ")
                if "|" in treats
                else treats.replace(" Co", "; Co").replace(" Ni", "; Ni"),
                "solids_fraction": divisor,
                "split_by_chemistry": "yes" if split else "no",
                "units_bought": UNITS_BOUGHT[row["purchase_multiplier_u"]],
                **{key: value for key, value in FACT.items() if key != "year"},
                "note": "; ".join(
                    filter(None, (row["remark"], row["source_cell_name"], row["source_cell_throughput"]))
                ),
            }
        )
    return rows


def _inputs(folder: Path) -> Rows:
    """Reagents and utilities per kg of what drives them."""
    reagents = [
        _flow(row, "reagent", row["reagent"], row["kg_reagent_per_kg_driver"], "kg/kg")
        for row in read(folder, "reagents.csv")
    ]
    utilities = [
        _flow(
            row,
            "utility",
            row["utility"],
            row["coefficient"],
            "gal/kg" if row["unit"].startswith("gal") else "MJ/kg",
        )
        for row in read(folder, "utilities.csv")
    ]
    return reagents + utilities


def _flow(row: Given, kind: str, name: str, value: str, unit: str) -> Row:
    driver = row["driver_mass_fraction"]
    return {
        "process": PROCESS.get(row["process"], row["process"]),
        "kind": kind,
        "input": name,
        "driver": DRIVER.get(driver, driver),
        "value": value,
        "unit": unit,
        **FACT,
        "note": f"{row['ratio']}; {row['source_cell']}",
    }


def _yields(folder: Path) -> Rows:
    return [
        {
            "process": PROCESS.get(row["process"], row["process"]),
            "product": PRODUCT[row["product"]],
            "driver": DRIVER.get(row["driver"], row["driver"]),
            "value": row["kg_product_per_kg_driver"],
            "unit": "kg/kg",
            **_cell(row),
        }
        for row in read(folder, "recovery.csv")
    ]


def _prices(folder: Path) -> Rows:
    """The list of 2022-23; an item that stands in several groups with one price is kept once."""
    found: dict[tuple[str, str], Row] = {}
    for row in read(folder, "prices.csv"):
        group = PRICE_GROUP.get(row["group"], row["group"])
        item = (
            row["item"]
            if group in ("metal", "reagent", "cathode_plant_reagent")
            else PRODUCT.get(row["item"])
        )
        item = item or chemistry(row["item"])
        key = (group, item)
        if key in found:
            if abs(float(found[key]["value"]) - float(row["usd_per_kg"])) > 1e-9:
                raise ValueError(f"plant_prices: two prices of {key}")
            continue
        found[key] = {
            "price_set": "2022-23",
            "group": group,
            "item": item,
            "value": row["usd_per_kg"],
            "unit": "USD/kg",
            **_cell(row),
        }
    return list(found.values())


def _burdens(folder: Path) -> Rows:
    """Energy, water and gases of energy carriers, trucks and materials."""
    rows = [
        _burden(row, row["group"], row["item"], row["quantity"], row["value"], row["basis"])
        for row in read(folder, "emission_factors.csv")
        if row["group"] in KEPT_FUEL_GROUPS or row["item"] in KEPT_TRUCKS
    ]
    for row in read(folder, "electricity_generation_ef.csv"):
        basis = "per mmBtu electricity"
        rows.append(
            _burden(
                row, "generation", row["fuel"], row["quantity"], row["value_per_mmBtu_electricity"], basis
            )
        )
    return rows


PLACE = {"U.S.": "USA", "California": "USA-CA", "China": "CHN", "Korea": "KOR"}
AMOUNT = {
    "total_energy_Btu": "Btu",
    "total_energy_mmBtu": "mmBtu",
    "water_gal": "gal",
    "energy": "Btu",
}


def _burden(row: Given, group: str, item: str, quantity: str, value: str, basis: str) -> Row:
    per = "short_ton" if "short ton" in basis else "mile" if "mile" in basis else "mmBtu"
    if group == "constants":
        group, item, unit = "constant", "any", "1"
    else:
        unit = f"{AMOUNT.get(quantity, 'g')}/{per}"
    fact = {"group": group, "item": PLACE.get(item, chemistry(item)), "quantity": quantity}
    return {**fact, "value": value, "unit": unit, **_cell(row)}


def _disassembly(folder: Path) -> Rows:
    """Masses of cells, modules, packs and their parts."""
    return [
        {
            "group": row["group"].replace("_kg_per_pack", "").replace("_g_per_module", "").replace("_kg", ""),
            "chemistry": chemistry(row["chemistry"]),
            "item": row["item"] or "whole",
            "value": row["value"],
            "unit": "g" if "_g_per_module" in row["group"] else "kg",
            **_cell(row),
            "grade": "D" if row["chemistry"] == "LMO" else "B",
        }
        for row in read(folder, "disassembly.csv")
        if row["group"] != "parameter"
    ]


def _cathode_reagents(folder: Path) -> Rows:
    return [
        {
            "chemistry": chemistry(row["cathode"]),
            "reagent": row["reagent"],
            "value": row["kg_per_kg_cathode"],
            "unit": "kg/kg",
            **_cell(row),
        }
        for row in read(folder, "cathode_plant_reagents.csv")
    ]
