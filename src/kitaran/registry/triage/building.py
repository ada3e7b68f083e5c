"""A batch is triaged as a batch: which batteries are built into which storage system, and what is left over.

Nothing is built in that is unsafe, was not looked at, has no known health or is below a second use; nothing
twice; batteries of one system share chemistry, capacity and voltage.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError
from kitaran.registry.triage.grading import QUARANTINE, RECYCLE, REPURPOSE, TEST, Grading
from kitaran.registry.triage.grouping import group
from kitaran.registry.triage.limits import Limits
from kitaran.registry.triage.nameplate import Nameplate, nameplate
from kitaran.registry.triage.routes import Routing
from kitaran.registry.triage.safety import SAFE

USE = "home_solar"
_MV = 1e3


@dataclass(frozen=True)
class System:
    """One storage system.

    strings     : batteries of each string, by their row, the healthiest first
    chemistry   : of all its batteries; nominal_ah, nominal_v: of each [Ah], [V]
    kwh         : nameplate [kWh]; usable_kwh: what its weakest battery lets it hold, on the lower bound [kWh]
    low, high   : weakest and best lower bound of health [fraction]
    value_usd   : its batteries for storage at home, less what stands idle [USD]; NaN unknown
    singly_usd  : the same batteries each by its own best way [USD]; NaN unknown
    """

    strings: tuple[tuple[int, ...], ...]
    chemistry: str
    nominal_ah: float
    nominal_v: float
    kwh: float
    usable_kwh: float
    low: float
    high: float
    value_usd: float
    singly_usd: float

    @property
    def rows(self) -> tuple[int, ...]:
        return tuple(row for string in self.strings for row in string)

    @property
    def volts(self) -> float:
        return len(self.strings[0]) * self.nominal_v


@dataclass(frozen=True)
class Plan:
    """systems; left_over: row and reason of each battery that is not built in; what was asked for"""

    systems: tuple[System, ...]
    left_over: tuple[tuple[int, str], ...]
    target_kwh: float
    volts: float
    soh_spread: float

    @property
    def usable_kwh(self) -> float:
        return sum(system.usable_kwh for system in self.systems)


def build(
    graded: Grading,
    routed: Routing,
    target_kwh: float,
    volts: float | None = None,
    soh_spread: float | None = None,
) -> Plan:
    """The most storage systems of a size that a batch gives, and among those plans one of fewest batteries.

    target_kwh : least usable energy of a system [kWh]
    volts      : nominal voltage of a string [V]; None: `build_volts`, kept within `build_volts_tolerance`
    soh_spread : most that health may differ in a system [fraction]; None: `build_soh_spread`
    Raises InputError for what cannot be.
    """
    volts = graded.limits["build_volts"] if volts is None else volts
    spread = graded.limits["build_soh_spread"] if soh_spread is None else soh_spread
    _check(target_kwh, volts, spread)
    plates = nameplate(graded)
    left = _held_back(graded, plates)
    formats: dict[tuple[str, float, float], list[int]] = {}
    for row in range(len(graded.tests)):
        if row not in left:
            key = (str(plates.chemistry[row]), float(graded.tests.nominal_ah[row]), float(plates.volts[row]))
            formats.setdefault(key, []).append(row)
    systems: list[System] = []
    for (chemistry, ah, each_volts), rows in sorted(formats.items()):
        series = _series(each_volts, volts, graded.limits)
        if not series:
            left |= dict.fromkeys(rows, f"No string of {each_volts:g} V batteries has about {volts:g} V.")
            continue
        places = np.array(rows)
        runs = group(graded.health.low[places], float(plates.kwh[rows[0]]), series, target_kwh, spread)
        kind = (chemistry, ah, each_volts)
        made = [_system(graded, routed, plates, [rows[at] for at in run], series, kind) for run in runs]
        systems += made
        built = {row for system in made for row in system.rows}
        left |= dict.fromkeys(set(rows) - built, f"Too few like it within {spread:.0%} of health.")
    ordered = tuple(sorted(systems, key=lambda system: -system.low))
    return Plan(ordered, tuple(sorted(left.items())), target_kwh, volts, spread)


def _check(target_kwh: float, volts: float, spread: float) -> None:
    for name, value, most in (("target-kwh", target_kwh, 1e6), ("volts", volts, 1500.0)):
        if not (math.isfinite(value) and 0 < value <= most):
            raise InputError(f"{value:g} cannot be.", name, f"Give a number above 0 and up to {most:g}.")
    if not 0 <= spread <= 1:
        raise InputError(f"{spread:g} cannot be.", "soh-spread", "Give a fraction from 0 to 1, as 0.05.")


def _series(each: float, wanted: float, limits: Limits) -> int:
    """Batteries in a string of about the wanted voltage; 0 if there is none."""
    count = round(wanted / each)
    within = count >= 1 and abs(count * each / wanted - 1) <= limits["build_volts_tolerance"]
    return count if within else 0


def _held_back(graded: Grading, plates: Nameplate) -> dict[int, str]:
    """Rows that are not built in, and why. A battery tested more than once counts once, by its worst test."""
    tests, health = graded.tests, graded.health
    conditions: list[tuple[NDArray[np.bool_], str]] = [
        (graded.grade == QUARANTINE, "It is not safe."),
        (graded.safety.verdict != SAFE, "It was not inspected."),
        (graded.grade == TEST, "Its health is not known."),
        (graded.grade == RECYCLE, "It is below what a second use asks for."),
        (tests.spread_mv > graded.limits["spread_v"] * _MV, "Its cells stand too far apart."),
        (~np.isfinite(plates.kwh), "Its capacity or voltage is not known."),
        (plates.chemistry == "", "Its chemistry is not known."),
    ]
    left: dict[int, str] = {}
    for met, reason in conditions:
        for row in np.flatnonzero(met).tolist():
            left.setdefault(row, reason)
    by_name: dict[str, list[int]] = {}
    for row, name in enumerate(tests.id.tolist()):
        by_name.setdefault(name, []).append(row)
    for rows in by_name.values():
        worst = min(rows, key=lambda row: (row not in left, health.low[row]))
        for row in rows:
            if row != worst:
                left.setdefault(row, "The same battery, tested once more: its worst test counts.")
    return left


def _system(
    graded: Grading,
    routed: Routing,
    plates: Nameplate,
    rows: list[int],
    series: int,
    kind: tuple[str, float, float],
) -> System:
    low = graded.health.low[rows]
    kwh = float(plates.kwh[rows].sum())
    worth = np.array([_worth(routed, row) for row in rows])
    return System(
        strings=tuple(tuple(rows[start : start + series]) for start in range(0, len(rows), series)),
        chemistry=kind[0],
        nominal_ah=kind[1],
        nominal_v=kind[2],
        kwh=kwh,
        usable_kwh=kwh * float(low.min()),
        low=float(low.min()),
        high=float(low.max()),
        value_usd=float((worth * low.min() / low).sum()),
        singly_usd=float(routed.value_usd[rows].sum()),
    )


def _worth(routed: Routing, row: int) -> float:
    """What a battery is worth for storage at home [USD]."""
    name = f"{REPURPOSE}:{USE}"
    if routed.route[row] == name:
        return float(routed.value_usd[row])
    worths = [way.value_usd for way in routed.alternatives[row] if way.route == name]
    return worths[0] if worths else float("nan")
