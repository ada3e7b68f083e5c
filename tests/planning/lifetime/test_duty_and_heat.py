"""Duties draw what they say; packs lag the air and warm by what they lose."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.planning.lifetime import duty, pack_temperature

HOURS = np.arange(8761)
STILL = np.full(8761, 25.0)


@pytest.mark.parametrize("name", duty.duties())
def test_a_duty_moves_its_energy_each_day_and_ends_where_it_began(name: str) -> None:
    use = duty.duty(name)
    year = duty.duty_year(use)
    cycle = 24 * use.days_between_charges
    moved = 0.5 * np.abs(np.diff(year.soc[: cycle + 1])).sum() / use.days_between_charges
    assert moved == pytest.approx(use.discharge_per_day + use.export_per_day, rel=0.02)
    assert year.soc[cycle] == pytest.approx(year.soc[0])
    assert year.soc.max() == pytest.approx(use.charge_to)
    assert year.soc.min() > 0
    by_kind = dict.fromkeys(("charge", "drive", "discharge", "export"), 0.0)
    for item in use.hours:
        by_kind[item.kind] += item.share
    assert by_kind["charge"] == pytest.approx(1)
    assert by_kind["drive"] + by_kind["discharge"] == pytest.approx(1)


def test_a_pack_that_is_too_small_is_refused() -> None:
    with pytest.raises(InputError, match="empties the pack"):
        duty.duty_year(duty.duty("private_two_wheeler", discharge_per_day=0.6))


def test_an_unknown_duty_is_refused() -> None:
    with pytest.raises(NotFoundError, match="unicycle"):
        duty.duty("unicycle")


def test_a_passive_car_pack_takes_six_to_twelve_hours_to_follow_the_air() -> None:
    assert 6 <= pack_temperature.pack_heat("car_pack", "none").time_constant_h <= 12


def test_a_parked_pack_lags_and_damps_the_daily_wave_as_its_time_constant_says() -> None:
    """A first-order lag of a daily wave: amplitude 1/sqrt(1 + (w tau)^2), delay arctan(w tau)/w."""
    use = duty.duty("private_car", sun_share=0.0, discharge_per_day=1e-6)
    year = duty.duty_year(use)
    air = 25 + 5 * np.cos(2 * np.pi * (HOURS % 24 - 15) / 24)
    pack = pack_temperature.pack_temperature(air, use, year, "none")[4800:4848]
    turn = 2 * np.pi / 24 * pack_temperature.pack_heat("car_pack", "none").time_constant_h
    assert np.ptp(pack) / 10 == pytest.approx(1 / np.sqrt(1 + turn**2), rel=0.03)
    delay = (np.argmax(pack[:24]) - 15) % 24
    assert delay == pytest.approx(np.arctan(turn) * 24 / (2 * np.pi), abs=1.0)


def test_work_warms_a_pack_and_the_sun_warms_it_further() -> None:
    use = duty.duty("ride_hailing_two_wheeler", sun_share=0.0)
    year = duty.duty_year(use)
    shade = pack_temperature.pack_temperature(STILL, use, year)
    sunny = pack_temperature.pack_temperature(STILL, duty.duty("ride_hailing_two_wheeler"), year)
    assert shade.min() >= 25 - 1e-9
    assert shade.mean() > 25.5
    assert sunny.mean() > shade.mean()


def test_the_heat_given_off_is_the_heat_lost() -> None:
    """Over a year in still air the conductance times the mean excess equals the mean loss."""
    use = duty.duty("home_solar")
    year = duty.duty_year(use)
    heat = pack_temperature.pack_heat(use.thermal_pack, "none")
    pack = pack_temperature.pack_temperature(STILL, use, year)
    lost = 1000 * heat.loss * np.abs(year.c_rate).mean()
    assert heat.parked * (pack.mean() - 25) == pytest.approx(lost, rel=0.02)


def test_liquid_cooling_holds_a_working_pack_down_in_heat() -> None:
    use = duty.duty("taxi")
    year = duty.duty_year(use)
    hot = np.full(8761, 40.0)
    passive, liquid = (pack_temperature.pack_temperature(hot, use, year, way) for way in ("none", "liquid"))
    assert liquid.mean() < passive.mean() - 5


def test_a_cooling_that_a_pack_cannot_have_is_refused() -> None:
    use = duty.duty("private_two_wheeler")
    with pytest.raises(InputError, match="liquid"):
        pack_temperature.pack_temperature(STILL, use, duty.duty_year(use), "liquid")
