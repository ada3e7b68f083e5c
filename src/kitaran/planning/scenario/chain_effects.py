"""Jobs and greenhouse gases of what happens after first life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.planning import processes
from kitaran.planning.scenario.chain_recovery import (
    ABROAD,
    AT_HOME,
    ELEMENTS,
    LEAD_SMELTING,
    LITHIUM_PROCESSES,
)
from kitaran.planning.scenario.chain_rules import REUSE, Rules

Array = NDArray[np.float64]

_TABLE = "route_effects"
_GRAMS_PER_KG = 1000.0
_T_PER_KT = 1000.0
_MWH_PER_GWH = 1000.0


@dataclass(frozen=True)
class Handled:
    """What each step handles in a year, each (year, sample).

    collected : by licensed collectors [t]; treated : by process at home [t]; treated_abroad : lithium [t]
    dismantled : lithium packs opened at home, those that leave as black mass among them; scrap of cell plants
    is no pack [t]
    lead_abroad : lead-acid treated abroad [t]
    used_again  : by second use, as new [GWh]
    recovered   : by place, (element, year, sample) [t]
    """

    collected: Array
    dismantled: Array
    treated: Mapping[str, Array]
    treated_abroad: Array
    lead_abroad: Array
    used_again: Mapping[str, Array]
    recovered: Mapping[str, Array]


def jobs(rules: Rules, handled: Handled) -> Array:
    """Full-time jobs in the economy, (year, sample): licensed work alone.

    Collection, dismantling of lithium packs and plants by mass; repurposing by energy.
    """
    total = handled.collected / _T_PER_KT * _effect(rules, "collection", "jobs")
    for process, mass in handled.treated.items():
        total = total + mass / _T_PER_KT * _effect(rules, process, "jobs")
    total = total + handled.dismantled / _T_PER_KT * _effect(rules, "dismantling", "jobs")
    total = total + _repurposed(handled) * _effect(rules, "repurposing", "jobs")
    return np.asarray(total, np.float64)


def ghg_avoided(rules: Rules, handled: Handled) -> Array:
    """Greenhouse gases avoided, (year, sample) [t CO2-eq]: primary metals and new batteries not made, less
    what collection, plants and repurposing emit. What informal processors recover is not credited."""
    primary = np.stack([_effect(rules, f"primary_{element}", "ghg") for element in ELEMENTS])[:, None]
    avoided = np.sum((handled.recovered[AT_HOME] + handled.recovered[ABROAD]) * primary, axis=0)
    new_battery = _effect(rules, "new_battery", "ghg") * _MWH_PER_GWH
    for use, energy in handled.used_again.items():
        avoided = avoided + energy * rules.displaced(use) * new_battery
    return np.asarray(avoided - _emitted(rules, handled), np.float64)


def _emitted(rules: Rules, handled: Handled) -> Array:
    """(year, sample) [t CO2-eq]; black mass and spent batteries that leave are treated as at home."""
    spread = _effect(rules, "recovery", "ghg_spread")
    emitted = handled.collected * _effect(rules, "collection", "ghg")
    emitted = emitted + _repurposed(handled) * _effect(rules, "repurposing", "ghg") * _MWH_PER_GWH
    size = rules.trail.table(_TABLE).where(step="recovery", effect="throughput").resolve().rows[0]
    for process in LITHIUM_PROCESSES:
        mass = handled.treated[process]
        if process == "hydrometallurgical":
            mass = mass + handled.treated_abroad
        each = process_ghg(process, rules.trail.economy, size.central, rules.trail.overrides)
        emitted = emitted + mass * each * spread
    lead = handled.treated[LEAD_SMELTING] + handled.lead_abroad
    return np.asarray(emitted + lead * _effect(rules, LEAD_SMELTING, "ghg"), np.float64)


def _repurposed(handled: Handled) -> Array:
    total: Array = np.sum([energy for use, energy in handled.used_again.items() if use != REUSE], axis=0)
    return total


def process_ghg(route: str, economy: str, throughput_t: float, overrides: Path | None) -> float:
    """Emissions of a plant in an economy, on its grid, for a nickel feed, the dirtier one to leach
    [t CO2-eq/t of packs]."""
    answer = processes.cost(route, "NMC622", "eol_pack", throughput_t, economy, overrides=overrides)
    return float(np.mean(answer.burdens.ghg_g)) / _GRAMS_PER_KG


def _effect(rules: Rules, step: str, effect: str) -> Array:
    row = rules.trail.table(_TABLE).where(step=step, effect=effect).resolve().rows[0]
    rules.note("effects", row)
    return rules.draws.figure(row.id, row.value, row.low, row.high, grade=row.grade)
