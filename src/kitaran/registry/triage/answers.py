"""What triage says of each battery, as plain data: the same for commands, pages and programs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from kitaran.registry.triage.grading import Grading
from kitaran.registry.triage.risk import WORDS
from kitaran.registry.triage.routes import Alternative, Routing


def answers(graded: Grading, routed: Routing) -> list[dict[str, Any]]:
    """One object a battery, in the order of the file; what is not known is null."""
    return [_answer(graded, routed, row) for row in range(len(graded.tests))]


IN_SHORT = (
    *("id", "soh", "soh_low", "soh_high", "in_domain", "safety", "grade", "route"),
    *("alternatives", "value_usd", "reasons"),
)
"""Fields that `kitaran triage grade --json` promises."""


def in_short(answer: dict[str, Any]) -> dict[str, Any]:
    """The promised fields of an answer, and no others."""
    return {name: answer[name] for name in IN_SHORT}


def _answer(graded: Grading, routed: Routing, row: int) -> dict[str, Any]:
    health, best = graded.health, routed.best[row]
    return {
        "id": str(graded.tests.id[row]),
        "soh": _rounded(health.soh[row]),
        "soh_low": _rounded(health.low[row]),
        "soh_high": _rounded(health.high[row]),
        "in_domain": bool(health.in_domain[row]),
        "safety": str(graded.safety.verdict[row]),
        "grade": str(graded.grade[row]),
        **_way(best),
        "alternatives": [_way(way) | {"allowed": way.allowed} for way in routed.alternatives[row]],
        "not_tested": list(routed.not_tested[row]),
        "residual_risk": [WORDS[name] for name in routed.not_tested[row]],
        "like": str(health.like[row]) or None,
        "method": str(health.method[row]) or None,
        "signs": list(graded.safety.reasons[row]),
        "reasons": [*graded.reasons[row], best.reason],
    }


def _way(way: Alternative) -> dict[str, Any]:
    """A way with its account. Years left come with their interval of 90 %; those counted on are the most."""
    return {
        "route": way.route,
        "value_usd": _rounded(way.value_usd),
        "after_work_usd": _rounded(way.after_work_usd),
        "cost_usd": _rounded(way.cost_usd),
        "emissions_kg": _rounded(way.emissions_kg),
        **_years(way.years),
        "asks_for": _rounded(way.asks_for),
        "risk_below": _rounded(way.risk_below),
        "legal_status": None if way.position is None else way.position.status,
        "legal_note": None if way.position is None else way.position.words(),
        "may_be_best": way.may_be_best,
        "reason": way.reason,
    }


def _years(years: Sequence[float]) -> dict[str, float | None]:
    names = ("years", "years_low", "years_high")
    return {name: _rounded(round(value, 1)) for name, value in zip(names, years, strict=True)}


def _rounded(value: float) -> float | None:
    return round(float(value), 4) if math.isfinite(value) else None
