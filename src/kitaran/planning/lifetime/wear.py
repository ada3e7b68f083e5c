"""Wear of one ageing model in many duties and climates at several levels of use, stepped by the year.

The table that survival is read from: years of ageing are worked out once for each climate and duty, and what
differs from battery to battery (use, cells, the model's own error) is laid over it as samples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kitaran.foundation.errors import InputError
from kitaran.planning.lifetime.catalogue import AgeingModel
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.stressors import Windows
from kitaran.planning.lifetime.tested_range import OutsideTestedRange, outside_tested_range
from kitaran.planning.lifetime.yearly import soh_by_year

_SERIES = ("soc", "temperature_k")
_DAILY = ("throughput", "c_rate", "charge", "discharge", "fastest_charge", "fastest_discharge")


@dataclass(frozen=True)
class Wear:
    """Loss of capacity of one model.

    uses    : (level,) throughput as a multiple of the duty's, ascending
    loss    : (duty, place, level, year + 1) share of capacity lost at the ends of years; never falls, since a
              battery that has once reached its threshold has been replaced
    outside : (duty, place) share of time outside the tested range
    reasons : by duty, the stressor that is most often outside it; empty where none is
    """

    model: AgeingModel
    uses: Array
    loss: Array
    outside: Array
    reasons: tuple[str, ...]


def wear(model: AgeingModel, duties: Sequence[Windows], uses: Sequence[float], years: int) -> Wear:
    """Wear in duties that each have the same places as their lives.

    duties : windows of a whole year by duty, one life a place
    uses   : levels of throughput, as multiples of the duty's
    InputError if the duties have different numbers of places.
    """
    places = {each.lives for each in duties}
    if len(places) != 1:
        raise InputError("The duties have different places.", "duties", "Give each duty the same places.")
    (count,) = places
    together = beside(duties)
    soh = soh_by_year(model, together, np.asarray(uses, dtype=float), years)
    lost = np.moveaxis(np.maximum.accumulate(1.0 - soh, axis=0), 0, -1)
    lost = lost.reshape(len(duties), count, len(uses), years + 1)
    outside = [outside_tested_range(model, each) for each in duties]
    return Wear(
        model,
        np.asarray(uses, dtype=float),
        lost,
        np.stack([each.share for each in outside]),
        tuple(_main_reason(each) for each in outside),
    )


def beside(duties: Sequence[Windows]) -> Windows:
    """Windows of several duties as lives of one profile, duty by duty."""

    def joined(name: str) -> Array:
        shape = getattr(duties[0], name).shape
        parts = [np.broadcast_to(getattr(each, name), (shape[0], each.lives, *shape[2:])) for each in duties]
        return np.concatenate(parts, axis=1)

    return Windows(**{name: joined(name) for name in (*_SERIES, *_DAILY)})


def _main_reason(outside: OutsideTestedRange) -> str:
    """The stressor that is longest outside the tested range over all places."""
    longest = Counter({name: float(share.mean()) for name, share in outside.reasons.items()})
    (name, share), *_ = longest.most_common(1)
    return name if share > 0 else ""
