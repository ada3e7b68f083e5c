"""What drives a loss: time against use, and how much of it falls on cold, mild and hot days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from kitaran.planning.lifetime import kernels
from kitaran.planning.lifetime.catalogue import AgeingModel, State
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.rates import prepare
from kitaran.planning.lifetime.stressors import ICE_POINT_K, Windows

EDGES_C = (0.0, 10.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0)


@dataclass(frozen=True)
class Parts:
    """Loss of capacity in parts [fraction of new].

    calendar : what time alone would cost at these temperatures and states of charge
    cycling  : what use adds to it
    by_state : each state's part of both, which sum to one where there is a loss
    """

    calendar: float
    cycling: float
    by_state: dict[str, float]

    @property
    def calendar_share(self) -> float:
        """Share of the loss that time alone makes; 0 where nothing is lost."""
        whole = self.calendar + self.cycling
        return self.calendar / whole if whole > 0 else 0.0


@dataclass(frozen=True)
class DayShare:
    """Days whose mean pack temperature lies between two bounds [degC]: their share of time and of ageing."""

    low_c: float
    high_c: float
    time: float
    ageing: float


def from_use(state: State) -> bool:
    """True for a state that grows with throughput, False for one that grows with time."""
    return "defc" in state.x.names


def parts_of_loss(model: AgeingModel, states: Mapping[str, Array]) -> Parts:
    """Split the loss of one life.

    states : (1,) by name. Time's part is the loss with the states of use left at their start; use adds
    the rest.
    """

    def loss(kept: set[str]) -> float:
        fresh = {state.name: np.array([state.start]) for state in model.states}
        soh = model.soh({**fresh, **{name: states[name] for name in kept}})
        return 1.0 - float(np.squeeze(soh))

    every = {state.name for state in model.states}
    use = {state.name for state in model.states if from_use(state)}
    whole = max(loss(every), 0.0)
    calendar = min(max(loss(every - use), 0.0), whole)
    alone = {name: max(loss({name}), 0.0) for name in every}
    return Parts(calendar, whole - calendar, _split(alone, use, calendar, whole))


def _split(alone: dict[str, float], use: set[str], calendar: float, whole: float) -> dict[str, float]:
    """Within time and within use, states share by what each would cost alone."""
    shares = dict.fromkeys(alone, 0.0)
    for group, part in ((alone.keys() - use, calendar), (use, whole - calendar)):
        total = sum(alone[name] for name in group)
        for name in group:
            shares[name] = part * alone[name] / total / whole if total > 0 and whole > 0 else 0.0
    return shares


def day_shares(model: AgeingModel, own: Windows, parts: Parts) -> tuple[DayShare, ...]:
    """Share of days and of ageing by mean pack temperature of the day, coldest first, empty bands left out.

    own : windows of one life over a year. A day's ageing is its part in the year's growth of each state of a
    cell at full capacity, weighted by the state's part of the loss.
    """
    prepared = prepare(model, own, sound=True)
    growth = {name: np.zeros(own.days) for name, share in parts.by_state.items() if share > 0}
    states = [state for state in model.states if state.name in growth]
    full = np.ones(1)
    with np.errstate(all="ignore"):
        for day in range(own.days):
            values = prepared.at(day, full)
            for state in states:
                growth[state.name][day] = float(np.squeeze(_growth(state, values)))
    ageing = np.zeros(own.days)
    for name, rows in growth.items():
        if rows.sum() > 0:
            ageing += parts.by_state[name] * rows / rows.sum()
    celsius = own.temperature_mean_k[:, 0] - ICE_POINT_K
    return _by_band(celsius, ageing / max(ageing.sum(), 1e-300))


def _growth(state: State, values: dict[str, Any]) -> Any:
    """What a day adds to the state's memory y^(1/p)."""
    on = 1.0 if state.condition is None else state.condition(values)
    x, k, p, limit = state.x(values) * on, state.k(values), state.p(values), state.y_inf(values)
    if state.kernel == "power":
        return kernels.power_advance(x, k, p)
    return np.maximum(k, 0.0) * x * (np.maximum(limit, 0.0) if state.kernel == "sigmoid" else 1.0)


def _by_band(celsius: Array, ageing: Array) -> tuple[DayShare, ...]:
    bounds = (-np.inf, *EDGES_C, np.inf)
    found = []
    for low, high in pairwise(bounds):
        inside = (celsius >= low) & (celsius < high)
        if inside.any():
            found.append(DayShare(low, high, float(inside.mean()), float(ageing[inside].sum())))
    return tuple(found)
