"""Second life: the states of a battery are handed over to a new duty and place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kitaran.foundation.errors import InputError
from kitaran.planning.lifetime.assumptions import assumption
from kitaran.planning.lifetime.catalogue import AgeingModel
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.simulation import YEAR_DAYS, Life, simulate_windows
from kitaran.planning.lifetime.stressors import Windows


@dataclass(frozen=True)
class TwoLives:
    """A first life and the second that follows it.

    first_years    : (life,) age at which state of health fell to the threshold of first life
    second_years   : (life,) years of second life to its end; infinite where the horizon came first
    second_efc     : (life,) throughput of second life to its end or the horizon [equivalent full cycle]
    to_knee_years  : (life,) years of second life to the loss beyond which a knee is to be reckoned with
    """

    first: Life
    second: Life
    first_years: Array
    second_years: Array
    second_efc: Array
    to_knee_years: Array


def two_lives(
    model: AgeingModel,
    first: Windows,
    second: Windows,
    hand_over_at: float,
    end_at: float | None = None,
    horizon_years: int = 30,
) -> TwoLives:
    """Live in a first setting down to a state of health, then in a second to the end.

    first, second : windows of one life each; hand_over_at, end_at : state of health
    end_at        : 0.6 by assumption. InputError if the first life does not come to its end in the horizon.
    """
    end = assumption("second_life_end").value if end_at is None else end_at
    if first.lives != 1 or second.lives != 1:
        raise InputError("Two lives are those of one battery.", "windows", "Give the windows of one life.")
    whole = simulate_windows(model, first, horizon_years)
    days = days_to(whole.soh, hand_over_at)[0]
    if not np.isfinite(days):
        raise InputError(
            f"The first life does not fall to {hand_over_at:g} in {horizon_years} years.",
            "hand_over_at",
            "Give a higher state of health or a longer horizon.",
        )
    begun = simulate_windows(model, first, max(days, 1) / YEAR_DAYS)
    later = simulate_windows(model, second, horizon_years, states=begun.states)
    until = days_to(later.soh, end)
    last = np.minimum(until, later.soh.shape[1] - 1).astype(int)
    knee = 1.0 - assumption("knee_loss").value
    return TwoLives(
        first=begun,
        second=later,
        first_years=np.array([days / YEAR_DAYS]),
        second_years=until / YEAR_DAYS,
        second_efc=np.take_along_axis(later.efc, last[:, None], axis=1)[:, 0],
        to_knee_years=days_to(later.soh, knee) / YEAR_DAYS,
    )


def days_to(soh: Array, threshold: float) -> Array:
    """First day on which each life stands at or below a threshold, (life,); infinite where none does."""
    under = soh <= threshold
    return np.where(under.any(axis=1), under.argmax(axis=1).astype(float), np.inf)
