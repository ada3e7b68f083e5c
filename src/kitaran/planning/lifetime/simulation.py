"""Ageing of cells through a given profile of temperature and state of charge, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from kitaran.foundation.errors import InputError
from kitaran.planning.lifetime.catalogue import AgeingModel, ageing_model
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.progression import States, closed_form, euler_daily, fresh_states
from kitaran.planning.lifetime.rates import prepare
from kitaran.planning.lifetime.stressors import Windows, windows

Method = Literal["closed_form", "euler_daily"]
METHODS: tuple[Method, ...] = ("closed_form", "euler_daily")
YEAR_DAYS = 365


@dataclass(frozen=True)
class Life:
    """How cells age.

    t_days     : (day + 1,) 0, 1, 2, ... [day]
    soh        : (life, day + 1) fraction of the capacity at the model's start; 1 when fresh
    resistance : (life, day + 1) relative to a fresh cell, or None where the model has none
    states     : (life,) by name at the end, to be handed over
    profile    : the windows through which they aged; begin : the window of the first day
    """

    model: AgeingModel
    method: Method
    t_days: Array
    soh: Array
    resistance: Array | None
    states: States
    profile: Windows
    begin: int

    @cached_property
    def efc(self) -> Array:
        """Throughput so far, (life, day + 1) [equivalent full cycle of rated capacity].

        Each day moves its change of state of charge at the capacity with which it began.
        """
        days = (self.begin + np.arange(self.soh.shape[1] - 1)) % self.profile.days
        moved = self.profile.throughput[days] * self.soh.T[:-1]
        return np.vstack([np.zeros(self.soh.shape[0]), np.cumsum(moved, axis=0)]).T


def simulate(
    model: AgeingModel | str,
    time_s: ArrayLike,
    soc: ArrayLike,
    temperature_c: ArrayLike,
    years: float,
    method: Method = "closed_form",
    loss_scale: Mapping[str, ArrayLike] | None = None,
    states: States | None = None,
    parts: int = 1,
) -> Life:
    """Age cells through a profile that repeats to the given number of years of 365 days.

    time_s        : (sample,) from 0, even steps that divide a day, whole days, both end points [s]
    soc           : (sample,) or (life, sample) [0 to 1]
    temperature_c : (sample,) or (life, sample), of the cell [degC]
    method        : closed_form, finite everywhere; or euler_daily, the explicit daily step of BLAST-Lite
    loss_scale    : factor on the loss of a state, () or (life,) by state name: scatter between cells
    states        : (life,) by name, handed over from a former life; fresh cells without it
    parts         : steps into which closed_form divides each day; changes nothing but time
    Raises InputError for series that do not fit, NotFoundError for an unknown model.
    """
    chosen = ageing_model(model) if isinstance(model, str) else model
    return simulate_windows(
        chosen, windows(time_s, soc, temperature_c), years, method, loss_scale, states, parts
    )


def simulate_windows(
    model: AgeingModel,
    profile: Windows,
    years: float,
    method: Method = "closed_form",
    loss_scale: Mapping[str, ArrayLike] | None = None,
    states: States | None = None,
    parts: int = 1,
    begin: int = 0,
) -> Life:
    """`simulate` over windows that were cut before.

    begin : window in which the first day falls, for lives that go on within the year
    """
    known_method(method)
    days = round(years * YEAR_DAYS)
    if days < 1:
        raise InputError(f"{years} years hold no day.", "years", "Give at least 1/365.")
    scale: dict[str, Any] = {
        name: np.asarray(value, dtype=float) for name, value in (loss_scale or {}).items()
    }
    lives = max(profile.lives, *(value.size for value in scale.values()), 1)
    if states is not None:
        lives = max(lives, *(value.size for value in states.values()))
    sound = method == "closed_form"
    start = fresh_states(model, lives) if states is None else {k: v.copy() for k, v in states.items()}
    soh = np.empty((days + 1, lives))
    soh[0] = 1.0 if states is None else _soh(model, start, scale)
    resistance = None if model.resistance is None else np.empty((days + 1, lives))
    if resistance is not None:
        resistance[0] = 1.0 if states is None else _resistance(model, start)

    def record(day: int, capacity: Array, now: States) -> None:
        soh[day] = capacity
        if resistance is not None:
            resistance[day] = _resistance(model, now)

    prepared = prepare(model, profile, sound)
    if sound:
        end = closed_form(prepared, start, days, record, scale, parts, begin)
    else:
        end = euler_daily(prepared, start, days, record, scale, begin)
    return Life(
        model=model,
        method=method,
        t_days=np.arange(days + 1, dtype=float),
        soh=soh.T,
        resistance=None if resistance is None else resistance.T,
        states=end,
        profile=profile,
        begin=begin,
    )


def known_method(name: str) -> Method:
    """The method of that name; InputError names those that exist."""
    for method in METHODS:
        if name == method:
            return method
    raise InputError(f"There is no method {name!r}.", "method", f"Choose one of {', '.join(METHODS)}.")


def _soh(model: AgeingModel, states: States, scale: dict[str, Any]) -> Array:
    return np.asarray(model.soh({name: y * scale.get(name, 1.0) for name, y in states.items()}))


def _resistance(model: AgeingModel, states: States) -> Array:
    assert model.resistance is not None
    return np.asarray(model.resistance(states))
