"""Day by day through the life of batteries: states of one model stepped over repeating windows.

All states of a day use the capacity with which the day began.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from kitaran.planning.lifetime import kernels
from kitaran.planning.lifetime.catalogue import AgeingModel, State
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.rates import Prepared

States = dict[str, Array]
Record = Callable[[int, Array, States], None]


def fresh_states(model: AgeingModel, lives: int) -> States:
    """States of new cells, (life,) each; some sigmoids start just above zero, which sets their delay."""
    return {state.name: np.full(lives, state.start) for state in model.states}


def relative_capacity(model: AgeingModel, states: States, loss_scale: Mapping[str, Any]) -> Array:
    """State of health from the states; `loss_scale` multiplies each loss, (life,) by state name."""
    scaled = {name: y * loss_scale[name] if name in loss_scale else y for name, y in states.items()}
    return np.asarray(model.soh(scaled))


def euler_daily(
    prepared: Prepared,
    states: States,
    days: int,
    record: Record,
    loss_scale: Mapping[str, Any],
    begin: int = 0,
) -> States:
    """Explicit steps of one day, as the published package takes them; NaN where it gives NaN.

    begin : window in which the first day falls. A fresh cell has a capacity of one whatever its start values.
    """
    model = prepared.model
    fresh = all(np.all(states[state.name] == state.start) for state in model.states)
    whole = np.ones_like(next(iter(states.values())))
    capacity = whole if fresh else relative_capacity(model, states, loss_scale)
    with np.errstate(all="ignore"):
        for day in range(days):
            values = prepared.at((begin + day) % prepared.windows.days, capacity)
            states = {s.name: states[s.name] + _euler_growth(s, states[s.name], values) for s in model.states}
            capacity = relative_capacity(model, states, loss_scale)
            record(day + 1, capacity, states)
    return states


def _euler_growth(state: State, y: Array, values: dict[str, Any]) -> Array:
    growth = kernels.euler(
        state.kernel, y, state.x(values), state.k(values), state.p(values), state.y_inf(values)
    )
    if state.condition is not None:
        growth = np.where(state.condition(values), growth, 0.0)
    if state.euler_limit is not None and state.euler_limited is not None:
        growth = np.where(growth > state.euler_limit, state.euler_limited(values), growth)
    return growth


def closed_form(
    prepared: Prepared,
    states: States,
    days: int,
    record: Record,
    loss_scale: Mapping[str, Any],
    parts: int = 1,
    begin: int = 0,
) -> States:
    """Steps along the trajectories; finite, and never falling in irreversible states.

    parts : steps into which each window is divided; the result does not depend on it.
    begin : window in which the first day falls
    """
    model = prepared.model
    stepped = {s.name: _closed_step(s, prepared) for s in model.states}
    memory = {s.name: _remember(s, states[s.name]) for s in model.states}
    capacity = np.maximum(relative_capacity(model, states, loss_scale), 0.0)
    with np.errstate(all="ignore"):
        for day in range(days):
            window = (begin + day) % prepared.windows.days
            values = prepared.at(window, capacity)
            for name, step in stepped.items():
                for _ in range(parts):
                    memory[name] = step(memory[name], window, values, 1.0 / parts)
            states = {s.name: _recall(s, memory[s.name]) for s in model.states}
            capacity = np.maximum(relative_capacity(model, states, loss_scale), 0.0)
            record(day + 1, capacity, states)
    return states


Step = Callable[[Array, int, dict[str, Any], float], Array]


def _additive(state: State) -> bool:
    """True where y^(1/p) grows by sums, so that no inverse is needed."""
    return state.kernel in ("power", "powerB") and not state.p.names


def _remember(state: State, y: Array) -> Array:
    if not _additive(state):
        return y
    with np.errstate(divide="ignore"):
        return np.where(y > 0, y ** (1.0 / float(state.p({}))), 0.0)


def _recall(state: State, memory: Array) -> Array:
    if not _additive(state):
        return memory
    with np.errstate(divide="ignore"):
        return np.where(memory > 0, memory ** float(state.p({})), 0.0)


def _closed_step(state: State, prepared: Prepared) -> Step:
    """The state's step; a coefficient that does not feel capacity is raised to its power once."""

    def grows(values: dict[str, Any]) -> Any:
        return 1.0 if state.condition is None else state.condition(values)

    if state.kernel == "linear":
        return lambda y, _, v, part: y + np.maximum(state.k(v), 0.0) * state.x(v) * part * grows(v)
    if state.kernel == "sigmoid":
        return lambda y, _, v, part: kernels.closed_sigmoid(
            y, state.x(v) * part * grows(v), state.k(v), state.p(v), state.y_inf(v)
        )
    exponent = 1.0 if state.kernel == "powerB" else float(state.p({}))
    if state.k.names <= prepared.fixed.keys():
        unit = kernels.power_advance(1.0, state.k(prepared.fixed), exponent)
        daily = np.broadcast_to(unit, (prepared.windows.days, *unit.shape[1:]))
        return lambda z, day, v, part: z + daily[day] * (state.x(v) * part)
    return lambda z, _, v, part: z + kernels.power_advance(state.x(v) * part, state.k(v), exponent)
