"""The second life of a battery whose first life was looked at: same place, another duty, its own states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from kitaran.planning.lifetime.assumptions import assumption
from kitaran.planning.lifetime.band import Z_OF_80_PERCENT
from kitaran.planning.lifetime.chemistry import loss_spread
from kitaran.planning.lifetime.duty import Duty
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.outlook import LONGEST_YEARS, Outlook, Span, setting_of
from kitaran.planning.lifetime.second_life import days_to
from kitaran.planning.lifetime.simulation import YEAR_DAYS, simulate_windows
from kitaran.planning.lifetime.stressors import Windows
from kitaran.planning.lifetime.tested_range import outside_tested_range

AT_ONCE_YEARS = 5


@dataclass(frozen=True)
class NextLife:
    """A second life from the day on which the median of the first reaches its threshold.

    from_soh   : state of health at the hand-over; to_soh : at its end
    years      : to the end, 8 times in 10 between; infinite beyond 30 years
    efc        : throughput to the end of the median, or in 30 years [equivalent full cycle]
    knee_years : years to the loss beyond which sudden loss is to be reckoned with; 0 if that is already past
    outside    : share of time outside the model's tested range, and by which stressor
    """

    use: Duty
    from_soh: float
    to_soh: float
    years: Span
    efc: float
    knee_years: float
    outside: dict[str, Any]
    grade: str


def next_life(first: Outlook, duty_id: str, cooling: str | None = None) -> NextLife | None:
    """Hand the battery over to another duty in its place; None if its first life does not end in the horizon.

    What is lost from the hand-over on spreads as it does in first life. NotFoundError for an unknown duty.
    """
    if first.hand_over is None:
        return None
    place = f"{first.place.economy}/{first.place.place}"
    here = setting_of(duty_id, cooling, (place,))
    end = assumption("second_life_end").value
    outside = outside_tested_range(first.model, here.windows)
    factor = float(np.exp(Z_OF_80_PERCENT * loss_spread(np.ones((1, 1)), outside.share)[0]))
    soh, efc = _live_on(first, here.windows, end, factor)
    lost = soh[0] - soh
    until = [_years(soh[0] - lost * scale, end) for scale in (factor, 1.0, 1.0 / factor)]
    last = min(round(until[1] * YEAR_DAYS), soh.size - 1) if np.isfinite(until[1]) else soh.size - 1
    return NextLife(
        use=here.use,
        from_soh=float(soh[0]),
        to_soh=end,
        years=Span(*until),
        efc=float(efc[last]),
        knee_years=_years(soh, 1.0 - assumption("knee_loss").value),
        outside=outside.as_dict(),
        grade=max(first.grade, here.grade),
    )


def _live_on(first: Outlook, profile: Windows, end: float, factor: float) -> tuple[Array, Array]:
    """State of health and throughput by the day, (day + 1,), until the luckiest ends or for 30 years."""
    life = simulate_windows(first.model, profile, AT_ONCE_YEARS, states=first.hand_over)
    soh, efc = life.soh[0], life.efc[0]
    while soh[0] - soh[-1] < factor * (soh[0] - end) and soh.size < LONGEST_YEARS * YEAR_DAYS:
        life = simulate_windows(first.model, profile, AT_ONCE_YEARS, states=life.states)
        soh = np.append(soh, life.soh[0, 1:])
        efc = np.append(efc, efc[-1] + life.efc[0, 1:])
    return soh, efc


def _years(soh: Array, threshold: float) -> float:
    return float(days_to(soh[None, :], threshold)[0] / YEAR_DAYS)
