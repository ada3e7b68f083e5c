"""Whether a pulse test looks like any that the health model has seen: judged from the voltages alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2

from kitaran.registry.triage.features import smooth_terms, steps, strength

Array = NDArray[np.float64]

_PARTS = 120
_NOISE_V = 3e-4


@dataclass(frozen=True)
class Likeness:
    """One format of cell as a cloud of pulse tests.

    course   : (7, 20) smooth course of the steps over rest voltage and strength
    centre   : (22,) mean of rest voltage, strength and departures from the course
    whitener : (22, 22) makes the cloud round
    parts    : (part, 22) middles of the parts of the round cloud
    limit    : distance within which all but a named share of unseen cells of the format lie
    """

    course: Array
    centre: Array
    whitener: Array
    parts: Array
    limit: float

    def distance(self, voltages: Array) -> Array:
        """Distance to the nearest part of the cloud over the limit, (test,): above 1 is unlike the format."""
        cloud = (_departures(steps(voltages), self.course) - self.centre) @ self.whitener
        apart = (cloud**2).sum(axis=1)[:, None] - 2 * cloud @ self.parts.T + (self.parts**2).sum(axis=1)
        nearest: Array = np.sqrt(np.maximum(apart.min(axis=1), 0.0)) / self.limit
        return nearest


def _departures(step: Array, course: Array) -> Array:
    smooth = smooth_terms(step) @ course
    return np.concatenate([step[:, :1], strength(step)[:, None], step[:, 1:] - smooth], axis=1)


def fit_likeness(voltages: Array, limit: float = 1.0) -> Likeness:
    """The cloud of one format from its pulse tests, (test, 21) [V].

    Departures from the smooth course are made round by the eigenvectors of their covariance, to which the
    noise of a voltmeter is added, and parted by k-means of a fixed seed.
    """
    step = steps(voltages)
    course: Array = np.asarray(np.linalg.lstsq(smooth_terms(step), step[:, 1:], rcond=None)[0], np.float64)
    departures = _departures(step, course)
    centre = departures.mean(axis=0)
    spread = np.cov((departures - centre).T) + _NOISE_V**2 * np.eye(departures.shape[1])
    sizes, directions = np.linalg.eigh(spread)
    whitener: Array = np.asarray(directions / np.sqrt(sizes), np.float64)
    cloud = (departures - centre) @ whitener
    parts, _ = kmeans2(cloud, min(_PARTS, len(cloud) // 2), seed=np.random.default_rng(1), minit="++")
    return Likeness(course, centre, whitener, parts, limit)
