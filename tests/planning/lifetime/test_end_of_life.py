"""Packs, second lives and retirement: the weakest cell rules, states are kept, no battery is lost."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran.foundation.errors import InputError
from kitaran.planning.lifetime import (
    ageing_model,
    band,
    catalogue,
    pack,
    retirement,
    second_life,
    setting,
    simulate_windows,
)
from kitaran.planning.lifetime.simulation import Method

YEARS = np.arange(21)


def lives() -> np.ndarray:
    loss = np.linspace(0.01, 0.05, 40)
    return 1 - loss * YEARS[:, None]


def test_every_battery_of_a_cohort_is_in_use_or_retired_once() -> None:
    result = retirement.retire_cohort(lives(), np.exp(-((YEARS / 15.0) ** 3)))
    assert result.in_use[0] == pytest.approx(1)
    assert result.retired.sum() + result.in_use[-1] == pytest.approx(1)
    assert result.soh_of_retired.sum(axis=1) == pytest.approx(result.retired)
    assert np.all(result.by_wear <= result.retired + 1e-12)


def test_without_other_causes_a_battery_retires_in_the_year_it_falls_to_the_threshold() -> None:
    result = retirement.retire_cohort(1 - 0.04 * YEARS[:, None], np.ones(21), 0.75)
    assert np.flatnonzero(result.retired) == pytest.approx([6])
    assert result.retired[6] == pytest.approx(1)
    (low,) = np.flatnonzero(result.soh_of_retired[6])
    assert result.soh_edges[low] <= 0.75 <= result.soh_edges[low + 1]


def test_a_scrapped_vehicle_sets_free_healthier_batteries_than_wear() -> None:
    centre = 0.5 * (retirement.SOH_EDGES[1:] + retirement.SOH_EDGES[:-1])
    worn = retirement.retire_cohort(lives(), np.ones(21), 0.75).soh_of_retired.sum(axis=0)
    mixed = retirement.retire_cohort(lives(), 0.8**YEARS, 0.75).soh_of_retired.sum(axis=0)
    assert (mixed @ centre) / mixed.sum() > (worn @ centre) / worn.sum()


def test_survival_that_rises_is_refused() -> None:
    with pytest.raises(InputError, match="never rise"):
        retirement.retire_cohort(lives(), np.linspace(0.9, 1, 21))


def test_causes_that_do_not_know_of_each_other_multiply() -> None:
    assert retirement.combined_survival([1, 0.5], [1, 0.4]) == pytest.approx([1, 0.2])


def test_a_second_life_begins_where_the_first_ended() -> None:
    model = ageing_model("lfp_gr_250ah")
    first, second = setting("Delhi", "ride_hailing_two_wheeler"), setting("Thimphu", "home_solar")
    both = second_life.two_lives(model, first.windows, second.windows, 0.85, end_at=0.8)
    assert both.first.soh[0, -1] <= 0.85 < both.first.soh[0, -2]
    assert both.second.soh[0, 0] == pytest.approx(both.first.soh[0, -1], abs=1e-12)
    assert both.second.soh[0, round(both.second_years[0] * 365)] <= 0.8
    assert both.second_efc[0] > 0


def test_a_gentle_second_life_lasts_longer_than_a_harsh_one() -> None:
    model = ageing_model("lfp_gr_250ah")
    first = setting("Delhi", "ride_hailing_two_wheeler").windows
    gentle, harsh = (
        second_life.two_lives(model, first, setting(place, use).windows, 0.85, end_at=0.8).second_years[0]
        for place, use in (("Bangkok", "telecom_backup"), ("Bangkok", "charging_buffer"))
    )
    assert gentle > harsh


def test_the_weakest_of_many_cells_sets_the_pack() -> None:
    """The mean lowest of 100 normal values lies 2.508 standard deviations below their mean (tables of order
    statistics, Harter 1961)."""
    assert pack.pack_soh(0.8, 100, spread=0.1) == pytest.approx(0.8 - 2.508 * 0.1 * 0.2, abs=2e-4)
    assert pack.pack_soh(1.0, 100) == 1.0
    assert pack.pack_soh(0.8, 1) == pytest.approx(0.8)


def test_resistance_is_null_with_its_reason_where_no_model_gives_it() -> None:
    here = setting("Delhi", "private_car").windows
    with_it, without = ageing_model("nmc111_gr_sanyo_2ah"), ageing_model("lfp_gr_250ah")
    known = pack.resistance(with_it, simulate_windows(with_it, here, 1).resistance)
    unknown = pack.resistance(without, simulate_windows(without, here, 1).resistance)
    assert known.basis == "model"
    assert known.relative is not None
    assert pack.relative_power(known.relative)[0, -1] < 1
    assert unknown.relative is None
    assert "capacity alone" in unknown.basis


def test_certified_energy_falls_with_capacity_and_with_resistance() -> None:
    assert pack.certified_energy(1.0, 1.0, 0.05) == pytest.approx(1.0)
    assert pack.certified_energy(0.8, None, 0.05) == pytest.approx(0.8)
    assert pack.certified_energy(0.8, 1.5, 0.05) < 0.8


def test_outside_the_tested_range_the_models_of_a_chemistry_widen_the_band() -> None:
    """The cell was tested at 10 to 60 degC: a home store in Bangkok is inside, a car in the steppe is not."""
    inside = band.soh_band("NMC622", setting("Bangkok", "home_solar").windows, 8)
    outside = band.soh_band("NMC622", setting("Ulaanbaatar", "private_car").windows, 8)
    assert inside.outside["share"] < outside.outside["share"]  # type: ignore[operator]

    def relative_width(found: band.Band) -> float:
        return float((found.p90[-1] - found.p10[-1]) / (1 - found.p50[-1]))

    assert relative_width(outside) > relative_width(inside)
    assert outside.p50[0] == inside.p10[0] == 1


def test_a_knee_is_warned_of_before_it_is_there() -> None:
    assert list(pack.knee_ahead([0.9, 0.76, 0.7])) == [False, False, True]


@pytest.mark.parametrize("method", ["closed_form", "euler_daily"])
@pytest.mark.parametrize("model", list(catalogue()))
def test_a_battery_that_keeps_its_duty_does_not_notice_the_hand_over(model: str, method: Method) -> None:
    """On any day of the year, and however often: states and season go on as if nothing had been."""
    chosen, here = ageing_model(model), setting("Tokyo", "delivery_van").windows
    whole = simulate_windows(chosen, here, 900 / 365, method)
    states, soh, efc, spent = None, [], [0.0], 0
    for days in (1, 120, 365, 414):
        part = simulate_windows(chosen, here, days / 365, method, states=states, begin=spent)
        states, spent = part.states, spent + days
        soh += list(part.soh[0, 1:])
        efc += list(efc[-1] + part.efc[0, 1:])
    assert np.array(soh) == pytest.approx(whole.soh[0, 1:], abs=1e-12, nan_ok=True)
    assert np.array(efc) == pytest.approx(whole.efc[0], abs=1e-9, nan_ok=True)


def test_a_second_life_in_the_same_duty_and_place_is_the_first_one_gone_on() -> None:
    model, here = ageing_model("lfp_gr_250ah"), setting("Delhi", "ride_hailing_two_wheeler").windows
    whole = simulate_windows(model, here, 30)
    both = second_life.two_lives(model, here, here, 0.85, end_at=0.8)
    gone_on = second_life.days_to(whole.soh, 0.8)[0] / 365
    assert both.first_years[0] + both.second_years[0] == pytest.approx(gone_on)
    until = both.first.efc[0, -1] + both.second_efc[0]
    assert until == pytest.approx(whole.efc[0, round(gone_on * 365)])


def test_a_knee_that_lies_behind_is_zero_years_ahead() -> None:
    model, here = ageing_model("nmc111_gr_kokam_75ah"), setting("Delhi", "charging_buffer").windows
    both = second_life.two_lives(model, here, here, 0.7, end_at=0.6)
    assert both.to_knee_years[0] == both.to_knee_efc[0] == 0.0
    with pytest.raises(InputError, match="cannot be"):
        second_life.two_lives(model, here, here, 0.6, end_at=0.7)
