"""Cells needed, against the battery demand that the International Energy Agency counts."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran import reference, scenario
from kitaran.planning.manufacturing import cell_energy
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.economy_result import YEARS
from kitaran.planning.scenario.forecast import Forecast
from kitaran.planning.scenario.region import Region

SAMPLES = 20


def published(code: str, year: int) -> float:
    """GWh of batteries put into new road vehicles (IEA, Global EV Outlook 2025, summed over classes)."""
    (row,) = (
        reference.read("battery_demand").where(region=code, application="vehicles", year=year).resolve().rows
    )
    return row.central


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    plain = scenario.Scenario(name="two", title="Two economies", economies=("CHN", "IND"))
    return Forecast.of(plain, Region(Assumptions(plain, SAMPLES, 1, None), None), compared=False)


@pytest.mark.parametrize(("code", "within"), [("CHN", 0.25), ("IND", 0.35)])
def test_cells_needed_in_2024_are_near_the_demand_that_is_counted(
    forecast: Forecast, code: str, within: float
) -> None:
    """Ours adds replacements and spares, which IEA leaves out, and electric bicycles."""
    need = np.median(cell_energy(forecast.economy(code).placed.sum(axis=0)), axis=-1)
    assert need[int(np.flatnonzero(YEARS == 2024)[0])] == pytest.approx(published(code, 2024), rel=within)


def test_the_world_projected_for_2030_needs_three_times_what_it_needed_in_2024() -> None:
    """3229 over 953 GWh, stated policies."""
    assert published("WORLD", 2030) / published("WORLD", 2024) == pytest.approx(3.4, rel=0.02)
