"""What a short pulse test shows of a cell, as numbers that compare.

A pulse test holds the voltage at rest, then four voltages of each of five pulses, of charge and of discharge
in turn (0.5, 0.5, 1, 1 and 1.5 times nominal capacity an hour): at its start, at its end, when the current
has stopped, and at the end of the rest after it: 21 voltages. What they share is the rest voltage; what
tells of ageing is how far and how steeply each moves.
Protocol and meaning of the 21 voltages: Tao et al. (2024), Nature Communications 15, 10154.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

VOLTAGES = 21
_MIDDLE_V = 3.5
_SPAN_V = 0.5
_MV = 1e3
_WHOLE = 1e-6


def read_coarsely(voltages: Array) -> NDArray[np.bool_]:
    """Whether a test was read to whole millivolts, (test,): all 21 voltages are."""
    told = np.asarray(voltages * _MV, np.float64)
    return np.asarray((np.abs(told - np.round(told)) < _WHOLE).all(axis=1), np.bool_)


def to_a_millivolt(voltages: Array) -> Array:
    """Voltages as a voltmeter of three decimals tells them [V]."""
    return np.asarray(np.round(voltages, 3), np.float64)


def steps(voltages: Array) -> Array:
    """Rest voltage, then the change from each voltage to the next; (test, 21) [V] to (test, 21) [V]."""
    return np.concatenate([voltages[:, :1], np.diff(voltages, axis=1)], axis=1)


def from_rest(voltages: Array) -> Array:
    """Rest voltage, then each voltage less the rest voltage; (test, 21) [V] to (test, 21) [V]."""
    return np.concatenate([voltages[:, :1], voltages[:, 1:] - voltages[:, :1]], axis=1)


FEATURES = {"steps": steps, "from_rest": from_rest}


def strength(step: Array) -> Array:
    """How strongly a cell answers its pulses, (test,) [V]: the length of its steps."""
    length: Array = np.sqrt((step[:, 1:] ** 2).sum(axis=1))
    return length


def smooth_terms(step: Array) -> Array:
    """Terms of the smooth course that steps follow within one format, (test, 7): rest voltage up to its cube,
    and the strength of the answer beside it."""
    rest, strong = (step[:, 0] - _MIDDLE_V) / _SPAN_V, strength(step)
    return np.stack(
        [np.ones_like(rest), rest, rest**2, rest**3, strong, strong * rest, strong * rest**2], axis=1
    )
