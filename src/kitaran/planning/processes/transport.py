"""Transport from collection to the cell maker: cost, energy, water and gases per kg of feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.processes.burdens import Burdens, greenhouse
from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.feed import Masses
from kitaran.planning.processes.figures import Figures
from kitaran.planning.processes.places import GASES, Place
from kitaran.planning.processes.slips import Slips

BTU_IN_MMBTU = 1e6
COLLECTION, TO_PREPROCESSOR, TO_RECOVERY, FROM_MAKER, TO_CATHODE, TO_CELLS = SEGMENTS = tuple("123456")
DISTANCE = {
    COLLECTION: "distance_1_collection_to_disassembly_pack",
    TO_PREPROCESSOR: "distance_2_to_preprocessor",
    TO_RECOVERY: "distance_3_preprocessor_to_recovery",
    FROM_MAKER: "distance_4_manufacturer_to_recycler",
    TO_CATHODE: "distance_5_recycler_to_cathode",
    TO_CELLS: "distance_6_cathode_to_cellmaker",
}
TRUCKS = ("heavy", "medium")
MEANING = {
    COLLECTION: "collection to disassembly",
    TO_PREPROCESSOR: "disassembly to pre-processing",
    TO_RECOVERY: "pre-processing to recovery",
    FROM_MAKER: "manufacturer to recycler",
    TO_CATHODE: "recovery to cathode maker",
    TO_CELLS: "cathode maker to cell maker",
}


@dataclass(frozen=True)
class Segment:
    """One leg, each (sample,).

    miles, moved : distance, and kg carried per kg of feed before packaging
    usd_per_mile : USD per mile and kg carried, by truck
    heavy        : whether a heavy truck drives
    packaging_usd: per kg of feed
    """

    number: str
    miles: Array
    moved: Array
    usd_per_mile: Masses
    heavy: NDArray[np.bool_]
    packaging_usd: Array

    @property
    def meaning(self) -> str:
        return MEANING[self.number]

    @property
    def cost_usd(self) -> Array:
        rate = np.where(self.heavy, self.usd_per_mile["heavy"], self.usd_per_mile["medium"])
        return np.asarray(self.miles * self.moved * rate + self.packaging_usd, np.float64)


@dataclass(frozen=True)
class Transport:
    """Segments in order, and burdens per kg of feed, each (sample,)."""

    segments: tuple[Segment, ...]
    burdens: Burdens

    @property
    def cost_usd(self) -> Array:
        return np.asarray(sum(segment.cost_usd for segment in self.segments), np.float64)


def distances(is_pack: bool, changed: Mapping[str, Array], figures: Figures) -> dict[str, Array]:
    """Miles by segment: the table's, none to a disassembly that does not exist, then what the user sets."""
    known = figures.parameter["transport"]
    found = {segment: np.asarray(known[name], np.float64) for segment, name in DISTANCE.items()}
    if not is_pack:
        found[COLLECTION] = np.asarray(0.0)
    return {**found, **changed}


def transport(
    miles: Masses, moved: Masses, is_pack: bool, place: Place, figures: Figures, slips: Slips
) -> Transport:
    """Trucks and packaging over six segments.

    miles : by segment, (sample,) [mile]; above 100 a heavy truck drives, else a medium one; no back-haul
    moved : by segment, (sample,) [kg per kg of feed] before packaging

    cost = miles x rate / payload x 1.1 w x 0.0011 + packaging; fuel = miles x Btu/mile / payload x 1.1 w x
    0.0011. Rates of the United States, times local over US road freight unless `american_trucks` is kept.
    Source: EverBatt 2023, Col&Trans Par.
    """
    p = figures.parameter["transport"]
    freight = _freight_factor(place, figures, slips)
    tons_per_kg = p["packaging_mass_multiplier"] * p["kg_to_short_ton"]
    segments = []
    fuel: dict[str, list[Array]] = {truck: [] for truck in TRUCKS}
    for number in SEGMENTS:
        hazard = "haz" if p[f"hazmat_segment_{number}"] else "nonhaz"
        heavy = np.asarray(miles[number] > p["truck_class_threshold"])
        load = {truck: tons_per_kg / p[f"payload_{truck}_truck"] for truck in TRUCKS}
        rate = {truck: load[truck] * p[f"rate_{truck}_truck_{hazard}"] * freight for truck in TRUCKS}
        for truck in TRUCKS:
            burnt = figures.burdens["transport_energy_intensity", f"{truck}_truck_outbound"]["energy"]
            driven = np.where(heavy == (truck == "heavy"), miles[number], 0.0)
            fuel[truck].append(driven * moved[number] * load[truck] * burnt / BTU_IN_MMBTU)
        packed = _packaging(number, moved, is_pack, figures, slips)
        segments.append(Segment(number, miles[number], moved[number], rate, heavy, packed))
    burnt_by = {truck: np.asarray(sum(parts), np.float64) for truck, parts in fuel.items()}
    return Transport(tuple(segments), _burdens(burnt_by, figures))


def _freight_factor(place: Place, figures: Figures, slips: Slips) -> Array:
    """Local over US truck rates, (sample,)."""
    if slips.american_trucks or place.is_american:
        return np.asarray(1.0)
    return place["road_freight_usd_per_t_km"] / figures.parameter["mended"]["freight_usa_usd_per_t_km"]


def _packaging(segment: str, moved: Masses, is_pack: bool, figures: Figures, slips: Slips) -> Array:
    """USD per kg of feed. Once for end-of-life batteries: at collection, or else before pre-processing."""
    p = figures.parameter["transport"]
    if segment == COLLECTION or (segment == TO_PREPROCESSOR and not is_pack):
        return p["packaging_haz"] * moved[segment]
    if segment == TO_RECOVERY:
        carried = np.asarray(1.0) if slips.flat_packaging else moved[segment]
        return p["packaging_nonhaz"] * carried
    if segment == FROM_MAKER:
        return p["packaging_haz"] * p["packaging_mass_multiplier"] * moved[segment]
    return np.asarray(0.0)


def _burdens(fuel: Mapping[str, Array], figures: Figures) -> Burdens:
    """Burdens of diesel burnt in trucks; fuel by truck [mmBtu/kg]."""
    upstream = figures.burdens["diesel", "upstream"]
    burnt = fuel["heavy"] + fuel["medium"]
    gases: dict[str, Array] = {}
    for gas in GASES:
        found = burnt * upstream[gas]
        for truck, amount in fuel.items():
            found = (
                found + amount * figures.burdens["transport_fuel_combustion", f"{truck}_truck_outbound"][gas]
            )
        gases[gas] = found
    return Burdens(
        burnt * (1 + upstream["total_energy_mmBtu"]) * figures.parameter["constant"]["MJ_per_mmBtu_output"],
        burnt * upstream["water_gal"],
        greenhouse(gases, figures.burdens["constant", "any"]),
    )
