"""Weather files as their makers write them: EPW, NSRDB, ERA5 and plain CSV, with what goes wrong in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kitaran.foundation.errors import InputError
from kitaran.planning.lifetime.weather import read_weather

HOUR = np.arange(8760)
AIR = np.round(20 + 6 * np.sin(2 * np.pi * (HOUR - 9) / 24) + 3 * np.cos(2 * np.pi * HOUR / 8760), 1).tolist()
STAMPS = np.datetime64("2023-01-01T00") + np.arange(8760).astype("timedelta64[h]")
LEAP = np.datetime64("2024-01-01T00") + np.arange(8784).astype("timedelta64[h]")


def parts(stamp: np.datetime64) -> tuple[int, int, int, int]:
    text = str(stamp)
    return int(text[:4]), int(text[5:7]), int(text[8:10]), int(text[11:13])


def epw() -> list[str]:
    """Hour 1 ends at one o'clock, so its value is that of one o'clock."""
    lines = ["LOCATION,Made,-,THA,Made up,484550,13.73,100.57,7.0,4.0"]
    lines += ["DESIGN CONDITIONS,0", "TYPICAL/EXTREME PERIODS,0", "GROUND TEMPERATURES,0"]
    lines += ["HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0", "COMMENTS 1,made", "COMMENTS 2,"]
    lines += ["DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31"]
    for index, stamp in enumerate(STAMPS):
        y, m, d, h = parts(stamp)
        air = AIR[(index + 1) % 8760]
        lines.append(f"{y},{m},{d},{h + 1},60,?9?9?9?9E0?9,{air},18.0,70,101300,0,0,400,0,0,0,0,0,0,0,90,2.1")
    return lines


def nsrdb(minute: int = 0, zone: int = 7, local: int = 7) -> list[str]:
    lines = ["Source,Location ID,Latitude,Longitude,Time Zone,Elevation,Local Time Zone,Temperature Units"]
    lines += [f"NSRDB,1234,13.7,100.5,{zone},4,{local},c", "Year,Month,Day,Hour,Minute,GHI,Temperature"]
    shift = local - zone
    for index, stamp in enumerate(STAMPS):
        y, m, d, h = parts(stamp)
        first, second = AIR[(index + shift) % 8760], AIR[(index + shift + 1) % 8760]
        lines.append(f"{y},{m},{d},{h},{minute},0,{first + (second - first) * minute / 60}")
    return lines


def era5(stamps: np.ndarray = STAMPS, east: float | None = None) -> list[str]:
    lines = ["valid_time,t2m" + (",latitude,longitude" if east is not None else "")]
    shift = 0 if east is None else round(east / 15)
    kept = 0
    for stamp in stamps:
        y, m, d, h = parts(stamp)
        air = 60.0 if (m, d) == (2, 29) else AIR[(kept + shift) % 8760]
        kept += (m, d) != (2, 29)
        where = f",13.75,{east}" if east is not None else ""
        lines.append(f"{y}-{m:02}-{d:02} {h:02}:00:00,{air + 273.15}{where}")
    return lines


def plain() -> list[str]:
    return ["Time_s,Temperature_C", *(f"{3600 * hour},{air}" for hour, air in enumerate(AIR))]


def written(folder: Path, lines: list[str]) -> Path:
    file = folder / "weather.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


FORMS: dict[str, Callable[[], list[str]]] = {
    "EPW": epw,
    "NSRDB": nsrdb,
    "NSRDB at half past": lambda: nsrdb(minute=30),
    "NSRDB in universal time": lambda: nsrdb(zone=0, local=7),
    "ERA5": era5,
    "ERA5 of a leap year": lambda: era5(LEAP),
    "ERA5 with its longitude": lambda: era5(east=100.5),
    "ERA5 west of Greenwich, counted eastward": lambda: era5(east=-60.0),
    "plain": plain,
}


@pytest.mark.parametrize("form", FORMS)
def test_each_kind_of_weather_file_gives_the_same_local_year(tmp_path: Path, form: str) -> None:
    year = read_weather(written(tmp_path, FORMS[form]()))
    assert year.shape == (8761,)
    assert year[-1] == year[0]
    loose = 0.25 if form == "NSRDB at half past" else 1e-6  # lines between halves level the turns of the day
    assert year[:-1] == pytest.approx(np.array(AIR), abs=loose)


def test_a_stated_distance_to_universal_time_is_used(tmp_path: Path) -> None:
    file = written(tmp_path, era5())
    assert read_weather(file, utc_offset_h=7)[7] == pytest.approx(read_weather(file)[0])


def test_a_short_gap_and_the_code_for_missing_are_bridged(tmp_path: Path) -> None:
    lines = epw()
    for row in (108, 109):
        cells = lines[row].split(",")
        lines[row] = ",".join([*cells[:6], "99.9", *cells[7:]])
    assert read_weather(written(tmp_path, lines))[:-1] == pytest.approx(np.array(AIR), abs=3.0)


def test_a_byte_order_mark_and_half_hours_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "half.csv"
    half = [f"{1800 * step},{AIR[step // 2]}" for step in range(2 * 8760 + 1 - 1)]
    file.write_text("\ufeff,Time_s,Temperature_C\n" + "\n".join(f"0,{row}" for row in half), encoding="utf-8")
    assert read_weather(file)[:-1] == pytest.approx(np.array(AIR))


def changed(lines: list[str], row: int, old: str, new: str) -> list[str]:
    lines[row - 1] = lines[row - 1].replace(old, new)
    return lines


def swapped(lines: list[str]) -> list[str]:
    lines[50], lines[51] = lines[51], lines[50]
    return lines


FAULTS: dict[str, tuple[Callable[[], list[str]], str, str]] = {
    "kelvin for Celsius": (
        lambda: ["Temperature_C", *(str(air + 273.15) for air in AIR)],
        "row 2",
        "subtract 273.15",
    ),
    "Celsius for kelvin": (
        lambda: ["valid_time,t2m", "2023-01-01 00:00:00,20.1"],
        "row 2",
        "Temperature_C",
    ),
    "half a year": (lambda: plain()[:4000], "row 4000", "whole year"),
    "a gap of a day": (lambda: epw()[:100] + epw()[124:], "row 100", "whole year"),
    "a day long missing": (
        lambda: [*epw()[:8], *(",".join([*r.split(",")[:6], "99.9"]) for r in epw()[8:])],
        "row 9",
        "whole year",
    ),
    "two years": (lambda: [*era5(), *era5()[1:]], "row 8762", "one year alone"),
    "rows in disorder": (lambda: swapped(plain()), "row 52", "Sort"),
    "a word for a number": (lambda: changed(plain(), 7, "18000,", "18000,about "), "row 7", "number"),
    "a date that is none": (
        lambda: changed(era5(), 3, "2023-01-01", "2023-13-01"),
        "row 3",
        "2023-01-01",
    ),
    "no column of temperature": (lambda: ["time,value", "0,1"], "row 1", "EPW"),
    "nothing": (list, "row 1", "EPW"),
    "a header alone": (lambda: ["Time_s,Temperature_C"], "weather.csv", "whole year"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_weather_file_is_refused_with_row_and_remedy(tmp_path: Path, fault: str) -> None:
    made, place, remedy = FAULTS[fault]
    lines = made()
    with pytest.raises(InputError) as caught:
        read_weather(written(tmp_path, lines))
    (found,) = caught.value.faults
    assert "weather.csv" in found.place
    assert place in found.place
    assert remedy in found.remedy
