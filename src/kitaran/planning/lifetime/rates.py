"""Rates of one model over the windows of a profile, with what does not depend on capacity worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from kitaran.planning.lifetime.catalogue import (
    GRAPHITE_UN_V,
    AgeingModel,
    Rate,
    State,
    graphite_potential,
)
from kitaran.planning.lifetime.equations import CAPACITY_SYMBOLS, Array, Equation
from kitaran.planning.lifetime.stressors import Windows

_BLOCK = 60_000


@dataclass(frozen=True)
class Prepared:
    """A model over W windows.

    fixed    : rates and symbols that hold whatever the capacity, (W, 1 or L) each
    means    : averaged sample part of the rates whose window part depends on capacity, (W, 1 or L)
    moving   : rates to evaluate each day, in order
    samples  : symbols of the samples, (W, 1 or L, S), for rates that cannot be separated
    """

    model: AgeingModel
    windows: Windows
    fixed: dict[str, Array]
    means: dict[str, Array]
    moving: tuple[Rate, ...]
    samples: dict[str, Array]
    sound: bool

    def at(self, day: int, capacity: Array) -> dict[str, Any]:
        """Every symbol and rate of one window at relative capacities (L,)."""
        values: dict[str, Any] = {name: array[day] for name, array in self.fixed.items()}
        values.update(capacity_symbols(self.windows, day, capacity))
        for rate in self.moving:
            values[rate.name] = self._moving(rate, day, values)
        return values

    def _moving(self, rate: Rate, day: int, values: dict[str, Any]) -> Any:
        if rate.inseparable:
            asked = rate.sample.names
            local = {name: np.asarray(values[name])[..., None] for name in asked if name in values}
            local.update({name: array[day] for name, array in self.samples.items() if name in asked})
            mean = rate.sample(local) @ self.windows.weights
        else:
            mean = self.means[rate.name][day] if rate.sampled else 1.0
        return held(rate, rate.window(values) * mean, self.sound)


def prepare(model: AgeingModel, windows: Windows, sound: bool) -> Prepared:
    """Average every rate that does not feel capacity; `sound` mends the oddities that closed_form mends."""
    fixed = window_symbols(model, windows)
    means: dict[str, Array] = {}
    moving: list[Rate] = []
    for rate in model.rates:
        feels = (rate.equation.names & CAPACITY_SYMBOLS) | {r.name for r in moving} & rate.equation.names
        if rate.sampled and not rate.inseparable:
            means[rate.name] = average(model, rate.sample, windows)
        if feels:
            moving.append(rate)
        else:
            fixed[rate.name] = held(rate, rate.window(fixed) * means.pop(rate.name, np.ones(1)), sound)
    samples = sample_symbols(model, windows, slice(None)) if any(r.inseparable for r in moving) else {}
    return Prepared(model, windows, _needed(model, fixed, moving), means, tuple(moving), samples, sound)


def held(rate: Rate, value: Any, sound: bool) -> Any:
    """The rate, in closed_form not below its floor."""
    return np.maximum(value, rate.floor) if sound and rate.floor is not None else value


def window_symbols(model: AgeingModel, windows: Windows) -> dict[str, Array]:
    """Symbols with one value a window that do not depend on capacity, (W, 1 or L) each."""
    symbols = {
        "D": windows.dod,
        "slo": windows.soc_low,
        "shi": windows.soc_high,
        "sm": windows.soc_mean,
        "Tm": windows.temperature_mean_k,
    }
    if model.voltage is not None:
        volts = np.interp(windows.soc, *model.voltage)
        symbols["Vrms"] = np.sqrt(np.mean(volts**2, axis=-1))
    return symbols


def capacity_symbols(windows: Windows, day: int, capacity: Array) -> dict[str, Any]:
    """C-rates and throughput of a window: a change of SOC moves fewer ampere-hours in an aged cell."""
    return {
        "dt": 1.0,
        "defc": windows.throughput[day] * capacity,
        "C": windows.c_rate[day] * capacity,
        "Cc": windows.charge[day] * capacity,
        "Cd": windows.discharge[day] * capacity,
    }


def sample_symbols(model: AgeingModel, windows: Windows, days: slice) -> dict[str, Array]:
    """Symbols with one value a sample, (days, 1 or L, S) each."""
    soc, kelvin = windows.soc[days], windows.temperature_k[days]
    potential = np.asarray(graphite_potential()({"s": soc}))
    symbols = {
        "T": kelvin,
        "Tn": kelvin / model.reference_temperature_k,
        "s": soc,
        "U": potential,
        "Un": potential / GRAPHITE_UN_V,
    }
    if model.voltage is not None:
        symbols["V"] = np.interp(soc, *model.voltage)
    return symbols


def average(model: AgeingModel, equation: Equation, windows: Windows) -> Array:
    """Mean of an equation over the samples of each window, (W, 1 or L).

    Goes through the days in blocks that stay in the processor's cache.
    """
    fixed = window_symbols(model, windows)
    days = max(1, _BLOCK // (windows.lives * windows.soc.shape[-1]))
    parts = []
    for start in range(0, windows.days, days):
        block = slice(start, start + days)
        values = sample_symbols(model, windows, block)
        values.update({name: array[block, :, None] for name, array in fixed.items()})
        parts.append(np.asarray(equation(values)) @ windows.weights)
    return np.concatenate(parts)


def _needed(model: AgeingModel, fixed: dict[str, Array], moving: list[Rate]) -> dict[str, Array]:
    """Only what the states and the moving rates ask for, day by day."""
    wanted: set[str] = set()
    for rate in moving:
        wanted |= rate.equation.names
    for state in model.states:
        wanted |= _state_names(state)
    return {name: np.ascontiguousarray(array) for name, array in fixed.items() if name in wanted}


def _state_names(state: State) -> frozenset[str]:
    return state.names | state.x.names | (state.condition.names if state.condition else frozenset())
