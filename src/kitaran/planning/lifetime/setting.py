"""A setting: a duty in a climate, made into the windows that an ageing model takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kitaran.planning.lifetime.climate import Normals, normals, warming_k
from kitaran.planning.lifetime.duty import Duty, duty, duty_year
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.pack_temperature import pack_temperature
from kitaran.planning.lifetime.rebuilt_year import hourly_year
from kitaran.planning.lifetime.stressors import Windows, windows

PRESENT_YEAR = 2025


@dataclass(frozen=True)
class Setting:
    """Windows of a whole year with one life for each place.

    warming_k : added to the normals [K]
    grade     : the weaker of climate and duty
    """

    use: Duty
    places: tuple[Normals, ...]
    warming_k: float
    windows: Windows
    grade: str


def setting(
    climates: str | tuple[str, ...], use: str | Duty, cooling: str | None = None, year: float = PRESENT_YEAR
) -> Setting:
    """A packaged duty at places with normals, with the warming up to a year.

    cooling : none, air or liquid; the duty's usual one without it
    NotFoundError for an unknown place or duty.
    """
    names = (climates,) if isinstance(climates, str) else climates
    chosen = duty(use) if isinstance(use, str) else use
    places = tuple(normals(name) for name in names)
    warming = warming_k(year)
    air = air_temperature(places, warming)
    course = duty_year(chosen)
    cells = pack_temperature(air, chosen, course, cooling)
    grade = max(chosen.grade, *(place.grade for place in places))
    return Setting(chosen, places, warming, windows(course.time_s, course.soc, cells), grade)


def air_temperature(places: tuple[Normals, ...], warming: float) -> Array:
    """Hourly years of places with a warming, (place, 8761) [degC]."""
    return hourly_year(
        np.stack([place.tmax_c for place in places]),
        np.stack([place.tmin_c for place in places]),
        warming,
        latitude=np.array([place.latitude for place in places]),
    )
