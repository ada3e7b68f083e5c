"""State of health of a chemistry in a setting, with a band that is honest about the tested range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kitaran.foundation.errors import InputError
from kitaran.planning.lifetime.catalogue import AgeingModel
from kitaran.planning.lifetime.chemistry import ensemble, loss_spread
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.simulation import YEAR_DAYS, simulate_windows
from kitaran.planning.lifetime.stressors import Windows
from kitaran.planning.lifetime.tested_range import outside_tested_range

Z_OF_80_PERCENT = 1.2816


@dataclass(frozen=True)
class Band:
    """Quantiles of state of health at the ends of years, (year + 1,), by the default model of a chemistry.

    by_model : (year + 1,) of each model by id; outside : share of time outside the default's tested range
    """

    model: AgeingModel
    p10: Array
    p50: Array
    p90: Array
    by_model: dict[str, Array]
    outside: dict[str, object]
    proxy: bool


def soh_band(chemistry: str, profile: Windows, years: int) -> Band:
    """8 times in 10 the state of health lies in the band; outside the tested range other models widen it.

    profile : windows of one place. NotFoundError for a chemistry without a model.
    """
    if profile.lives != 1:
        raise InputError("A band is that of one place.", "profile", "Give the windows of one life.")
    group = ensemble(chemistry)
    by_model = {
        model.id: simulate_windows(model, profile, years).soh[0, ::YEAR_DAYS] for model in group.models
    }
    losses = 1.0 - np.stack(list(by_model.values()))
    outside = outside_tested_range(group.default, profile)
    spread = loss_spread(losses, np.broadcast_to(outside.share[0], losses.shape[1:]))
    loss, factor = losses[0], np.exp(Z_OF_80_PERCENT * spread)
    return Band(
        model=group.default,
        p10=np.maximum(1.0 - loss * factor, 0.0),
        p50=1.0 - loss,
        p90=1.0 - loss / factor,
        by_model=by_model,
        outside=outside.as_dict(),
        proxy=group.proxy,
    )
