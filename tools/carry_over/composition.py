"""Composition per kWh from EverBatt 2023, beside a second model that also knows other chemistries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from given import read
from vocabulary import CHEMISTRY

Rows = list[dict[str, Any]]
Fractions = dict[tuple[str, str], float]
# EverBatt's LMO column repeats its LCO column, in both given files: left out.
EVERBATT = {
    "NMC(111)": "NMC111",
    "NMC(532)": "NMC532",
    "NMC(622)": "NMC622",
    "NMC(811)": "NMC811",
    "NCA": "NCA",
    "LFP": "LFP",
}
EVERBATT_SOURCE = {"source": "everbatt-2023", "year": 2023, "licence": "BSD-3 style licence of Argonne"}
ETM_SOURCE = {"source": "etm-mineral-intensity-2025", "year": 2025, "licence": "MIT"}
CATHODE = "Active cathode material"
SALT = "Electrolyte: LiPF6"
CATHODE_ELEMENTS = ("Li", "Co", "Ni", "Mn", "Fe", "P", "F")
PARTS = {"Copper": "Cu", "Aluminum": "Al", "Steel": "steel"}
ETM_ITEM = {
    "Lithium_pack": "Li",
    "Cobalt_pack": "Co",
    "Nickel_pack": "Ni",
    "Manganese_pack": "Mn",
    "Copper_pack": "Cu",
    "Graphite_pack": "graphite",
    "Aluminum_pack": "Al",
    "Phosphorus_pack": "P",
}
ELEMENT_RANGE = 0.08
PART_RANGE = 0.20


def rows(shared: Path) -> Rows:
    """Elements and parts in kg per kWh of nameplate pack energy."""
    return _everbatt(shared) + _etm(shared)


def _everbatt(shared: Path) -> Rows:
    """mass per kWh = fraction of the pack x pack mass per kWh; cathode and salt are split by element."""
    masses, parts, elements = _masses(shared), _pack_fractions(shared), _element_fractions(shared)
    found: Rows = []
    for given_name, chemistry in EVERBATT.items():
        pack = masses[chemistry, "pack_mass"]
        figures = {item: (parts[given_name, part] * pack, PART_RANGE) for part, item in PARTS.items()}
        figures["graphite"] = (parts[given_name, "Graphite"] * pack, ELEMENT_RANGE)
        for element in CATHODE_ELEMENTS:
            share = parts[given_name, CATHODE] * elements[given_name, element]
            share += parts[given_name, SALT] * elements["LiPF6", element]
            figures[element] = (share * pack, ELEMENT_RANGE)
        figures["pack_mass"] = (pack, PART_RANGE)
        figures["cell_mass"] = (masses[chemistry, "cell_mass"], PART_RANGE)
        for item, (mass, spread) in figures.items():
            found.append(
                {
                    "chemistry": chemistry,
                    "item": item,
                    "value": mass,
                    "low": mass * (1 - spread),
                    "high": mass * (1 + spread),
                    "unit": "kg/kWh",
                    "grade": "B",
                    "note": f"DERIVED: pack fraction x {pack:.4g} kg/kWh; range of {spread:.0%} as given",
                    **EVERBATT_SOURCE,
                }
            )
    return found


def _etm(shared: Path) -> Rows:
    return [
        {
            "chemistry": CHEMISTRY.get(given["chemistry"], given["chemistry"]),
            "item": ETM_ITEM[given["item"]],
            **{name: float(given[name]) for name in ("value", "low", "high")},
            "unit": "kg/kWh",
            "grade": "C",
            "note": f"anode {given['note'].lower()}",
            **ETM_SOURCE,
        }
        for given in read(shared / "facts" / "planning", "material_intensity.csv")
        if given["item"] in ETM_ITEM and "ETM" in given["source"]
    ]


def _masses(shared: Path) -> Fractions:
    """Mass of pack and cell in kg/kWh."""
    return {
        (given["chemistry"], given["item"]): float(given["value"])
        for given in read(shared / "facts" / "planning", "material_intensity.csv")
        if given["item"] in ("pack_mass", "cell_mass")
    }


def _pack_fractions(shared: Path) -> Fractions:
    """kg of a component per kg of pack."""
    return {
        (given["chemistry"], given["component"]): float(given["mass_fraction_kg_per_kg"])
        for given in read(shared / "facts" / "plants", "composition.csv")
        if given["feed_level"] == "pack"
    }


def _element_fractions(shared: Path) -> Fractions:
    """Mass fraction of an element in a species: n_e A_e / sum n_j A_j."""
    given = read(shared / "facts" / "plants", "stoichiometry.csv")
    mass = {row["element"]: float(row["value"]) for row in given if row["kind"] == "molar_mass_g_per_mol"}
    atoms: dict[str, dict[str, float]] = {}
    for row in given:
        if row["kind"] == "atoms_per_formula":
            atoms.setdefault(row["species"], {})[row["element"]] = float(row["value"])
    fractions = {}
    for species, counts in atoms.items():
        total = sum(count * mass[element] for element, count in counts.items())
        for element, count in counts.items():
            fractions[species, element] = count * mass[element] / total
    return fractions
