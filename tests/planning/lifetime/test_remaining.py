"""What is left in a battery: learnt from measurements, honest about what they do not say."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.planning.lifetime import Course, Remaining, chemistry, courses, remaining_life, setting
from kitaran.planning.lifetime.measurements import age_at, read_measurements
from kitaran.planning.lifetime.remaining import HORIZON_YEARS


@cache
def lives(chemistry_name: str, place: str = "Delhi", use: str = "ride_hailing_two_wheeler") -> list[Course]:
    return courses(chemistry_name, setting(place, use).windows)


def curve(life: Course, factor: float) -> np.ndarray:
    soh = life.model.soh({name: factor * loss for name, loss in life.losses.items()})
    return np.minimum.accumulate(np.asarray(soh))


def left(points: list[float], error: float = 0.01, age: float | None = None) -> Remaining:
    years = np.arange(len(points), dtype=float)
    return remaining_life(lives("LFP"), years, points, np.full(len(points), error), 0.7, age)


def test_a_worn_battery_has_less_life_left_than_a_fresh_one() -> None:
    assert left([0.75]).years["p50"] < left([0.85]).years["p50"] < left([0.95]).years["p50"]


def test_a_battery_below_the_threshold_has_no_life_left() -> None:
    assert left([0.6], error=0.005).years["p90"] == 0.0


def test_more_and_sharper_measurements_narrow_the_range() -> None:
    def width(result: Remaining) -> float:
        return result.years["p90"] - result.years["p10"]

    assert width(left([0.92, 0.90, 0.88, 0.86], error=0.005)) < width(left([0.86], error=0.03))


def test_quantiles_are_in_order_and_throughput_goes_with_years() -> None:
    result = left([0.9, 0.88])
    assert result.years["p10"] <= result.years["p50"] <= result.years["p90"]
    assert result.throughput_efc["p10"] <= result.throughput_efc["p50"] <= result.throughput_efc["p90"]


def test_measurements_that_no_life_explains_are_named() -> None:
    rising = remaining_life(lives("LFP"), [0, 1, 2], [0.6, 0.8, 0.99], [0.005] * 3, 0.5)
    assert not rising.explained


def test_measurements_of_one_day_that_contradict_each_other_are_named_and_widen_the_range() -> None:
    def twice(low: float, high: float) -> Remaining:
        return remaining_life(lives("LFP"), [0, 0], [low, high], [0.005] * 2, 0.7, 4.0)

    near, far = twice(0.87, 0.88), twice(0.80, 0.95)
    assert near.explained
    assert not far.explained
    assert far.years["p90"] - far.years["p10"] > near.years["p90"] - near.years["p10"]


def test_the_same_seed_gives_the_same_answer() -> None:
    assert left([0.9]) == left([0.9])


def test_a_chemistry_without_a_model_is_sent_to_the_lifetime_tables() -> None:
    for name in chemistry.WITHOUT_MODEL:
        assert not chemistry.has_model(name)
    with pytest.raises(NotFoundError, match="lifetime tables"):
        courses("lead_acid", setting("Delhi", "e_rickshaw").windows)


def test_suspect_models_never_speak_for_a_chemistry_unasked() -> None:
    for name in ("LFP", "NCA", "NMC111", "NMC622", "NMC811"):
        assert all(model.standing != "suspect" for model in chemistry.ensemble(name).models)
    assert not chemistry.has_model("LTO")
    assert chemistry.ensemble("NMC811").proxy


def write(path: Path, text: str) -> Path:
    path.write_text("date,soh,soh_error\n" + text, encoding="utf-8")
    return path


def test_measurements_are_read_with_the_age_of_the_battery(tmp_path: Path) -> None:
    read = read_measurements(write(tmp_path / "m.csv", "2024-01-01,0.9,0.01\n2025-01-01,0.88,0.01\n"))
    assert read.years == pytest.approx([0, 366 / 365.25])
    assert age_at(read, "2022-01-01") == pytest.approx(730 / 365.25)
    assert age_at(read, "") is None


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        ("2024-01-01,93,0.01\n", "row 2, soh", "per cent"),
        ("2024-13-01,0.9,0.01\n", "row 2, date", "2026-03-31"),
        ("2024-01-01,0.9,0\n", "row 2, soh_error", "standard deviation"),
        ("2024-01-01,0.9,0.01\n2023-01-01,0.9,0.01\n", "row 3, date", "Sort"),
    ],
)
def test_a_faulty_measurement_is_named(tmp_path: Path, text: str, place: str, remedy: str) -> None:
    with pytest.raises(InputError) as caught:
        read_measurements(write(tmp_path / "m.csv", text))
    assert any(place in fault.place and remedy in fault.remedy for fault in caught.value.faults)


def test_what_outlasts_the_horizon_is_told_as_so_much_or_more() -> None:
    slow = [replace(one, losses={n: 0.02 * loss for n, loss in one.losses.items()}) for one in lives("LFP")]
    long = remaining_life(slow, [0.0], [0.999], [0.01], 0.7, age_at_first=1.0, samples=2_000)
    assert long.beyond > 0.5
    assert long.years["p50"] == pytest.approx(HORIZON_YEARS - 1.0)
    assert (long.at_least["p50"], long.at_least["p90"]) == (True, True)
    worn = left([0.75], age=10.0)
    assert worn.beyond < 0.5
    assert not worn.at_least["p10"]
    assert not worn.at_least["p50"]
