"""China's retired batteries, term by term, beside what is reported of them; and the page that explains it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from kitaran.planning import scenario
from kitaran.planning.materials.content import CHEMISTRIES
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.economy_result import EconomyResult
from kitaran.planning.scenario.forecast import Forecast
from kitaran.planning.scenario.region import Region
from kitaran.planning.scenario.reported import (
    CLASSES,
    FAILURES,
    FIRST_PACKS,
    ONE_LIFE,
    TERMS,
    USES,
    WEIGHT,
    Decomposition,
    decompose,
    reported,
)

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reported-retirements.md"


@pytest.fixture(scope="module")
def china() -> tuple[EconomyResult, Decomposition]:
    plain = scenario.load("asia-pacific")
    forecast = Forecast.of(plain, Region(Assumptions(plain, 60, 1, None), None), compared=False)
    result = forecast.economy("CHN")
    return result, decompose(forecast, result)


def _counted(measure: str, year: int) -> float:
    rows = reported("CHN").where(measure=measure, year=year, unit="t").resolve()
    return max(row.central for row in rows)


def test_the_terms_add_up_to_what_the_run_retires(china: tuple[EconomyResult, Decomposition]) -> None:
    result, found = china
    parts = [part for part in result.classes if part.vehicle_class in CLASSES]
    weighed_as_in_composition = sum(
        np.einsum("ycs,cs->ys", part.counted[1], part.content[:, 0]) * 1e3 for part in parts
    )
    without_weight = found.total - found.terms[WEIGHT]
    np.testing.assert_allclose(without_weight, weighed_as_in_composition, rtol=1e-9)
    np.testing.assert_allclose(sum(found.by_class.values()), found.total)


def test_what_the_run_gives_as_retired_mass_is_what_the_terms_add_up_to(
    china: tuple[EconomyResult, Decomposition],
) -> None:
    result, found = china
    lithium = [index for index, name in enumerate(CHEMISTRIES) if name != "lead_acid"]
    mass = sum(part.mass[:, lithium].sum(axis=1) for part in result.classes if part.vehicle_class in CLASSES)
    # A run weighs what retires by the mean flow of the samples.
    np.testing.assert_allclose(mass.mean(axis=1)[8:], found.total.mean(axis=1)[8:], rtol=0.03)


def test_plain_cohorts_of_fifteen_years_are_a_small_part(china: tuple[EconomyResult, Decomposition]) -> None:
    for year in (2020, 2025):
        terms = china[1].in_year(year)
        assert terms[ONE_LIFE] < sum(terms.values()) / 3


def test_taxis_buses_and_vans_and_batteries_that_fail_make_most_of_it(
    china: tuple[EconomyResult, Decomposition],
) -> None:
    terms = china[1].in_year(2020)
    assert terms[USES] + terms[FAILURES] > terms[WEIGHT] + terms[FIRST_PACKS] > 0
    assert list(terms) == list(TERMS)


def test_buses_and_trucks_retire_more_than_cars_in_2020_and_less_in_2025(
    china: tuple[EconomyResult, Decomposition],
) -> None:
    of = {name: mass.mean(axis=1) for name, mass in china[1].by_class.items()}
    assert of["bus"][10] + of["truck"][10] > of["car"][10]
    assert of["bus"][15] + of["truck"][15] < 1.5 * of["car"][15]


def test_a_retired_kilowatt_hour_weighs_more_in_2015_than_in_2030(
    china: tuple[EconomyResult, Decomposition],
) -> None:
    found = china[1]
    per_kwh = (found.total / found.energy / 1e3).mean(axis=1)
    # CATARC gives 200 kt for 25 GWh up to 2020: 8 kg/kWh. Weber gives 9.9.
    assert 7 < per_kwh[10] < 10
    assert per_kwh[5] > per_kwh[10] > per_kwh[20]


def test_the_sum_up_to_2020_is_that_of_catarc(china: tuple[EconomyResult, Decomposition]) -> None:
    so_far = china[1].total[:11].sum(axis=0)
    low, high = np.quantile(so_far, [0.1, 0.9])
    assert low < _counted("retired_so_far", 2020) < high


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_the_ministrys_count_lies_in_the_band(year: int, china: tuple[EconomyResult, Decomposition]) -> None:
    low, high = np.quantile(china[1].total[year - 2010], [0.1, 0.9])
    assert low < _counted("used_traction", year) < high


def test_what_was_told_for_2025_beforehand_was_twice_what_was_counted() -> None:
    told = reported("CHN").where(measure="retired_in_year", year=2025, unit="t", basis="forecast")
    largest = max(row.central for row in told if int(row.number("said_in") or 0) > 2020)
    assert largest > 2 * _counted("used_traction", 2025)


def test_no_forecast_rests_on_a_reported_figure(china: tuple[EconomyResult, Decomposition]) -> None:
    assert "reported_retirements" not in {entry.table for entry in china[0].trail.inputs}


def test_the_page_is_not_stale(china: tuple[EconomyResult, Decomposition]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    heads = [cell.strip() for cell in re.search(r"\| kt \|(.*)\|", text)[1].split("|")]  # type: ignore[index]
    shown = re.search(r"\| \*\*together\*\* \|(.*)\|", text)
    assert shown is not None
    figures = [float(cell.strip(" *").replace(",", "")) for cell in shown[1].split("|")]
    for year, kilotonnes in zip(map(int, heads), figures, strict=True):
        ours = sum(china[1].in_year(year).values()) / 1e3
        # 60 samples here, 200 on the page.
        assert ours == pytest.approx(kilotonnes, rel=0.15), "python tools/reported_retirements.py --write"


def test_the_page_names_every_reported_figure() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"`{row.source}`" in text for row in reported("CHN"))
