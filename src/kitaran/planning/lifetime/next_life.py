"""The second life of a battery whose first life was looked at: same place, another duty, its own states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from kitaran.planning.lifetime.assumptions import assumption
from kitaran.planning.lifetime.band import Z_OF_80_PERCENT
from kitaran.planning.lifetime.chemistry import loss_spread
from kitaran.planning.lifetime.duty import Duty
from kitaran.planning.lifetime.monthly import MONTHS, crossing, soh_by_month, throughput_by_month
from kitaran.planning.lifetime.outlook import Outlook, Span
from kitaran.planning.lifetime.question import LONGEST_YEARS, setting_of
from kitaran.planning.lifetime.tested_range import outside_tested_range


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
    soh = soh_by_month(first.model, here.windows, LONGEST_YEARS, first.hand_over)[:, 0]
    lost = soh[0] - soh
    years = Span(*(crossing(soh[0] - lost * scale, end) for scale in (factor, 1.0, 1.0 / factor)))
    served = min(years.median, float(LONGEST_YEARS))
    efc = throughput_by_month(here.windows, soh[:, None])[:, 0]
    return NextLife(
        use=here.use,
        from_soh=float(soh[0]),
        to_soh=end,
        years=years,
        efc=float(np.interp(served, np.arange(efc.size) / MONTHS, efc)),
        knee_years=crossing(soh, 1.0 - assumption("knee_loss").value),
        outside=outside.as_dict(),
        grade=max(first.grade, here.grade),
    )
