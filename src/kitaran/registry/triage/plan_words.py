"""A plan of storage systems as plain data, for commands, pages and programs."""

from __future__ import annotations

import math
from typing import Any

from kitaran.registry.triage.building import Plan, System
from kitaran.registry.triage.grading import Grading


def as_dict(graded: Grading, plan: Plan) -> dict[str, Any]:
    """Systems with the names of their batteries, what is left over and why; amounts that are unknown null."""
    names = [str(name) for name in graded.tests.id]
    return {
        "target_kwh": plan.target_kwh,
        "volts": plan.volts,
        "soh_spread": plan.soh_spread,
        "systems": [_system(number, system, names) for number, system in enumerate(plan.systems, 1)],
        "left_over": [{"id": names[row], "reason": reason} for row, reason in plan.left_over],
        "usable_kwh": _rounded(plan.usable_kwh),
        "most_systems": len(plan.systems),
        "gap": 0,
    }


def _system(number: int, system: System, names: list[str]) -> dict[str, Any]:
    return {
        "system": number,
        "chemistry": system.chemistry,
        "nominal_ah": system.nominal_ah,
        "nominal_v": system.nominal_v,
        "count": len(system.rows),
        "batteries": [names[row] for row in system.rows],
        "strings": [[names[row] for row in string] for string in system.strings],
        "volts": _rounded(system.volts),
        "kwh": _rounded(system.kwh),
        "usable_kwh": _rounded(system.usable_kwh),
        "soh_low": _rounded(system.low),
        "soh_low_best": _rounded(system.high),
        "value_usd": _rounded(system.value_usd),
        "singly_usd": _rounded(system.singly_usd),
    }


def _rounded(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None
