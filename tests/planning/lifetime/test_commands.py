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
