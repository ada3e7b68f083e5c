"""Years that a used battery still lasts in a second use."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran.planning.market.valuation.health import STEPS_A_YEAR, course, soh_at_end
from kitaran.registry.triage.years_left import counted_on, years_left


def left(chemistry: str, soh: float, within: float = 0.03, economy: str = "THA", use: str = "home_solar"):  # type: ignore[no-untyped-def]
    one = np.array([soh])
    return years_left([chemistry], economy, use, one, one - within, one + within)[0]


def test_a_healthier_battery_lasts_longer_and_the_interval_holds_the_middle() -> None:
    better, worse = left("NMC622", 0.9, use="forklift"), left("NMC622", 0.65, use="forklift")
    assert better[0] > worse[0] > 0
    for middle, low, high in (better, worse):
        assert low <= middle <= high <= counted_on("forklift")


def test_the_middle_is_what_the_course_of_the_chemistry_says() -> None:
    of = course("NMC622", "THA", "private_two_wheeler")
    ages = np.arange(of.soh.size) / STEPS_A_YEAR
    age_of = lambda soh: float(np.interp(-soh, -of.soh, ages))  # noqa: E731
    end = soh_at_end("two_wheeler")[1]
    expected = age_of(end) - age_of(end + 0.05)
    told = left("NMC622", end + 0.05, within=1e-6, use="private_two_wheeler")[0]
    assert told == pytest.approx(expected, rel=0.1)


def test_a_wider_interval_of_health_widens_the_years() -> None:
    sure, unsure = left("NMC622", 0.65, 0.01), left("NMC622", 0.65, 0.04)
    assert unsure[2] - unsure[1] > sure[2] - sure[1]


def test_below_the_end_nothing_is_left() -> None:
    assert left("LFP", 0.5, 0.01)[2] == 0.0


def test_a_chemistry_without_a_model_has_no_years() -> None:
    assert np.isnan(left("LMO", 0.8)).all()
