"""Samples of what a battery and its vehicle are: use, capacity, chemistry, composition.

Each function finds its rows for one economy, notes them in the trail, applies the scenario's changes and
gives arrays with the sample as the last axis.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.materials.content import CHEMISTRIES, ITEMS
from kitaran.planning.scenario.model import LeadAcidShare, Scenario
from kitaran.planning.scenario.provenance import Trail
from kitaran.planning.uncertainty.draws import Draws
from kitaran.reference import ALL_ECONOMIES, FactTable, Found, Row

Array = NDArray[np.float64]

BATTERY_TYPES = ("lithium", "lead_acid")
JUDGED_COHORT = 2024
LEAD_ACID = CHEMISTRIES.index("lead_acid")
_LEAD_ACID_PACK = ("lead_acid", "pack_mass")


def use_shares(trail: Trail, draws: Draws, vehicle_class: str) -> tuple[tuple[str, ...], Array]:
    """Uses of a class and their shares, (use, sample), adding up to one."""
    rows = trail.find("use", "use_share", vehicle_class).table.rows
    shares = np.stack([_fraction(draws, row) for row in rows])
    return tuple(row.text("use") for row in rows), shares / shares.sum(axis=0)


def _fraction(draws: Draws, row: Row) -> Array:
    return draws.figure(row.id, row.value, row.low, row.high, grade=row.grade, fraction=True)


def capacity_kwh(
    trail: Trail,
    draws: Draws,
    vehicle_class: str,
    powertrain: str,
    battery_type: str,
    years: Array,
    weight: float,
) -> Array:
    """Nameplate energy of a new vehicle's battery by year of sale, (year, sample) [kWh]; linear between rows.

    weight : part of the class that has this battery, for the grade
    """
    found = trail.find(
        "capacity", "battery_capacity", vehicle_class, powertrain=powertrain, battery_type=battery_type
    )
    now = min(found.table.rows, key=lambda row: abs((row.year or 0) - JUDGED_COHORT))
    trail.judge("capacity", vehicle_class, weight * now.central, found, now)
    name = f"battery_capacity/{found.region}.{vehicle_class}.{powertrain}.{battery_type}"
    return _by_year(found.table, draws, name, years, fraction=False)


def _by_year(table: FactTable, draws: Draws, name: str, years: Array, fraction: bool) -> Array:
    """Rows of one thing in several years: drawn with one score, linear between years, level outside them."""
    rows = sorted(table.rows, key=lambda row: row.year or 0)
    score = draws.score(name)
    drawn = np.stack(
        [
            draws.figure(name, row.value, row.low, row.high, grade=row.grade, fraction=fraction, score=score)
            for row in rows
        ]
    )
    return interpolated(np.array([row.year or 0 for row in rows], dtype=np.float64), drawn, years)


def interpolated(knots: Array, values: Array, years: Array) -> Array:
    """(year, ...) linear between knots (knot, ...), level outside them."""
    position = np.interp(years, knots, np.arange(len(knots)))
    below = np.floor(position).astype(int)
    above = np.minimum(below + 1, len(knots) - 1)
    part = (position - below).reshape(-1, *(1,) * (values.ndim - 1))
    result: Array = values[below] * (1 - part) + values[above] * part
    return result


def chemistry_shares(
    trail: Trail, draws: Draws, scenario: Scenario, vehicle_class: str, years: Array
) -> Array:
    """Share of each chemistry in the vehicles sold of a class, (year, chemistry, sample), adding up to one.

    A chemistry without a row in a year in which others have one is not sold in that year.
    """
    found = trail.find("chemistry", "chemistry_share", vehicle_class)
    knots = sorted({row.year or 0 for row in found.table})
    shares = np.zeros((len(knots), len(CHEMISTRIES), draws.samples))
    for row in found.table:
        chemistry = row.text("chemistry")
        score = draws.score(f"chemistry_share/{found.region}.{vehicle_class}.{chemistry}")
        shares[knots.index(row.year or 0), CHEMISTRIES.index(chemistry)] = draws.figure(
            row.id, row.value, row.low, row.high, grade=row.grade, fraction=True, score=score
        )
    now = min(knots, key=lambda year: abs(year - JUDGED_COHORT))
    for row in found.table:
        if row.year == now:
            trail.judge("chemistry", vehicle_class, row.central, found, row)
    path = interpolated(np.array(knots, dtype=np.float64), shares / shares.sum(axis=1, keepdims=True), years)
    return _with_lead_acid(path, scenario.lead_acid, trail.economy, vehicle_class, years)


def _with_lead_acid(
    shares: Array, changes: Sequence[LeadAcidShare], economy: str, vehicle_class: str, years: Array
) -> Array:
    """The scenario's path of lead-acid from its first year on; the other chemistries keep their
    proportions."""
    path = sorted(
        (change.year, change.share)
        for change in changes
        if change.vehicle_class == vehicle_class and change.holds_in(economy)
    )
    if not path:
        return shares
    knots, values = np.array(path, dtype=np.float64).T
    wanted = np.interp(years, knots, values)
    changed = shares.copy()
    later = years >= path[0][0]
    rest = 1.0 - shares[later, LEAD_ACID]
    scale = np.divide(1.0 - wanted[later, None], rest, out=np.zeros_like(rest), where=rest > 0)
    changed[later] = shares[later] * scale[:, None]
    changed[later, LEAD_ACID] = np.where(rest > 0, wanted[later, None], 1.0)
    return changed


def composition(trail: Trail, draws: Draws) -> Array:
    """Mass of each item per nameplate energy, (chemistry, item, sample) [kg/kWh]; zero where it holds
    none. The lead of a lead-acid battery is most of its mass: it is heavy where the battery is."""
    table = trail.table("composition").resolve()
    heavy = next(row for row in table if (row.text("chemistry"), row.text("item")) == _LEAD_ACID_PACK)
    content = np.zeros((len(CHEMISTRIES), len(ITEMS), draws.samples))
    for row in table:
        chemistry, item = row.text("chemistry"), row.text("item")
        if chemistry in CHEMISTRIES and item in ITEMS:
            trail.note_row("composition", row)
            score = draws.score(heavy.id) if item == "Pb" else None
            content[CHEMISTRIES.index(chemistry), ITEMS.index(item)] = draws.figure(
                row.id, row.value, row.low, row.high, grade=row.grade, score=score
            )
    return content


def judge_composition(trail: Trail, vehicle_class: str, shares: Array) -> None:
    """Note how much each chemistry's composition weighs in a class; shares (chemistry,) of the vehicles
    sold."""
    table = trail.table("composition").resolve()
    whole = Found(table, ALL_ECONOMIES, "")
    for row in table:
        chemistry, item = row.text("chemistry"), row.text("item")
        if chemistry in CHEMISTRIES and item in ITEMS:
            weight = float(shares[CHEMISTRIES.index(chemistry)]) * (
                row.central if item != "pack_mass" else 1.0
            )
            trail.judge(f"composition.{item}", vehicle_class, weight, whole, row)


def spares_per_vehicle(trail: Trail, draws: Draws, vehicle_class: str) -> Array:
    """Swap spares beyond the battery on board, per vehicle sold of a class, (sample,)."""
    share = trail.find_or_none("swapping", "swap_spares", vehicle_class, parameter="share_in_swapping")
    spares = trail.find_or_none("swapping", "swap_spares", vehicle_class, parameter="packs_per_vehicle")
    if share is None or spares is None:
        return np.zeros(draws.samples)
    each = spares.table.rows[0]
    return _fraction(draws, share.table.rows[0]) * draws.figure(
        each.id, each.value, each.low, each.high, grade=each.grade
    )
