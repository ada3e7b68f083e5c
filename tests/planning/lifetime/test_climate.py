"""A year rebuilt from normals keeps the normals and ages a battery like the real year."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.planning import lifetime
from kitaran.planning.lifetime import climate, duty, pack_temperature, weather

MONTH = np.repeat(np.arange(12), climate.MONTH_DAYS)


def by_month(daily: np.ndarray) -> np.ndarray:
    return np.array([daily[month == MONTH].mean() for month in range(12)])


@pytest.mark.parametrize("place", ["Bangkok", "Ulaanbaatar", "Thimphu", "Delhi"])
def test_each_month_keeps_its_mean_extremes(place: str) -> None:
    normals = climate.normals(place)
    year = climate.hourly_year(normals.tmax_c, normals.tmin_c, day_to_day_spread_k=0.0)
    days = year[:-1].reshape(365, 24)
    assert by_month(days.max(axis=1)) == pytest.approx(normals.tmax_c, abs=0.5)
    assert by_month(days.min(axis=1)) == pytest.approx(normals.tmin_c, abs=0.5)


def test_warming_is_added_and_stated() -> None:
    normals = climate.normals("THA/Bangkok")
    cool = climate.hourly_year(normals.tmax_c, normals.tmin_c)
    warm = climate.hourly_year(normals.tmax_c, normals.tmin_c, warming=1.6)
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


@pytest.mark.shared
def test_a_real_year_and_its_rebuild_age_a_battery_alike() -> None:
    """Honolulu, half-hourly, NSRDB: state of health after ten years within 0.005 for all models."""
    root = os.environ.get("KITARAN_SHARED")
    assert root
    real = weather.read_weather(Path(root) / "data" / "use_profiles" / "nsrdb_honolulu.csv")
    days = real[:-1].reshape(365, 24)
    rebuilt = climate.hourly_year(by_month(days.max(axis=1)), by_month(days.min(axis=1)))
    use = duty.duty("private_two_wheeler")
    year = duty.duty_year(use)
    cell = pack_temperature.pack_temperature(np.stack([real, rebuilt]), use, year)
    for model in lifetime.catalogue():
        soh = lifetime.simulate(model, year.time_s, year.soc, cell, years=10).soh[:, -1]
        assert abs(soh[0] - soh[1]) <= 0.005


HOURLY = [f"{20 + hour % 24 / 10:.1f}" for hour in range(8760)]


def test_the_three_kinds_of_weather_file_give_the_same_year(tmp_path: Path) -> None:
    stamps = np.datetime64("2023-01-01T00") + np.arange(8760).astype("timedelta64[h]")
    parts = [(str(s)[:4], str(s)[5:7], str(s)[8:10], str(s)[11:13]) for s in stamps]
    epw = ["LOCATION,Made,,,,,,,,"] + ["HEADER"] * 7
    epw += [
        f"{y},{int(m)},{int(d)},{int(h) + 1},0,?,{t},0" for (y, m, d, h), t in zip(parts, HOURLY, strict=True)
    ]
    nsrdb = ["Source,Location ID", "NSRDB,1", "Year,Month,Day,Hour,Minute,Temperature"]
    nsrdb += [f"{y},{int(m)},{int(d)},{int(h)},0,{t}" for (y, m, d, h), t in zip(parts, HOURLY, strict=True)]
    era5 = ["valid_time,t2m"]
    era5 += [
        f"{y}-{m}-{d} {h}:00:00,{float(t) + 273.15}" for (y, m, d, h), t in zip(parts, HOURLY, strict=True)
    ]
    for name, lines in {"a.epw": epw, "nsrdb.csv": nsrdb, "era5.csv": era5}.items():
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
        year = weather.read_weather(tmp_path / name)
        assert year.shape == (8761,)
        assert year[:-1] == pytest.approx(np.array(HOURLY, dtype=float), abs=1e-9)


def test_a_year_in_kelvin_or_cut_short_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "w.csv"
    file.write_text("Temperature_C\n" + "\n".join(str(float(t) + 273.15) for t in HOURLY), encoding="utf-8")
    with pytest.raises(InputError, match="not credible"):
        weather.read_weather(file)
    file.write_text("Temperature_C\n" + "\n".join(HOURLY[:100]), encoding="utf-8")
    with pytest.raises(InputError, match="100 values"):
        weather.read_weather(file)
