"""What triage says of each battery, as plain data: the same for commands, pages and programs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from kitaran.registry.triage.grading import Grading
from kitaran.registry.triage.routes import Routing


def answers(graded: Grading, routed: Routing) -> list[dict[str, Any]]:
    """One object a battery, in the order of the file; what is not known is null."""
    return [_answer(graded, routed, row) for row in range(len(graded.tests))]


def _answer(graded: Grading, routed: Routing, row: int) -> dict[str, Any]:
    health = graded.health
    return {
        "id": str(graded.tests.id[row]),
        "soh": _rounded(health.soh[row]),
        "soh_low": _rounded(health.low[row]),
        "soh_high": _rounded(health.high[row]),
        "in_domain": bool(health.in_domain[row]),
        "safety": str(graded.safety.verdict[row]),
        "grade": str(graded.grade[row]),
        "route": str(routed.route[row]),
        "value_usd": _rounded(routed.value_usd[row]),
        **_years(routed.years[row].tolist()),
        "alternatives": [
            {"route": way.route, "value_usd": _rounded(way.value_usd), "allowed": way.allowed}
            | _years(way.years)
            for way in routed.alternatives[row]
        ],
        "like": str(health.like[row]) or None,
        "method": str(health.method[row]) or None,
        "signs": list(graded.safety.reasons[row]),
        "reasons": list(graded.reasons[row]),
    }


def _years(years: Sequence[float]) -> dict[str, float | None]:
    """Years left with their interval of 90 %; those counted on in the use are the most."""
    names = ("years", "years_low", "years_high")
    return {name: _rounded(round(value, 1)) for name, value in zip(names, years, strict=True)}


def _rounded(value: float) -> float | None:
    return round(float(value), 4) if math.isfinite(value) else None
