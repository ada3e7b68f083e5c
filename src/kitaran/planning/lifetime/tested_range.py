"""How much of a life runs outside the conditions under which the model's cell was tested.

A sample counts by temperature and state of charge; a day by depth of discharge and speed. Depth below the
tested one counts: a model identified on full cycles says little about shallow ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kitaran.planning.lifetime.catalogue import AgeingModel
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.stressors import ICE_POINT_K, Windows

_TOLERANCE = 1e-9


@dataclass(frozen=True)
class OutsideTestedRange:
    """Share of time outside the tested range, (life,), in all and by stressor; 0 to 1."""

    share: Array
    reasons: dict[str, Array]

    def as_dict(self, life: int = 0) -> dict[str, object]:
        """One life's share and its reasons above zero, the largest first."""
        by = {name: float(share[life]) for name, share in self.reasons.items() if share[life] > 0}
        ranked = sorted(by.items(), key=lambda item: -item[1])
        return {
            "share": float(self.share[life]),
            "reasons": [{"stressor": name, "share": share} for name, share in ranked],
        }


def outside_tested_range(model: AgeingModel, profile: Windows) -> OutsideTestedRange:
    """Share of time outside the tested range, by stressor."""
    tested = model.tested
    low_c, high_c = tested.temperature_c
    celsius = profile.temperature_k - ICE_POINT_K
    outside = {
        "temperature below tested": celsius < low_c - _TOLERANCE,
        "temperature above tested": celsius > high_c + _TOLERANCE,
        "state of charge": _beyond(profile.soc, *tested.soc),
        "depth of discharge below tested": (profile.dod < tested.dod[0] - _TOLERANCE)[..., None],
        "depth of discharge above tested": (profile.dod > tested.dod[1] + _TOLERANCE)[..., None],
        "charge rate": (profile.fastest_charge > tested.charge_c_rate + _TOLERANCE)[..., None],
        "discharge rate": (profile.fastest_discharge > tested.discharge_c_rate + _TOLERANCE)[..., None],
    }
    shape = (profile.days, profile.lives, profile.soc.shape[-1])
    anywhere = np.zeros(shape, dtype=bool)
    reasons = {}
    for name, flags in outside.items():
        anywhere |= flags
        reasons[name] = _share(np.broadcast_to(flags, shape), profile.weights)
    return OutsideTestedRange(_share(anywhere, profile.weights), reasons)


def _beyond(values: Array, low: float, high: float) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return (values < low - _TOLERANCE) | (values > high + _TOLERANCE)


def _share(flags: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], weights: Array) -> Array:
    """Share of time, (life,), by trapezoid weights within days."""
    return np.asarray(np.round((flags @ weights).mean(axis=0), 12))
