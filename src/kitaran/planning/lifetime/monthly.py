"""Lives by the month: quick enough for every capital and every model beside one life stepped by the day.

The days of a month grow at the capacity with which it begins, corrected by half of what it takes. What grows
by sums, y^(1/p), is exact but for that; a sigmoid goes along its trajectory at the month's mean coefficients.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kitaran.planning.lifetime import kernels
from kitaran.planning.lifetime.catalogue import AgeingModel, State
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.rates import Prepared, prepare
from kitaran.planning.lifetime.rebuilt_year import MONTH_DAYS
from kitaran.planning.lifetime.stressors import Windows

MONTHS = 12


@dataclass(frozen=True)
class _Month:
    """A model over the days of one month, which stand as lives beside each other, (day x life)."""

    prepared: Prepared
    days: int
    lives: int

    def growth(self, state: State, capacity: Array) -> dict[str, Array]:
        """Over the days, sums of a state's growth and throughput and means of its coefficients, (life,)."""
        values = self.prepared.at(0, np.tile(capacity, self.days))
        on = 1.0 if state.condition is None else state.condition(values)
        x, k = state.x(values) * on, np.maximum(state.k(values), 0.0)
        if state.kernel == "power":
            return {"grown": self._sum(kernels.power_advance(x, k, state.p(values)))}
        if state.kernel != "sigmoid":
            return {"grown": self._sum(k * x)}
        sums = {"x": self._sum(x), "kx": self._sum(k * x)}
        return sums | {name: self._sum(getattr(state, name)(values)) / self.days for name in ("p", "y_inf")}

    def _sum(self, values: Any) -> Array:
        whole = np.broadcast_to(np.asarray(values, dtype=float), self.days * self.lives)
        return np.asarray(whole.reshape(self.days, self.lives).sum(axis=0))


def soh_by_month(model: AgeingModel, profile: Windows, years: int) -> Array:
    """State of health at the ends of months, (12 years + 1, life), by the rates of closed_form.

    profile : windows of a whole year. Within 1e-3 of closed_form over the packaged climates and duties.
    """
    months = list(_months(model, profile))
    states = {state.name: np.full(profile.lives, state.start) for state in model.states}
    capacity = np.ones(profile.lives)
    soh = np.ones((MONTHS * years + 1, profile.lives))
    with np.errstate(all="ignore"):
        for step in range(MONTHS * years):
            month = months[step % MONTHS]
            ahead = _capacity(model, _grown(model, month, states, capacity))
            states = _grown(model, month, states, 0.5 * (capacity + ahead))
            capacity = _capacity(model, states)
            soh[step + 1] = capacity
    return soh


def _months(model: AgeingModel, profile: Windows) -> Any:
    ends = np.cumsum(MONTH_DAYS)
    for begin, end in zip(ends - MONTH_DAYS, ends, strict=True):
        days = int(end - begin)
        yield _Month(prepare(model, _side_by_side(profile, begin, end), sound=True), days, profile.lives)


def _side_by_side(profile: Windows, begin: int, end: int) -> Windows:
    """Days of a year as lives of one window; what all lives share stays shared within a day."""

    def of(values: Array) -> Array:
        part = values[begin:end]
        part = np.broadcast_to(part, (part.shape[0], profile.lives, *part.shape[2:]))
        return part.reshape(1, -1, *part.shape[2:])

    return replace(profile, **{name: of(getattr(profile, name)) for name in profile.__dataclass_fields__})


def _capacity(model: AgeingModel, states: dict[str, Array]) -> Array:
    return np.maximum(np.asarray(model.soh(states), dtype=float), 0.0)


def _grown(model: AgeingModel, month: _Month, states: dict[str, Array], capacity: Array) -> dict[str, Array]:
    return {s.name: _after(s, states[s.name], month.growth(s, capacity)) for s in model.states}


def _after(state: State, y: Array, month: dict[str, Array]) -> Array:
    """A state after a month."""
    if state.kernel == "linear":
        return y + month["grown"]
    if state.kernel == "sigmoid":
        k = month["kx"] / np.maximum(month["x"], 1e-300)
        return kernels.closed_sigmoid(y, month["x"], k, month["p"], month["y_inf"])
    exponent = float(state.p({}))
    memory = np.where(y > 0, np.maximum(y, 0.0) ** (1.0 / exponent), 0.0) + month["grown"]
    return np.asarray(np.where(memory > 0, memory**exponent, 0.0))
