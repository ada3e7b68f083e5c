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
    """A first life and the second that follows it; times in years, throughput in equivalent full cycles.

    first_years    : (life,) age at which state of health fell to the threshold of first life
    second_years   : (life,) years of second life to its end; infinite where the horizon came first
    second_efc     : (life,) throughput of second life to its end or the horizon
    to_knee_years  : (life,) years of second life to the loss beyond which a knee is to be reckoned with, 0 if
                     it was reached before; infinite where the horizon came first
    to_knee_efc    : (life,) throughput until then or the horizon
    horizon_years  : years of second life that were looked at
    """

    first: Life
    second: Life
    first_years: Array
    second_years: Array
    second_efc: Array
    to_knee_years: Array
    to_knee_efc: Array
    horizon_years: int


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
    end_at        : 0.6 by assumption. The second life begins on the day of the year on which the first ended.
    InputError for states of health that cannot follow each other, or a first life that outlasts the horizon.
    """
    end = assumption("second_life_end").value if end_at is None else end_at
    if first.lives != 1 or second.lives != 1:
        raise InputError("Two lives are those of one battery.", "windows", "Give the windows of one life.")
    if not 0.0 < end < hand_over_at < 1.0:
        raise InputError(
            f"A life from {hand_over_at:g} down to {end:g} cannot be.",
            "hand_over_at, end_at",
            "Give fractions below 1, the end below the hand-over.",
        )
    days = days_to(simulate_windows(model, first, horizon_years).soh, hand_over_at)[0]
    if not np.isfinite(days):
        raise InputError(
            f"The first life does not fall to {hand_over_at:g} in {horizon_years} years.",
            "hand_over_at",
            "Give a higher state of health or a longer horizon.",
        )
    spent = max(int(days), 1)
    begun = simulate_windows(model, first, spent / YEAR_DAYS)
    later = simulate_windows(model, second, horizon_years, states=begun.states, begin=spent)
    until, knee = days_to(later.soh, end), days_to(later.soh, 1.0 - assumption("knee_loss").value)
    return TwoLives(
        first=begun,
        second=later,
        first_years=np.array([spent / YEAR_DAYS]),
        second_years=until / YEAR_DAYS,
        second_efc=_efc_until(later, until),
        to_knee_years=knee / YEAR_DAYS,
        to_knee_efc=_efc_until(later, knee),
        horizon_years=horizon_years,
    )


def days_to(soh: Array, threshold: float) -> Array:
    """First day on which each life stands at or below a threshold, (life,); infinite where none does."""
    under = soh <= threshold
    return np.where(under.any(axis=1), under.argmax(axis=1).astype(float), np.inf)


def _efc_until(life: Life, days: Array) -> Array:
    last = np.minimum(days, life.soh.shape[1] - 1).astype(int)
    return np.asarray(np.take_along_axis(life.efc, last[:, None], axis=1)[:, 0])
