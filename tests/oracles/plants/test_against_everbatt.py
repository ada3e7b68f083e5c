"""The plant model with all slips against what EverBatt 2023 computes."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from kitaran import processes

CASES = Path(__file__).with_name("everbatt_2023.csv")
ASKED = ("battery", "chemistry", "feed", "throughput_t", "location", "route")
RELATIVE, NEAR_ZERO_USD = 1e-4, 1e-3


def cases(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def answered(case: dict[str, str]) -> dict[str, Any]:
    answer = processes.cost(
        case["route"],
        case["chemistry"],
        case["feed"],
        float(case["throughput_t"]),
        case["location"],
        battery=case["battery"],
        legacy=True,
    )
    return processes.as_dict(answer)


def found(result: dict[str, Any], name: str) -> float | None:
    plant, _, quantity = name.rpartition(".")
    if not plant:
        return float(result[quantity])
    return float(result["plants"][plant][quantity]) if result["plants"][plant] else None


@pytest.mark.parametrize(
    "case", cases(CASES), ids=lambda case: "-".join(case[name] for name in ("route", "chemistry", "feed"))
)
def test_every_published_figure_is_met_within_a_hundredth_of_a_percent(case: dict[str, str]) -> None:
    result = answered(case)
    published = {name: float(value) for name, value in case.items() if name not in ASKED and value}
    assert len(published) >= 17
    for name, value in published.items():
        assert found(result, name) == pytest.approx(value, rel=RELATIVE, abs=NEAR_ZERO_USD), name


@pytest.mark.shared
def test_the_packaged_figures_are_those_of_the_given_cases(shared: Path) -> None:
    given = cases(shared / "facts" / "plants" / "cases.csv")
    ours = cases(CASES)
    assert len(ours) == 3 * len(given)
    for row, short in zip(ours, ("pyro", "hydro", "direct") * len(given), strict=True):
        wanted = given[ours.index(row) // 3]
        assert row["cost_usd"] == wanted[f"cost_{short}"]
        assert row["recovery.fci_usd"] == wanted[f"cm_{short}_fci"]
        assert row["transport_ghg_g"] == wanted["ghg_transport"]


def test_the_worked_plant_of_the_specification_comes_out() -> None:
    # NMC622 cells, 10,000 t, United States: E 8.7032e6, ISBL 27.850e6, 6992.5 t of black mass.
    recovery = processes.cost("hydrometallurgical", "NMC622", "eol_cell", 10_000, "USA", legacy=True).recovery
    assert recovery.cost.throughput_t == pytest.approx(6992.5, abs=0.05)
    assert recovery.cost.capital.equipment == pytest.approx(8.7032e6, rel=1e-5)
    assert recovery.cost.capital.inside == pytest.approx(27.850e6, rel=1e-4)
    assert recovery.cost.capital.total == pytest.approx(6.032 * recovery.cost.capital.equipment, rel=1e-9)
