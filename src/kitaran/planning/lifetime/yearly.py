"""Ageing by the year in many bins and at several levels of use at once: one sum over the days of a year for
each state, then a step a year at the mean capacity of that year.

The fleet method (`annual`, `fleet_method`) without the daily life that it calibrates on: good to a few
thousandths of state of health, which is enough for survival, and many times faster where bins are many and
lives few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from kitaran.planning.lifetime import kernels
from kitaran.planning.lifetime.annual import feels_capacity
from kitaran.planning.lifetime.catalogue import AgeingModel, State
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.rates import Prepared, prepare
from kitaran.planning.lifetime.stressors import Windows

CAPACITIES = np.array([0.3, 0.6, 0.85, 1.0])
BLOCK_DAYS = 5  # days in which a limit that moves with the season is held
_HALF = 0.5


@dataclass(frozen=True)
class YearlyGrowth:
    """What a year brings to one state, as polynomials in the mean capacity of the year, (4, block, bin) each.

    x : for a sigmoid that the season moves, growth of its independent variable in blocks of days, with means
    k, p
        and y_inf; otherwise, in one block, growth of the memory z with y = z^p (power), tanh(z^p / 2) y_inf
        (sigmoid) or z (linear)
    """

    state: State
    x: Array
    k: Array
    p: Array
    y_inf: Array

    @property
    def seasonal(self) -> bool:
        return self.state.kernel == "sigmoid" and bool(self.state.p.names | self.state.y_inf.names)

    @property
    def exponent(self) -> float:
        return 1.0 if self.state.p.names else float(self.state.p({}))

    def fresh(self, shape: tuple[int, ...]) -> Array:
        """Memory of a new battery."""
        start = self.state.start
        if start and not self.seasonal and self.state.kernel != "linear":
            bent = 2.0 * np.arctanh(start) if self.state.kernel == "sigmoid" else start
            start = float(bent ** (1.0 / self.exponent))
        return np.full(shape, start)

    def ahead(self, memory: Array, capacity: Array, use: Array) -> Array:
        """Memory after a year at a mean capacity, (bin, level)."""
        throughput = use if self.state.x.names & {"defc"} else 1.0
        for block in range(self.x.shape[1]):
            x = np.maximum(_at(self.x[:, block], capacity), 0.0) * throughput
            if self.seasonal:
                k, p, y_inf = (_at(part[:, block], capacity) for part in (self.k, self.p, self.y_inf))
                memory = kernels.closed_sigmoid(memory, x, k, p, y_inf)
            else:
                memory = memory + x
        return memory

    def loss(self, memory: Array) -> Array:
        if self.seasonal or self.state.kernel == "linear":
            return memory
        powered = np.power(memory, self.exponent)
        if self.state.kernel == "sigmoid":
            return np.asarray(float(self.state.y_inf({})) * np.tanh(0.5 * powered))
        return np.asarray(powered)


def soh_by_year(model: AgeingModel, profile: Windows, uses: Array, years: int) -> Array:
    """State of health at the ends of years, (year + 1, bin, level).

    profile : windows of a whole year, one life a bin
    uses    : (level,) throughput as a multiple of the profile's
    """
    growths = _growths(prepare(model, profile, sound=True), profile)
    shape = (profile.lives, uses.size)
    memory = {name: growth.fresh(shape) for name, growth in growths.items()}
    soh = np.ones((years + 1, *shape))

    moving = {s.name for s in model.states if feels_capacity(model, s)}

    def advanced(capacity: Array, names: set[str], known: dict[str, Array]) -> tuple[dict[str, Array], Array]:
        ahead = known | {name: growths[name].ahead(memory[name], capacity, uses) for name in names}
        losses = {name: growths[name].loss(value) for name, value in ahead.items()}
        return ahead, np.maximum(np.broadcast_to(model.soh(losses), shape), 0.0)

    with np.errstate(all="ignore"):
        for year in range(years):
            middle = soh[year]
            steady = {
                name: growth.ahead(memory[name], middle, uses)
                for name, growth in growths.items()
                if name not in moving
            }
            for _ in range(2):
                _, end = advanced(middle, moving & growths.keys(), steady)
                middle = soh[year] - _HALF * (soh[year] - end)
            memory, soh[year + 1] = advanced(middle, moving & growths.keys(), steady)
    return soh


def _growths(prepared: Prepared, profile: Windows) -> dict[str, YearlyGrowth]:
    """A year's growth of every state that state of health needs."""
    model = prepared.model
    needed = [state for state in model.states if state.name in model.soh.names]
    sums: dict[str, dict[str, list[Array]]] = {
        state.name: {part: [] for part in ("x", "k", "p", "y_inf")} for state in needed
    }
    with np.errstate(all="ignore"):
        for capacity in CAPACITIES:
            values = prepared.at(slice(None), np.full(profile.lives, capacity))  # type: ignore[arg-type]
            for state in needed:
                for part, total in _year(state, values, (profile.days, profile.lives)).items():
                    sums[state.name][part].append(total)
    solve = np.linalg.inv(np.vander(CAPACITIES, increasing=True))
    return {
        state.name: YearlyGrowth(
            state, *(np.tensordot(solve, sums[state.name][part], 1) for part in ("x", "k", "p", "y_inf"))
        )
        for state in needed
    }


def _year(state: State, values: dict[str, Any], shape: tuple[int, int]) -> dict[str, Array]:
    """Sums of x and means of k, p and y_inf over blocks of days, (block, bin)."""
    on = 1.0 if state.condition is None else state.condition(values)
    x, k, p, y_inf = state.x(values) * on, state.k(values), state.p(values), state.y_inf(values)
    seasonal = state.kernel == "sigmoid" and bool(state.p.names | state.y_inf.names)
    if state.kernel in ("linear", "sigmoid") and not seasonal:
        x = np.maximum(k, 0.0) * x
    elif state.kernel in ("power", "powerB"):
        x = kernels.power_advance(x, k, 1.0 if state.kernel == "powerB" else p)
    starts = np.arange(0, shape[0], BLOCK_DAYS) if seasonal else np.zeros(1, dtype=int)
    days = np.diff(np.append(starts, shape[0]))[:, None]

    def summed(part: Any) -> Array:
        return np.asarray(np.add.reduceat(np.broadcast_to(part, shape), starts, axis=0))

    return {"x": summed(x), "k": summed(k) / days, "p": summed(p) / days, "y_inf": summed(y_inf) / days}


def _at(coefficients: Array, capacity: Array) -> Array:
    """Value of a polynomial, (bin, level), by Horner's rule."""
    value = np.broadcast_to(coefficients[-1][:, None], capacity.shape)
    for coefficient in coefficients[-2::-1]:
        value = value * capacity + coefficient[:, None]
    return value
