"""How healthy the batteries are that leave first life, by age, year and chemistry."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran.planning.materials.content import CHEMISTRIES
from kitaran.planning.scenario import Scenario
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.battery_life import SOH_LIMITS
from kitaran.planning.scenario.economy_result import ClassResult
from kitaran.planning.scenario.forecast import Forecast
from kitaran.planning.scenario.people import COHORTS
from kitaran.planning.scenario.region import Region
from kitaran.planning.scenario.retiring import soh_above_by_year, soh_above_of_kind


@pytest.fixture(scope="module")
def cars(plain: Scenario) -> ClassResult:
    """Cars of Thailand, 20 samples."""
    forecast = Forecast.of(plain, Region(Assumptions(plain, 20, 1, None), None), compared=False)
    (found,) = [part for part in forecast.economy("THA").classes if part.vehicle_class == "car"]
    return found


def test_the_higher_the_limit_the_fewer_retiring_batteries_are_above_it(cars: ClassResult) -> None:
    for kind in cars.carried.kinds:
        share, exits = soh_above_of_kind(kind)
        known = share[~np.isnan(share[:, 0])]
        assert (known.size > 0) == (kind.modelled is not None)
        assert np.all((known > -1e-9) & (known < 1 + 1e-9))
        assert np.all(np.diff(known, axis=1) < 1e-9)
        assert 0 <= exits.sum() <= 1 + 1e-9


def test_old_batteries_retire_less_healthy_than_young_ones(cars: ClassResult) -> None:
    (kind,) = [k for k in cars.carried.kinds if CHEMISTRIES[k.members[0]] == "NMC622" and k.cohorts[-1]]
    share, _ = soh_above_of_kind(kind)
    at = int(np.flatnonzero(SOH_LIMITS == 0.86)[0])
    assert share[3, at] > 0.6 > share[18, at]


def test_a_year_mixes_the_ages_of_what_retires_in_it(cars: ClassResult) -> None:
    entered = np.zeros((len(COHORTS), 20))
    entered[24] = 1000.0
    share = soh_above_by_year(cars.carried, entered)
    (kind,) = [k for k in cars.carried.kinds if CHEMISTRIES[k.members[0]] == "LFP" and k.cohorts[24]]
    by_age, _ = soh_above_of_kind(kind)
    lfp = share[:, CHEMISTRIES.index("LFP")]
    assert np.isnan(lfp[:24]).all()
    assert lfp[24 + 8] == pytest.approx(0.5 * (by_age[7] + by_age[8]))
    assert np.isnan(share[:, CHEMISTRIES.index("lead_acid")]).all()
