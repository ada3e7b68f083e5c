"""A year rebuilt from normals keeps the normals and ages a battery like the real year."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from kitaran.foundation.errors import NotFoundError
from kitaran.planning import lifetime
from kitaran.planning.lifetime import climate, duty, pack_temperature, rebuilt_year, weather

MONTH = rebuilt_year.MONTH


def by_month(daily: np.ndarray) -> np.ndarray:
    return np.array([daily[month == MONTH].mean() for month in range(12)])


@pytest.mark.parametrize("place", ["Bangkok", "Ulaanbaatar", "Thimphu", "Delhi"])
def test_each_month_keeps_its_mean_extremes(place: str) -> None:
    normals = climate.normals(place)
    year = rebuilt_year.hourly_year(normals.tmax_c, normals.tmin_c, day_to_day_spread_k=0.0)
    days = year[:-1].reshape(365, 24)
    assert by_month(days.max(axis=1)) == pytest.approx(normals.tmax_c, abs=0.6)
    assert by_month(days.min(axis=1)) == pytest.approx(normals.tmin_c, abs=0.6)


def test_warming_is_added_and_stated() -> None:
    normals = climate.normals("THA/Bangkok")
    cool = rebuilt_year.hourly_year(normals.tmax_c, normals.tmin_c)
    warm = rebuilt_year.hourly_year(normals.tmax_c, normals.tmin_c, warming=1.6)
    assert warm - cool == pytest.approx(1.6)
    assert climate.warming_k(2025) == pytest.approx(10 * 0.32 * 5 / 10)


def test_an_economy_code_means_its_capital() -> None:
    assert climate.normals("MNG").place == "Ulaanbaatar"


def test_a_capital_is_found_with_or_without_its_accents() -> None:
    assert climate.normals("MDV").place == climate.normals("Malé").place == "Male"
    assert climate.normals("Hagåtña").economy == "GUM"


def test_an_unknown_city_is_refused() -> None:
    with pytest.raises(NotFoundError):
        climate.normals("Atlantis")


def test_months_keep_the_mean_of_all_hours_that_is_given() -> None:
    """Where it lies off the middle of the extremes, as it does nearly everywhere."""
    normals = climate.normals("Delhi")
    middle = 0.5 * (normals.tmax_c + normals.tmin_c)
    for off in (-0.06, 0.0, 0.04):
        mean = middle + off * (normals.tmax_c - normals.tmin_c)
        year = rebuilt_year.hourly_year(normals.tmax_c, normals.tmin_c, tmean_c=mean, latitude=28.6)
        assert by_month(year[:-1].reshape(365, 24).mean(axis=1)) == pytest.approx(mean, abs=0.15)


def test_the_spread_from_day_to_day_is_the_one_asked_for() -> None:
    flat = np.full(12, 20.0)
    for spread in (0.5, 3.0):
        year = rebuilt_year.hourly_year(flat + 5, flat - 5, day_to_day_spread_k=spread, tmean_c=flat)
        means = year[:-1].reshape(365, 24).mean(axis=1)
        assert means.std() == pytest.approx(spread, rel=0.05)
        assert np.corrcoef(means[1:], means[:-1])[0, 1] == pytest.approx(0.7, abs=0.12)


def test_the_day_is_coldest_at_sunrise_and_sunrise_follows_the_season() -> None:
    flat = np.full(12, 10.0)
    year = rebuilt_year.hourly_year(
        flat + 5, flat - 5, day_to_day_spread_k=0.0, latitude=47.0, solar_noon=12.0
    )
    hour = year[:-1].reshape(365, 24).argmin(axis=1)
    assert 7 <= hour[:20].mean() <= 8.5
    assert 3.5 <= hour[170:190].mean() <= 5
    assert 13.5 <= year[:-1].reshape(365, 24).argmax(axis=1).mean() <= 15


def test_many_places_at_once_are_each_place_alone() -> None:
    both = [climate.normals(name) for name in ("Bangkok", "Ulaanbaatar")]
    at_once = rebuilt_year.hourly_year(
        np.stack([n.tmax_c for n in both]),
        np.stack([n.tmin_c for n in both]),
        latitude=np.array([n.latitude for n in both]),
    )
    for row, place in zip(at_once, both, strict=True):
        assert row == pytest.approx(
            rebuilt_year.hourly_year(place.tmax_c, place.tmin_c, latitude=place.latitude)
        )


@pytest.mark.shared
def test_a_real_year_and_its_rebuild_age_a_battery_alike() -> None:
    """Honolulu, half-hourly, NSRDB in universal time: all models that are not suspect, after ten years."""
    root = os.environ.get("KITARAN_SHARED")
    assert root
    given = weather.read_weather(Path(root) / "data" / "use_profiles" / "nsrdb_honolulu.csv")
    real = np.append(local := np.roll(given[:-1], -10), local[0])
    days = real[:-1].reshape(365, 24)
    rebuilt = rebuilt_year.hourly_year(
        by_month(days.max(axis=1)),
        by_month(days.min(axis=1)),
        tmean_c=by_month(days.mean(axis=1)),
        latitude=21.3,
        solar_noon=12.5,
    )
    for name in ("private_two_wheeler", "swap_two_wheeler", "bidirectional_car"):
        use = duty.duty(name)
        year = duty.duty_year(use)
        cell = pack_temperature.pack_temperature(np.stack([real, rebuilt]), use, year)
        for model in lifetime.catalogue().values():
            if model.standing != "suspect":
                soh = lifetime.simulate(model, year.time_s, year.soc, cell, years=10).soh[:, -1]
                assert abs(soh[0] - soh[1]) <= 0.005
