"""The outlook of a battery: its curve, its band, what drives the loss, other places, and a second life."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.planning import lifetime
from kitaran.planning.lifetime.drivers import day_shares, parts_of_loss
from kitaran.planning.lifetime.levers import lever_lives
from kitaran.planning.lifetime.question import models_of

SCOOTER = lifetime.Question("LFP", "Bangkok", "ride_hailing_two_wheeler", threshold=0.8)


@pytest.fixture(scope="module")
def bangkok() -> lifetime.Outlook:
    return lifetime.outlook(SCOOTER, ("THA/Bangkok", "MNG/Ulaanbaatar"))


def test_the_median_is_the_closed_form_life_of_the_setting(bangkok: lifetime.Outlook) -> None:
    here = lifetime.setting("Bangkok", "ride_hailing_two_wheeler")
    life = lifetime.simulate_windows(bangkok.model, here.windows, 20)
    assert bangkok.p50 == pytest.approx(life.soh[0, ::365], abs=1e-12)
    assert bangkok.efc == pytest.approx(life.efc[0, ::365], abs=1e-9)


def test_the_band_is_the_one_of_the_chemistry(bangkok: lifetime.Outlook) -> None:
    here = lifetime.setting("Bangkok", "ride_hailing_two_wheeler")
    band = lifetime.soh_band("LFP", here.windows, 20)
    assert bangkok.p10 == pytest.approx(band.p10, abs=2e-3)
    assert bangkok.p90 == pytest.approx(band.p90, abs=2e-3)
    assert bangkok.by_model.keys() == band.by_model.keys()


def test_the_years_to_the_threshold_are_where_the_curves_cross_it(bangkok: lifetime.Outlook) -> None:
    span = bangkok.years_to_threshold
    assert span.earliest < span.median < span.latest
    assert np.interp(span.median, range(21), bangkok.p50) == pytest.approx(0.8, abs=1e-3)


def test_the_band_does_not_jump_where_hardly_anything_is_lost() -> None:
    cold = lifetime.outlook(lifetime.Question("NMC622", "Ulaanbaatar", SCOOTER.duty, threshold=0.8))
    assert 0.25 < cold.years_to_threshold.earliest < cold.years_to_threshold.median
    assert cold.p10[0] == cold.p90[0] == 1.0


def test_a_life_that_outlasts_the_horizon_has_no_end_and_no_second_life() -> None:
    short = lifetime.outlook(lifetime.Question("LFP", "Bangkok", "private_two_wheeler", years=2))
    assert short.years_to_threshold == lifetime.Span(np.inf, np.inf, np.inf)
    assert short.hand_over is None
    assert lifetime.next_life(short, "home_solar") is None


def test_time_and_use_make_up_the_whole_loss(bangkok: lifetime.Outlook) -> None:
    parts = bangkok.parts
    assert parts.calendar + parts.cycling == pytest.approx(0.2, abs=1e-3)
    assert sum(parts.by_state.values()) == pytest.approx(1.0)
    assert parts.calendar_share == pytest.approx(parts.by_state["q_t"])


def test_a_battery_that_is_never_used_loses_by_time_alone() -> None:
    model = lifetime.ageing_model("nmc111_gr_kokam_75ah")
    hours = np.arange(8761)
    life = lifetime.simulate(model, 3600.0 * hours, np.full(8761, 0.5), np.full(8761, 25.0), years=3)
    parts = parts_of_loss(model, life.states)
    assert parts.calendar == pytest.approx(1 - life.soh[0, -1])
    assert parts.cycling == 0.0


def test_the_days_of_a_year_share_its_time_and_its_ageing(bangkok: lifetime.Outlook) -> None:
    assert sum(day.time for day in bangkok.days) == pytest.approx(1.0)
    assert sum(day.ageing for day in bangkok.days) == pytest.approx(1.0)
    hottest = bangkok.days[-1]
    assert hottest.ageing > hottest.time


@pytest.mark.parametrize("model", lifetime.catalogue())
def test_every_model_tells_what_its_days_cost(model: str) -> None:
    here = lifetime.setting("Delhi", "e_rickshaw")
    chosen = lifetime.ageing_model(model)
    life = lifetime.simulate_windows(chosen, here.windows, 1)
    shares = day_shares(chosen, here.windows, parts_of_loss(chosen, life.states))
    assert sum(day.ageing for day in shares) == pytest.approx(1.0)
    assert all(day.ageing >= 0 for day in shares)


def test_each_change_is_a_life_of_its_own(bangkok: lifetime.Outlook) -> None:
    levers = {lever.id: lever for lever in bangkok.levers}
    assert levers.keys() == {"mild_pack", "gentle_charge", "half_use"}
    assert all(lever.soh > bangkok.p50[-1] for lever in bangkok.levers)
    here = lifetime.setting("Bangkok", "ride_hailing_two_wheeler")
    time_s, soc = 3600.0 * np.arange(8761), here.windows.soc[:, 0, :-1].ravel()
    mild = lifetime.simulate(bangkok.model, time_s, np.append(soc, soc[0]), np.full(8761, 25.0), years=20)
    assert levers["mild_pack"].soh == pytest.approx(mild.soh[0, -1], abs=1e-9)


def test_charging_ends_lower_only_while_the_day_still_fits() -> None:
    """Home storage draws 0.75 a day from 0.95: a tenth is left if charging ends at 0.85."""
    levers, lives = lever_lives(lifetime.setting("Bangkok", "home_solar"))
    (gentle,) = (lever for lever in levers if lever.id == "gentle_charge")
    assert gentle.level == pytest.approx(0.85)
    assert lives.soc.min() == pytest.approx(0.1)


def test_a_place_compared_lives_as_if_it_were_chosen(bangkok: lifetime.Outlook) -> None:
    same, cold = bangkok.places
    assert (same.place.place, same.soh) == ("Bangkok", pytest.approx(bangkok.p50[-1], abs=1e-4))
    assert cold.outside == 1.0
    there = lifetime.outlook(lifetime.Question("LFP", "Ulaanbaatar", SCOOTER.duty, threshold=0.8))
    assert cold.years == pytest.approx(there.years_to_threshold.median, abs=0.01)


def test_all_members_and_associates_have_a_capital_to_compare() -> None:
    found = lifetime.capitals()
    assert len(found) == 59
    assert found["MDV"] == "MDV/Male"


def test_second_life_takes_over_the_states_as_two_lives_do(bangkok: lifetime.Outlook) -> None:
    later = lifetime.next_life(bangkok, "charging_buffer")
    assert later is not None
    first = lifetime.setting("Bangkok", SCOOTER.duty).windows
    second = lifetime.setting("Bangkok", "charging_buffer").windows
    both = lifetime.two_lives(bangkok.model, first, second, 0.8)
    assert later.years.median == pytest.approx(both.second_years[0], abs=0.05)
    assert later.knee_years == pytest.approx(both.to_knee_years[0], abs=0.05)
    assert later.efc == pytest.approx(both.second_efc[0], rel=2e-3)
    assert later.years.earliest < later.years.median
    assert later.years.earliest < np.inf


def test_a_suspect_model_speaks_only_when_asked_by_its_id() -> None:
    with pytest.raises(NotFoundError, match="lifetime tables"):
        lifetime.outlook(lifetime.Question("LTO", "Delhi", "city_bus"))
    asked = lifetime.outlook(lifetime.Question("nmc_lto_10ah", "Delhi", "city_bus", years=2))
    assert asked.model.standing == "suspect"
    assert models_of("nmc_lto_10ah")[1] == ()


def test_a_proxy_lowers_the_grade_of_the_model() -> None:
    found = lifetime.outlook(lifetime.Question("NMC811", "Thimphu", "private_car", years=1))
    assert found.proxy
    assert found.grades["model"] == "C"
    assert found.grade == "D"


@pytest.mark.parametrize(
    ("changed", "place"),
    [({"years": 0}, "years"), ({"years": 90}, "years"), ({"threshold": 1.0}, "threshold")],
)
def test_what_cannot_be_is_refused(changed: dict[str, float], place: str) -> None:
    question = lifetime.Question("LFP", "Bangkok", "private_car", **changed)  # type: ignore[arg-type]
    with pytest.raises(InputError) as refused:
        lifetime.outlook(question)
    assert refused.value.faults[0].place == place


def test_a_cooling_that_the_pack_cannot_have_is_refused() -> None:
    with pytest.raises(InputError, match="has no cooling") as refused:
        lifetime.outlook(lifetime.Question("LFP", "Bangkok", "private_two_wheeler", cooling="liquid"))
    assert "Choose one of none" in refused.value.remedy


def test_power_and_certified_energy_stand_beside_capacity(bangkok: lifetime.Outlook) -> None:
    """Capacity alone where the model has no resistance; else less, for losses grow with it."""
    assert bangkok.power is None
    assert bangkok.certified_energy == pytest.approx(bangkok.p50)
    grown = lifetime.outlook(lifetime.Question("NMC111", "Bangkok", "private_car", years=5))
    assert grown.power is not None
    assert grown.resistance is not None
    assert grown.power * grown.resistance == pytest.approx(1.0)
    assert np.all(grown.certified_energy[1:] < grown.p50[1:])
