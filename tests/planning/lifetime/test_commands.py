"""`kitaran lifetime simulate` and `remaining` print what their contract says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kitaran.cli.lifetime import app
from kitaran.foundation.errors import KitaranError

from .profiles import COMMUTER, TIME_S, soc, temperature_c


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    file = tmp_path / "profile.csv"
    columns = zip(TIME_S, soc(COMMUTER), temperature_c(28, 3, 4), strict=True)
    rows = "\n".join(f"{t},{s},{c}" for t, s, c in columns)
    file.write_text(f"time_s,soc,temperature_c\n{rows}\n", encoding="utf-8")
    return file


def printed(*arguments: str) -> dict[str, object]:
    done = CliRunner().invoke(app, [*arguments, "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    return json.loads(done.stdout)  # type: ignore[no-any-return]


@pytest.mark.parametrize("method", ["closed_form", "euler_daily"])
def test_simulate_prints_a_value_for_each_day(profile: Path, method: str) -> None:
    found = printed(
        "simulate",
        "--model",
        "nmc111_gr_sanyo_2ah",
        "--profile",
        str(profile),
        "--years",
        "2",
        "--method",
        method,
    )
    assert found["model"] == "nmc111_gr_sanyo_2ah"
    assert found["method"] == method
    assert found["t_days"] == list(range(731))
    assert len(found["soh"]) == len(found["resistance"]) == 731  # type: ignore[arg-type]
    assert set(found["outside_tested_range"]) == {"share", "reasons"}  # type: ignore[call-overload]
    assert found["sources"]


def test_resistance_is_null_where_a_model_has_none(profile: Path) -> None:
    found = printed("simulate", "--model", "lfp_gr_250ah", "--profile", str(profile), "--years", "1")
    assert found["resistance"] is None


def test_what_is_not_finite_is_null(tmp_path: Path) -> None:
    """Kokam in euler_daily and deep cold gives no number, as the peer does; closed_form gives one."""
    file = tmp_path / "cold.csv"
    rows = [f"{3600 * h},{1 - 0.8 * (8 <= h % 24 < 16)},-15.2" for h in range(24 * 10 + 1)]
    file.write_text("time_s,soc,temperature_c\n" + "\n".join(rows), encoding="utf-8")
    command = ("simulate", "--model", "nmc111_gr_kokam_75ah", "--profile", str(file), "--years", "1")
    assert None in printed(*command, "--method", "euler_daily")["soh"]  # type: ignore[operator]
    assert None not in printed(*command)["soh"]  # type: ignore[operator]


def test_simulate_says_in_words_what_it_found(profile: Path) -> None:
    done = CliRunner().invoke(
        app, ["simulate", "--model", "nmc811_grsi_lgmj1", "--profile", str(profile), "--years", "3"]
    )
    assert done.exit_code == 0
    assert "Outside the tested range" in done.stdout
    assert "Caution" in done.stdout


def test_remaining_prints_quantiles_of_years_and_throughput(tmp_path: Path) -> None:
    file = tmp_path / "soh.csv"
    file.write_text("date,soh,soh_error\n2024-01-01,0.93,0.01\n2026-01-01,0.89,0.01\n", encoding="utf-8")
    found = printed(
        "remaining",
        str(file),
        "--chemistry",
        "LFP",
        "--climate",
        "Bangkok",
        "--duty",
        "taxi",
        "--threshold",
        "0.7",
    )
    assert list(found["years"]) == list(found["throughput_efc"]) == ["p10", "p50", "p90"]  # type: ignore[call-overload]
    assert set(found["outside_tested_range"]) == {"share", "reasons"}  # type: ignore[call-overload]


@pytest.mark.parametrize(
    "arguments",
    [
        ["simulate", "--model", "none", "--profile", "p.csv", "--years", "1"],
        ["simulate", "--model", "lfp_gr_250ah", "--profile", "none.csv", "--years", "1"],
        ["simulate", "--model", "lfp_gr_250ah", "--profile", "p.csv", "--years", "1", "--method", "guess"],
        ["remaining", "none.csv", "--climate", "Bangkok", "--duty", "taxi"],
    ],
)
def test_bad_input_is_a_fault_with_exit_code_2(arguments: list[str]) -> None:
    error = CliRunner().invoke(app, arguments).exception
    assert isinstance(error, KitaranError)
    assert error.exit_code == 2
    assert error.faults[0].remedy


def test_what_goes_beyond_capacity_stands_beside_it(profile: Path) -> None:
    found = printed(
        "simulate",
        "--model",
        "nmc111_gr_sanyo_2ah",
        "--profile",
        str(profile),
        "--years",
        "8",
        "--cells-in-series",
        "96",
    )
    assert found["resistance_basis"] == "model"
    assert found["certified_energy_basis"] == "capacity and resistance"
    soh, pack = found["soh"], found["pack"]["soh"]  # type: ignore[call-overload,index]
    assert len(found["power"]) == len(found["certified_energy"]) == len(pack) == len(soh)  # type: ignore[arg-type]
    assert pack[0] == soh[0] == 1.0
    assert pack[-1] < soh[-1]
    assert found["certified_energy"][-1] < soh[-1]  # type: ignore[index]
    knee = found["knee"]["from_day"]  # type: ignore[index,call-overload]
    assert soh[knee] <= 0.75 < soh[knee - 1]


def test_without_a_model_of_resistance_power_is_null_and_the_reason_is_said(profile: Path) -> None:
    found = printed("simulate", "--model", "lfp_gr_250ah", "--profile", str(profile), "--years", "1")
    assert found["power"] is None
    assert "capacity alone" in str(found["resistance_basis"])
    assert found["certified_energy"] == pytest.approx(found["soh"])
    assert found["knee"]["from_day"] is None  # type: ignore[index,call-overload]


SECOND_LIFE = ["second-life", "--climate", "Delhi", "--duty", "taxi", "--to-duty", "home_solar"]


def test_second_life_tells_years_and_throughput_to_its_end_and_to_the_knee() -> None:
    found = printed(*SECOND_LIFE, "--to-climate", "Thimphu", "--hand-over-at", "0.85")
    first, second = found["first"], found["second"]
    assert first["climate"] == "IND/New Delhi"  # type: ignore[index,call-overload]
    assert first["years"] > 1  # type: ignore[index,call-overload]
    assert second["soh"][0] == pytest.approx(0.85, abs=1e-3)  # type: ignore[index,call-overload]
    assert second["years"] is None or second["years"] > second["years_to_knee"]  # type: ignore[index,call-overload]
    assert second["throughput_efc"] >= second["throughput_efc_to_knee"] > 0  # type: ignore[index,call-overload]
    assert found["sources"]


def test_second_life_says_it_in_words() -> None:
    done = CliRunner().invoke(app, [*SECOND_LIFE, "--model", "nmc811_grsi_lgmj1"], catch_exceptions=False)
    assert done.exit_code == 0
    assert "Second life in IND/New Delhi" in done.stdout
    assert "Caution" in done.stdout


@pytest.mark.parametrize(
    "changed", [["--hand-over-at", "0.5"], ["--chemistry", "lead_acid"], ["--to-climate", "Atlantis"]]
)
def test_a_second_life_that_cannot_be_is_refused(changed: list[str]) -> None:
    error = CliRunner().invoke(app, [*SECOND_LIFE, *changed]).exception
    assert isinstance(error, KitaranError)
    assert error.exit_code == 2
    assert error.faults[0].remedy
