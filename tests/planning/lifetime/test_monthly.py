"""Lives by the month stay beside those by the day, for every model in every kind of duty and climate."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran.planning import lifetime
from kitaran.planning.lifetime.monthly import soh_by_month

PLACES = ("Bangkok", "Delhi", "Thimphu", "Ulaanbaatar")
SEASONAL = {
    "lfp_gr_sony_3ah": 5e-3,
    "nca_grsi_sony_2p5ah": 5e-3,
}  # sigmoids whose limit moves with the season


@pytest.mark.parametrize("model", lifetime.catalogue())
@pytest.mark.parametrize(
    "duty", ["private_car", "ride_hailing_two_wheeler", pytest.param("home_solar", marks=pytest.mark.slow)]
)
def test_a_life_by_the_month_is_that_by_the_day(model: str, duty: str) -> None:
    here = lifetime.setting(PLACES, duty)
    daily = lifetime.simulate_windows(lifetime.ageing_model(model), here.windows, 8).soh.T[::365]
    monthly = soh_by_month(lifetime.ageing_model(model), here.windows, 8)[::12]
    assert np.abs(daily - monthly).max() < SEASONAL.get(model, 1e-3)


def test_a_fresh_battery_begins_whole_and_only_loses() -> None:
    here = lifetime.setting("Delhi", "e_rickshaw")
    soh = soh_by_month(lifetime.ageing_model("nmc111_gr_kokam_75ah"), here.windows, 2)
    assert soh.shape == (25, 1)
    assert soh[0, 0] == 1.0
    assert np.all(np.diff(soh[:, 0]) < 0)
