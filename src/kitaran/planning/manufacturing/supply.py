"""What an economy can make at each stage, and what of its need it imports."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError

Array = NDArray[np.float64]

STAGES: Mapping[str, str] = {
    "pack": "packs, or vehicles with them",
    "cell": "cells",
    "cathode": "cathode active material",
    "anode": "anode active material",
    "precursor": "precursor of the cathode",
    "refined_Li": "refined lithium",
    "refined_Co": "refined cobalt",
    "refined_Ni": "refined nickel",
    "refined_Mn": "refined manganese",
    "refined_graphite": "graphite of battery grade",
    "refined_Cu": "refined copper",
}


def over_years(years: Array, known_years: Array, figures: Array) -> Array:
    """Figures of some years over all years: linear between them, level outside.

    known_years : (known,) ascending
    figures     : (known, sample)
    returns     : (year, sample)
    InputError if the years do not ascend.
    """
    if np.any(np.diff(known_years) <= 0):
        raise InputError("The years of a series do not ascend.", "capacity", "Sort them, each once.")
    position = np.interp(years, known_years, np.arange(len(known_years)))
    below = np.floor(position).astype(int)
    above = np.minimum(below + 1, len(known_years) - 1)
    part = (position - below)[:, None]
    path: Array = figures[below] * (1 - part) + figures[above] * part
    return path


def own_supply(need: Array, able: Array) -> Array:
    """What an economy makes of its own need: min(need, able), in the shape of both."""
    if need.shape != able.shape:
        raise InputError(
            f"A need of shape {need.shape} does not fit an ability of shape {able.shape}.",
            "supply",
            "Give both over the same years and samples.",
        )
    return np.minimum(need, able)


def import_dependence(need: Array, able: Array) -> Array:
    """Share of a need that must come from elsewhere, 1 - min(need, able) / need; zero without a need."""
    imported = need - own_supply(need, able)
    return np.divide(imported, need, out=np.zeros_like(need), where=need > 0)


def output(need: Array, able: Array, share_of_world: Array, world: Array) -> Array:
    """What plants of an economy make, exports included.

    need, able     : (year, sample) own need, and what plants can make      [GWh]
    share_of_world : (year, sample) share in what the world makes; 0 if none is known
    world          : (year, sample) need of the world                        [GWh]
    returns        : (year, sample) the larger of own supply and of the share in the world  [GWh]
    """
    return np.maximum(own_supply(need, able), share_of_world * world)
