"""The stock model: rules one at a time, and what it says of input that cannot be used."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import kitaran
from kitaran import fleet
from kitaran.foundation.errors import InputError, KitaranError
from kitaran.planning.fleet.projection import assert_balanced

FOREVER = np.ones(60)
AGE = np.arange(40.0)
VEHICLE = np.exp(-((AGE / 14) ** 3))
BATTERY = np.exp(-((AGE / 9) ** 4))
SOLD_ONCE = [100.0, 0, 0, 0, 0, 0]


def test_the_noun_is_public() -> None:
    assert kitaran.fleet.project is fleet.project


# -- convolution and joint state


@pytest.mark.parametrize("timing", list(fleet.Timing))
@pytest.mark.parametrize("ends", ["in_turn", "at_once"])
@pytest.mark.parametrize("replacement", ["always", "none", np.where(AGE < 10, 0.8, 0.1)])
def test_convolution_and_joint_state_are_one_model(timing: str, ends: str, replacement: Any) -> None:
    sales = np.random.default_rng(1).uniform(0, 100, (25, 2, 2))
    own = {"timing": timing, "ends": ends, "replacement": replacement}
    convolved = fleet.project(sales, VEHICLE, BATTERY, **own)
    walked = fleet.project(sales, VEHICLE, BATTERY, retired_by_age=True, **own)
    assert convolved.retired_by_age is None
    for name in ("vehicles_in_use", "vehicles_scrapped", "vehicles_given_up", "batteries_retired"):
        assert getattr(convolved, name) == pytest.approx(getattr(walked, name), rel=1e-9, abs=1e-9), name


def test_the_stock_model_and_the_kernels_of_the_forecast_are_one_model() -> None:
    """Weibull vehicles, logistic batteries, worth share and probability, by month."""
    sold = np.random.default_rng(4).uniform(0, 1e5, (30, 3))
    vehicle = fleet.Life(fleet.Family.WEIBULL, np.array([9.0, 13.0, 16.0]), 0.3)
    battery = fleet.Life(fleet.Family.LOGISTIC, np.array([4.0, 8.0, 12.0]), 0.25)
    rule = fleet.Replacement(np.array([0.3, 0.5, 0.4]), np.array([0.9, 0.7, 1.0]))
    kernel = fleet.vehicle_kernel(vehicle, battery, rule, 30)
    found = fleet.project(sold, vehicle, battery, replacement=rule, step=1 / 12)
    assert found.vehicles_in_use == pytest.approx(fleet.outflow(sold, kernel.in_use), rel=1e-9)
    assert found.retired() == pytest.approx(fleet.outflow(sold, kernel.retired), rel=1e-9)
    assert found.batteries_replaced_new == pytest.approx(fleet.outflow(sold, kernel.installed), rel=1e-9)


def test_a_cohort_of_its_own_life_is_the_sum_of_its_cohorts() -> None:
    lives = np.stack([np.exp(-((AGE / mean) ** 3)) for mean in np.linspace(8, 14, 10)])
    sales = np.random.default_rng(2).uniform(0, 100, 10)
    whole = fleet.project(sales, lives, BATTERY)
    parts = [fleet.project(np.where(np.arange(10) == c, sales, 0), lives[c], BATTERY) for c in range(10)]
    assert whole.vehicles_in_use == pytest.approx(sum(part.vehicles_in_use for part in parts))
    assert whole.retired() == pytest.approx(sum(part.retired() for part in parts))


def test_a_battery_made_later_has_the_life_of_its_own_year() -> None:
    """Batteries of year 0 fail after one year, those of later years never."""
    battery = np.ones((6, 60))
    battery[0, 2:] = 0.0
    found = fleet.project(SOLD_ONCE, FOREVER, battery, timing="end")
    assert found.batteries_replaced_new == pytest.approx([0, 0, 100.0, 0, 0, 0])


def test_a_lifetime_pdf_becomes_a_survival() -> None:
    assert fleet.alive_from_pdf([0.1, 0.5, 0.4]) == pytest.approx([1.0, 0.9, 0.4, 0.0])
    with pytest.raises(InputError, match="sums to more than 1"):
        fleet.alive_from_pdf([0.6, 0.6])


def test_calendar_ageing_and_wear_must_both_be_survived() -> None:
    apart = fleet.project(SOLD_ONCE, VEHICLE, BATTERY, battery_calendar=VEHICLE)
    joined = fleet.project(SOLD_ONCE, VEHICLE, BATTERY * VEHICLE)
    assert apart.retired() == pytest.approx(joined.retired())


def test_retired_batteries_keep_their_age() -> None:
    battery = (AGE < 3).astype(float)
    found = fleet.project(SOLD_ONCE, FOREVER, battery, timing="start", retired_by_age=True)
    assert found.retired_by_age is not None
    assert found.battery_age.tolist() == [0, 1, 2, 3, 4, 5]
    assert found.retired_by_age[0, 2] == pytest.approx([0, 0, 100.0, 0, 0, 0])
    assert found.retired_by_age.sum(axis=2) == pytest.approx(found.batteries_retired)


# -- reuse


def test_a_used_battery_goes_on_with_its_own_remaining_life() -> None:
    """Batteries last exactly 6 years. When those of old vehicles fail, half of the two-year-old vehicles is
    scrapped: their batteries serve the old vehicles for the four years that they have left."""
    vehicle = np.where(AGE < 2, 1.0, np.where(AGE < 20, 0.5, 0.0))
    found = fleet.project(
        [0.0, 0, 100.0, 0, 0, 0, 0, 0, 0],
        vehicle,
        (AGE < 6).astype(float),
        initial_stock=[0.0, 100.0],
        reuse_share=1.0,
        timing="start",
        ends="at_once",
    )
    assert found.batteries_replaced_reused == pytest.approx([0, 0, 0, 50.0, 0, 0, 0, 0, 0])
    assert found.batteries_replaced_new == pytest.approx([0, 0, 0, 50.0, 0, 0, 0, 100.0, 0])
    assert found.retired("with_vehicle") == pytest.approx(np.zeros(9))
    assert found.retired("worn") == pytest.approx([0, 0, 0, 100.0, 0, 0, 0, 100.0, 0])


def test_no_more_batteries_are_reused_than_are_freed_and_offered() -> None:
    sales = np.random.default_rng(3).uniform(50, 100, (30, 3))
    for match in (fleet.mixed, fleet.Paired(8)):
        rule = fleet.Reuse(asked=0.9, offered=0.4, match=match)
        found = fleet.project(sales, VEHICLE, BATTERY, reuse_share=rule)
        freed = found.retired("with_vehicle") + found.batteries_replaced_reused
        assert np.all(found.batteries_replaced_reused <= 0.4 * freed + 1e-9)
        assert found.batteries_replaced_reused[-1].min() > 1.0


# -- trade


def test_used_cars_of_one_economy_become_the_fleet_of_others() -> None:
    """From age 4, a fifth leaves Japan each year: 60 % to Sri Lanka, 30 % to Mongolia, the rest outside."""
    sales = np.zeros((12, 3))
    sales[:, 0] = 1000.0
    share = np.zeros((30, 3))
    share[4:, 0] = 0.2
    routing = np.array([[0, 0.6, 0.3], [0, 0, 0], [0, 0, 0]])
    found = fleet.project(
        sales,
        VEHICLE,
        BATTERY,
        replacement="none",
        trade=fleet.SecondHand(export_share=share, routing=routing),
        retired_by_age=True,
    )
    exported = found.vehicles_exported[:, 0]
    assert exported[3] == 0.0
    assert exported[4] > 0.0
    assert found.vehicles_imported[:, 1] == pytest.approx(0.6 * exported)
    assert found.vehicles_imported[:, 2] == pytest.approx(0.3 * exported)
    assert found.retired_by_age is not None
    worn_abroad = found.retired_by_age[0, :, :, 1].sum(axis=0)
    assert worn_abroad[:4].sum() == 0.0  # the battery of a car that came at four years is no younger
    assert worn_abroad[5:].sum() > 0.0


def test_counts_of_exports_leave_at_their_age_and_no_more_than_there_are() -> None:
    counts = np.zeros((6, 5))
    counts[2, 2], counts[4, 4] = 30.0, 500.0
    found = fleet.project(SOLD_ONCE, FOREVER, trade=fleet.SecondHand(export_count=counts))
    assert found.vehicles_exported == pytest.approx([0, 0, 30.0, 0, 70.0, 0])
    assert found.unmet_exports == pytest.approx([0, 0, 0, 0, 430.0, 0])


@pytest.mark.parametrize("step", [1.0, 0.25])
def test_counts_of_imports_arrive_with_batteries_as_old_as_themselves(step: float) -> None:
    counts = np.zeros((4, 6))
    counts[1, 5] = 40.0
    found = fleet.project(
        np.zeros(4), FOREVER, (AGE < 7).astype(float), replacement="none", timing="end", step=step,
        trade=fleet.SecondHand(import_count=counts),
    )  # fmt: skip
    assert found.vehicles_imported == pytest.approx([0, 40.0, 0, 0])
    assert found.batteries_imported == pytest.approx([0, 40.0, 0, 0])
    assert found.vehicles_given_up.sum() == pytest.approx(40.0)


def test_trade_may_be_a_plain_array_of_counts() -> None:
    counts = np.zeros((6, 5))
    counts[2, 2], counts[3, 4] = -30.0, 10.0
    found = fleet.project(SOLD_ONCE, FOREVER, trade=counts)
    assert found.vehicles_in_use == pytest.approx([100.0, 100, 70, 80, 80, 80])


def test_the_survival_of_a_battery_may_be_a_table_too() -> None:
    """At yearly steps, a table made of the survival gives what the survival gives."""
    alive = 0.5 * (BATTERY[:-1] + BATTERY[1:])
    table = np.zeros((6, 6))
    for cohort in range(6):
        table[cohort, cohort:] = alive[: 6 - cohort]
    by_table = fleet.project(SOLD_ONCE, VEHICLE, fleet.Tabulated(table), replacement=0.8)
    by_age = fleet.project(SOLD_ONCE, VEHICLE, BATTERY, replacement=0.8)
    assert by_table.batteries_retired == pytest.approx(by_age.batteries_retired)


# -- chemistry, pools, stock


def test_lead_acid_rickshaws_turn_to_lithium_at_their_next_battery() -> None:
    """Lead-acid packs last about a year; from year 4 on, a third of the replacements is lithium."""
    sales = np.tile([100.0, 0.0], (10, 1))
    battery = np.stack([np.exp(-((AGE / 1.1) ** 3)), np.exp(-((AGE / 8) ** 3))], axis=1)
    shares = np.tile(np.eye(2), (10, 1, 1))
    shares[4:, 0] = [2 / 3, 1 / 3]
    found = fleet.project(sales, VEHICLE, battery, conversion=fleet.Conversion(shares, axis=0), step=0.25)
    lead_acid, lithium = found.vehicles_in_use.T
    assert lithium[3] == 0.0
    assert np.all(np.diff(lithium[3:]) > 0)
    assert found.vehicles_converted_in[:, 1] == pytest.approx(found.vehicles_converted_out[:, 0])
    assert found.batteries_replaced_new[4:, 1].min() > 0
    alone = fleet.project(sales[:, 0], VEHICLE, battery[:, 0], step=0.25)
    assert lead_acid + lithium == pytest.approx(alone.vehicles_in_use)
    assert alone.batteries_replaced_new[9] > 0.7 * alone.vehicles_in_use[9]  # about yearly


def test_a_swapping_pool_keeps_its_packs_per_vehicle() -> None:
    packs = np.array([1.5, 1.5, 1.5, 1.2, 1.2, 2.0])
    found = fleet.project([100.0] * 6, VEHICLE, BATTERY, packs_per_vehicle=packs)
    assert found.batteries_in_use == pytest.approx(packs * found.vehicles_in_use)
    assert found.retired("surplus")[3] > 0
    assert found.batteries_spare_new[5] > found.batteries_spare_new[4]


def test_an_initial_stock_goes_on_from_its_age() -> None:
    """S(k + 1.5 on average) over S(k + 0.5), for vehicles sold evenly over the year k to k + 1 before."""
    initial = np.array([10.0, 20.0, 30.0])
    found = fleet.project([0.0], VEHICLE, initial_stock=initial)
    alive = 0.5 * (VEHICLE[:-1] + VEHICLE[1:])
    assert found.vehicles_at_start == pytest.approx(60.0)
    assert found.vehicles_in_use[0] == pytest.approx((initial * alive[1:4] / alive[:3]).sum())
    walked = fleet.project([0.0], VEHICLE, initial_stock=initial, retired_by_age=True)
    assert walked.vehicles_in_use == pytest.approx(found.vehicles_in_use)


def test_an_initial_stock_with_younger_batteries_loses_fewer_of_them() -> None:
    old, new = np.zeros((8, 8)), np.zeros((8, 8))
    old[7, 7], new[7, 0] = 100.0, 100.0
    worn = [
        fleet.project([0.0] * 3, VEHICLE, BATTERY, initial_stock=given).retired("worn")
        for given in (old, new)
    ]
    assert worn[0][0] > 20 * worn[1][0]


def test_an_adjustment_is_made_and_reported_and_never_below_nothing() -> None:
    adjustment = np.array([50.0, 0, 0, -400.0, 0, 0])
    found = fleet.project(SOLD_ONCE, FOREVER, adjustment=adjustment)
    assert found.vehicles_in_use == pytest.approx([150.0, 150, 150, 0, 0, 0])
    assert found.vehicles_adjusted == pytest.approx([50.0, 0, 0, -150, 0, 0])
    assert found.unmet_adjustment == pytest.approx([0, 0, 0, 250.0, 0, 0])


def test_published_stock_is_compared_and_not_followed() -> None:
    published = [100.0, np.nan, 130.0, np.nan, np.nan, 80.0]
    found = fleet.project(SOLD_ONCE, FOREVER, published_stock=published)
    assert found.vehicles_in_use == pytest.approx([100.0] * 6)
    assert found.gap == pytest.approx([0.0, np.nan, 30.0, np.nan, np.nan, -20.0], nan_ok=True)


@pytest.mark.parametrize("battery", [None, BATTERY])
def test_a_stock_that_falls_too_fast_is_reported_and_not_forced(battery: np.ndarray | None) -> None:
    found = fleet.project(None, FOREVER, battery, stock=[100.0, 120.0, 70.0, 130.0])
    assert found.sales == pytest.approx([100.0, 20.0, 0.0, 10.0])
    assert found.negative_sales == pytest.approx([0, 0, -50.0, 0])
    assert found.gap == pytest.approx([0, 0, -50.0, 0], abs=1e-9)


def test_a_stock_path_is_kept_with_trade_and_reuse() -> None:
    stock = np.linspace(1000, 3000, 12)[:, None] * np.ones(2)
    trade = fleet.SecondHand(export_share=np.where(AGE > 3, 0.1, 0.0), routing=[[0, 0.8], [0, 0]])
    found = fleet.project(None, VEHICLE, BATTERY, stock=stock, trade=trade, replacement=0.7, reuse_share=0.4)
    assert found.vehicles_in_use == pytest.approx(stock, rel=1e-9)


# -- time


def test_months_and_decades_may_stand_in_one_grid() -> None:
    edges = np.concatenate([2010 + np.arange(13) / 12, [2012.0, 2020.0, 2050.0]])
    found = fleet.project(np.diff(edges), VEHICLE, BATTERY, edges=edges)
    monthly = fleet.project(np.full(480, 1 / 12), VEHICLE, BATTERY, edges=2010 + np.arange(481) / 12)
    at = np.rint((edges[1:] - 2010) * 12).astype(int) - 1
    assert found.vehicles_in_use == pytest.approx(monthly.vehicles_in_use[at], rel=1e-9)
    assert np.cumsum(found.retired()) == pytest.approx(np.cumsum(monthly.retired())[at], rel=1e-9)


# -- input that cannot be used

GOOD: dict[str, Any] = {"sales": np.ones((5, 2)), "vehicle_survival": VEHICLE, "battery_survival": BATTERY}


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        ({"sales": [[1.0, np.nan]] * 5}, "sales", "holds nan at index"),
        ({"sales": [[1.0, -2.0]] * 5}, "sales", "is -2 at index"),
        ({"sales": "many"}, "sales", "not an array of numbers"),
        ({"sales": 5.0}, "sales", "shape"),
        ({"sales": None}, "sales, stock", "Either sales or a stock path"),
        ({"stock": np.ones((5, 2))}, "sales, stock", "Either sales or a stock path"),
        ({"vehicle_survival": [1.0, 0.5, 0.6]}, "vehicle_survival", "rises after age index 1"),
        ({"vehicle_survival": [1.0, np.nan]}, "vehicle_survival", "holds nan"),
        ({"vehicle_survival": [1.2, 0.5]}, "vehicle_survival", "is 1.2"),
        ({"vehicle_survival": 0.5}, "vehicle_survival", "one number"),
        ({"vehicle_survival": fleet.Life("gamma", 9.0, 0.3)}, "family", "no family of lives 'gamma'"),
        ({"vehicle_survival": np.ones((40, 3))}, "vehicle_survival", r"shape \(40, 3\)"),
        ({"battery_survival": np.ones((4, 9, 2))}, "battery_survival", "shape"),
        ({"ages": [0.0, 2.0, 1.0]}, "ages", "ages do not fit"),
        ({"edges": [0, 1, 2, 3, 3, 4]}, "edges", "do not increase"),
        ({"edges": [0, 1, 2]}, "edges", "do not bound 5 intervals"),
        ({"step": 0.3}, "step", "do not divide every interval"),
        ({"timing": "spring"}, "timing", "no timing 'spring'"),
        ({"ends": "well"}, "ends", "cannot be 'well'"),
        ({"replacement": "sometimes"}, "replacement", "no replacement rule"),
        ({"replacement": 1.5}, "replacement", "is 1.5"),
        ({"reuse_share": [0.1, -0.1]}, "reuse_share", "is -0.1"),
        ({"initial_stock": np.ones((3, 4))}, "initial_stock", "shape"),
        ({"packs_per_vehicle": 0.5}, "packs_per_vehicle", "is 0.5"),
        ({"trade": fleet.SecondHand(routing=np.ones((2, 2)))}, "trade.routing", "sums to 2"),
        ({"trade": fleet.SecondHand(routing=np.eye(3))}, "trade.routing", "shape"),
        ({"trade": fleet.SecondHand(import_count=np.ones((5, 3)))}, "trade.import_count", "shape"),
        ({"conversion": fleet.Conversion([[0.5, 0.4], [0, 1]])}, "conversion", "sums to 0.9"),
        ({"conversion": fleet.Conversion(np.eye(2), axis=3)}, "conversion", "axis 3"),
        ({"battery_survival": [1.0, 0.0], "timing": "middle", "step": 5.0, "edges": 5.0 * np.arange(6)},
         "battery_survival", "shorter step"),
    ],
)  # fmt: skip
def test_input_that_cannot_be_used_names_place_and_remedy(
    change: dict[str, Any], place: str, words: str
) -> None:
    with pytest.raises(InputError, match=words) as caught:
        fleet.project(**(GOOD | change))
    assert place in caught.value.place
    assert caught.value.remedy


def test_a_table_that_rises_is_refused_when_it_is_made() -> None:
    rising = np.array([[0.5, 0.6], [0.0, 1.0]])
    with pytest.raises(InputError, match="rises"):
        fleet.Tabulated(rising)
    with pytest.raises(InputError, match="not by cohort and interval"):
        fleet.Tabulated(np.ones((2, 3)))


def test_a_balance_that_does_not_close_stops_the_run() -> None:
    found = np.zeros((3, 4))
    found[2, 3] = 1e-8
    with pytest.raises(KitaranError, match="do not balance") as caught:
        assert_balanced("batteries", found, (2, 2))
    assert caught.value.place == "interval 2, system (1, 1)"
