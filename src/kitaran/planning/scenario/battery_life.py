"""How long batteries of one class, use and chemistry last by the ageing models, in each reference climate.

Worked out climate by climate, when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.lifetime import survival as lives
from kitaran.planning.lifetime.wear import Wear

Array = NDArray[np.float64]

HORIZON = 30
AGES = np.arange(HORIZON + 1, dtype=np.float64)
SOH_LIMITS = np.array([0.5, 0.55, 0.6, 0.65, 0.7, 0.74, 0.78, 0.82, 0.86, 0.9, 0.94, 0.98])
FEW = slice(None, None, 10)  # the samples in which the state of health of what retires is looked at


@dataclass(frozen=True)
class ModelOfSamples:
    """One ageing model that speaks in some of the samples.

    duty    : index of the duty in `wear`
    samples : (own,) the samples in which it speaks
    scatter : how batteries differ, in these samples
    """

    wear: Wear
    duty: int
    samples: NDArray[np.intp]
    scatter: lives.Scatter

    def in_place(self, place: int) -> tuple[Array, lives.Scatter]:
        """Loss by age at each level of use, (1, level, age), and scatter in one reference climate."""
        one = slice(place, place + 1)
        return self.wear.loss[self.duty, one], lives.in_places(self.scatter, one)


@dataclass(frozen=True)
class Worn:
    """What wear alone leaves.

    threshold : (sample,) state of health that ends first life
    models    : each sample has one
    """

    threshold: Array
    models: tuple[ModelOfSamples, ...]
    _left: dict[int, Array] = field(default_factory=dict, compare=False, repr=False)
    _healthy: dict[int, Array] = field(default_factory=dict, compare=False, repr=False)

    def in_place(self, place: int) -> Array:
        """Share above the threshold in one reference climate, (age, sample)."""
        if place not in self._left:
            left = np.empty((AGES.size, self.threshold.size))
            for model in self.models:
                loss, scatter = model.in_place(place)
                left[:, model.samples] = lives.unworn(loss, model.wear.uses, scatter)[0]
            self._left[place] = left
        return self._left[place]

    def mixed(self, weights: Array) -> Array:
        """The same in a mixture of climates; weights (place,)."""
        return _mixed(self.in_place, weights)

    def healthy_mixed(self, weights: Array) -> Array:
        """Share of the batteries above the threshold whose state of health is above each of SOH_LIMITS, in a
        few of the samples, (age, limit, few)."""
        return _mixed(self._healthy_in, weights)

    def _healthy_in(self, place: int) -> Array:
        if place not in self._healthy:
            few = np.arange(self.threshold.size)[FEW]
            share = np.empty((AGES.size, SOH_LIMITS.size, few.size))
            for model in self.models:
                looked = np.flatnonzero(np.isin(model.samples, few))
                loss, scatter = model.in_place(place)
                column = np.searchsorted(few, model.samples[looked])
                share[..., column] = _healthier(loss, model.wear.uses, lives.of_samples(scatter, looked))
            self._healthy[place] = share
        return self._healthy[place]


@dataclass(frozen=True)
class BatteryLife:
    """Lives of the batteries of one class, use and chemistry in the reference climates.

    worn    : what wear leaves
    other   : by cause (age, fault), (age, sample) share that it leaves
    outside : (place,) share of time outside the tested range; reason: by which stressor mostly
    """

    models: tuple[str, ...]
    worn: Worn
    other: Mapping[str, Array]
    outside: Array
    reason: str
    duty: str

    @property
    def threshold(self) -> Array:
        return self.worn.threshold

    def alive_in(self, place: int) -> Array:
        """Share of batteries that have not failed in one reference climate, (age, sample)."""
        total: Array = self.worn.in_place(place) * np.prod(list(self.other.values()), axis=0)
        return total


def _mixed(in_place: Callable[[int], Array], weights: Array) -> Array:
    total: Array = np.sum([weights[place] * in_place(place) for place in np.flatnonzero(weights).tolist()], 0)
    return total


def _healthier(loss: Array, uses: Array, scatter: lives.Scatter) -> Array:
    """Share of the batteries above the threshold that are above each of SOH_LIMITS too, (age, limit, few)."""
    limits = np.log(1.0 - np.maximum(SOH_LIMITS[:, None], scatter.threshold))
    in_life = np.log(1.0 - scatter.threshold)[None]
    share = lives.worn_less_than(loss, uses, scatter, np.concatenate([in_life, limits]))[:, 0]
    return np.moveaxis(share[1:] / np.maximum(share[0], 1e-12), 0, 1)
