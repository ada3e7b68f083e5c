"""How much of a new battery's throughput a used one still gives: the health factor.

    H(s) = min( D(a(s)) / D_new, s ),   D(a) = integral from a to e of q SOH(t) exp(-r (t - a)) dt

a(s) is the age on the course of the chemistry, in the duty and climate, at which state of health is s; e is
the end by wear, by the years that the buyer counts on, or by the age of housing and electronics, whichever is
first; q the daily throughput of the duty. D_new is that of the new battery that a buyer would take instead. A
used battery is never counted for more than its present capacity.
Source: the health factor of Neubauer and Pesaran (2011), Journal of Power Sources 196, 10351-10358, here with
throughput discounted and the course of the ageing models of `kitaran.lifetime`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from kitaran.foundation.errors import NotFoundError
from kitaran.planning.lifetime import ensemble, has_model
from kitaran.planning.lifetime.assumptions import assumption
from kitaran.planning.lifetime.chemistry import loss_spread
from kitaran.planning.lifetime.comparison import capitals
from kitaran.planning.lifetime.monthly import MONTHS, soh_by_month
from kitaran.planning.lifetime.question import setting_of
from kitaran.planning.lifetime.tested_range import outside_tested_range
from kitaran.planning.market.valuation.figures import Array
from kitaran.reference import economies, economy, lower_grade

HORIZON_YEARS = 40
FARTHEST_YEARS = 200
STEPS_A_YEAR = 2
LAST_YEARS = 10
SLOWEST_LOSS = 1e-3
"""A year beyond the horizon loses what a year of the last ten did, and at least this."""
SOH_STEPS = 200
SOH_GRID = np.linspace(0.0, 1.0, SOH_STEPS + 1)


@dataclass(frozen=True)
class Course:
    """State of health of a chemistry in a duty and climate, by the half-year, (step + 1,).

    cycles_per_year : throughput of a full battery [equivalent full cycle/year]
    spread  : standard deviation of the logarithm of loss between batteries and models
    outside : share of time outside the model's tested range
    grade   : the weakest of model, climate and duty
    """

    soh: Array
    cycles_per_year: float
    spread: float
    outside: float
    grade: str
    model: str
    place: str


@lru_cache(maxsize=512)
def course(chemistry: str, code: str, application: str) -> Course:
    """The course in the capital of an economy, or of the nearest one with climate normals."""
    place, stands_in = _capital(code)
    here = setting_of(application, None, (place,))
    group = ensemble(chemistry)
    outside = float(outside_tested_range(group.default, here.windows).share[0])
    model = lower_grade(group.default.grade) if group.proxy else group.default.grade
    grade = max(model, lower_grade(here.grade) if stands_in else here.grade)
    return Course(
        soh=_drawn_out(soh_by_month(group.default, here.windows, HORIZON_YEARS)[:, 0]),
        cycles_per_year=float(here.windows.throughput[:, 0].sum()),
        spread=float(loss_spread(np.ones((1, 1)), np.array([outside]))[0]),
        outside=outside,
        grade=grade,
        model=group.default.id,
        place=place,
    )


def _drawn_out(by_month: Array) -> Array:
    """State of health by the half-year, beyond the horizon at the pace of its last years."""
    soh = np.minimum.accumulate(by_month[:: MONTHS // STEPS_A_YEAR])
    pace = max((soh[-1 - LAST_YEARS * STEPS_A_YEAR] - soh[-1]) / LAST_YEARS, SLOWEST_LOSS) / STEPS_A_YEAR
    beyond = np.arange(1, (FARTHEST_YEARS - HORIZON_YEARS) * STEPS_A_YEAR + 1)
    return np.asarray(np.maximum(np.append(soh, soh[-1] - pace * beyond), 0.0), np.float64)


def can_be_valued(chemistry: str) -> bool:
    """Whether a model says how batteries of this chemistry age."""
    return has_model(chemistry)


def _capital(code: str) -> tuple[str, bool]:
    """Place of the capital, or of the nearest one by latitude in the subregion, and whether it stands in."""
    known = capitals()
    if code in known:
        return known[code], False
    own = economy(code)
    others = [each for each in economies() if each.code in known]
    near = [each for each in others if each.subregion == own.subregion] or others
    if not near:
        raise NotFoundError("No climate normals are known.", "climate_normals", "Add rows.")
    nearest = min(near, key=lambda each: abs((each.capital_lat or 0.0) - (own.capital_lat or 0.0)))
    return known[nearest.code], True


@dataclass(frozen=True)
class Ageing:
    """A course at several speeds of ageing, (column,): what `remaining` needs, ready for many batteries.

    age_at : (column, soh grid) age at which each state of health is reached [year]
    worth  : (column, step + 1) throughput from new to each age, discounted to the start
    ends   : (column,) age at which the end by wear is reached [year]
    """

    age_at: Array
    worth: Array
    ends: Array
    rate: Array

    def remaining(self, soh: Array, years: Array) -> Array:
        """Discounted throughput of the years left, (battery, column) [equivalent full cycle].

        soh   : (battery, column); years: (battery, column) or (column,), the most that may still be used
        """
        age = _along(self.age_at, np.clip(soh, 0.0, 1.0) * SOH_STEPS)
        end = np.maximum(np.minimum(self.ends, age + np.maximum(years, 0.0)), age)
        gained = _along(self.worth, end * STEPS_A_YEAR) - _along(self.worth, age * STEPS_A_YEAR)
        return np.asarray(np.maximum(gained, 0.0) * np.exp(self.rate * age), np.float64)


def ageing(of: Course, speed: Array, rate: Array, soh_end: Array) -> Ageing:
    """The course with its losses multiplied, (column,) each.

    speed   : factor on every loss; rate: discount rate [1/year]; soh_end: where life ends by wear
    """
    speed, rate, soh_end = np.broadcast_arrays(*np.atleast_1d(speed, rate, soh_end))
    years = np.arange(of.soh.size) / STEPS_A_YEAR
    soh = np.maximum(1.0 - speed[:, None] * (1.0 - of.soh), 0.0)
    flow = of.cycles_per_year * soh * np.exp(-rate[:, None] * years) / STEPS_A_YEAR
    worth = np.concatenate(
        [np.zeros((speed.size, 1)), np.cumsum((flow[:, 1:] + flow[:, :-1]) / 2, axis=1)], axis=1
    )
    age_at = np.stack([np.interp(-SOH_GRID, -each, years) for each in soh])
    ends = np.array([np.interp(-end, -each, years) for end, each in zip(soh_end, soh, strict=True)])
    return Ageing(age_at, worth, ends, rate)


def speeds(of: Course, score: Array) -> Array:
    """Factors on loss at standard normal scores, (column,)."""
    return np.asarray(np.exp(of.spread * score), np.float64)


def soh_at_end(vehicle_class: str) -> tuple[str, float]:
    """Name and value of the state of health at which use ends: in a vehicle, or in second life."""
    name = "second_life_end" if vehicle_class == "stationary" else "retire_at"
    return name, assumption(name).value


def _along(table: Array, position: Array) -> Array:
    """Linear reading of (column, grid) at positions (battery, column) in steps of the grid."""
    last = table.shape[1] - 2
    below = np.clip(position.astype(np.intp), 0, last)
    part = np.clip(position - below, 0.0, 1.0)
    columns = np.arange(table.shape[0])
    low = table[columns, below]
    return np.asarray(low + part * (table[columns, below + 1] - low), np.float64)
