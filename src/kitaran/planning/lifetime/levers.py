"""What would lengthen a life: the same battery with one thing changed at a time.

A change is a recomputed life, not a share of a sum: heat and use act together, so gains do not add up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from kitaran.planning.lifetime.duty import Duty, DutyYear, duty_year
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.setting import Setting
from kitaran.planning.lifetime.stressors import ICE_POINT_K, Windows, windows

MILD_C = 25.0
GENTLE_TOP = 0.8
LEAST_SOC = 0.1


@dataclass(frozen=True)
class Lever:
    """One change.

    id    : mild_pack, gentle_charge or half_use
    level : what it is changed to: degC of the pack, state of charge at which charging ends, share of use
    years : to the threshold with it, infinite beyond the horizon
    soh   : at the horizon
    """

    id: str
    level: float
    years: float = np.nan
    soh: float = np.nan


def lever_lives(here: Setting) -> tuple[list[Lever], Windows]:
    """Changes to try in the first place of a setting, and their lives after that of the place itself.

    Charging ends lower only as far as the emptiest moment stays above a tenth. Changes of charge and use keep
    the pack's temperatures as they are.
    """
    year = duty_year(here.use)
    cell = _hours(here.windows)
    changed = [
        (Lever("mild_pack", MILD_C), year.soc, np.full_like(cell, MILD_C)),
        *((lever, course.soc, cell) for lever, course in _courses(here.use, year)),
    ]
    soc = np.vstack([year.soc, *(row for _, row, _ in changed)])
    temperature = np.vstack([cell, *(row for _, _, row in changed)])
    return [lever for lever, _, _ in changed], windows(year.time_s, soc, temperature)


def _courses(use: Duty, year: DutyYear) -> list[tuple[Lever, DutyYear]]:
    room = float(year.soc.min()) - LEAST_SOC
    top = max(GENTLE_TOP, use.charge_to - max(room, 0.0))
    found = []
    if top < use.charge_to - 0.01:
        found.append((Lever("gentle_charge", round(top, 3)), duty_year(replace(use, charge_to=top))))
    half = replace(use, discharge_per_day=use.discharge_per_day / 2, export_per_day=use.export_per_day / 2)
    return [*found, (Lever("half_use", 0.5), duty_year(half))]


def _hours(lives: Windows) -> Array:
    """Temperature of the first life by the hour, (sample,) [degC]; windows share their end points."""
    kelvin = lives.temperature_k[:, 0]
    return np.append(kelvin[:, :-1], kelvin[-1, -1]) - ICE_POINT_K
