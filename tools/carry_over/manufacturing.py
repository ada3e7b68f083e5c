"""Where new cars are made, and the parts of a battery with what they are made of."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import Any

from composition import EVERBATT, EVERBATT_SOURCE
from given import read
from vocabulary import ETM_REGION
from writing import packaged_rows

Row = dict[str, Any]
Rows = list[Row]
Masses = dict[tuple[str, str], float]

ETM = {"source": "etm-circularity-2025", "licence": "MIT"}
OWN = {"source": "kitaran-assumption-2026", "year": 2026, "licence": "own assumption", "grade": "D"}
LEVELS = {"cell": "", "module": "module_hardware", "pack": "pack_hardware"}
# component of EverBatt's cell -> part, material
CELL = {
    "Graphite": ("anode_active_material", "graphite"),
    "Carbon black": ("conductive_carbon", "carbon"),
    "Binder: PVDF": ("binder", "polymer"),
    "Binder: anode": ("binder", "polymer"),
    "Copper": ("foils", "Cu"),
    "Aluminum": ("foils", "Al"),
    "Electrolyte: EC": ("electrolyte", "solvent"),
    "Electrolyte: DMC": ("electrolyte", "solvent"),
    "Plastic: PP": ("separator", "plastics"),
    "Plastic: PE": ("separator", "plastics"),
    "Plastic: PET": ("cell_case", "plastics"),
}
HARDWARE = {
    "Copper": "Cu",
    "Aluminum": "Al",
    "Plastic: PP": "plastics",
    "Plastic: PE": "plastics",
    "Plastic: PET": "plastics",
    "Steel": "steel",
    "Iron": "iron",
    "Electronics": "electronics",
    "Coolant": "coolant",
    "Insulation": "insulation",
}
SPECIES = {"Active cathode material": "cathode_active_material", "Electrolyte: LiPF6": "electrolyte"}
# A chemistry that EverBatt lacks takes its neighbour's parts; oxygen atoms for each atom of named elements.
NEIGHBOUR = {"NMC721": "NMC811", "NMCA": "NMC811", "LMO": "NMC532", "LMFP": "LFP"}
OXYGEN = {
    "NMC721": (2.0, ("Ni", "Co", "Mn")),
    "NMCA": (2.0, ("Ni", "Co", "Mn")),
    "LMO": (2.0, ("Mn",)),
    "LMFP": (4.0, ("P",)),
}
LEAST = 1e-6


def vehicle_origin(shared: Path) -> Rows:
    """Share of new cars made where they are sold: the diagonal of a matrix of who sells to whom."""
    path = shared / "data" / "ev_projection" / "salesShare_GlobalTrade.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *lines = list(csv.reader(file))
    buyer = {name: column for column, name in enumerate(header)}
    found: Rows = []
    for line in lines:
        for region in ETM_REGION.get(line[0], ()):
            share = float(line[buyer[line[0]]])
            spread = min(share, 0.25)
            found.append(
                {
                    "region": region,
                    "value": share,
                    "low": max(0.0, share - spread),
                    "high": min(1.0, share + 0.05),
                    "unit": "fraction",
                    "year": 2024,
                    "grade": "C",
                    "note": f"DERIVED: {line[0]} to itself in the matrix of sales; all powertrains",
                    **ETM,
                }
            )
    return found


def battery_components(shared: Path) -> Rows:
    """Mass of each material of each part, from the levels of EverBatt, and for chemistries beside it."""
    everbatt = {EVERBATT[name]: masses for name, masses in _everbatt(shared).items()}
    found = [
        _row(chemistry, part, mass, {**EVERBATT_SOURCE, "grade": "B"}, "DERIVED: difference of feed levels")
        for chemistry, masses in everbatt.items()
        for part, mass in masses.items()
    ]
    for chemistry, neighbour in NEIGHBOUR.items():
        masses = _beside(chemistry, everbatt[neighbour], _molar_masses(shared))
        note = f"cathode of its own, all else as {neighbour}"
        found += [_row(chemistry, part, mass, OWN, note) for part, mass in masses.items()]
    return found


def _row(chemistry: str, part: tuple[str, str], mass: float, source: Row, note: str) -> Row:
    spread = 0.2 if source["grade"] == "B" else 0.3
    return {
        "chemistry": chemistry,
        "component": part[0],
        "material": part[1],
        "value": mass,
        "low": mass * (1 - spread),
        "high": mass * (1 + spread),
        "unit": "kg/kWh",
        "note": note,
        **source,
    }


def _everbatt(shared: Path) -> dict[str, Masses]:
    """By EverBatt's name of the chemistry: kg per kWh of each (part, material).

    The cathode of a kWh is the same at each level, which gives the mass of cell and module from that of the
    pack; what a level holds beyond the one inside it is its hardware.
    """
    fractions = {
        (row["feed_level"], row["chemistry"], row["component"]): float(row["mass_fraction_kg_per_kg"])
        for row in read(shared / "facts" / "plants", "composition.csv")
        if row["feed_level"] in LEVELS
    }
    packs = {
        row["chemistry"]: float(row["value"])
        for row in read(shared / "facts" / "planning", "material_intensity.csv")
        if row["item"] == "pack_mass"
    }
    elements = _element_fractions(shared)
    found: dict[str, Masses] = {}
    for name, chemistry in EVERBATT.items():
        cathode = fractions["pack", name, "Active cathode material"] * packs[chemistry]
        masses: defaultdict[tuple[str, str], float] = defaultdict(float)
        inside: defaultdict[str, float] = defaultdict(float)
        for level, part in LEVELS.items():
            whole = cathode / fractions[level, name, "Active cathode material"]
            for component in {given[2] for given in fractions if given[:2] == (level, name)}:
                mass = fractions[level, name, component] * whole
                beyond, inside[component] = mass - inside[component], mass
                if component in SPECIES and level == "cell":
                    species = "LiPF6" if component != "Active cathode material" else name
                    for element, fraction in elements[species].items():
                        masses[SPECIES[component], element] += beyond * fraction
                elif level == "cell" and component in CELL:
                    masses[CELL[component]] += beyond
                elif beyond > LEAST:
                    masses[part, HARDWARE[component]] += beyond
        found[name] = {key: mass for key, mass in sorted(masses.items()) if mass > LEAST}
    return found


def _beside(chemistry: str, neighbour: Masses, molar: dict[str, float]) -> Masses:
    """A neighbour's parts around the elements that `composition` gives the chemistry."""
    masses = {key: mass for key, mass in neighbour.items() if key[0] != "cathode_active_material"}
    salt = {material: mass for (part, material), mass in masses.items() if part == "electrolyte"}
    content = {
        row["item"]: float(row["value"])
        for row in packaged_rows("composition")
        if row["chemistry"] == chemistry and row["item"] in ("Li", "Co", "Ni", "Mn", "Fe", "P")
    }
    cathode = {element: mass - salt.get(element, 0.0) for element, mass in content.items()}
    atoms, of = OXYGEN[chemistry]
    cathode["O"] = atoms * molar["O"] * sum(cathode.get(each, 0.0) / molar[each] for each in of)
    kept = {("cathode_active_material", each): mass for each, mass in cathode.items() if mass > LEAST}
    return {**kept, **masses}


def _molar_masses(shared: Path) -> dict[str, float]:
    return {
        row["element"]: float(row["value"])
        for row in read(shared / "facts" / "plants", "stoichiometry.csv")
        if row["kind"] == "molar_mass_g_per_mol"
    }


def _element_fractions(shared: Path) -> dict[str, dict[str, float]]:
    """By species: mass fraction of each element, oxygen included."""
    molar = _molar_masses(shared)
    weights: dict[str, dict[str, float]] = {}
    for row in read(shared / "facts" / "plants", "stoichiometry.csv"):
        if row["kind"] == "atoms_per_formula" and float(row["value"]):
            weights.setdefault(row["species"], {})[row["element"]] = (
                float(row["value"]) * molar[row["element"]]
            )
    return {
        species: {element: weight / sum(parts.values()) for element, weight in parts.items()}
        for species, parts in weights.items()
    }
