"""Lives by the month: quick enough for every capital and every model beside one life stepped by the day.

The days of a month grow at the capacity with which it begins, corrected by half of what it takes. What grows
by sums, y^(1/p), is exact but for that; a sigmoid goes along its trajectory at the month's mean coefficients.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kitaran.planning.lifetime import kernels
from kitaran.planning.lifetime.catalogue import AgeingModel, State
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.progression import States, fresh_states
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

    def rates(self, capacity: Array) -> dict[str, Any]:
        """Every symbol and rate of the days at capacities, (life,)."""
        return self.prepared.at(0, np.tile(capacity, self.days))

    def growth(self, state: State, values: dict[str, Any]) -> dict[str, Array]:
        """Over the days, sums of a state's growth and throughput and means of its coefficients, (life,)."""
        on = 1.0 if state.condition is None else state.condition(values)
        x, k = state.x(values) * on, np.maximum(state.k(values), 0.0)
        if state.kernel == "power":
            return {"grown": self._sum(kernels.power_advance(x, k, state.p(values)))}
        if state.kernel != "sigmoid":
            return {"grown": self._sum(k * x)}
        sums = {"x": self._sum(x), "kx": self._sum(k * x)}
        return sums | {name: self._sum(getattr(state, name)(values)) / self.days for name in ("p", "y_inf")}

    def _sum(self, values: Any) -> Array:
        if np.ndim(values) == 0:
            return np.full(self.lives, float(values) * self.days)
        return np.asarray(np.reshape(values, (self.days, self.lives)).sum(axis=0))


def soh_by_month(model: AgeingModel, profile: Windows, years: int, begun: States | None = None) -> Array:
    """State of health at the ends of months, (12 years + 1, life), by the rates of closed_form.

    profile : windows of a whole year
    begun   : (life,) states by name, handed over from a former life; fresh cells without it
    Within 1e-3 of closed_form over the packaged climates and duties.
    """
    return np.stack([soh for soh, _ in life_by_month(model, profile, years, begun)])


def life_by_month(
    model: AgeingModel, profile: Windows, years: int, begun: States | None = None
) -> Iterator[tuple[Array, States]]:
    """State of health and states, (life,), at the start and at the ends of months; see `soh_by_month`."""
    months = list(_months(model, profile))
    states = fresh_states(model, profile.lives) if begun is None else dict(begun)
    capacity = np.ones(profile.lives) if begun is None else _capacity(model, states)
    yield capacity, states
    for step in range(MONTHS * years):
        month = months[step % MONTHS]
        with np.errstate(all="ignore"):
            ahead = _capacity(model, _grown(model, month, states, capacity))
            states = _grown(model, month, states, 0.5 * (capacity + ahead))
            capacity = _capacity(model, states)
        yield capacity, states


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


def _capacity(model: AgeingModel, states: States) -> Array:
    return np.asarray(np.maximum(model.soh(states), 0.0))


def _grown(model: AgeingModel, month: _Month, states: States, capacity: Array) -> States:
    values = month.rates(capacity)
    return {s.name: _after(s, states[s.name], month.growth(s, values)) for s in model.states}


def _after(state: State, y: Array, month: dict[str, Array]) -> Array:
    """A state after a month."""
    if state.kernel == "linear":
        return np.asarray(y + month["grown"])
    if state.kernel == "sigmoid":
        k = month["kx"] / np.maximum(month["x"], 1e-300)
        return kernels.closed_sigmoid(y, month["x"], k, month["p"], month["y_inf"])
    exponent = float(state.p({}))
    memory = np.where(y > 0, np.maximum(y, 0.0) ** (1.0 / exponent), 0.0) + month["grown"]
    return np.asarray(np.where(memory > 0, memory**exponent, 0.0))


def crossing(soh: Array, threshold: float) -> float:
    """Years to a threshold from state of health by the month, (month + 1,); infinite if not reached."""
    under = soh <= threshold
    if not under.any():
        return float(np.inf)
    after = int(under.argmax())
    if after == 0:
        return 0.0
    part = (soh[after - 1] - threshold) / (soh[after - 1] - soh[after])
    return float((after - 1 + part) / MONTHS)


def throughput_by_month(profile: Windows, soh: Array) -> Array:
    """Throughput so far, (month + 1, life) [equivalent full cycle], from state of health of that shape."""
    ends = np.cumsum(MONTH_DAYS)[:-1]
    each = np.array([days.sum(axis=0) for days in np.split(profile.throughput, ends)])
    moved = np.tile(each, ((soh.shape[0] - 1) // MONTHS, 1)) * 0.5 * (soh[1:] + soh[:-1])
    return np.vstack([np.zeros_like(soh[:1]), np.cumsum(moved, axis=0)])
