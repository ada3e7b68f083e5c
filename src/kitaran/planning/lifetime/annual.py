"""One year of ageing for each bin of climate and duty, from which `fleet_method` adds years.

A state whose rate does not feel capacity has one curve a bin, stepped by the day and exact. A state that
feels it adds, in each year, an amount that is a polynomial in the year's mean capacity: for y = k x^p the
days add k^(1/p) dx to y^(1/p), so a year is a sum. Where p or the limit of a sigmoid moves with the season,
means of the year stand in. Where in a year the mean capacity lies is read from the bin's own daily life.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kitaran.planning.lifetime import kernels
from kitaran.planning.lifetime.catalogue import AgeingModel, State
from kitaran.planning.lifetime.equations import CAPACITY_SYMBOLS, Array, parse
from kitaran.planning.lifetime.progression import closed_form, fresh_states
from kitaran.planning.lifetime.rates import Prepared, prepare
from kitaran.planning.lifetime.stressors import Windows

NODES = 0.6 + 0.5 * np.cos(np.pi * (np.arange(6) + 0.5) / 6)


@dataclass(frozen=True)
class AnnualRates:
    """One year of ageing of a model in B bins.

    curves  : state to (year + 1, B), losses that no capacity moves
    growths : state to name to (6, B), coefficients in capacity of a year's growth `x` and, for sigmoids
              that the season moves, of its means `k`, `p` and `y_inf`
    course  : (year, B), share of a year's loss of capacity that stands at its mean
    onward  : (year, B), the same as a multiple of the loss of the year before
    """

    model: AgeingModel
    years: int
    bins: int
    curves: dict[str, Array]
    growths: dict[str, dict[str, Array]]
    course: Array
    onward: Array


def annual_rates(model: AgeingModel, profile: Windows, years: int) -> AnnualRates:
    """Rates of one year for bins, which are the lives of `profile`, (day, bin, sample), over a whole year."""
    prepared = prepare(model, profile, sound=True)
    steady = [state for state in model.states if not feels_capacity(model, state)]
    moving = [state for state in model.states if state not in steady]
    growths = _growths(prepared, moving)
    course, onward = _courses(prepared, moving, growths, years)
    return AnnualRates(
        model=model,
        years=years,
        bins=profile.lives,
        curves=_curves(model, prepared, steady, years),
        growths=growths,
        course=course,
        onward=onward,
    )


def _courses(
    prepared: Prepared, moving: list[State], growths: dict[str, dict[str, Array]], years: int
) -> tuple[Array, Array]:
    """Where each year's mean capacity lies, from lives stepped by the day.

    If one state alone moves state of health, that is the capacity at which the year grows as it does by the
    day; else it is the mean weighted by growth.
    """
    days = prepared.windows.days
    soh = np.ones((years * days + 1, prepared.windows.lives))
    felt = [state for state in moving if state.name in prepared.model.soh.names]
    alone = felt[0] if len(felt) == 1 and felt[0].kernel != "sigmoid" and not felt[0].p.names else None
    memory = np.zeros((years + 1, prepared.windows.lives))

    def record(day: int, capacity: Array, states: Mapping[str, Array]) -> None:
        soh[day] = capacity
        if alone is not None and day % days == 0:
            memory[day // days] = states[alone.name] ** (1.0 / float(alone.p({})))

    model = prepared.model
    closed_form(prepared, fresh_states(model, prepared.windows.lives), years * days, record, {})
    soh = np.maximum(soh, 0.0)
    weights = _weights(prepared, moving)
    means = (soh[:-1].reshape(years, days, -1) * weights).sum(axis=1)
    ends = soh[::days]
    if alone is not None:
        means = _capacity_of(growths[alone.name]["x"], np.diff(memory, axis=0), means)
    lost, before = ends[:-1] - ends[1:], np.vstack([np.zeros_like(ends[:1]), ends[:-2] - ends[1:-1]])
    return _ratio(ends[:-1] - means, lost), _ratio(ends[:-1] - means, before)


def _capacity_of(growth: Array, grown: Array, otherwise: Array) -> Array:
    """The capacity at which a year's growth is the given one, (year, B), by halving; `otherwise` if none is.

    growth : (coefficient, B) polynomial in capacity
    """
    low, high = np.zeros_like(grown), np.ones_like(grown)
    reached = (polynomial(growth[:, None], low) <= grown) & (polynomial(growth[:, None], high) >= grown)
    for _ in range(50):
        middle = 0.5 * (low + high)
        more = polynomial(growth[:, None], middle) < grown
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    return np.where(reached & (grown > 0), high, otherwise)


def _weights(prepared: Prepared, moving: list[State]) -> Array:
    """Share of each day in a year's growth at full capacity, (day, B).

    Mean of the states that feel capacity, or that of the sigmoid alone, whose bend it decides.
    """
    bent = [state for state in moving if state.kernel == "sigmoid" and not seasonal(state)]
    moving = bent or moving
    full = np.ones(prepared.windows.lives)
    growth = np.full((len(moving), prepared.windows.days, full.size), 1e-30)
    with np.errstate(all="ignore"):
        for day in range(prepared.windows.days):
            values = prepared.at(day, full)
            for index, state in enumerate(moving):
                growth[index, day] += _day(state, values)["x"]
    return np.asarray((growth / growth.sum(axis=1, keepdims=True)).mean(axis=0))


def _ratio(part: Array, whole: Array) -> Array:
    """part / whole within 0 and 3, and a half where nothing moves."""
    still = np.abs(whole) < 1e-9
    return np.asarray(np.clip(np.where(still, 0.5, part / np.where(still, 1.0, whole)), 0.0, 3.0))


def feels_capacity(model: AgeingModel, state: State) -> bool:
    """True if the state's growth depends on relative capacity, through throughput, speed or a rate."""
    feeling: set[str] = set(CAPACITY_SYMBOLS)
    for rate in model.rates:
        if rate.equation.names & feeling:
            feeling.add(rate.name)
    return bool((state.names | state.x.names) & feeling)


def _curves(model: AgeingModel, prepared: Prepared, steady: list[State], years: int) -> dict[str, Array]:
    """Losses at the ends of years, stepped by the day with the other states left out."""
    lives = prepared.windows.lives
    kept = {state.name: np.zeros((years + 1, lives)) for state in steady}
    whole = parse("1", "a life without loss of capacity")
    alone = replace(prepared, model=replace(model, states=tuple(steady), soh=whole), moving=())

    def record(day: int, _: Array, states: Mapping[str, Array]) -> None:
        if day % prepared.windows.days == 0:
            for name, rows in kept.items():
                rows[day // prepared.windows.days] = states[name]

    if steady:
        closed_form(alone, fresh_states(alone.model, lives), years * prepared.windows.days, record, {})
    return kept


def _growths(prepared: Prepared, moving: list[State]) -> dict[str, dict[str, Array]]:
    lives = prepared.windows.lives
    sums: dict[str, dict[str, Array]] = {
        state.name: {name: np.zeros((NODES.size, lives)) for name in ("x", "k", "p", "y_inf")}
        for state in moving
    }
    with np.errstate(all="ignore"):
        for node, capacity in enumerate(NODES):
            for day in range(prepared.windows.days):
                values = prepared.at(day, np.full(lives, capacity))
                for state in moving:
                    for name, part in _day(state, values).items():
                        sums[state.name][name][node] += part
    solve = np.linalg.inv(np.vander(NODES, increasing=True))
    return {
        state: {name: solve @ _mean(name, parts, prepared.windows.days) for name, parts in group.items()}
        for state, group in sums.items()
    }


def _mean(name: str, parts: Array, days: int) -> Array:
    return parts if name == "x" else parts / days


def _day(state: State, values: dict[str, Any]) -> dict[str, Any]:
    """What a day adds to a year: growth of y^(1/p), or throughput and coefficients of a seasonal sigmoid."""
    on = 1.0 if state.condition is None else state.condition(values)
    x, k, p, y_inf = state.x(values) * on, state.k(values), state.p(values), state.y_inf(values)
    if state.kernel == "linear":
        return {"x": np.maximum(k, 0.0) * x}
    if state.kernel == "sigmoid":
        if seasonal(state):
            return {"x": x, "k": k, "p": p, "y_inf": y_inf}
        return {"x": np.maximum(k, 0.0) * x, "y_inf": y_inf}
    return {"x": kernels.power_advance(x, k, 1.0 if state.kernel == "powerB" else p)}


def seasonal(state: State) -> bool:
    return state.kernel == "sigmoid" and bool(state.p.names | state.y_inf.names)


def polynomial(coefficients: Array, at: Array) -> Array:
    value = np.empty_like(at)
    value[...] = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        value *= at
        value += coefficient
    return value
