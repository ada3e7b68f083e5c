"""The stock model against flodym 1.1.0, where KITARAN_FLODYM_PYTHON names an interpreter that has it.

flodym's flows are rates by year and its years stand in the middle of intervals; ours are sums over intervals
between edges.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from tests.peers import FLODYM, interpreter

from kitaran import fleet

HERE = Path(__file__).parent
EVEN = np.arange(2000.0, 2040.0)
UNEVEN = np.array([2000.0, 2001.0, 2003.0, 2010.0, 2012.0, 2025.0, 2050.0])
SYSTEMS = 4


def cases() -> dict[str, dict[str, object]]:
    random = np.random.default_rng(5)

    def case(years: np.ndarray, at: str, points: int, driven: str) -> dict[str, object]:
        shape = (years.size, SYSTEMS)
        flow = random.uniform(10, 100, shape)
        if driven == "stock":
            flow = 1e4 + np.cumsum(100 * flow, axis=0)
        mean, cv = random.uniform(5, 15, shape), random.uniform(0.2, 0.6, shape)
        return {
            "years": years, "flow": flow, "mean": mean, "cv": cv, "at": at, "points": points, "driven": driven
        }  # fmt: skip

    return {
        "start": case(EVEN, "start", 1, "inflow"),
        "middle": case(EVEN, "middle", 1, "inflow"),
        "end": case(EVEN, "end", 1, "inflow"),
        "uneven": case(UNEVEN, "middle", 1, "inflow"),
        "even": case(UNEVEN, "middle", 10, "inflow"),
        "driven": case(EVEN, "middle", 1, "stock"),
    }


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    python = interpreter(FLODYM)
    folder = tmp_path_factory.mktemp("flodym")
    flat = {f"{name}_{key}": value for name, case in cases().items() for key, value in case.items()}
    np.savez(folder / "given.npz", **flat)  # type: ignore[arg-type]
    command = [
        python,
        str(HERE / "flodym_stocks.py"),
        str(folder / "given.npz"),
        str(folder / "out.npz"),
    ]
    subprocess.run(command, check=True, timeout=300)
    with np.load(folder / "out.npz") as found:
        return dict(found)


def life(case: dict[str, object]) -> fleet.Life:
    return fleet.Life(fleet.Family.WEIBULL, case["mean"], case["cv"])  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["start", "middle", "end", "uneven"])
def test_cohort_specific_lives_give_the_stock_of_flodym(name: str, peer: dict[str, np.ndarray]) -> None:
    case, edges = cases()[name], peer[f"{name}_bounds"]
    width = np.diff(edges)[:, None]
    found = fleet.project(case["flow"] * width, life(case), edges=edges, timing=str(case["at"]))
    assert found.vehicles_in_use == pytest.approx(peer[f"{name}_stock"], rel=1e-9)


@pytest.mark.parametrize("name", ["start", "middle", "end"])
def test_cohort_specific_lives_give_the_outflow_of_flodym(name: str, peer: dict[str, np.ndarray]) -> None:
    """Of intervals of one year: on longer ones flodym's outflow is not what its stock loses."""
    case = cases()[name]
    found = fleet.project(case["flow"], life(case), timing=str(case["at"]))
    assert found.vehicles_scrapped == pytest.approx(peer[f"{name}_outflow"], rel=1e-9, abs=1e-9)


def test_even_sales_agree_with_flodym_s_finest_quadrature(peer: dict[str, np.ndarray]) -> None:
    case, edges = cases()["even"], peer["even_bounds"]
    found = fleet.project(case["flow"] * np.diff(edges)[:, None], life(case), edges=edges)
    assert found.vehicles_in_use == pytest.approx(peer["even_stock"], rel=2e-6)


def test_the_survival_matrix_of_flodym_can_be_fed_in(peer: dict[str, np.ndarray]) -> None:
    case = cases()["middle"]
    table = fleet.Tabulated(np.moveaxis(peer["middle_sf"], 1, 0))
    found = fleet.project(case["flow"], table)
    assert found.vehicles_in_use == pytest.approx(peer["middle_stock"], rel=1e-12)


def test_a_stock_path_needs_the_sales_that_flodym_finds(peer: dict[str, np.ndarray]) -> None:
    case = cases()["driven"]
    found = fleet.project(None, life(case), stock=case["flow"], timing="middle")
    assert found.sales + found.negative_sales == pytest.approx(peer["driven_inflow"], rel=1e-8)
    assert found.vehicles_scrapped == pytest.approx(peer["driven_outflow"], rel=1e-8)
    assert np.abs(found.gap).max() < 1e-6
