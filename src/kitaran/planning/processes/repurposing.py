"""A repurposing line: removal, test, opening to modules, rebuild, warranty; cost per kWh that leaves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from kitaran.foundation.errors import InputError
from kitaran.planning.processes.capital import Array, capital_charge
from kitaran.planning.processes.figures import Amounts, Figures, figures
from kitaran.planning.processes.places import Place

BOLTED, GLUED = JOINED = ("bolted", "glued")
FARTHEST_SCORE = 38.0
"""Beyond it a normal density is nought in binary numbers."""
LEAST_KWH = 1e-6
"""Below it a pack gives nothing, and a cost per kWh has no meaning."""
NARROWEST = 1e-6
"""Spreads of health below it count as none."""
STEPS = ("removal", "incoming_test", "opening", "module_test", "rebuild")


@dataclass(frozen=True)
class Repurposing:
    """One line, each (sample,).

    cost_usd_per_kwh : all cost over energy out, the packs' price among it; NaN where no energy leaves
    parts_usd_per_kwh: by item
    kwh_out_per_pack : energy out, at the state of health of what is kept
    accepted         : share of modules that goes on; the rest is recycled
    hours_per_pack   : labour by step [h]
    jobs             : full-time workers
    """

    cost_usd_per_kwh: Array
    parts_usd_per_kwh: Mapping[str, Array]
    kwh_out_per_pack: Array
    accepted: Array
    hours_per_pack: Mapping[str, Array]
    jobs: Array


def repurposing(
    packs_per_year: ArrayLike,
    pack_kwh: ArrayLike,
    soh_mean: ArrayLike,
    soh_spread: ArrayLike,
    place: Place,
    joined: str = BOLTED,
    soh_least: ArrayLike = 0.7,
    paid_usd_per_kwh: ArrayLike = 0.0,
    hours_to_open: ArrayLike | None = None,
    rate: ArrayLike = 0.10,
    years: ArrayLike = 10,
    changed: Mapping[str, Array] | None = None,
    known: Figures | None = None,
) -> Repurposing:
    """Cost of second-life energy from a line; every argument (sample,) or a number.

    packs_per_year  : [1/year]
    pack_kwh        : nameplate energy of a pack [kWh]
    soh_mean, soh_spread : mean and standard deviation of the modules' state of health
    soh_least       : below it a module is not used again
    joined          : bolted, or glued (foamed packs too); `hours_to_open` replaces the table's hours
    paid_usd_per_kwh: price of the packs per nameplate kWh
    changed         : parameters of the group `repurposing` set by the caller

    accepted = P(SOH >= least) x modules that survive opening x (1 - penalty x spread);
    energy out = nameplate x accepted x E[SOH | SOH >= least]; cost = (labour + energy + parts + capital +
    packs) / (1 - warranty) / energy out. Labour is at least that of the smallest crew.
    Raises InputError for spreads or states of health that cannot be.
    """
    model = known or figures()
    p: Mapping[str, Array | float] = {**model.parameter["repurposing"], **(changed or {})}
    packs, kwh, mean, spread, least = (
        np.asarray(value, np.float64) for value in (packs_per_year, pack_kwh, soh_mean, soh_spread, soh_least)
    )
    _check(packs, kwh, mean, spread, joined)
    kept, health = _above(mean, spread, least)
    survives = p["glue_yield" if joined == GLUED else "bolted_yield"]
    matched = np.maximum(1 - p["matching_penalty"] * spread, 0.0)
    accepted = kept * survives * matched
    out = kwh * accepted * health
    hours = _hours(accepted, joined, hours_to_open, p)
    yearly_hours = np.maximum(
        sum(hours.values(), np.float64(0.0)) * packs, p["least_crew"] * p["hours_worked_per_year"]
    )
    spent = {
        "labour": yearly_hours * _wage(place, model) * (1 + p["overhead_on_labour"]) / packs,
        "electricity": p["test_cycles"]
        * p["test_round_trip_loss"]
        * kwh
        * mean
        * place["electricity_usd_per_kWh"],
        "parts": p["parts_usd_per_kwh"] * out,
        "equipment": capital_charge(np.asarray(p["test_capital_usd"] * kwh, np.float64), rate, years),
        "building": _building(packs, place, rate, years, p, model.parameter["disassembly"]),
        "packs": np.asarray(paid_usd_per_kwh, np.float64) * kwh,
    }
    before = sum(spent.values(), np.float64(0.0))
    whole = before / (1 - p["warranty_share"])
    energy = np.where(out > LEAST_KWH, out, np.nan)
    parts = {name: np.asarray(value / energy, np.float64) for name, value in spent.items()}
    parts["warranty"] = np.asarray((whole - before) / energy, np.float64)
    return Repurposing(
        cost_usd_per_kwh=np.asarray(whole / energy, np.float64),
        parts_usd_per_kwh=parts,
        kwh_out_per_pack=np.asarray(out, np.float64),
        accepted=np.asarray(accepted, np.float64),
        hours_per_pack=hours,
        jobs=np.asarray(yearly_hours / p["hours_worked_per_year"], np.float64),
    )


def _check(packs: Array, kwh: Array, mean: Array, spread: Array, joined: str) -> None:
    if joined not in JOINED:
        raise InputError(f"No pack is joined {joined!r}.", "joined", f"Choose one of {', '.join(JOINED)}.")
    if not (np.all(packs > 0) and np.all(kwh > 0)):
        raise InputError(
            "Packs a year and energy of a pack are above 0.", "packs_per_year", "Give numbers above 0."
        )
    if not (np.all((mean > 0) & (mean <= 1.1)) and np.all((spread >= 0) & (spread < 0.5))):
        raise InputError(
            "The states of health cannot be.",
            "soh_mean, soh_spread",
            "Give a mean to 1.1 and a spread to 0.5.",
        )


def _above(mean: Array, spread: Array, least: Array) -> tuple[Array, Array]:
    """Share of modules at or above the least state of health, and their mean, for a normal spread."""
    wide = spread > NARROWEST
    width = np.where(wide, spread, 1.0)
    score = (least - mean) / width
    share = np.where(wide, special.ndtr(-score), (mean >= least).astype(np.float64))
    density = np.exp(-(np.minimum(np.abs(score), FARTHEST_SCORE) ** 2) / 2) / np.sqrt(2 * np.pi)
    beyond = np.where(share > 0, width * density / np.where(share > 0, share, 1.0), 0.0)
    return np.asarray(share), np.asarray(mean + np.where(wide, beyond, 0.0))


def _hours(
    accepted: Array, joined: str, hours_to_open: ArrayLike | None, p: Mapping[str, Array | float]
) -> dict[str, Array]:
    """Labour by step, (sample,) [h/pack]; only what is accepted is rebuilt."""
    bolted = p["hours_open_bolted"]
    opening = bolted * p["glue_factor"] if joined == GLUED else bolted
    given = {
        "removal": p["hours_removal"],
        "incoming_test": p["hours_incoming_test"],
        "opening": opening if hours_to_open is None else hours_to_open,
        "module_test": p["hours_module_test"],
        "rebuild": p["hours_rebuild"] * accepted,
    }
    return {step: np.asarray(given[step], np.float64) for step in STEPS}


def _wage(place: Place, model: Figures) -> Array:
    """Wage of high-voltage technicians: the plant wage of the place at the ratio of the United States."""
    skilled = model.parameter["disassembly"]["wage_usd_h_pack"]
    return place["wage_usd_per_h"] * skilled / model.parameter["mended"]["wage_plant_usa_usd_per_h"]


def _building(
    packs: Array,
    place: Place,
    rate: ArrayLike,
    years: ArrayLike,
    p: Mapping[str, Array | float],
    law: Amounts,
) -> Array:
    """Yearly charge of the hall per pack; its area grows with packs^0.95, as in dismantling."""
    scale = (packs / law["baseline_packs_per_yr"]) ** (law["area_exponent_pack"] - 1)
    area = p["area_m2_per_pack"] * scale
    return capital_charge(np.asarray(area * place["building_cost_usd_per_m2"], np.float64), rate, years)
