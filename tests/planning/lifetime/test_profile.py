"""A profile that cannot be used is refused by file, row and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from kitaran.foundation.errors import InputError
from kitaran.planning.lifetime import read_profile

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
