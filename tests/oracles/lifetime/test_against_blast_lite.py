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
from tests.peers import BLAST, interpreter

from kitaran.planning import lifetime

HERE = Path(__file__).parent
TOLERANCE = 1e-9
MODELS = list(lifetime.catalogue())


def made_profiles() -> dict[str, dict[str, np.ndarray]]:
    """Six profiles by formula: uneven cycles, deep cold, heat, long rests, no charging, five minutes."""
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


def random_profiles(seed: int) -> dict[str, dict[str, np.ndarray]]:
    """Profiles drawn at random: full and micro-cycles, storage, leaps; minutes or hours; -30 to 55 degC."""
    draw = np.random.default_rng(seed)
    found = {}
    for name in ("full", "micro", "storage", "wander", "steps", "leaps", "emptying", "filling"):
        per_day = int(draw.choice([24, 24, 48, 96, 288]))
        days = int(draw.choice([1, 2, 9, 40])) if per_day < 288 else int(draw.choice([1, 3]))
        hour = np.arange(per_day * days + 1) * (24.0 / per_day)
        count = hour.size
        soc = {
            "full": 0.5 + 0.5 * np.cos(2 * np.pi * hour / draw.choice([6, 12, 24, 31])),
            "micro": np.clip(draw.uniform(0.1, 0.9) + draw.normal(0, 0.01, count), 0, 1),
            "storage": np.full(count, draw.choice([0.0, 0.5, 1.0])),
            "wander": np.abs((0.5 + np.cumsum(draw.normal(0, 0.08, count))) % 2 - 1),
            "steps": np.repeat(draw.uniform(0, 1, count // 7 + 1), 7)[:count],
            "leaps": draw.integers(0, 2, count).astype(float) if per_day == 24 else hour % 24 / 24,
            "emptying": np.linspace(1, 0, count),
            "filling": np.linspace(0, 1, count),
        }[name]
        air = draw.choice([-30.0, -10.0, 10.0, 25.0, 40.0, 50.0])
        waves = draw.uniform(0, 6) * np.cos(2 * np.pi * (hour - 15) / 24) + draw.normal(0, 0.5, count)
        found[f"{name}_{seed}"] = profile(hour, soc, air + waves)
    return found


def test_the_peer_itself_gives_the_same_lives(tmp_path: Path) -> None:
    """On the made profiles and on some drawn at random; relative where its numbers have run away."""
    profiles = made_profiles() | random_profiles(7)
    peer = peer_lives(tmp_path, profiles, 120)
    for name, series in profiles.items():
        for model in MODELS:
            life = lifetime.simulate(model, **series, years=120 / 365, method="euler_daily")
            expected = peer[f"{name}.{model}.soh"]
            assert life.soh[0] == pytest.approx(expected, rel=TOLERANCE, abs=TOLERANCE, nan_ok=True)
            if life.resistance is not None:
                expected = peer[f"{name}.{model}.resistance"]
                assert life.resistance[0] == pytest.approx(
                    expected, rel=TOLERANCE, abs=TOLERANCE, nan_ok=True
                )


@pytest.mark.parametrize("model", MODELS)
def test_random_profiles_leave_closed_form_finite_and_falling(model: str) -> None:
    for series in (random_profiles(11) | random_profiles(12)).values():
        life = lifetime.simulate(model, **series, years=1)
        assert np.isfinite(life.soh).all()
        assert life.soh[0, 0] == 1.0
        if all(not state.reversible for state in lifetime.catalogue()[model].states):
            assert (np.diff(life.soh[0]) <= 1e-12).all()


def peer_lives(folder: Path, profiles: dict[str, dict[str, np.ndarray]], days: int) -> dict[str, np.ndarray]:
    flat = {
        f"{name}_{column}": array for name, series in profiles.items() for column, array in series.items()
    }
    given, out = folder / "profiles.npz", folder / "out.npz"
    np.savez(given, **flat)  # type: ignore[arg-type]
    command = [interpreter(BLAST), str(HERE / "blast_lite_lives.py"), str(given), str(days), str(out)]
    subprocess.run(command, check=True, timeout=600)
    return dict(np.load(out))
