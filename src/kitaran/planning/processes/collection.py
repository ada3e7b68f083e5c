"""Collecting packs as dangerous goods: from owner to collection point, packed as the law wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.figures import Figures, figures
from kitaran.planning.processes.places import Place

KILOGRAMS_IN_TONNE = 1000


@dataclass(frozen=True)
class Collection:
    """USD per kg of packs, each (sample,)."""

    haulage: Array
    packaging: Array
    packaging_of_damaged: Array

    @property
    def cost_usd(self) -> Array:
        return self.haulage + self.packaging + self.packaging_of_damaged


def collection(
    place: Place, changed: Mapping[str, Array] | None = None, known: Figures | None = None
) -> Collection:
    """Cost of collecting a kg of packs.

    place   : its road freight is paid
    changed : parameters of the group `collection` set by the caller, (sample,)

    haulage = km x freight x factor of dangerous goods x 1.1 for packaging; packaging of sound packs as in
    EverBatt 2023, that of damaged ones by their share and price.
    """
    model = known or figures()
    given = {**model.parameter["collection"], **(changed or {})}
    p = {name: np.asarray(value, np.float64) for name, value in given.items()}
    loaded = model.parameter["transport"]["packaging_mass_multiplier"]
    freight = place["road_freight_usd_per_t_km"] / KILOGRAMS_IN_TONNE
    damaged = p["share_damaged"]
    haulage = p["distance_local_km"] * freight * p["dangerous_goods_factor"] * loaded
    return Collection(
        haulage=np.asarray(haulage, np.float64),
        packaging=np.asarray((1 - damaged) * model.parameter["transport"]["packaging_haz"], np.float64),
        packaging_of_damaged=np.asarray(damaged * p["packaging_damaged_usd_per_kg"], np.float64),
    )
