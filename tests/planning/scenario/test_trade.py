"""Used vehicles leave one economy and arrive in another: nothing is lost, and ages go with them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from kitaran.foundation.errors import KitaranError
from kitaran.planning import scenario
from kitaran.planning.fleet.kernels import Kernel, Life, Replacement, vehicle_kernel
from kitaran.planning.fleet.stock import imbalance, outflow
from kitaran.planning.fleet.survival import Family
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.economy_result import YEARS as SHOWN
from kitaran.planning.scenario.economy_result import ClassResult
from kitaran.planning.scenario.forecast import Forecast
from kitaran.planning.scenario.people import COHORTS, FIRST_COHORT
from kitaran.planning.scenario.region import Region
from kitaran.planning.scenario.trade import Inflow
from kitaran.planning.scenario.trade_kernels import exporters_kernel, importers_kernel, kept, leaving_by_age
from kitaran.planning.scenario.used_exports import (
    OUTSIDE,
    Outflow,
    assert_balance,
    counted_exports,
    exporters,
)

Array = NDArray[np.float64]
YEARS, SAMPLES = len(COHORTS), 3


@pytest.fixture(scope="module")
def car() -> Kernel:
    """Cars of 15 years whose batteries last 12, by year since sale."""
    life = np.full(SAMPLES, 15.0)
    rule = Replacement(np.full(SAMPLES, 0.5), np.full(SAMPLES, 0.9))
    vehicle, battery = Life(Family.WEIBULL, life, 0.25), Life(Family.WEIBULL, life - 3, 0.3)
    return vehicle_kernel(vehicle, battery, rule, YEARS)


@pytest.fixture(scope="module")
def leaving() -> Array:
    return leaving_by_age(5.0, 2.0, YEARS)


def test_vehicles_leave_around_the_age_of_export(leaving: Array) -> None:
    assert leaving.sum() == pytest.approx(1.0)
    assert (leaving * (np.arange(YEARS) + 0.5)).sum() == pytest.approx(5.0, abs=0.1)


def test_what_leaves_used_neither_retires_nor_stays(car: Kernel, leaving: Array) -> None:
    kernel, exported = exporters_kernel(car, kept(leaving, 0.4))
    sold = np.linspace(1e3, 9e3, YEARS)[:, None] * np.ones(SAMPLES)
    gone = outflow(sold, kernel.retired - kernel.installed + exported)
    assert imbalance(sold, gone, outflow(sold, kernel.in_use)) < 1e-12
    # Nearly all of the two fifths leave: few cars are scrapped in their first eight years.
    assert 0.37 < exported.sum(axis=0).mean() < 0.4
    assert np.all(kernel.retired.sum(axis=0) < car.retired.sum(axis=0))


def test_without_export_an_exporter_is_as_it_was(car: Kernel, leaving: Array) -> None:
    kernel, exported = exporters_kernel(car, kept(leaving, 0.0))
    np.testing.assert_allclose(kernel.retired, car.retired)
    assert not exported.any()


def test_a_used_vehicle_lives_the_rest_of_a_life(car: Kernel) -> None:
    at_five = np.zeros(YEARS)
    at_five[5] = 1.0
    used = importers_kernel(car, at_five)
    np.testing.assert_allclose(used.in_use[:20], car.in_use[5:25] / car.in_use[5])
    np.testing.assert_allclose(used.retired[1:20], car.retired[6:25] / car.in_use[5])
    assert not used.retired[0].any()


def test_arrivals_balance_with_exits_and_stock(car: Kernel, leaving: Array) -> None:
    used = importers_kernel(car, leaving)
    arrive = np.linspace(10, 500, YEARS)[:, None] * np.ones(SAMPLES)
    gone = outflow(arrive, used.retired - used.installed)
    assert imbalance(arrive, gone, outflow(arrive, used.in_use)) < 1e-12


def test_older_arrivals_retire_sooner(car: Kernel) -> None:
    young, old = np.zeros(YEARS), np.zeros(YEARS)
    young[2] = old[9] = 1.0
    lasts = [importers_kernel(car, ages).in_use.sum(axis=0).mean() for ages in (young, old)]
    assert lasts[0] > lasts[1] + 3


def _sent(shares: dict[str, float]) -> Outflow:
    vehicles = np.outer(np.linspace(0, 1e4, YEARS), leaving_by_age(5.0, 2.0, YEARS))
    of_year = {name: np.full(YEARS, share) for name, share in shares.items()}
    return Outflow("JPN", "car", vehicles, np.full(YEARS, 30.0), 0.3, vehicles[0], 2017, of_year, 2022, ())


def test_exported_is_imported_and_what_leaves_the_region() -> None:
    outflow_ = _sent({"NZL": 0.4, "RUS": 0.4, OUTSIDE: 0.2})
    assert_balance(outflow_)
    arrived = sum(outflow_.to(partner).sum() for partner in ("NZL", "RUS", OUTSIDE))
    assert arrived == pytest.approx(outflow_.vehicles.sum())


def test_shares_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(KitaranError, match="lost between economies"):
        assert_balance(_sent({"NZL": 0.4, OUTSIDE: 0.2}))


def test_an_importer_takes_no_more_than_its_market_after_the_counts() -> None:
    sent = np.zeros((YEARS, YEARS))
    sent[:, 5] = 1000.0
    inflow = Inflow(sent, np.full(YEARS, 30.0), counted=1.0, most=0.5, counted_until=2022, rows=())
    taken = inflow.taken(np.full(YEARS, 800.0))
    assert taken[2022 - FIRST_COHORT] == 1000.0
    assert taken[2030 - FIRST_COHORT] == 400.0


def test_used_vehicles_beside_recorded_sales_are_half_of_what_enters_at_most() -> None:
    sent = np.full((YEARS, 1), 1e6)
    inflow = Inflow(sent, np.full(YEARS, 30.0), counted=0.0, most=0.5, counted_until=2022, rows=())
    assert inflow.taken(np.full(YEARS, 800.0))[-1] == pytest.approx(800.0)


def test_japan_sent_fifty_thousand_battery_cars_abroad_and_plug_in_hybrids_beside() -> None:
    counted, rows = counted_exports("JPN", "car")
    # 757 plug-in hybrids to 4,029 battery cars in 2017.
    assert counted == {2022: pytest.approx(50_000 * (1 + 757 / 4029))}
    assert {row.text("powertrain") for row in rows} == {"BEV", "PHEV"}
    assert exporters() == [("JPN", "car")]


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    plain = scenario.load("asia-pacific")
    return Forecast.of(plain, Region(Assumptions(plain, 10, 1, None), None), compared=False)


def _cars(forecast: Forecast, economy: str) -> ClassResult:
    (part,) = (part for part in forecast.economy(economy).classes if part.vehicle_class == "car")
    return part


def test_japan_loses_what_it_sends_and_its_partners_get_it(forecast: Forecast) -> None:
    japan = _cars(forecast, "JPN")
    entered = japan.past.sold + japan.past.adjustment.unrecorded
    entered[-len(SHOWN) :] = japan.sold
    left = sum(
        outflow(entered * japan.carried.vehicles(kind), kind.exported)
        for kind in japan.carried.kinds
        if kind.exported is not None
    )
    sent = forecast.used_trade.outflow("JPN", "car")
    assert sent is not None
    np.testing.assert_allclose(
        left.mean(axis=1)[-len(SHOWN) :], sent.vehicles.sum(axis=1)[-len(SHOWN) :], rtol=1e-6
    )
    # 50,000 battery cars from 2017 to 2022 and the plug-in hybrids beside them.
    counted = sent.vehicles.sum(axis=1)[2017 - FIRST_COHORT : 2023 - FIRST_COHORT].sum()
    assert counted == pytest.approx(50_000 * (1 + 757 / 4029))
    assert not sent.vehicles[2016 - FIRST_COHORT].any()


def test_used_cars_in_new_zealand_are_part_of_its_sales_and_bring_no_new_batteries(
    forecast: Forecast,
) -> None:
    cars = _cars(forecast, "NZL")
    used = [kind for kind in cars.carried.kinds if kind.arrived_used]
    year = 2022 - FIRST_COHORT
    part = sum(cars.carried.vehicles(kind)[year].mean() for kind in used)
    # 4,000 to 6,000 of some 28,000 that IEA counts.
    assert 0.1 < part < 0.25
    new_energy = cars.placed[0, 2022 - 2010].sum(axis=0).mean()
    per_car = new_energy * 1e6 / cars.sold[2022 - 2010].mean()
    assert per_car < cars.carried.energy["lithium"][year].mean() * (1 - part / 2)


def test_cars_that_russia_got_used_from_japan_stand_beside_its_sales(forecast: Forecast) -> None:
    cars = _cars(forecast, "RUS")
    sold = cars.sold[:13].mean(axis=1).sum()
    # 22,000 used battery cars came from 2017 to 2022, and few new ones were sold.
    assert cars.in_use[2022 - 2010].mean() > 3 * sold
    later = forecast.used_trade.outflow("JPN", "car")
    assert later is not None
    assert not later.to("RUS")[2024 - FIRST_COHORT].any()


def test_an_economy_without_used_trade_is_untouched(forecast: Forecast) -> None:
    assert forecast.used_trade.outflow("THA", "car") is None
    assert forecast.used_trade.inflow("THA", "car") is None
    assert not any(kind.arrived_used for kind in _cars(forecast, "THA").carried.kinds)
