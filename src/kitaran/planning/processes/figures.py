"""The figures of the plant model, read once from the fact tables into plain mappings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kitaran import reference
from kitaran.reference import FactTable
from kitaran.reference.overrides import fingerprint

CATHODE = "Active cathode material"
SALT = "Electrolyte: LiPF6"
SOLVENTS = ("Electrolyte: EC", "Electrolyte: DMC")
PLASTICS = ("Plastic: PP", "Plastic: PE", "Plastic: PET")
PVDF = "Binder: PVDF"
ANODE_BINDER = "Binder: anode"
Amounts = Mapping[str, float]
TABLES = (
    "plant_composition",
    "plant_stoichiometry",
    "plant_parameters",
    "plant_equipment",
    "plant_trains",
    "plant_inputs",
    "plant_yields",
    "plant_prices",
    "plant_burdens",
    "plant_disassembly",
    "plant_cathode_reagents",
    "plant_cost_index",
)

OTHER_GROUPS = ("repurposing", "collection")
"""Groups of plant_parameters that no recycling plant reads."""


@dataclass(frozen=True)
class Equipment:
    """Capacity share, cost law, labour and number of pieces of one unit operation."""

    capacity_fraction: float
    coefficient: float
    exponent: float
    offset: float
    index_adjustment: float
    labour_h_per_day: float
    pieces: int


@dataclass(frozen=True)
class Step:
    """One unit operation of a train: what it treats, in what slurry, and how many are bought."""

    equipment: str
    treats: tuple[str, ...]
    solids_fraction: float
    split_by_chemistry: bool
    units_bought: str


@dataclass(frozen=True)
class Figures:
    """All figures of the model.

    composition : (feed level, chemistry) -> component -> kg/kg
    element     : (species, element) -> mass fraction
    atoms       : (species, element) -> atoms per formula unit
    parameter   : group -> name -> value
    inputs      : (process, reagent|utility) -> input -> driver -> amount per kg of driver
    yields      : process -> product -> driver -> kg/kg
    prices      : price set -> group -> item -> USD/kg
    burdens     : (group, item) -> quantity -> amount
    masses      : (group, chemistry) -> item -> kg or g
    cathode_reagents : chemistry -> reagent -> kg/kg
    sources     : ids of the sources of the rows, those of prices by price set, all others under ""
    overridden  : ids of rows that a workspace put in
    """

    composition: Mapping[tuple[str, str], Amounts]
    element: Mapping[tuple[str, str], float]
    atoms: Mapping[tuple[str, str], float]
    parameter: Mapping[str, Amounts]
    equipment: Mapping[str, Equipment]
    trains: Mapping[str, tuple[Step, ...]]
    inputs: Mapping[tuple[str, str], Mapping[str, Amounts]]
    yields: Mapping[str, Mapping[str, Amounts]]
    prices: Mapping[str, Mapping[str, Amounts]]
    burdens: Mapping[tuple[str, str], Amounts]
    masses: Mapping[tuple[str, str], Amounts]
    cathode_reagents: Mapping[str, Amounts]
    cost_index: Mapping[int, float]
    sources: Mapping[str, tuple[str, ...]]
    overridden: tuple[str, ...]

    @property
    def chemistries(self) -> tuple[str, ...]:
        """Cathode chemistries that the model knows, in the order of the nomenclature."""
        order = reference.read("plant_composition").meta.columns["chemistry"].values
        known = {chemistry for _, chemistry in self.composition}
        return tuple(chemistry for chemistry in order if chemistry in known)

    @property
    def components(self) -> tuple[str, ...]:
        """Components of a feed."""
        return tuple(next(iter(self.composition.values())))


def figures(overrides: Path | None = None) -> Figures:
    """The packaged figures, or those with the overrides of a workspace."""
    return _read_once(overrides, fingerprint(overrides) if overrides else ())


@lru_cache(maxsize=8)
def _read_once(overrides: Path | None, _state: tuple[tuple[str, int, int], ...]) -> Figures:
    return _read(overrides)


def _read(overrides: Path | None) -> Figures:
    tables = {name: reference.read(name, overrides) for name in TABLES}
    return Figures(
        composition=_two_keys(tables["plant_composition"], ("feed_level", "chemistry"), "component"),
        element=_element_fractions(tables["plant_stoichiometry"]),
        atoms=_atoms(tables["plant_stoichiometry"]),
        parameter=_one_key(tables["plant_parameters"], "group", "parameter"),
        equipment=_equipment(tables["plant_equipment"]),
        trains=_trains(tables["plant_trains"]),
        inputs=_inputs(tables["plant_inputs"]),
        yields=_yields(tables["plant_yields"]),
        prices=_prices(tables["plant_prices"]),
        burdens=_two_keys(tables["plant_burdens"], ("group", "item"), "quantity"),
        masses=_two_keys(tables["plant_disassembly"], ("group", "chemistry"), "item"),
        cathode_reagents=_one_key(tables["plant_cathode_reagents"], "chemistry", "reagent"),
        cost_index={row.year or 0: row.central for row in tables["plant_cost_index"].resolve()},
        sources=_sources(tables),
        overridden=tuple(row_id for table in tables.values() for row_id in table.overridden),
    )


def _sources(tables: Mapping[str, FactTable]) -> dict[str, tuple[str, ...]]:
    """Sources by price set; the fee rules of a set carry its name."""
    found: dict[str, set[str]] = defaultdict(set)
    sets = {str(name) for name in tables["plant_prices"].column("price_set")}
    for table in tables.values():
        for row in table:
            if row.text("group") in OTHER_GROUPS:
                continue
            named = row.text("price_set") or next((s for s in sets if row.text("parameter").endswith(s)), "")
            found[named].add(row.text("source"))
    return {name: tuple(sorted(sources)) for name, sources in found.items()}


def _one_key(table: FactTable, outer: str, inner: str) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for row in table.resolve():
        found[row.text(outer)][row.text(inner)] = row.central
    return dict(found)


def _two_keys(
    table: FactTable, outer: tuple[str, str], inner: str
) -> dict[tuple[str, str], dict[str, float]]:
    found: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in table.resolve():
        found[row.text(outer[0]), row.text(outer[1])][row.text(inner)] = row.central
    return dict(found)


def _element_fractions(table: FactTable) -> dict[tuple[str, str], float]:
    """w = n A / sum of n A."""
    given = _two_keys(table, ("quantity", "species"), "element")
    mass = given["molar_mass", "any"]
    found: dict[tuple[str, str], float] = {}
    for (quantity, species), atoms in given.items():
        if quantity == "atoms_per_formula":
            whole = sum(count * mass[element] for element, count in atoms.items())
            found |= {(species, element): n * mass[element] / whole for element, n in atoms.items()}
    return found


def _atoms(table: FactTable) -> dict[tuple[str, str], float]:
    rows = table.where(quantity="atoms_per_formula").resolve()
    return {(row.text("species"), row.text("element")): row.central for row in rows}


def _equipment(table: FactTable) -> dict[str, Equipment]:
    return {
        row.text("equipment"): Equipment(
            capacity_fraction=row.number("capacity_fraction") or 0.0,
            coefficient=row.number("cost_coefficient_usd") or 0.0,
            exponent=row.number("cost_exponent") or 0.0,
            offset=row.number("cost_offset_usd") or 0.0,
            index_adjustment=row.number("cost_index_adjustment") or 0.0,
            labour_h_per_day=row.number("labour_person_h_per_day") or 0.0,
            pieces=int(row.number("pieces") or 1),
        )
        for row in table
    }


def _trains(table: FactTable) -> dict[str, tuple[Step, ...]]:
    found: dict[str, list[Step]] = defaultdict(list)
    for row in sorted(table, key=lambda row: (row.text("process"), row.number("step") or 0)):
        found[row.text("process")].append(
            Step(
                row.text("equipment"),
                tuple(part.strip() for part in row.text("treats").split(";")),
                row.number("solids_fraction") or 1.0,
                row.text("split_by_chemistry") == "yes",
                row.text("units_bought"),
            )
        )
    return {process: tuple(steps) for process, steps in found.items()}


def _inputs(table: FactTable) -> dict[tuple[str, str], dict[str, dict[str, float]]]:
    found: dict[tuple[str, str], dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for row in table.resolve():
        found[row.text("process"), row.text("kind")][row.text("input")][row.text("driver")] = row.central
    return {key: dict(inputs) for key, inputs in found.items()}


def _yields(table: FactTable) -> dict[str, dict[str, dict[str, float]]]:
    found: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for row in table.resolve():
        found[row.text("process")][row.text("product")][row.text("driver")] = row.central
    return {process: dict(products) for process, products in found.items()}


def _prices(table: FactTable) -> dict[str, dict[str, dict[str, float]]]:
    found: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for row in table.resolve():
        found[row.text("price_set")][row.text("group")][row.text("item")] = row.central
    return {name: dict(groups) for name, groups in found.items()}
