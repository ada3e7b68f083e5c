"""euler_daily is blast-lite 1.1.1 to 1e-9; closed_form is finite where it is not.

Three ways: a table stored here, the given cases, and the peer itself where KITARAN_BLAST_PYTHON names an
interpreter that has blast-lite (it needs numpy below 2).
"""

from __future__ import annotations

import csv
import importlib.util
import os
import subprocess
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from kitaran.planning import lifetime

HERE = Path(__file__).parent
BLAST_PYTHON = os.environ.get("KITARAN_BLAST_PYTHON")  # read here: each test runs without such settings
TOLERANCE = 1e-9
MODELS = list(lifetime.catalogue())


def made_profiles() -> dict[str, dict[str, np.ndarray]]:
    """Six profiles by formula: uneven cycles, deep cold, great heat, long rests, no charging, five minutes."""
    hour = np.arange(60 * 24 + 1)
    wave = np.sin(hour / 5.3) * np.sin(hour / 37.0)
    warm = np.cos(2 * np.pi * hour / 24)
    uneven = 0.5 + 0.45 * wave
    return {
        "uneven": profile(hour, uneven, 22 + 9 * warm + 8 * np.sin(hour / 300)),
        "cold": profile(hour, np.round(uneven, 1), -8 + 6 * warm),
        "hot": profile(hour, 0.6 + 0.35 * np.cos(hour / 2.1), 43 + 9 * warm),
        "resting": profile(
            hour, np.where(hour % 168 < 20, 0.9 - 0.03 * (hour % 168 % 20), 0.9), 27 + 5 * warm
        ),
        "discharging": profile(np.arange(25), np.linspace(1, 0, 25), np.full(25, 3.0)),
        "five_minutes": profile(
            np.arange(2 * 288 + 1) / 12,
            np.round(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(2 * 288 + 1) / 97), 3),
            38 + 5 * np.sin(np.arange(2 * 288 + 1) / 31),
        ),
    }


def profile(hour: np.ndarray, soc: np.ndarray, temperature_c: np.ndarray) -> dict[str, np.ndarray]:
    return {"time_s": 3600.0 * hour, "soc": soc, "temperature_c": temperature_c}


def stored() -> dict[tuple[str, str], dict[int, tuple[float, float]]]:
    """(profile, model) to {day: (soh, resistance)} from the stored table; NaN where the peer gives none."""
    found: dict[tuple[str, str], dict[int, tuple[float, float]]] = {}
    with (HERE / "blast_lite_1_1_1.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            numbers = (float(row["soh"]), float(row["resistance"] or "nan"))
            found.setdefault((row["profile"], row["model"]), {})[int(row["day"])] = numbers
    return found


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("name", made_profiles())
def test_the_stored_lives_of_the_peer_are_met(name: str, model: str) -> None:
    life = lifetime.simulate(model, **made_profiles()[name], years=200 / 365, method="euler_daily")
    sound = lifetime.simulate(model, **made_profiles()[name], years=200 / 365)
    assert np.isfinite(sound.soh).all()
    for day, (soh, resistance) in stored()[name, model].items():
        assert life.soh[0, day] == pytest.approx(soh, abs=TOLERANCE, nan_ok=True)
        if life.resistance is not None:
            assert life.resistance[0, day] == pytest.approx(resistance, abs=TOLERANCE, nan_ok=True)


@pytest.mark.shared
@pytest.mark.parametrize("model", MODELS)
def test_the_given_cases_are_met(model: str) -> None:
    cases = given_cases()
    rows = [row for row in cases[1] if row["model"] == model]
    assert rows
    for climate, duty in sorted({(row["climate"], row["duty"]) for row in rows}):
        series = cases[0].make_profile(climate, duty)
        names = dict(zip(("time_s", "soc", "temperature_c"), series.values(), strict=True))
        life = lifetime.simulate(model, **names, years=15, method="euler_daily")
        sound = lifetime.simulate(model, **names, years=15)
        for row in (r for r in rows if (r["climate"], r["duty"]) == (climate, duty)):
            day = 365 * int(row["year"])
            assert np.isfinite(sound.soh[0, day])
            assert life.soh[0, day] == pytest.approx(float(row["soh"]), abs=TOLERANCE, nan_ok=True)
            if life.resistance is not None and row["resistance"]:
                assert life.resistance[0, day] == pytest.approx(
                    float(row["resistance"]), abs=TOLERANCE, nan_ok=True
                )


def given_cases() -> tuple[ModuleType, list[dict[str, str]]]:
    root = os.environ.get("KITARAN_SHARED")
    if not root:
        pytest.skip("KITARAN_SHARED names no folder of given cases")
    folder = Path(root) / "cases"
    spec = importlib.util.spec_from_file_location("lifetime_profiles", folder / "lifetime_profiles.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with (folder / "lifetime.csv").open(encoding="utf-8") as file:
        return module, list(csv.DictReader(file))


def test_the_peer_itself_gives_the_same_lives(tmp_path: Path) -> None:
    if not BLAST_PYTHON:
        pytest.skip("KITARAN_BLAST_PYTHON names no interpreter that has blast-lite 1.1.1")
    draw = np.random.default_rng(7)
    hour = np.arange(30 * 24 + 1)
    swing = np.clip(0.5 + np.cumsum(draw.normal(0, 0.08, hour.size)) % 1 - 0.5, 0, 1)
    random = profile(hour, swing, draw.uniform(-5, 35) + draw.normal(0, 6, hour.size))
    profiles = made_profiles() | {"random": random}
    flat = {
        f"{name}_{column}": array for name, series in profiles.items() for column, array in series.items()
    }
    np.savez(tmp_path / "profiles.npz", **flat)  # type: ignore[arg-type]
    command = [
        BLAST_PYTHON,
        HERE / "blast_lite_lives.py",
        tmp_path / "profiles.npz",
        "200",
        tmp_path / "out.npz",
    ]
    subprocess.run(command, check=True, timeout=300)
    peer = np.load(tmp_path / "out.npz")
    for name, series in profiles.items():
        for model in MODELS:
            life = lifetime.simulate(model, **series, years=200 / 365, method="euler_daily")
            assert life.soh[0] == pytest.approx(peer[f"{name}.{model}.soh"], abs=TOLERANCE, nan_ok=True)
            if life.resistance is not None:
                expected = peer[f"{name}.{model}.resistance"]
                assert life.resistance[0] == pytest.approx(expected, abs=TOLERANCE, nan_ok=True)
