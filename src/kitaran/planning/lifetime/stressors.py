"""What a battery is put through in each day: temperature, state of charge, depth, speed and throughput.

A window is one day with both end points, samples n d to n d + n, so that windows share their end points and
time adds up. Arrays are (window, life, sample) or (window, life); the axis of lives has length one where all
lives share a series.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from kitaran.foundation.errors import InputError
from kitaran.planning.lifetime.equations import Array

DAY_S = 86_400.0
ICE_POINT_K = 273.15
REST_C_RATE = 0.01


@dataclass(frozen=True)
class Windows:
    """Stressors of W days for L lives with S samples a day.

    soc           : (W, 1 or L, S) [fraction of present capacity]
    temperature_k : (W, 1 or L, S) [K], of the cell
    throughput    : (W, 1 or L) [equivalent full cycle at relative capacity 1]
    c_rate        : (W, 1 or L) mean speed with rests as zero [1/h at relative capacity 1]
    charge        : (W, 1 or L) mean speed while charging [1/h]
    discharge     : (W, 1 or L) mean speed while discharging [1/h]
    fastest_charge, fastest_discharge : (W, 1 or L) [1/h], only to judge the tested range
    """

    soc: Array
    temperature_k: Array
    throughput: Array
    c_rate: Array
    charge: Array
    discharge: Array
    fastest_charge: Array
    fastest_discharge: Array

    @property
    def days(self) -> int:
        return int(self.soc.shape[0])

    @property
    def lives(self) -> int:
        return max(int(self.soc.shape[1]), int(self.temperature_k.shape[1]))

    @cached_property
    def soc_low(self) -> Array:
        return np.asarray(self.soc.min(axis=-1))

    @cached_property
    def soc_high(self) -> Array:
        return np.asarray(self.soc.max(axis=-1))

    @property
    def dod(self) -> Array:
        """Highest less lowest state of charge of the window."""
        return self.soc_high - self.soc_low

    @cached_property
    def soc_mean(self) -> Array:
        return np.asarray(self.soc.mean(axis=-1))

    @cached_property
    def temperature_mean_k(self) -> Array:
        return np.asarray(self.temperature_k.mean(axis=-1))

    @cached_property
    def weights(self) -> Array:
        """Trapezoid weights of the samples of a window; they sum to one."""
        count = self.soc.shape[-1]
        weights = np.full(count, 1.0 / (count - 1))
        weights[[0, -1]] *= 0.5
        return weights


def windows(time_s: ArrayLike, soc: ArrayLike, temperature_c: ArrayLike) -> Windows:
    """Cut series into windows of one day.

    time_s        : (sample,) from 0 in even steps that divide a day, whole days, both end points [s]
    soc           : (sample,) or (life, sample) [0 to 1]
    temperature_c : (sample,) or (life, sample), of the cell [degC]
    Raises InputError if the times do not make whole days.
    """
    time = np.asarray(time_s, dtype=float)
    per_day = samples_per_day(time)
    charge_state = _days(soc, time.size, per_day, 0.0)
    kelvin = _days(temperature_c, time.size, per_day, ICE_POINT_K)
    hours = np.diff(time[: per_day + 1] / 3600.0)
    change = np.diff(charge_state, axis=-1)
    speed = change / hours
    active = np.where(np.abs(speed) < REST_C_RATE, 0.0, speed)
    return Windows(
        soc=charge_state,
        temperature_k=kelvin,
        throughput=0.5 * np.abs(change).sum(axis=-1),
        c_rate=_mean_with_rests(np.abs(active), hours),
        charge=_mean_while_active(np.maximum(active, 0.0)),
        discharge=_mean_while_active(np.maximum(-active, 0.0)),
        fastest_charge=active.max(axis=-1),
        fastest_discharge=-active.min(axis=-1),
    )


def samples_per_day(time_s: Array) -> int:
    """Samples in a day of an even series from 0 over whole days; InputError if it is none."""
    step = float(time_s[1] - time_s[0]) if time_s.size > 1 else 0.0
    per_day = round(DAY_S / step) if step > 0 else 0
    even = per_day > 0 and np.allclose(np.diff(time_s), DAY_S / per_day, rtol=0, atol=1e-6 * DAY_S / per_day)
    if not even or time_s[0] != 0 or (time_s.size - 1) % per_day:
        raise InputError(
            "The times do not make whole days of even steps.",
            "time_s",
            "Give samples from 0 s in even steps that divide a day, with both end points of whole days.",
        )
    return per_day


def _days(series: ArrayLike, samples: int, per_day: int, added: float) -> Array:
    """(sample,) or (life, sample) as (window, life, sample), with a constant added; days share end points."""
    values = np.atleast_2d(np.asarray(series, dtype=float))
    if values.shape[-1] != samples:
        raise InputError(
            f"A series has {values.shape[-1]} samples and the times {samples}.",
            "soc, temperature_c",
            "Give each series one sample for each time.",
        )
    shared = sliding_window_view(values, per_day + 1, axis=-1)[:, ::per_day]
    days = np.empty((shared.shape[1], values.shape[0], per_day + 1))
    np.add(np.moveaxis(shared, 0, 1), added, out=days)
    return days


def _mean_with_rests(speed: Array, hours: Array) -> Array:
    """Trapezoid of the speeds of the N steps over the times of their ends, divided by the whole window.

    N - 1 panels stand over N steps, as in the definition by which the models were fitted.
    """
    inner = speed[..., 1:] + speed[..., :-1]
    return np.asarray(0.5 * (inner * hours[1:]).sum(axis=-1) / hours.sum())


def _mean_while_active(speed: Array) -> Array:
    """Mean of the speeds above zero, by the trapezoid rule over active time; zero if there are none."""
    count = np.count_nonzero(speed, axis=-1)
    on = speed > 0
    first = np.take_along_axis(speed, on.argmax(axis=-1)[..., None], axis=-1)[..., 0]
    backward = on[..., ::-1].argmax(axis=-1)[..., None]
    last = np.take_along_axis(speed[..., ::-1], backward, axis=-1)[..., 0]
    panels = (speed.sum(axis=-1) - 0.5 * (first + last)) / np.maximum(count - 1, 1)
    return np.asarray(np.where(count > 1, panels, first))
