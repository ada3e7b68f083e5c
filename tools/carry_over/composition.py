"""Composition per kWh from EverBatt 2023's pack fractions, beside a second model, and alone where EverBatt is silent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from given import read
from sources import Register, Source
from vocabulary import CHEMISTRY

Rows = list[dict[str, Any]]
EVERBATT = {
    "NMC(111)": "NMC111", "NMC(532)": "NMC532", "NMC(622)": "NMC622", "NMC(811)": "NMC811", "NCA": "NCA",
    "LFP": "LFP",
}  # fmt: skip
CATHODE_ELEMENTS = ("Li", "Co", "Ni", "Mn", "Fe", "P")
PARTS = {"Graphite": "graphite", "Copper": "Cu", "Aluminum": "Al", "Steel": "steel"}
ETM_ITEM = {
    "Lithium_pack": "Li", "Cobalt_pack": "Co", "Nickel_pack": "Ni", "Manganese_pack": "Mn", "Copper_pack": "Cu",
    "Graphite_pack": "graphite", "Aluminum_pack": "Al", "Phosphorus_pack": "P",
}  # fmt: skip
SPREAD = 0.08
PART_SPREAD = 0.20


def rows(shared: Path, register: Register) -> Rows:
    """Elements and parts in kg per kWh of nameplate pack energy."""
    everbatt = register.name("everbatt-2023", Source(
        "EverBatt 2023 (BatPaC 5.0 packs of 100 kWh)", "Argonne National Laboratory, UChicago Argonne LLC",
        "publisher", "https://www.anl.gov/amd/everbatt", "BSD-3 style licence of Argonne", "primary", "2023",
        "The LMO column repeats LCO and is not used."))  # fmt: skip
    etm = register.name("etm-mineral-intensity-2025", Source(
        "ETM Regional Sufficiency and Circularity: mineral intensity (BatPaC 5.2, SolidPac, Zhao 2023)",
        "P. Busch and co-authors (pmbusch on GitHub)", "repository",
        "https://github.com/pmbusch/ETM-Regional-Sufficiency-Circularity", "MIT", "primary", "2025",
        "Range of 8 percent set by the compilers of the data pack."))  # fmt: skip
    return _everbatt(shared, everbatt) + _etm(shared, etm)


def _everbatt(shared: Path, source: str) -> Rows:
    """mass per kWh = fraction of the pack (plants/composition) x pack mass per kWh (planning/material_intensity)."""
    masses = _masses(shared)
    fractions: dict[str, dict[str, float]] = {}
    for given in read(shared / "facts" / "plants", "composition.csv"):
        if given["feed_level"] == "pack" and given["chemistry"] in EVERBATT:
            fractions.setdefault(given["chemistry"], {})[given["component"]] = float(given["mass_fraction_kg_per_kg"])
    elements = _element_fractions(shared)
    found: Rows = []
    for given_name, parts in fractions.items():
        chemistry = EVERBATT[given_name]
        pack, cell = masses[chemistry, "pack_mass"], masses[chemistry, "cell_mass"]
        figures = {item: (parts[part] * pack, PART_SPREAD) for part, item in PARTS.items()}
        figures["graphite"] = (parts["Graphite"] * pack, SPREAD)
        for element in CATHODE_ELEMENTS:
            mass = pack * (parts["Active cathode material"] * elements[given_name, element]
                           + parts["Electrolyte: LiPF6"] * elements["LiPF6", element])  # fmt: skip
            figures[element] = (mass, SPREAD)
        figures |= {"pack_mass": (pack, PART_SPREAD), "cell_mass": (cell, PART_SPREAD)}
        for item, (mass, spread) in figures.items():
            found.append({
                "chemistry": chemistry, "item": item, "value": mass, "low": mass * (1 - spread),
                "high": mass * (1 + spread), "unit": "kg/kWh", "source": source, "year": 2023,
                "licence": "BSD-3 style licence of Argonne", "grade": "B",
                "note": f"DERIVED: pack fraction x {pack:.4g} kg/kWh; range {spread:.0%} set by the data pack",
            })  # fmt: skip
    return found


def _etm(shared: Path, source: str) -> Rows:
    found = []
    for given in read(shared / "facts" / "planning", "material_intensity.csv"):
        if given["item"] in ETM_ITEM and "ETM" in given["source"]:
            chemistry = CHEMISTRY.get(given["chemistry"], given["chemistry"])
            found.append({
                "chemistry": chemistry, "item": ETM_ITEM[given["item"]], "value": float(given["value"]),
                "low": float(given["low"]), "high": float(given["high"]), "unit": "kg/kWh", "source": source,
                "year": 2025, "licence": "MIT", "grade": "C", "note": f"anode {given['note'].lower()}",
            })  # fmt: skip
    return found


def _masses(shared: Path) -> dict[tuple[str, str], float]:
    return {
        (given["chemistry"], given["item"]): float(given["value"])
        for given in read(shared / "facts" / "planning", "material_intensity.csv")
        if given["item"] in ("pack_mass", "cell_mass")
    }


def _element_fractions(shared: Path) -> dict[tuple[str, str], float]:
    """Mass fraction of an element in a species: n_e A_e / sum n_j A_j."""
    atoms: dict[str, dict[str, float]] = {}
    mass: dict[str, float] = {}
    for given in read(shared / "facts" / "plants", "stoichiometry.csv"):
        if given["kind"] == "atoms_per_formula":
            atoms.setdefault(given["species"], {})[given["element"]] = float(given["value"])
        elif given["kind"] == "molar_mass_g_per_mol":
            mass[given["element"]] = float(given["value"])
    fractions = {}
    for species, counts in atoms.items():
        total = sum(count * mass[element] for element, count in counts.items())
        for element, count in counts.items():
            fractions[species, element] = count * mass[element] / total if total else 0.0
    return fractions
