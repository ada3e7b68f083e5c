"""The fleet method gives the daily closed form, year by year, for millions of lives."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from kitaran.foundation.errors import InputError
from kitaran.planning import lifetime
from kitaran.planning.lifetime import annual, climate, duty, fleet_method, pack_temperature, rebuilt_year

PLACES = ("Bangkok", "Ulaanbaatar", "Tokyo")
POWER_LAW = [
    model.id
    for model in lifetime.catalogue().values()
    if all(state.kernel != "sigmoid" for state in model.states)
]
SIGMOID = [name for name in lifetime.catalogue() if name not in POWER_LAW]


@cache
def bins(name: str) -> lifetime.Windows:
    use = duty.duty(name)
    year = duty.duty_year(use)
    normals = [climate.normals(place) for place in PLACES]
    air = np.stack([rebuilt_year.hourly_year(place.tmax_c, place.tmin_c, 1.6) for place in normals])
    return lifetime.windows(year.time_s, year.soc, pack_temperature.pack_temperature(air, use, year))


def furthest(model_id: str, use: str, scale: float = 1.0) -> float:
    """Largest difference of state of health to closed_form over twenty years and all places."""
    model, profile = lifetime.ageing_model(model_id), bins(use)
    factor = {state.name: np.full(len(PLACES), scale) for state in model.states}
    fleet = fleet_method.simulate_fleet(
        annual.annual_rates(model, profile, 20), np.arange(len(PLACES)), loss_scale=factor
    )
    daily = lifetime.simulate_windows(model, profile, 20, loss_scale=factor).soh[:, ::365].T
    return float(np.abs(fleet - daily).max())


@pytest.mark.parametrize("model", POWER_LAW)
def test_power_laws_are_within_a_thousandth_of_the_daily_method(model: str) -> None:
    """On the packaged duty that moves most energy, and so leans hardest on the feedback of capacity."""
    assert furthest(model, "charging_buffer") <= 1e-3


@pytest.mark.parametrize("use", ["private_car", pytest.param("charging_buffer", marks=pytest.mark.slow)])
@pytest.mark.parametrize("model", SIGMOID)
def test_sigmoids_are_within_five_thousandths(model: str, use: str) -> None:
    assert furthest(model, use) <= 5e-3


@pytest.mark.parametrize("scale", [pytest.param(0.7, marks=pytest.mark.slow), 1.4])
@pytest.mark.parametrize("model", ["lfp_gr_250ah", "nmc622_gr_denso_50ah"])
def test_cells_better_and_worse_than_the_bin_are_met_as_well(model: str, scale: float) -> None:
    assert furthest(model, "ride_hailing_two_wheeler", scale) <= 1.5e-3


def test_lives_keep_their_places_however_they_are_ordered() -> None:
    rates = annual.annual_rates(lifetime.ageing_model("lfp_gr_250ah"), bins("private_car"), 5)
    by_bin = fleet_method.simulate_fleet(rates, np.arange(3))
    shuffled = np.array([2, 0, 1, 1, 0, 2, 2])
    assert fleet_method.simulate_fleet(rates, shuffled) == pytest.approx(by_bin[:, shuffled], abs=1e-14)


def test_more_use_ages_more_and_moves_no_calendar_loss() -> None:
    rates = annual.annual_rates(lifetime.ageing_model("lfp_gr_250ah"), bins("private_car"), 5)
    soh = fleet_method.simulate_fleet(rates, np.zeros(3, dtype=int), use_scale=np.array([0.0, 1.0, 2.0]))
    assert np.all(np.diff(soh[-1]) < 0)
    assert soh[-1, 0] == pytest.approx(1 - rates.curves["q_t"][-1, 0])


def test_a_life_in_no_bin_is_refused() -> None:
    rates = annual.annual_rates(lifetime.ageing_model("lfp_gr_250ah"), bins("private_car"), 1)
    with pytest.raises(InputError, match="no bin"):
        fleet_method.simulate_fleet(rates, [3])
