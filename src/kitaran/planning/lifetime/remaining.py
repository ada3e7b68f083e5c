"""Remaining life from measured states of health, by Bayesian update of lives drawn from the ageing models.

A drawn life is a model of the chemistry with a factor on each loss and a bend of the losses over time, both
wide enough for cells to which none of the models was fitted. Its age at the first measurement is known, or
drawn where the history is not. Measurements weight the lives; the weighted lives give quantiles of the time
and throughput to a threshold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kitaran.foundation.errors import InputError
from kitaran.planning.lifetime.assumptions import assumption
from kitaran.planning.lifetime.catalogue import AgeingModel, catalogue
from kitaran.planning.lifetime.chemistry import ensemble
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.monthly import MONTHS, life_by_month, throughput_by_month
from kitaran.planning.lifetime.progression import States
from kitaran.planning.lifetime.simulation import YEAR_DAYS
from kitaran.planning.lifetime.stressors import Windows
from kitaran.planning.lifetime.tested_range import outside_tested_range

STEP_MONTHS = 2
HORIZON_YEARS = 45
OLDEST_AT_FIRST_YEARS = 20.0
BEND_YEARS = 8.0
FEWEST_EFFECTIVE = 40.0
QUANTILES = (0.1, 0.5, 0.9)
CUT_TOLD = 0.01
"""Weight of lives cut at the horizon from which on a quantile is said to be `or more`."""


@dataclass(frozen=True)
class Course:
    """Losses of one model in one setting over age.

    age_years : (step,); losses : by state (step,); efc : (step,) throughput [equivalent full cycle]
    outside   : share of time outside the tested range, with its reasons
    """

    model: AgeingModel
    age_years: Array
    losses: States
    efc: Array
    outside: dict[str, object]


@dataclass(frozen=True)
class Remaining:
    """Quantiles of what is left to the threshold, by name p10, p50, p90.

    years, throughput_efc : quantiles; at most to an age of 45 years
    at_least, efc_at_least : whether the quantile is only known to be so much or more, since lives that
                            outlast an age of 45 years are cut there at or below it
    effective             : number of drawn lives that the measurements leave in effect
    explained             : False if no drawn life fits the measurements, whose weight then was lowered
    beyond                : weight of the lives that outlast an age of 45 years
    outside               : share of time outside the tested range of the default model, with reasons
    """

    years: dict[str, float]
    throughput_efc: dict[str, float]
    at_least: dict[str, bool]
    efc_at_least: dict[str, bool]
    effective: float
    explained: bool
    beyond: float
    outside: dict[str, object]


def courses(chemistry: str | None, profile: Windows, years: int = HORIZON_YEARS) -> list[Course]:
    """Courses of the models of a chemistry, the default first; of all defaults where it is unknown (None)."""
    if chemistry is None:
        models = [model for model in catalogue().values() if model.standing == "default"]
    else:
        models = list(ensemble(chemistry).models)
    return [course(model, profile, years) for model in models]


def course(model: AgeingModel, profile: Windows, years: int = HORIZON_YEARS) -> Course:
    """Losses of a model over age in a setting of one place."""
    if profile.lives != 1:
        raise InputError("A course is that of one place.", "profile", "Give the windows of one life.")
    return courses_of_places(model, profile, years)[0]


def courses_of_places(model: AgeingModel, profile: Windows, years: int = HORIZON_YEARS) -> list[Course]:
    """Losses of a model over age in each place of a setting, by the month."""
    if profile.days != YEAR_DAYS:
        raise InputError("A course needs a whole year.", "profile", "Give windows of 365 days.")
    lives = list(life_by_month(model, profile, years))
    kept = lives[::STEP_MONTHS]
    soh = np.stack([capacity for capacity, _ in lives])
    moved = throughput_by_month(profile, soh)[::STEP_MONTHS]
    age = np.arange(len(kept), dtype=float) * np.float64(STEP_MONTHS / MONTHS)
    outside = outside_tested_range(model, profile)
    return [
        Course(
            model,
            age,
            {
                state.name: np.array([states[state.name][place] for _, states in kept])
                for state in model.states
            },
            moved[:, place],
            outside.as_dict(place),
        )
        for place in range(profile.lives)
    ]


def remaining_life(
    lives: list[Course],
    years: ArrayLike,
    soh: ArrayLike,
    soh_error: ArrayLike,
    threshold: float,
    age_at_first: float | None = None,
    samples: int = 20_000,
    seed: int = 1,
) -> Remaining:
    """What is left after the last measurement until state of health falls to the threshold.

    lives        : courses of the models that may hold, `courses`
    years        : (point,) times of the measurements, in order [year]
    soh          : (point,) measured; soh_error : (point,) standard deviation
    age_at_first : age at the first measurement [year], or None where the history is not known
    InputError for measurements that cannot be.
    """
    times, measured, error = (np.asarray(a, dtype=float) for a in (years, soh, soh_error))
    _judge(times, measured, error, threshold)
    draw = np.random.default_rng(seed)
    each = max(1, samples // len(lives))
    parts = [_weighed(life, times, measured, error, threshold, age_at_first, each, draw) for life in lives]
    left, efc, fit, ends = (np.concatenate(group) for group in zip(*parts, strict=True))
    weights, explained = _weights(fit, times.size)
    cut = ends >= lives[0].age_years[-1]
    years_left, efc_left = _quantiles(left, weights), _quantiles(efc, weights)
    return Remaining(
        years=years_left,
        throughput_efc=efc_left,
        at_least=_cut_below(years_left, left, weights, cut),
        efc_at_least=_cut_below(efc_left, efc, weights, cut),
        effective=float(1.0 / np.sum(weights**2)),
        explained=explained,
        beyond=float(weights[cut].sum()),
        outside=lives[0].outside,
    )


def _judge(times: Array, soh: Array, error: Array, threshold: float) -> None:
    if not (times.size == soh.size == error.size) or times.size == 0:
        raise InputError("Each measurement needs a time, a value and an error.", "soh", "Give all three.")
    if np.any(np.diff(times) < 0):
        raise InputError("The measurements are not in order of time.", "date", "Sort them.")
    if np.any((soh <= 0) | (soh > 1.2)) or np.any(error <= 0):
        raise InputError("A state of health or its error cannot be.", "soh", "Give fractions above 0.")
    if not 0 < threshold < 1:
        raise InputError(f"A threshold of {threshold:g} is no fraction.", "threshold", "Give 0.7, say.")


def _weighed(
    life: Course,
    times: Array,
    soh: Array,
    error: Array,
    threshold: float,
    age_at_first: float | None,
    count: int,
    draw: np.random.Generator,
) -> tuple[Array, Array, Array, Array]:
    """Years and throughput left, log-likelihood and age at the end of lives about a course, (life,) each."""
    curves = _drawn(life, count, draw)
    horizon = life.age_years[-1]
    if age_at_first is None:
        first = np.exp(draw.uniform(np.log(0.25), np.log(OLDEST_AT_FIRST_YEARS), count))
    else:
        first = np.full(count, max(age_at_first, 0.0))
    ages = np.minimum(first[:, None] + (times - times[0]), horizon)
    noise = np.hypot(error, assumption("measurement_floor").value)
    fit = -0.5 * np.sum(((_at(curves, ages, life) - soh) / noise) ** 2, axis=1)
    end = _crossing(curves, threshold, life.age_years)
    left = np.maximum(end - ages[:, -1], 0.0)
    efc = np.interp(ages[:, -1] + left, life.age_years, life.efc)
    return left, efc - np.interp(ages[:, -1], life.age_years, life.efc), fit, end


def _drawn(life: Course, count: int, draw: np.random.Generator) -> Array:
    """States of health of lives drawn about a course, (life, step).

    A loss y(a) becomes f y(8 (a/8)^b): f has the heavy tails of Student's distribution, since another cell
    may age several times as fast, and b bends the course upward more often than down.
    """
    spread = assumption("remaining_spread").value * (1.0 + 0.5 * float(str(life.outside["share"])))
    bend = assumption("shape_shift").value + assumption("shape_spread").value * draw.standard_normal(count)
    years = np.log(np.maximum(life.age_years, 1e-9) / BEND_YEARS)
    age = BEND_YEARS * np.exp(np.exp(bend)[:, None] * years)
    shared = draw.standard_t(assumption("remaining_tail").value, count)
    values = {}
    for name, loss in life.losses.items():
        own = 0.8 * shared + 0.6 * draw.standard_normal(count)
        values[name] = np.exp(spread * own)[:, None] * np.interp(age, life.age_years, loss)
    falling = np.minimum.accumulate(np.asarray(life.model.soh(values)), axis=1)
    return np.asarray(np.maximum(falling, 0.0))


def _at(curves: Array, ages: Array, life: Course) -> Array:
    """State of health of each life at its own ages, (life, point)."""
    place = ages / (life.age_years[1] - life.age_years[0])
    below = np.minimum(place.astype(int), curves.shape[1] - 2)
    rows = np.arange(curves.shape[0])[:, None]
    part = place - below
    return np.asarray(curves[rows, below] * (1 - part) + curves[rows, below + 1] * part)


def _crossing(curves: Array, threshold: float, age_years: Array) -> Array:
    """Age at which each life falls to the threshold, (life,); the last age where it does not."""
    under = curves <= threshold
    step = np.where(under.any(axis=1), under.argmax(axis=1), curves.shape[1] - 1)
    before = np.maximum(step - 1, 0)
    rows = np.arange(curves.shape[0])
    high, low = curves[rows, before], curves[rows, step]
    part = np.where(high > low, np.clip((high - threshold) / np.maximum(high - low, 1e-12), 0, 1), 1.0)
    return np.asarray(age_years[before] + part * (age_years[step] - age_years[before]))


def _weights(fit: Array, points: int) -> tuple[Array, bool]:
    """Weights that sum to one, and whether the measurements are explained.

    Measurements that contradict each other, so that even the best life misses them by more than their errors,
    have these widened until it does not: by the root of its chi-squared over their number, Birge's ratio.
    Those that leave too few lives in effect are given less say.
    Source: R. T. Birge, Phys. Rev. 40 (1932) 207; as the scale factor S of the Particle Data Group.
    """
    heat = max(1.0, -2.0 * float(fit.max()) / points)
    while True:
        weights = np.exp((fit - fit.max()) / heat)
        weights /= weights.sum()
        if 1.0 / np.sum(weights**2) >= min(FEWEST_EFFECTIVE, 0.5 * fit.size):
            return weights, heat < 4.0
        heat *= 1.5


def _quantiles(values: Array, weights: Array) -> dict[str, float]:
    order = np.argsort(values)
    reached = np.cumsum(weights[order]) - 0.5 * weights[order]
    return {f"p{round(100 * q)}": float(np.interp(q, reached, values[order])) for q in QUANTILES}


def _cut_below(
    quantiles: dict[str, float], values: Array, weights: Array, cut: NDArray[np.bool_]
) -> dict[str, bool]:
    """Whether each quantile can only be said to be so much or more: lives that were cut weigh at or below it.

    A cut life is longer than its value says; where all of them lie above a quantile, it stands as it is.
    """
    return {
        name: float(weights[cut & (values <= value + 1e-9)].sum()) > CUT_TOLD
        for name, value in quantiles.items()
    }
