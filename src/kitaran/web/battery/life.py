"""How long one battery still lasts in a climate and a use, from the readings that its passport has.

Lives are drawn from the ageing models of its chemistry and weighted by the readings
(`kitaran.planning.lifetime.remaining`). Where a reading is missing, the answer says what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kitaran.foundation.errors import KitaranError

if TYPE_CHECKING:
    from kitaran.planning.lifetime import Course, Remaining

DRAWS: Final = 8_000
_DAYS_OF_A_YEAR: Final = 365.25
_ERRORS_OF_INTERVAL: Final = 1.96
"""Standard deviations in the half width of an interval that holds the value 19 times in 20."""
USUAL_USE: Final[Mapping[str, str]] = {
    "ev": "private_car",
    "lmt": "private_two_wheeler",
    "industrial": "home_solar",
    "stationary": "home_solar",
}
AFTER_REPURPOSING: Final = "home_solar"
UNKNOWN: Final = "unknown"
OUT_OF_USE: Final = "out_of_use"
"""Why no life is told of a battery that serves no more."""
Point = tuple[str, float, float | None]
"""Day, state of health and half width of its interval, if told."""


def out_of_use(passport: Mapping[str, Any], custody: Mapping[str, Any] | None) -> bool:
    """Whether a battery serves no more as what it is: its passport has ended, it is waste, or it was divided.

    passport : what the passport shows to a reader who may see readings; custody : likewise, None if unknown
    """
    status = passport["attributes"].get("battery_status", {}).get("value")
    divided = custody is not None and custody.get("status") == "closed"
    return not passport["valid"] or status == "waste" or divided


def life_of(
    health: Mapping[str, Any] | None, chemistry: str, place: str, duty: str, begun: str | None
) -> dict[str, Any]:
    """Years and full cycles left until the end of the use, with what the answer rests on.

    place   : economy code for its capital, or city of `climate_normals`; empty: not known
    begun   : when it was put into service or made, None if not known
    returns : `years` and `full_cycles` with p10, p50, p90, `at_least` and `full_cycles_at_least` where these
              are only known to be so much or more; or `missing`: reading, place, model, use
    """
    from kitaran.planning.lifetime import has_model
    from kitaran.planning.lifetime.assumptions import assumption

    asked = {"chemistry": chemistry or UNKNOWN, "place": place or None, "duty": duty}
    if health is None:
        return {**asked, "missing": "reading"}
    if not place:
        return {**asked, "missing": "place"}
    if chemistry and chemistry != UNKNOWN and not has_model(chemistry):
        return {**asked, "missing": "model"}
    try:
        found = _courses("" if chemistry in ("", UNKNOWN) else chemistry, place, duty)
    except KitaranError:
        return {**asked, "missing": "use"}
    courses, named, grade, warming = found
    threshold = assumption("retire_at")
    points = tuple((one["at"][:10], one["soh"], one["error"]) for one in health["points"])
    left, sigmas = _left("" if chemistry in ("", UNKNOWN) else chemistry, place, duty, points, begun)
    return {
        **asked,
        "missing": None,
        "climate": named,
        "threshold": threshold.value,
        "years": {name: round(value, 2) for name, value in left.years.items()},
        "full_cycles": {name: round(value) for name, value in left.throughput_efc.items()},
        "at_least": left.at_least,
        "full_cycles_at_least": left.efc_at_least,
        "beyond_horizon": round(left.beyond, 3),
        "explained": left.explained,
        "readings": len(health["points"]),
        "readings_without_error": sum(1 for one in health["points"] if one["error"] is None),
        "smallest_error": round(min(sigmas), 4),
        "begun": begun,
        "models": [one.model.id for one in courses],
        "warming_k": warming,
        "outside_tested_range": round(float(str(left.outside["share"])), 3),
        "grade": grade,
        "method": "planning.lifetime.remaining",
    }


@lru_cache(maxsize=32)
def _courses(chemistry: str, place: str, duty: str) -> tuple[tuple[Course, ...], str, str, float]:
    """Courses of the models of a chemistry (empty: unknown) in a duty at a place; the place's own name, the
    grade and the warming [K].
    """
    from kitaran.planning.lifetime import courses, setting

    chosen = setting(place, duty)
    here = chosen.places[0]
    made = courses(chemistry or None, chosen.windows)
    return tuple(made), f"{here.economy}/{here.place}", chosen.grade, round(chosen.warming_k, 2)


@lru_cache(maxsize=256)
def _left(
    chemistry: str, place: str, duty: str, points: tuple[Point, ...], begun: str | None
) -> tuple[Remaining, list[float]]:
    """What is left, and the standard deviations that were counted with: an error that is not told counts as
    that of a vehicle's own display, not of a test. The same question has the same answer.
    """
    from kitaran.planning.lifetime import remaining_life
    from kitaran.planning.lifetime.assumptions import assumption

    floor, threshold = assumption("measurement_floor").value, assumption("retire_at").value
    untold = assumption("measurement_untold").value
    sigmas = [untold if error is None else max(floor, error / _ERRORS_OF_INTERVAL) for _, _, error in points]
    times = np.array([_years(points[0][0], day) for day, _, _ in points])
    age = None if begun is None else max(_years(begun, points[0][0]), 0.0)
    lives = list(_courses(chemistry, place, duty)[0])
    soh = [share for _, share, _ in points]
    return remaining_life(lives, times, soh, sigmas, threshold, age, samples=DRAWS), sigmas


def _years(first: str, last: str) -> float:
    """Years between two days."""
    days = (datetime.fromisoformat(last[:10]) - datetime.fromisoformat(first[:10])).days
    return days / _DAYS_OF_A_YEAR
