"""A profile that cannot be used is refused by file, row and remedy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, integers

from kitaran.foundation.errors import Fault, InputError
from kitaran.planning.lifetime import Profile, read_profile

GOOD = [(3600 * hour, 0.5, 25.0) for hour in range(49)]


def write(
    path: Path, rows: list[tuple[object, object, object]], head: str = "time_s,soc,temperature_c"
) -> Path:
    path.write_text("\n".join([head, *(",".join(map(str, row)) for row in rows)]), encoding="utf-8")
    return path


def refusal(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        read_profile(path)
    return caught.value


def test_a_profile_of_whole_days_is_read(tmp_path: Path) -> None:
    profile = read_profile(write(tmp_path / "p.csv", GOOD))
    assert profile.time_s[-1] == 2 * 86400
    assert profile.soc.shape == (49,)


@pytest.mark.parametrize(
    ("row", "cells", "place", "remedy"),
    [
        (10, (36000, 1.2, 25.0), "row 12, soc", "per cent"),
        (10, (36000, -0.1, 25.0), "row 12, soc", "fraction"),
        (10, (36000, 0.5, 298.0), "row 12, temperature_c", "273.15"),
        (10, (36000, 0.5, -80.0), "row 12, temperature_c", "Celsius"),
        (10, (32400, 0.5, 25.0), "row 12, time_s", "increase"),
        (10, (36000, "", 25.0), "row 12, soc", "number"),
        (10, (36000, "nan", 25.0), "row 12, soc", "number"),
        (10, (36900, 0.5, 25.0), "row 12, time_s", "resample"),
    ],
)
def test_a_faulty_row_is_named_with_its_remedy(
    tmp_path: Path, row: int, cells: tuple[object, object, object], place: str, remedy: str
) -> None:
    rows: list[tuple[object, object, object]] = list(GOOD)
    rows[row] = cells
    faults = refusal(write(tmp_path / "p.csv", rows)).faults
    assert any(place in fault.place and remedy in fault.remedy for fault in faults)


def test_a_gap_is_named_by_the_row_after_it(tmp_path: Path) -> None:
    error = refusal(write(tmp_path / "p.csv", GOOD[:20] + GOOD[21:]))
    assert "gap" in error.faults[0].cause
    assert "row 22" in error.faults[0].place


def test_fewer_than_25_samples_are_too_few(tmp_path: Path) -> None:
    assert "24 samples" in refusal(write(tmp_path / "p.csv", GOOD[:24])).faults[0].cause


def test_a_broken_day_at_the_end_is_refused(tmp_path: Path) -> None:
    assert "whole number of days" in refusal(write(tmp_path / "p.csv", GOOD[:-1])).faults[0].cause


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    error = refusal(write(tmp_path / "p.csv", GOOD, head="time_s,soc,temp"))
    assert "temperature_c" in error.faults[0].cause


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "none.csv").faults[0].cause


TEXT = "\n".join(["time_s,soc,temperature_c", *(",".join(map(str, row)) for row in GOOD)]) + "\n"


@pytest.mark.parametrize(
    ("raw", "place", "remedy"),
    [
        (b"", "row 1", "time_s, soc, temperature_c"),
        (b"time_s,soc,temperature_c\n", "row 1", "sample"),
        (TEXT.replace(",", ";").encode(), "row 1", "commas"),
        (TEXT.replace(",", ";").replace(".", ",").encode(), "row 1", "point"),
        (TEXT.replace(",", "\t").encode(), "row 1", "commas"),
        (TEXT.replace("soc", "soc,soc").encode(), "row 1", "Keep one"),
        (TEXT.replace("18000,0.5,25.0", "18000,0,5,25,0").encode(), "row 7", "point"),
        (TEXT.replace("18000,0.5,25.0", '18000,"0,5",25.0').encode(), "row 7, soc", "point"),
        (TEXT.replace("18000,0.5,25.0", "18_000,0.5,25.0").encode(), "row 7, time_s", "number"),
        (TEXT.replace("18000,0.5,25.0", "18000,0.5").encode(), "row 7, temperature_c", "number"),
        (TEXT.replace("18000,0.5,25.0", "18000,0.5,inf").encode(), "row 7, temperature_c", "number"),
        (TEXT.encode("utf-16"), "row 1", "UTF-8"),
        (TEXT.encode() + b"\xff\xfe", "row 51", "UTF-8"),
        (TEXT.replace("\n0,", "\n60,").encode(), "row 2, time_s", "Start at 0"),
        (TEXT.replace("time_s,soc,temperature_c\n", "").encode(), "row 1", "time_s,soc,temperature_c"),
    ],
)
def test_a_file_that_is_no_such_csv_is_refused_by_row_and_remedy(
    tmp_path: Path, raw: bytes, place: str, remedy: str
) -> None:
    file = tmp_path / "p.csv"
    file.write_bytes(raw)
    faults = refusal(file).faults
    assert any(f"p.csv, {place}" in fault.place and remedy in fault.remedy for fault in faults)


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode("utf-8-sig"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("time_s,soc,", "time_s, soc, ").encode(),
        (TEXT + "\n\n").encode(),
        TEXT.replace("soc,temperature_c", "soc,temperature_c,remark").encode(),
    ],
)
def test_what_a_spreadsheet_adds_does_no_harm(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "p.csv"
    file.write_bytes(raw)
    assert read_profile(file).soc.shape == (49,)


def test_rows_are_counted_in_the_file_past_empty_ones(tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    file.write_text(TEXT.replace("18000,0.5", "\n\n18000,7"), encoding="utf-8")
    assert "row 9, soc" in refusal(file).faults[0].place


@settings(max_examples=300, deadline=None)
@given(where=integers(0, len(TEXT) - 1), what=binary(max_size=4), cut=integers(0, 40))
def test_no_damage_to_a_file_passes_unnoticed_or_ends_in_anything_but_a_fault(
    tmp_path_factory: pytest.TempPathFactory, where: int, what: bytes, cut: int
) -> None:
    file = tmp_path_factory.mktemp("damaged") / "p.csv"
    raw = TEXT.encode()
    file.write_bytes(raw[:where] + what + raw[where + cut :])
    profile, faults = read_or_refused(file)
    assert all(str(file) in fault.place and fault.remedy for fault in faults)
    if profile is not None:
        assert np.isfinite([profile.time_s, profile.soc, profile.temperature_c]).all()
        assert (np.diff(profile.time_s) > 0).all()
        assert ((profile.soc >= 0) & (profile.soc <= 1)).all()
        assert profile.time_s[-1] % 86400 == 0


def read_or_refused(file: Path) -> tuple[Profile | None, tuple[Fault, ...]]:
    try:
        return read_profile(file), ()
    except InputError as error:
        return None, error.faults
