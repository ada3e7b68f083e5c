"""One question to the plant model: which route, what feed, how much, where, and what the user changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kitaran.foundation.errors import Fault, InputError
from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.feed import Masses
from kitaran.planning.processes.figures import Figures
from kitaran.planning.processes.places import GASES, PLANT
from kitaran.planning.processes.transport import SEGMENTS

PYROMETALLURGICAL, HYDROMETALLURGICAL, DIRECT = ROUTES = (
    "pyrometallurgical",
    "hydrometallurgical",
    "direct",
)
CELL, PACK = BATTERIES = ("cell", "pack")
# Feed -> level of the composition table
FEEDS = {
    "eol_cell": "cell",
    "eol_module": "module",
    "eol_pack": "pack",
    "rejected_cells": "cell",
    "electrode_scrap": "electrode_scrap",
    "black_mass": "black_mass",
}
END_OF_LIFE = ("eol_cell", "eol_module", "eol_pack")
SCRAP = ("rejected_cells", "electrode_scrap")
BLACK_MASS = "black_mass"
MOST_STREAMS = 5
ELECTRICITY = (*GASES, "total_energy_Btu", "water_gal")
LARGEST = 1e9
"""No price, burden, distance or yearly tonnage comes near: what lies beyond is a slip of the unit."""
LEAST_T = 1e-6
"""A gram a year: below it, cost per kg of feed means nothing."""


@dataclass(frozen=True)
class Stream:
    """One kind of feed: cathode chemistry, form, and (sample,) [t/year]."""

    chemistry: str
    feed: str
    throughput_t: Array

    @property
    def is_black_mass(self) -> bool:
        return self.feed == BLACK_MASS


@dataclass(frozen=True)
class Changes:
    """What the user sets in place of figures, each (sample,) or a plain number.

    geo, geo_both : parameters of the place, for the recycling plants, or for them and the cathode plant;
                    where both name one, `geo` holds for the recycling plants
    metal, reagent, cathode_price : USD/kg by name; a cathode price under "" holds for every chemistry
    composition   : kg/kg by component, reaching pre-processing and recovery alike
    distance      : miles by segment
    """

    geo: Masses = field(default_factory=dict)
    geo_both: Masses = field(default_factory=dict)
    metal: Masses = field(default_factory=dict)
    reagent: Masses = field(default_factory=dict)
    crude_carbonate: Array | None = None
    cathode_price: Masses = field(default_factory=dict)
    fee: Array | None = None
    discount: Array | None = None
    composition: Masses = field(default_factory=dict)
    electricity: Masses = field(default_factory=dict)
    distance: Masses = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, ...]:
        """The common shape of everything that is set: of draws, where arrays were given."""
        groups = [self.geo, self.geo_both, self.metal, self.reagent, self.cathode_price]
        groups += [self.composition, self.electricity, self.distance]
        single = (self.crude_carbonate, self.fee, self.discount)
        shapes = [np.shape(value) for group in groups for value in group.values()]
        return np.broadcast_shapes(*shapes, *(np.shape(value) for value in single if value is not None))


def stream(chemistry: str, feed: str, throughput_t: ArrayLike, figures: Figures) -> Stream:
    """A checked stream; InputError names the known chemistries and feeds."""
    known = figures.chemistries
    name = known_chemistry(chemistry, known)
    if feed not in FEEDS:
        raise InputError(f"There is no feed {feed!r}.", "feed", f"Choose one of {', '.join(FEEDS)}.")
    tonnes = np.asarray(throughput_t, np.float64)
    if not np.all((tonnes >= LEAST_T) & (tonnes <= LARGEST)):
        raise InputError(
            f"The throughput {throughput_t!r} t/year is not one of a plant.",
            "throughput_t",
            f"Give tonnes a year from {LEAST_T:g} to {LARGEST:g}.",
        )
    return Stream(name, feed, tonnes)


def known_chemistry(chemistry: str, known: Sequence[str]) -> str:
    """NMC622 for NMC622, nmc622 or NMC(622)."""
    plain = re.sub(r"[()\s_-]", "", chemistry).upper()
    for name in known:
        if name.upper() == plain:
            return name
    raise InputError(
        f"The plant model does not know the chemistry {chemistry!r}.",
        "chemistry",
        f"Choose one of {', '.join(known)}.",
    )


def known_word(word: str, words: Sequence[str], place: str) -> str:
    """The word, if it is among those known."""
    if word not in words:
        raise InputError(f"There is no {place} {word!r}.", place, f"Choose one of {', '.join(words)}.")
    return word


def changes(given: Mapping[str, Any], figures: Figures, place: str = "overrides") -> Changes:
    """Overrides as they come from a JSON file, checked; InputError names the path of every wrong key."""
    if not isinstance(given, Mapping):
        raise InputError("The overrides are not one JSON object.", place, 'Write {"fee": 1.2} for example.')
    readers = _readers(figures)
    faults: list[Fault] = []
    found: dict[str, Any] = {}
    for key, content in given.items():
        if key not in readers:
            remedy = f"Use any of {', '.join(readers)}."
            faults.append(Fault(f"{place}: {key}", f"There is no override {key!r}.", remedy))
            continue
        name, read = readers[key]
        value = read(content, f"{place}: {key}", faults)
        found[name] = value
    if faults:
        raise InputError("The overrides cannot be used.", place, faults=faults)
    return Changes(**found)


Reader = Callable[[Any, str, list[Fault]], Any]


def _readers(figures: Figures) -> dict[str, tuple[str, Reader]]:
    """Field of Changes and reader by key of the file."""
    metals = tuple(next(iter(figures.prices.values()))["metal"])
    reagents = tuple(
        sorted({name for groups in figures.prices.values() for name in groups.get("reagent", {})})
    )
    places = (*PLANT, "diesel_usd_per_mmBtu", "road_freight_usd_per_t_km")
    positive, any_number = (0.0, LARGEST), (-LARGEST, LARGEST)
    return {
        "geo": ("geo", _mapping(places, positive)),
        "geo_both": ("geo_both", _mapping(places, positive)),
        "metal": ("metal", _mapping(metals, positive)),
        "reagent": ("reagent", _mapping(reagents, positive)),
        "crude_Li2CO3_price": ("crude_carbonate", _number(positive)),
        "cathode_price": ("cathode_price", _cathode_price(figures.chemistries)),
        "fee": ("fee", _number(any_number)),
        "discount": ("discount", _number((0.0, 10.0))),
        "composition": ("composition", _mapping(figures.components, (0.0, 1.0))),
        "electricity_ef": ("electricity", _electricity),
        "distance": ("distance", _mapping(SEGMENTS, positive)),
    }


def _number(bounds: tuple[float, float]) -> Reader:
    def read(content: Any, place: str, faults: list[Fault]) -> Array | None:
        usable = isinstance(content, int | float) and not isinstance(content, bool)
        if not usable or not bounds[0] <= content <= bounds[1]:  # false for NaN too
            faults.append(
                Fault(
                    place,
                    f"{content!r} cannot be used.",
                    f"Give a plain number from {bounds[0]:g} to {bounds[1]:g}.",
                )
            )
            return None
        return np.asarray(content, np.float64)

    return read


def _mapping(names: Sequence[str], bounds: tuple[float, float]) -> Reader:
    number = _number(bounds)

    def read(content: Any, place: str, faults: list[Fault]) -> dict[str, Array]:
        if not isinstance(content, Mapping):
            faults.append(
                Fault(place, "It is not an object of names and numbers.", f"Name any of {', '.join(names)}.")
            )
            return {}
        found = {}
        for name, value in content.items():
            if str(name) not in names:
                remedy = f"Use any of {', '.join(names)}."
                faults.append(Fault(f"{place}.{name}", f"There is no {name!r} here.", remedy))
            elif (read_value := number(value, f"{place}.{name}", faults)) is not None:
                found[str(name)] = read_value
        return found

    return read


def _cathode_price(chemistries: Sequence[str]) -> Reader:
    """One number for every chemistry, or numbers by chemistry."""
    number = _number((0.0, LARGEST))

    def read(content: Any, place: str, faults: list[Fault]) -> dict[str, Array]:
        if not isinstance(content, Mapping):
            every: Array | None = number(content, place, faults)
            return {} if every is None else dict.fromkeys(chemistries, every)
        found: dict[str, Array] = {}
        for name, price in content.items():
            try:
                known = known_chemistry(str(name), chemistries)
            except InputError as error:
                faults.append(Fault(f"{place}.{name}", error.cause, error.remedy))
                continue
            if (value := number(price, f"{place}.{name}", faults)) is not None:
                found[known] = value
        return found

    return read


def _electricity(content: Any, place: str, faults: list[Fault]) -> dict[str, Array]:
    """Burdens per mmBtu by name, with or without `_g`; a plain number is carbon dioxide."""
    if not isinstance(content, Mapping):
        content = {"CO2_g": content}
    named = {
        f"{name}_g" if f"{name}_g" in ELECTRICITY else str(name): value for name, value in content.items()
    }
    return _mapping(ELECTRICITY, (0.0, LARGEST))(named, place, faults)  # type: ignore[no-any-return]
