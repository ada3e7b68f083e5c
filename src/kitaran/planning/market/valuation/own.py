"""Prices and assumptions that the reader enters in place of the tables'."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from kitaran.foundation.errors import Fault, InputError


@dataclass(frozen=True)
class OwnName:
    """What may be entered: its unit and the range in which it can be."""

    unit: str
    least: float
    most: float


OWN_NAMES: Mapping[str, OwnName] = {
    "new_pack_usd_per_kwh": OwnName("USD/kWh", 0, 2000),
    "used_pack_usd_per_kwh": OwnName("USD/kWh", 0, 2000),
    "work_usd_per_kwh": OwnName("USD/kWh", 0, 1000),
    "cobalt_usd_per_kg": OwnName("USD/kg", 0, 500),
    "nickel_usd_per_kg": OwnName("USD/kg", 0, 500),
    "lithium_carbonate_usd_per_kg": OwnName("USD/kg", 0, 500),
    "lead_usd_per_kg": OwnName("USD/kg", 0, 50),
    "recycler_pays_usd_per_kg": OwnName("USD/kg", -20, 50),
    "distance_km": OwnName("km", 0, 20_000),
    "trust_discount": OwnName("fraction", 0, 1),
    "discount_rate": OwnName("1/year", 0, 1),
    "packs_per_year": OwnName("pack/year", 1, 1_000_000),
    "new_vehicle_usd": OwnName("USD", 0, 5_000_000),
}


def checked(own: Mapping[str, float] | None) -> dict[str, float]:
    """The entries by name; InputError names every one that is unknown or cannot be."""
    faults = []
    for name, value in (own or {}).items():
        if name not in OWN_NAMES:
            faults.append(
                Fault(name, f"Nothing of the name {name!r} can be entered.", f"Choose one of {_names()}.")
            )
            continue
        known = OWN_NAMES[name]
        if not (math.isfinite(value) and known.least <= value <= known.most):
            cause = f"{value:g} {known.unit} cannot be for {name}."
            faults.append(Fault(name, cause, f"Give {known.least:g} to {known.most:g}."))
    if faults:
        raise InputError(faults[0].cause, faults=faults)
    return dict(own or {})


def _names() -> str:
    return ", ".join(OWN_NAMES)
