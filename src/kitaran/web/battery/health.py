"""State of health of one battery from the readings in its passport, each with its error; nothing is smoothed.

SOH is the part of the rated capacity, or of the rated energy, that is left. Readings of different kinds are
not mixed: the kind of the newest one is told, and its older readings stand beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from kitaran.registry.passport.ratings import CAPACITY, ENERGY

Scale = Callable[[float, float | None], float | None]
"""Value of a reading and rated figure to state of health; None where that cannot be told."""


def _of_rated(value: float, rated: float | None) -> float | None:
    return None if not rated else value / rated


KINDS: Final[Mapping[str, tuple[str | None, Scale]]] = {
    "state_of_certified_energy_percent": (None, lambda value, _: value / 100),
    "capacity_fade_percent": (None, lambda value, _: 1 - value / 100),
    "remaining_capacity_ah": (CAPACITY, _of_rated),
    "capacity_ah": (CAPACITY, _of_rated),
    "remaining_energy_kwh": (ENERGY, _of_rated),
}
"""Readings that tell a state of health: the rated figure that each needs, and how."""
_HIGHEST: Final = 1.2


def health_of(readings: Sequence[Mapping[str, Any]], rated: Mapping[str, Any]) -> dict[str, Any] | None:
    """Newest state of health with its interval, and the readings of its kind, oldest first; None if no
    reading tells it.

    rated   : as `ratings.rated` says
    points  : at, soh, error (half width of the interval that holds it 19 times in 20, None: not told)
    """
    told = [(one, point) for one in readings if (point := _point(one, rated)) is not None]
    if not told:
        return None
    newest = max(told, key=lambda pair: (pair[0]["at"], pair[0]["seq"]))
    kind = newest[0]["attribute"]
    points = [point for one, point in told if one["attribute"] == kind]
    points.sort(key=lambda point: (point["at"], point["seq"]))
    return {"attribute": kind, "latest": points[-1], "points": points}


def _point(reading: Mapping[str, Any], rated: Mapping[str, Any]) -> dict[str, Any] | None:
    needs, scale = KINDS.get(reading["attribute"], (None, None))
    if scale is None:
        return None
    base = None if needs is None or rated[needs] is None else float(rated[needs])
    soh = scale(float(reading["value"]), base)
    if soh is None or not 0 < soh <= _HIGHEST:
        return None
    error = None
    if reading.get("error") is not None:
        moved = scale(float(reading["value"]) + float(reading["error"]), base)
        error = None if moved is None else abs(moved - soh)
    return {
        "at": reading["at"],
        "seq": reading["seq"],
        "soh": round(soh, 4),
        "error": None if error is None else round(error, 4),
        "low": None if error is None else round(max(soh - error, 0.0), 4),
        "high": None if error is None else round(soh + error, 4),
        "source": reading["source"],
        "instrument": reading["instrument"],
    }
